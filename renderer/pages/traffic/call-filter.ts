import { cacheOutcomes, outcomeFilters, type CallFilter, type CallRow } from '../../../gateway/contract.ts'

/** The filters of the list as they stand in the address: `?outcome=failed&text=claude`. */

export const filterNames = ['outcome', 'provider', 'model', 'key', 'cache', 'guarded', 'text'] as const
export type FilterName = (typeof filterNames)[number]

/** What the contract takes of a name and of a text. */
const longest = 256

/** What is not understood (an old link, a typo) does not filter. */
export function readFilter(search: URLSearchParams): CallFilter {
  const outcome = outcomeFilters.find((outcome) => outcome === search.get('outcome'))
  const cache = cacheOutcomes.find((cache) => cache === search.get('cache'))
  const filter: CallFilter = {}
  if (outcome !== undefined) filter.outcome = outcome
  if (cache !== undefined) filter.cache = cache
  if (search.get('guarded') === 'true') filter.guarded = true
  for (const name of ['provider', 'model', 'key', 'text'] as const) {
    const value = search.get(name)?.slice(0, longest) ?? ''
    if (value !== '') filter[name] = value
  }
  return filter
}

/** A copy of the address's parameters with one set (a filter, the tab); undefined or empty: taken out. */
export function withParameter(
  search: URLSearchParams,
  name: FilterName | 'tab',
  value: string | undefined,
): URLSearchParams {
  const written = new URLSearchParams(search)
  if (value === undefined || value === '') written.delete(name)
  else written.set(name, value)
  return written
}

/** A copy of the address's parameters without any filter. */
export function withoutFilters(search: URLSearchParams): URLSearchParams {
  const written = new URLSearchParams(search)
  for (const name of filterNames) written.delete(name)
  return written
}

export function hasFilter(filter: CallFilter): boolean {
  return filterNames.some((name) => filter[name] !== undefined)
}

const outcomesOf: Record<NonNullable<CallFilter['outcome']>, readonly CallRow['outcome'][]> = {
  ok: ['ok'],
  failed: ['error', 'broken'],
  aborted: ['aborted'],
  refused: ['refused'],
}

/** Whether a call that was just told belongs into the list: the same question that the ledger answers for old ones. */
export function matchesFilter(call: CallRow, filter: CallFilter): boolean {
  const { outcome, provider, model, key, cache, guarded, text } = filter
  if (outcome !== undefined && !outcomesOf[outcome].includes(call.outcome)) return false
  if (provider !== undefined && call.provider !== provider) return false
  if (model !== undefined && (call.model ?? call.requestedModel) !== model) return false
  if (key !== undefined && call.key !== key) return false
  if (cache !== undefined && call.cache !== cache) return false
  if (guarded === true && call.guards.length === 0) return false
  return text === undefined || contains(call, text)
}

function contains(call: CallRow, text: string): boolean {
  const { requestedModel, key, callId, model, alias, provider, feature, errorCode } = call
  const all = [requestedModel, key, callId, model, alias, provider, feature, errorCode]
  return all.join('\n').toLowerCase().includes(text.toLowerCase())
}

/** Address of a call's detail, or of the list alone, with the filters kept. */
export function trafficPath(callId: string | undefined, search: URLSearchParams): string {
  const path = callId === undefined ? '/traffic' : `/traffic/${encodeURIComponent(callId)}`
  const query = search.toString()
  return query === '' ? path : `${path}?${query}`
}

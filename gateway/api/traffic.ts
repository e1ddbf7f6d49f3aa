import { given } from '../chat/given.ts'
import type { CallDetail } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { PriceBook } from '../models/price-book.ts'
import { translatedAt } from '../pipeline/route.ts'
import { findRow } from '../providers/provider.ts'
import type { Provider } from '../providers/types.ts'
import type { AttemptRow } from '../stores/ledger.ts'
import type { CallRecord, Capture, LedgerReader } from '../stores/ledger-reader.ts'
import type { HandlersOf } from './api.ts'
import { callRow, liveCallRow } from './call-row.ts'
import type { RecentCalls } from './recent-calls.ts'
import { attemptDetail } from './traffic-attempt.ts'
import { explainCost } from './traffic-cost.ts'

export interface TrafficPorts {
  ledger: LedgerReader
  recent: RecentCalls
  prices: () => Promise<PriceBook>
  /** Of the configuration in force. */
  current: () => { providers: readonly Provider[] }
  /** `ledger.bodies` and `cache.enabled` of the configuration in force. */
  capture: () => CallDetail['capture']
  cacheEnabled: () => boolean
}

export function createTrafficHandlers(ports: TrafficPorts): HandlersOf<'traffic'> {
  const { ledger } = ports
  return {
    async 'traffic.list'({ limit, before, filter }) {
      const { calls, hasMore } = await ledger.calls({ limit, filter: given(filter), ...given({ before }) })
      return { calls: calls.map(callRow), hasMore }
    },

    async 'traffic.get'({ callId }) {
      const record = await ledger.call(callId)
      const call = record === undefined ? undefined : liveCallRow(record.attempts)
      if (record === undefined || call === undefined) {
        throw new GatewayError(
          'not_found',
          'This call is not in the ledger: its id is wrong, or it was kept long enough.',
        )
      }
      return { call, ...(await detailOf(record, ports)) }
    },

    'traffic.names': () => ledger.names(),
  }
}

async function detailOf(record: CallRecord, ports: TrafficPorts): Promise<Omit<CallDetail, 'call'>> {
  const { attempts } = record
  const prices = await ports.prices()
  const { providers } = ports.current()
  const costs = attempts.map((row) => explainCost(row, priceOf(row, prices, providers)))
  const notes = [...new Set(costs.flatMap(({ note }) => note ?? []))]
  const decisive = attempts.find(({ final }) => final) ?? attempts.at(-1)
  const callId = decisive?.callId ?? ''
  const kept: Partial<Capture> = record.capture ?? ports.recent.get(callId) ?? {}
  return {
    attempts: attempts.map((row, index) => attemptDetail(row, costs[index]?.lines ?? [])),
    costNote: notes.length === 0 ? null : notes.join(' '),
    translated: kept.translated ?? (decisive === undefined ? null : translation(decisive, providers)),
    warnings: kept.warnings ?? null,
    cacheReason: kept.cacheReason ?? cacheReason(decisive, ports.cacheEnabled()),
    requestHeaders: kept.requestHeaders ?? null,
    responseHeaders: kept.responseHeaders ?? null,
    request: kept.request ?? null,
    response: kept.response ?? null,
    truncated: kept.truncated ?? false,
    capture: ports.capture(),
  }
}

/** A provider that is gone from the configuration may still have a row in the table by its name. */
function priceOf(
  { provider, model, startedAt }: AttemptRow,
  prices: PriceBook,
  providers: readonly Provider[],
): ReturnType<PriceBook['find']> {
  if (provider === undefined || model === undefined) return undefined
  const row = providers.find(({ name }) => name === provider)?.row ?? findRow(provider)
  return prices.find({ provider, row: row ?? {}, model, at: startedAt })
}

/** As it would be today: rows of the ledger do not say in which dialect the provider was asked. */
function translation(row: AttemptRow, providers: readonly Provider[]): CallDetail['translated'] {
  const provider = providers.find(({ name }) => name === row.provider)
  const main = provider === undefined ? undefined : translatedAt(provider)
  if (provider === undefined || main === undefined || row.attempt === 0) return null
  const speaksIt = provider.endpoints.some(({ dialect }) => dialect === row.dialect)
  return speaksIt ? null : { from: row.dialect, to: main.dialect }
}

/** What can be said from the ledger alone. */
export function cacheReason(row: Pick<AttemptRow, 'cache' | 'outcome'> | undefined, cacheEnabled: boolean): string {
  if (row?.cache === 'HIT') return 'The same request had been answered before, and the answer was still kept.'
  if (row?.cache === 'SEMANTIC') return 'Another question that means the same had been answered before.'
  if (row?.cache === 'MISS') return 'The cache was asked and had no answer to this request.'
  if (row?.outcome === 'refused') return 'The call was refused before the cache was asked.'
  if (!cacheEnabled) return 'The cache was not asked; it is switched off.'
  return 'The cache was not asked: the caller ruled it out (x-gateway cache: false), or the request is too large for it.'
}

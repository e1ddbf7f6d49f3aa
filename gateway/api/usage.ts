import { GatewayError } from '../errors.ts'
import { usd } from '../pipeline/send-answer.ts'
import { usageGroups, type Ledger, type UsageGroup, type UsageQuery, type UsageTotals } from '../stores/ledger.ts'

/** GET /api/v1/usage. `from`, `to`: ISO 8601, or Unix time in seconds or milliseconds. `group_by`: names, comma-separated. */
export interface UsageParameters {
  from?: Parameter
  to?: Parameter
  group_by?: Parameter
}

/** A list where the query names it more than once. */
type Parameter = string | string[] | undefined

export async function readUsage(parameters: UsageParameters, ledger: Ledger): Promise<object> {
  const query = usageQuery(parameters)
  const { total, groups } = await ledger.usage(query)
  const report = { ...publicTotals(total), from: isoOrNull(query.from), to: isoOrNull(query.to) }
  if (query.groupBy === undefined) return report
  return { ...report, groups: groups.map(({ group, ...totals }) => ({ ...group, ...publicTotals(totals) })) }
}

function usageQuery({ from, to, group_by: groupBy }: UsageParameters): UsageQuery {
  const query: UsageQuery = {}
  if (from !== undefined) query.from = readTime('from', from)
  if (to !== undefined) query.to = readTime('to', to)
  if (query.from !== undefined && query.to !== undefined && query.from >= query.to) {
    throw new GatewayError('invalid_request', '"from" must be before "to".', { param: 'from' })
  }
  const groups = [groupBy ?? []].flat().filter((text) => text !== '')
  if (groups.length > 0) query.groupBy = groups.join(',').split(',').map(readGroup)
  return query
}

function readTime(name: string, value: string | string[]): number {
  const text = String(value)
  const number = Number(text)
  // Seconds until the year 5138, milliseconds from 1973: they cannot be confused.
  const time = /^\d+(\.\d+)?$/.test(text) ? (number < 1e11 ? number * 1000 : number) : parseIso(text)
  // Further away there are no dates.
  if (Math.abs(time) <= 8.64e15) return Math.floor(time)
  throw new GatewayError(
    'invalid_request',
    `"${name}" is not a time: write ISO 8601 (2026-11-24 or 2026-11-24T08:00:00Z) or Unix seconds.`,
    {
      param: name,
    },
  )
}

/** Date.parse alone takes almost anything: "-5" is a day in May 2001. */
function parseIso(text: string): number {
  return /^\d{4}-\d\d-\d\d([T ]\d.*)?$/.test(text) ? Date.parse(text) : Number.NaN
}

function readGroup(text: string): UsageGroup {
  const name = text.trim()
  const group = usageGroups.find((each) => each === name)
  if (group !== undefined) return group
  throw new GatewayError(
    'invalid_request',
    `group_by cannot be "${name.slice(0, 50)}"; it may be ${usageGroups.join(', ')}.`,
    {
      param: 'group_by',
    },
  )
}

function isoOrNull(time: number | undefined): string | null {
  return time === undefined ? null : new Date(time).toISOString()
}

function publicTotals(totals: UsageTotals): object {
  return {
    total_requests: totals.requests,
    total_tokens: totals.inputTokens + totals.outputTokens,
    total_cost: Number(usd(totals.costNanoUsd)),
    cache_hits: totals.cacheHits,
    cache_misses: totals.cacheMisses,
    semantic_hits: totals.semanticHits,
    total_errors: totals.errors,
    input_tokens: totals.inputTokens,
    output_tokens: totals.outputTokens,
    cached_input_tokens: totals.cacheReadTokens,
    cache_write_tokens: totals.cacheWriteTokens,
    reasoning_tokens: totals.reasoningTokens,
    saved_cost: Number(usd(totals.savedNanoUsd)),
    semantic_saved_cost: Number(usd(totals.semanticSavedNanoUsd)),
    // The cost of these is not in total_cost, because nobody knows it.
    unpriced_attempts: totals.unpricedAttempts,
    estimated_attempts: totals.estimatedAttempts,
  }
}

import type { AttemptRow, CacheOutcome, UsageTotals } from './ledger.ts'

/** What is known of an attempt that counts; a packed row has null where an AttemptRow has undefined. */
export interface CountedAttempt {
  final: boolean
  startedAt: number
  requestedModel: string
  alias?: string | null | undefined
  provider?: string | null | undefined
  model?: string | null | undefined
  key: string
  feature?: string | null | undefined
  outcome: AttemptRow['outcome']
  cache: AttemptRow['cache']
  inputTokens?: number | null | undefined
  cacheReadTokens?: number | null | undefined
  cacheWriteTokens?: number | null | undefined
  outputTokens?: number | null | undefined
  reasoningTokens?: number | null | undefined
  estimated: boolean
  costNanoUsd?: number | null | undefined
  savedNanoUsd?: number | null | undefined
}

/** What roll-ups are kept by, besides the hour. */
export const dimensions = ['model', 'provider', 'alias', 'key', 'feature'] as const
type Dimension = (typeof dimensions)[number]

/** One hour of one combination. A dimension that an attempt does not have is ''. */
export interface RollUp extends Record<Dimension, string> {
  /** Hours since 1970. */
  hour: number
  totals: UsageTotals
}

export const hourMs = 3_600_000

/** Groups attempts by hour and dimensions: a batch of calls to one model becomes one entry, under its `rollUpKey`. */
export function rollUp(
  attempts: Iterable<CountedAttempt>,
  into: Map<string, RollUp> = new Map<string, RollUp>(),
): Map<string, RollUp> {
  for (const attempt of attempts) {
    const hour = Math.floor(attempt.startedAt / hourMs)
    // What the provider was asked for; the client's name only where nobody was asked.
    const model = attempt.model ?? attempt.requestedModel
    const { provider, alias, key, feature } = attempt
    const name = `${hour}\n${model}\n${provider ?? ''}\n${alias ?? ''}\n${key}\n${feature ?? ''}`
    let entry = into.get(name)
    if (entry === undefined) {
      const rest = { provider: provider ?? '', alias: alias ?? '', key, feature: feature ?? '' }
      entry = { hour, model, ...rest, totals: emptyTotals() }
      into.set(name, entry)
    }
    count(attempt, entry.totals)
  }
  return into
}

/** Calls are counted by their final row; tokens and money over all attempts, because all of them are paid for. */
function count(attempt: CountedAttempt, totals: UsageTotals): void {
  if (attempt.final) {
    totals.requests += 1
    if (attempt.outcome !== 'ok' && attempt.outcome !== 'aborted') totals.errors += 1
    if (attempt.cache === 'HIT') totals.cacheHits += 1
    if (attempt.cache === 'SEMANTIC') totals.semanticHits += 1
    if (attempt.cache === 'MISS') totals.cacheMisses += 1
  }
  totals.inputTokens += attempt.inputTokens ?? 0
  totals.outputTokens += attempt.outputTokens ?? 0
  totals.cacheReadTokens += attempt.cacheReadTokens ?? 0
  totals.cacheWriteTokens += attempt.cacheWriteTokens ?? 0
  totals.reasoningTokens += attempt.reasoningTokens ?? 0
  totals.costNanoUsd += attempt.costNanoUsd ?? 0
  totals[attempt.cache === 'SEMANTIC' ? 'semanticSavedNanoUsd' : 'savedNanoUsd'] += attempt.savedNanoUsd ?? 0
  if (isUnpriced(attempt)) totals.unpricedAttempts += 1
  if (attempt.estimated) totals.estimatedAttempts += 1
}

function isHit(cache: CacheOutcome): boolean {
  return cache === 'HIT' || cache === 'SEMANTIC'
}

/** A hit costs nothing, whether or not its model has a price. */
function isUnpriced(attempt: CountedAttempt): boolean {
  if ((attempt.costNanoUsd ?? undefined) !== undefined || isHit(attempt.cache)) return false
  return (attempt.inputTokens ?? 0) + (attempt.outputTokens ?? 0) > 0
}

export function emptyTotals(): UsageTotals {
  return {
    requests: 0,
    errors: 0,
    inputTokens: 0,
    outputTokens: 0,
    cacheReadTokens: 0,
    cacheWriteTokens: 0,
    reasoningTokens: 0,
    costNanoUsd: 0,
    savedNanoUsd: 0,
    cacheHits: 0,
    cacheMisses: 0,
    semanticHits: 0,
    semanticSavedNanoUsd: 0,
    unpricedAttempts: 0,
    estimatedAttempts: 0,
  }
}

export const totalNames = Object.keys(emptyTotals()) as (keyof UsageTotals)[]

export function addTotals(into: UsageTotals, more: UsageTotals): void {
  for (const name of totalNames) into[name] += more[name]
}

/** `costNanoUsd` -> `cost_nano_usd`. */
export function columnOf(name: keyof UsageTotals): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

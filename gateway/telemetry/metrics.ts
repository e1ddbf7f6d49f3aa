import type { Registry } from 'prom-client'
import { hedgeLost, type AttemptRow, type GuardFinding } from '../stores/ledger.ts'
import { version } from '../version.ts'
import { errorCause, errorCauses, type ErrorCause } from './error-cause.ts'
import { openRegistry } from './exposition.ts'
import { createFamilies } from './families.ts'
import type { Families } from './families.ts'
import { otherName } from './series.ts'
import type { Distribution, Tally } from './series.ts'

export interface Metrics {
  /** Once per call, with the rows that go to the ledger, in the order of the attempts. */
  recordCall(rows: readonly AttemptRow[], extra?: { overheadMs?: number }): void
  /** Of the semantic cache; its hits are told by the rows. */
  semantic(event: 'refused' | 'embedding_failed'): void
  rateLimited(limit: string): void
  /** A second request beside a slow first one: `won`, `lost`, `failed`, `aborted`, `over_rate` or `over_budget`. */
  hedge(outcome: string): void
  /** 1 = all of it is spent; undefined: there is no such budget any more. */
  budget(id: string, share: number | undefined): void
  inFlight(delta: 1 | -1): void
  breaker(provider: string, model: string, open: boolean): void
  /** A call is not in the ledger. */
  ledgerFailed(): void
  /** Whether it answers; never told of where there is none. */
  redis(up: boolean): void
  /** What a scraper gets. */
  render(): Promise<{ contentType: string; text: string }>
}

/** Pairs of provider and model with series of their own: each is about 50 lines of a scrape, 0.15 ms of the loop. */
const targetLimit = 100

export function createMetrics(): Metrics {
  const families = createFamilies()
  const totals = createTotals(families)
  const target = createTargets(families)
  const noTarget = createTimes(families, '', '')
  let registry: Promise<Registry> | undefined

  function recordAttempt(row: AttemptRow): void {
    totals.tokens.value += (row.inputTokens ?? 0) + (row.outputTokens ?? 0)
    totals.cost.value += row.costNanoUsd ?? 0
    if (wasAsked(row)) addAttempt(row, target(row), families)
  }

  function recordSwitch(before: AttemptRow, row: AttemptRow): void {
    if (before.provider === undefined || row.provider === undefined) return
    // Not because that one failed, but side by side: `hedges` counts that.
    if (before.outcome !== 'error' || row.errorCode === hedgeLost) return
    if (before.provider === row.provider && before.model === row.model) families.retries.of(row.provider).value += 1
    else totals.fallbacks.value += 1
  }

  function recordOutcome(first: AttemptRow, last: AttemptRow, overheadMs: number | undefined): void {
    totals.requests.value += 1
    if (last.cache === 'HIT') totals.cacheHits.value += 1
    if (last.cache === 'SEMANTIC') totals.semanticHits.value += 1
    if (last.cache === 'MISS') totals.cacheMisses.value += 1
    for (const finding of last.guards ?? []) countFinding(finding)
    if (last.errorCode !== undefined) families.errors.of(last.errorCode).value += 1
    const cause = errorCause(last)
    if (cause !== undefined) families.errorCauses.of(cause).value += 1
    const series = wasAsked(last) ? target(last) : noTarget
    const earlierMs = last.startedAt - first.startedAt
    series.duration.observe((earlierMs + last.durationMs) / 1000)
    if (last.firstTokenMs !== undefined) series.firstToken.observe((earlierMs + last.firstTokenMs) / 1000)
    if (overheadMs !== undefined) series.overhead.observe(overheadMs / 1000)
  }

  function countFinding({ guard, check, action, on, found }: GuardFinding): void {
    const times = Object.values(found).reduce((sum, each) => sum + each, 0)
    families.guardFindings.of(guard, check, action, on).value += times
  }

  return {
    recordCall(rows, extra) {
      let before: AttemptRow | undefined
      for (const row of rows) {
        recordAttempt(row)
        if (before !== undefined) recordSwitch(before, row)
        before = row
      }
      const first = rows[0]
      const last = rows.findLast(({ final }) => final) ?? before
      if (first !== undefined && last !== undefined) recordOutcome(first, last, extra?.overheadMs)
    },
    semantic(event) {
      const family = event === 'refused' ? families.semanticRefused : families.embeddingFailures
      family.of().value += 1
    },
    rateLimited(limit) {
      families.rateLimited.of(limit).value += 1
    },
    hedge(outcome) {
      families.hedges.of(outcome).value += 1
    },
    budget(id, share) {
      families.budgetShare.of(id).value = share ?? 0
    },
    inFlight(delta) {
      totals.inFlight.value += delta
    },
    breaker(provider, model, open) {
      families.breakerOpen.of(provider, model).value = open ? 1 : 0
    },
    ledgerFailed() {
      totals.ledgerErrors.value += 1
    },
    redis(up) {
      families.redisUp.of().value = up ? 1 : 0
    },
    async render() {
      registry ??= openRegistry(Object.values(families))
      const open = await registry
      return { contentType: open.contentType, text: await open.metrics() }
    },
  }
}

/** The numbers without labels, there from the start: a counter that is missing is not zero to Prometheus. */
function createTotals(families: Families) {
  families.build.of(version).value = 1
  for (const cause of errorCauses) families.errorCauses.of(cause)
  return {
    requests: families.requests.of(),
    tokens: families.tokens.of(),
    cost: families.cost.of(),
    cacheHits: families.cacheHits.of(),
    cacheMisses: families.cacheMisses.of(),
    semanticHits: families.semanticHits.of(),
    semanticRefused: families.semanticRefused.of(),
    embeddingFailures: families.embeddingFailures.of(),
    fallbacks: families.fallbacks.of(),
    ledgerErrors: families.ledgerErrors.of(),
    inFlight: families.inFlight.of(),
  }
}

interface AskedRow extends AttemptRow {
  provider: string
  model: string
}

function wasAsked(row: AttemptRow): row is AskedRow {
  return row.attempt > 0 && row.provider !== undefined && row.model !== undefined
}

interface Times {
  duration: Distribution
  firstToken: Distribution
  overhead: Distribution
}

function createTimes(families: Families, provider: string, model: string): Times {
  return {
    duration: families.duration.add(provider, model),
    firstToken: families.firstToken.add(provider, model),
    overhead: families.overhead.add(provider, model),
  }
}

interface TargetSeries extends Times {
  model: string
  requests: Tally
  errors: Record<ErrorCause, Tally>
  input: Tally
  output: Tally
  cacheRead: Tally
  cacheWrite: Tally
  reasoning: Tally
}

function createSeries(families: Families, provider: string, model: string): TargetSeries {
  const tokens = (type: string): Tally => families.tokensByType.of(provider, model, type)
  return {
    ...createTimes(families, provider, model),
    model,
    requests: families.providerRequests.of(provider),
    errors: errorsOf(families, provider),
    input: tokens('input'),
    output: tokens('output'),
    cacheRead: tokens('cache_read'),
    cacheWrite: tokens('cache_write'),
    reasoning: tokens('reasoning'),
  }
}

/** All causes at once: a rate is not seen where a counter comes to be with its first error. */
function errorsOf(families: Families, provider: string): Record<ErrorCause, Tally> {
  const of = (cause: ErrorCause): Tally => families.providerErrors.of(provider, cause)
  return {
    client: of('client'),
    account: of('account'),
    limit: of('limit'),
    provider: of('provider'),
    gateway: of('gateway'),
  }
}

/**
 * The series of a provider and model. Clients choose model names, so one gets a series only once an attempt on it
 * went well (misspelt ones never do), and only while there is room.
 */
function createTargets(families: Families): (row: AskedRow) => TargetSeries {
  const known = new Map<string, Map<string, TargetSeries>>()
  let count = 0

  function add(models: Map<string, TargetSeries>, provider: string, model: string): TargetSeries {
    const series = createSeries(families, provider, model)
    models.set(model, series)
    count += 1
    return series
  }

  return ({ provider, model, outcome }) => {
    let models = known.get(provider)
    if (models === undefined) known.set(provider, (models = new Map<string, TargetSeries>()))
    const series = models.get(model)
    if (series !== undefined) return series
    const isWelcome = outcome !== 'error' && count < targetLimit
    return isWelcome ? add(models, provider, model) : (models.get(otherName) ?? add(models, provider, otherName))
  }
}

function addAttempt(row: AskedRow, series: TargetSeries, families: Families): void {
  series.requests.value += 1
  const cause = errorCause(row)
  if (cause !== undefined) series.errors[cause].value += 1
  // A model whose price is unknown has no cost series: 0 would be a lie.
  if (row.costNanoUsd !== undefined) families.modelCost.of(series.model).value += row.costNanoUsd
  series.input.value += row.inputTokens ?? 0
  series.output.value += row.outputTokens ?? 0
  series.cacheRead.value += row.cacheReadTokens ?? 0
  series.cacheWrite.value += row.cacheWriteTokens ?? 0
  series.reasoning.value += row.reasoningTokens ?? 0
}

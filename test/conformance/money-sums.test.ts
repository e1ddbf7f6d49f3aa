import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Usage } from '../../gateway/chat/usage.ts'
import { costOf } from '../../gateway/models/cost.ts'
import { overridePrice } from '../../gateway/models/price.ts'
import type { Attempt, CacheHit } from '../../gateway/pipeline/call.ts'
import { settle, type Settled, type SettlePorts } from '../../gateway/pipeline/settle.ts'
import { createMemoryLedger } from '../../gateway/stores/ledger-memory.ts'
import { openSqliteLedger } from '../../gateway/stores/ledger-sqlite.ts'
import { usageGroups, type AttemptRow, type Ledger, type UsageReport } from '../../gateway/stores/ledger.ts'
import { anAttempt, call, hello, nobody, provider, target } from '../gateway/pipeline/stage.ts'

/** A call's total = the sum of its attempts = the sum of the roll-ups, whatever calls there were and however they are cut. */

const hour = Date.UTC(2026, 10, 24, 12)
const providers = ['openai', 'anthropic', 'groq'].map((name) => provider({ name }))

/** One call: what was tried, which of it answered (hedged: not always the last), or that the cache did. */
interface Tried {
  tries: Try[]
  decisive: number
  hit: CacheHit | undefined
}

interface Try {
  provider: number
  model: string
  outcome: Attempt['outcome']
  usage: Usage | undefined
  minute: number
}

const tokens = fc.option(fc.integer({ min: 0, max: 2_000_000 }), { nil: undefined })
const usage = fc.record({
  input: fc.integer({ min: 0, max: 2_000_000 }),
  cacheRead: tokens,
  cacheWrite: tokens,
  cacheWrite1h: tokens,
  output: fc.integer({ min: 0, max: 200_000 }),
  reasoning: tokens,
}) as fc.Arbitrary<Usage>

const tries: fc.Arbitrary<Try[]> = fc.array(
  fc.record({
    provider: fc.nat({ max: providers.length - 1 }),
    model: fc.constantFrom('cheap', 'dear', 'odd', 'unknown'),
    outcome: fc.constantFrom('ok', 'error', 'aborted', 'broken'),
    usage: fc.option(usage, { nil: undefined }),
    minute: fc.nat({ max: 180 }),
  }),
  { maxLength: 4 },
)

const hit: fc.Arbitrary<CacheHit> = fc.record({
  provider: fc.constant('openai'),
  providerModel: fc.constant('cheap'),
  savedNanoUsd: fc.option(fc.integer({ min: 0, max: 1_000_000_000 }), { nil: undefined }),
  storedAt: fc.constant(hour),
  semantic: fc.constantFrom(undefined, { similarity: 0.97, sourceCallId: 'other' }),
}) as fc.Arbitrary<CacheHit>

const calls: fc.Arbitrary<Tried> = fc.oneof(
  fc.record({ tries, decisive: fc.nat({ max: 3 }), hit: fc.constant(undefined) }),
  fc.record({ tries: fc.constant<Try[]>([]), decisive: fc.constant<number>(0), hit }),
)

/** Prices that do not divide evenly, so that every attempt is rounded. */
const prices = {
  cheap: overridePrice({ input: 0.0375, output: 0.15, cacheRead: 0.003625 }),
  dear: overridePrice({ input: 15, output: 75, cacheRead: 1.5, cacheWrite: 18.75 }),
  odd: overridePrice({ input: 0.333_333, output: 0.777_777 }),
}

function priceOf(attempt: Attempt, of: Usage): number | undefined {
  const price = prices[attempt.target.model as keyof typeof prices]
  return price === undefined ? undefined : costOf(of, price)?.totalNanoUsd
}

function ports(ledger: Ledger): SettlePorts {
  return {
    ledger,
    nowMs: () => 0,
    pricesReady: () => undefined,
    costOf: priceOf,
    onSettled: () => undefined,
    onLedgerError(error) {
      throw error
    },
  }
}

async function settleCall({ tries: tried, decisive, hit: found }: Tried, ledger: Ledger): Promise<Settled> {
  const made = tried.map(({ provider: index, model, outcome, usage: used, minute }, order) =>
    anAttempt({
      number: order + 1,
      target: target({ model }, providers[index]),
      startedAt: hour + minute * 60_000,
      outcome,
      usage: used,
      produced: used !== undefined,
    }),
  )
  const answer = {
    cache: cacheOf(found),
    attempts: made,
    // Of two that ran side by side the earlier may have answered; the loser is billed all the same.
    decisive: made[decisive % Math.max(1, made.length)],
    failure: undefined,
    head: { status: 200, headers: {} },
    tail: new Uint8Array(),
    hit: found,
  }
  const route = { alias: undefined, targets: [target()] }
  return settle({ call: call(hello), caller: nobody, route, ticket: undefined, answer }, ports(ledger))
}

function cacheOf(found: CacheHit | undefined): AttemptRow['cache'] {
  return found === undefined ? 'BYPASS' : found.semantic === undefined ? 'HIT' : 'SEMANTIC'
}

const sum = (values: readonly (number | undefined)[]): number =>
  values.reduce<number>((total, value) => total + (value ?? 0), 0)

const hasTokens = (row: AttemptRow): boolean => (row.inputTokens ?? 0) + (row.outputTokens ?? 0) > 0

/** `before`: what the ledger had. */
async function check(made: readonly Tried[], ledger: Ledger, before: UsageReport): Promise<void> {
  const settled: Settled[] = []
  for (const each of made) settled.push(await settleCall(each, ledger))
  for (const { rows, costNanoUsd } of settled) {
    const isKnown = rows.every((row) => row.costNanoUsd !== undefined)
    expect(costNanoUsd).toBe(isKnown ? sum(rows.map((row) => row.costNanoUsd)) : undefined)
  }
  const rows = settled.flatMap((each) => each.rows)
  const spent = before.total.costNanoUsd + sum(rows.map((row) => row.costNanoUsd))
  const { total } = await ledger.usage({})
  expect(total.costNanoUsd).toBe(spent)
  expect(total.requests).toBe(before.total.requests + made.length)
  const saved = (cache: AttemptRow['cache']): number =>
    sum(rows.filter((row) => row.cache === cache).map((row) => row.savedNanoUsd))
  expect(total.savedNanoUsd).toBe(before.total.savedNanoUsd + saved('HIT'))
  expect(total.semanticSavedNanoUsd).toBe(before.total.semanticSavedNanoUsd + saved('SEMANTIC'))
  const unpriced = rows.filter((row) => row.costNanoUsd === undefined && hasTokens(row)).length
  expect(total.unpricedAttempts).toBe(before.total.unpricedAttempts + unpriced)
  for (const groupBy of [...usageGroups.map((group) => [group]), ['provider', 'model', 'hour'] as const]) {
    const { groups } = await ledger.usage({ groupBy: [...groupBy] })
    expect(sum(groups.map((group) => group.costNanoUsd)), groupBy.join()).toBe(spent)
  }
}

const someCalls = fc.array(calls, { minLength: 1, maxLength: 6 })

test('in memory', async () => {
  await fc.assert(
    fc.asyncProperty(someCalls, async (made) => {
      const ledger = createMemoryLedger()
      await check(made, ledger, await ledger.usage({}))
    }),
    { numRuns: 60 },
  )
})

describe('in a file', () => {
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'llm-gateway-sums-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('as calls add up, and after it is opened anew', async () => {
    const options = { file: join(folder, 'ledger.db') }
    const ledger = await openSqliteLedger(options)
    await fc.assert(
      fc.asyncProperty(someCalls, async (made) => check(made, ledger, await ledger.usage({}))),
      { numRuns: 25 },
    )
    const { total } = await ledger.usage({})
    await ledger.close()
    const again = await openSqliteLedger(options)
    expect((await again.usage({})).total).toEqual(total)
    expect(total.costNanoUsd).toBeGreaterThan(0)
    await again.close()
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BudgetKeeper, type HoldQuestion } from '../../../gateway/budgets/keeper.ts'
import type { BudgetNotice } from '../../../gateway/budgets/levels.ts'
import { configSchema, type ConfigInput } from '../../../gateway/config/schema.ts'
import { createMemoryLedger } from '../../../gateway/stores/ledger-memory.ts'
import type { AttemptRow } from '../../../gateway/stores/ledger.ts'
import type { ReadableLedger } from '../../../gateway/stores/ledger-reader.ts'
import { createMemorySpending } from '../../../gateway/stores/spending-memory.ts'
import type { Spending } from '../../../gateway/stores/spending.ts'

const noon = Date.UTC(2026, 10, 24, 12)
const dayMs = 86_400_000
const usd = (amount: number): number => Math.round(amount * 1e9)

function scene(
  budgets: ConfigInput['budgets'],
  ledger: ReadableLedger = createMemoryLedger(),
  spending: Spending = createMemorySpending(),
) {
  const world = { now: noon }
  const notices: BudgetNotice[] = []
  const shares = new Map<string, number | undefined>()
  const unread: unknown[] = []
  const keeper = new BudgetKeeper({
    ledger,
    spending,
    now: () => world.now,
    onLevel: (notice) => notices.push(notice),
    onShare: (id, share) => shares.set(id, share),
    onUnread: (error) => unread.push(error),
  })
  const configure = (more: ConfigInput['budgets']): Promise<void> =>
    keeper.configure(configSchema.parse({ budgets: { timeZone: 'UTC', ...more } }).budgets)
  return { keeper, ledger, world, notices, shares, unread, configure, started: configure(budgets) }
}

function question(more: Partial<HoldQuestion> = {}): HoldQuestion {
  return { callId: 'c', key: 'k', provider: 'p', estimateNanoUsd: usd(1), isDegraded: false, ...more }
}

function row(more: Partial<AttemptRow> = {}): AttemptRow {
  return {
    callId: 'c',
    attempt: 1,
    final: true,
    startedAt: noon,
    dialect: 'openai-chat',
    stream: false,
    requestedModel: 'm',
    provider: 'p',
    model: 'm',
    key: 'k',
    outcome: 'ok',
    cache: 'MISS',
    estimated: false,
    costNanoUsd: usd(1),
    durationMs: 1,
    ...more,
  }
}

/** Whatever is due by now has happened then. */
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}

describe('holding', () => {
  test('what is held is not there for others; what is left over comes back', async () => {
    const { keeper, started } = scene({ daily: 2 })
    await started
    expect((await keeper.hold(question({ callId: 'a', estimateNanoUsd: usd(1.5) }))).refused).toBeUndefined()
    const refused = (await keeper.hold(question({ callId: 'b' }))).refused
    expect(refused).toMatchObject({ budget: { id: 'daily' }, state: { spentNanoUsd: 0, heldNanoUsd: usd(1.5) } })
    await keeper.append([row({ callId: 'a', costNanoUsd: usd(0.2) })])
    expect((await keeper.hold(question({ callId: 'b' }))).refused).toBeUndefined()
    expect(await keeper.standings()).toMatchObject([{ spentNanoUsd: usd(0.2), heldNanoUsd: usd(1) }])
  })

  test('exactly the whole budget fits', async () => {
    const { keeper, started } = scene({ daily: 1 })
    await started
    expect((await keeper.hold(question())).refused).toBeUndefined()
  })

  test('all or nothing: a budget that has room holds nothing for a call that another refuses', async () => {
    const { keeper, started } = scene({ monthly: 10, perKey: { k: { daily: 0.5 } } })
    await started
    expect((await keeper.hold(question())).refused?.budget.id).toBe('daily/key/k')
    expect(await keeper.standings()).toMatchObject([{ heldNanoUsd: 0 }, { heldNanoUsd: 0 }])
  })

  test('a second attempt goes on with what is held, and only adds what it may cost more', async () => {
    const { keeper, started } = scene({ daily: 3 })
    await started
    for (const amount of [1, 1, 3]) {
      expect((await keeper.hold(question({ estimateNanoUsd: usd(amount) }))).refused).toBeUndefined()
    }
    expect(await keeper.standings()).toMatchObject([{ heldNanoUsd: usd(3) }])
  })

  test('what costs nothing passes a budget that is used up; what nobody knows does not', async () => {
    const { keeper, started } = scene({ daily: 1 })
    await started
    await keeper.append([row()])
    expect((await keeper.hold(question({ estimateNanoUsd: 0 }))).refused).toBeUndefined()
    expect((await keeper.hold(question({ estimateNanoUsd: undefined }))).refused?.budget.id).toBe('daily')
  })

  test('what nobody knows holds nothing', async () => {
    const { keeper, started } = scene({ daily: 1 })
    await started
    expect((await keeper.hold(question({ estimateNanoUsd: undefined }))).refused).toBeUndefined()
    expect((await keeper.hold(question({ callId: 'b' }))).refused).toBeUndefined()
  })

  test('only warned of, it is held all the same', async () => {
    const { keeper, started } = scene({ daily: 0.5, action: 'warn' })
    await started
    expect(await keeper.hold(question())).toMatchObject({ over: [{ id: 'daily' }] })
    expect(await keeper.standings()).toMatchObject([{ heldNanoUsd: usd(1) }])
  })

  test('a call that never came to rows gives back what was held', async () => {
    const { keeper, started } = scene({ daily: 1 })
    await started
    await keeper.hold(question())
    keeper.release('c')
    keeper.release('c')
    expect(await keeper.standings()).toMatchObject([{ spentNanoUsd: 0, heldNanoUsd: 0 }])
  })
})

describe('a second request beside the first', () => {
  const beside = { isAlongside: true, estimateNanoUsd: usd(0.5) }

  test('holds on top of what the call holds, and all of it comes back', async () => {
    const { keeper, started } = scene({ daily: 2 })
    await started
    await keeper.hold(question())
    expect((await keeper.hold(question(beside))).refused).toBeUndefined()
    expect(await keeper.standings()).toMatchObject([{ heldNanoUsd: usd(1.5) }])
    await keeper.append([
      row({ final: false, costNanoUsd: usd(0.1) }),
      row({ attempt: 2, provider: 'other', costNanoUsd: usd(0.3) }),
    ])
    expect(await keeper.standings()).toMatchObject([{ spentNanoUsd: usd(0.4), heldNanoUsd: 0 }])
  })

  test('comes back where the call never came to rows', async () => {
    const { keeper, started } = scene({ daily: 2 })
    await started
    await keeper.hold(question())
    await keeper.hold(question(beside))
    keeper.release('c')
    expect(await keeper.standings()).toMatchObject([{ spentNanoUsd: 0, heldNanoUsd: 0 }])
  })

  test.each([['block'], ['warn'], [{ degrade: 'x' }]] as const)(
    'is not made where there is no room, and nobody is told (%j)',
    async (action) => {
      const { keeper, started, notices } = scene({ daily: 1.4, action })
      await started
      await keeper.hold(question())
      const told = notices.length
      expect((await keeper.hold(question(beside))).refused?.budget.id).toBe('daily')
      expect((await keeper.hold(question({ ...beside, isDegraded: true }))).refused?.budget.id).toBe('daily')
      expect(await keeper.standings()).toMatchObject([{ heldNanoUsd: usd(1) }])
      expect(notices).toHaveLength(told)
      // The call itself goes on with what it has.
      expect((await keeper.hold(question())).refused).toBeUndefined()
    },
  )
})

describe('spending with others', () => {
  /** As Redis does: answers come later. */
  function slow(spending: Spending): Spending {
    return {
      hold: async (demands) => {
        await nextTurn()
        return spending.hold(demands)
      },
      settle: async (changes) => spending.settle(changes),
      peek: async (accounts) => spending.peek(accounts),
      load: async () => undefined,
    }
  }

  test('what others spend is told by whoever hears of it, once each', async () => {
    const spending = slow(createMemorySpending())
    const one = scene({ daily: 1 }, undefined, spending)
    const other = scene({ daily: 1 }, undefined, spending)
    await Promise.all([one.started, other.started])
    await one.keeper.append([row({ costNanoUsd: usd(0.9) })])
    expect(one.notices).toMatchObject([{ level: 'near' }])
    expect(other.notices).toEqual([])
    await other.keeper.refresh()
    await other.keeper.refresh()
    expect(other.notices).toMatchObject([{ level: 'near', spentNanoUsd: usd(0.9) }])
    expect(other.shares.get('daily')).toBe(0.9)
  })

  test('a hold that comes when its call is over is given back', async () => {
    const { keeper, started } = scene({ daily: 5 }, undefined, slow(createMemorySpending()))
    await started
    const first = await keeper.hold(question())
    const beside = keeper.hold(question({ isAlongside: true }))
    await keeper.append([row({ costNanoUsd: usd(0.5) })])
    keeper.release('c')
    expect([first, await beside]).toEqual([{ over: [] }, { over: [] }])
    await nextTurn()
    expect(await keeper.standings()).toMatchObject([{ spentNanoUsd: usd(0.5), heldNanoUsd: 0 }])
  })
})

test('only the budgets of who spends count', async () => {
  const limits = { daily: 100 }
  const { keeper, started } = scene({
    monthly: 100,
    perKey: { k: limits, other: limits },
    perProvider: { p: limits, other: limits },
    perFeature: { f: limits, other: limits },
  })
  await started
  await keeper.append([row({ feature: 'f' })])
  await keeper.append([row({ key: 'x', provider: 'y', costNanoUsd: usd(2) })])
  const spent = Object.fromEntries((await keeper.standings()).map(({ id, spentNanoUsd }) => [id, spentNanoUsd / 1e9]))
  expect(spent).toEqual({
    monthly: 3,
    'daily/key/k': 1,
    'daily/key/other': 0,
    'daily/provider/p': 1,
    'daily/provider/other': 0,
    'daily/feature/f': 1,
    'daily/feature/other': 0,
  })
})

test('failed, broken and aborted attempts count with what they cost', async () => {
  const { keeper, started } = scene({ daily: 100 })
  await started
  await keeper.append([
    row({ final: false, outcome: 'error', costNanoUsd: usd(0.25) }),
    row({ attempt: 2, final: false, outcome: 'broken', costNanoUsd: usd(0.5) }),
    row({ attempt: 3, outcome: 'aborted', costNanoUsd: usd(1) }),
  ])
  expect(await keeper.standings()).toMatchObject([{ spentNanoUsd: usd(1.75) }])
})

describe('periods', () => {
  test('a new one begins with nothing spent; a call of the last one is not charged to it', async () => {
    const { keeper, world, started } = scene({ daily: 1, monthly: 10 })
    await started
    await keeper.append([row()])
    expect((await keeper.hold(question({ callId: 'b' }))).refused?.endsAt).toBe(noon + dayMs / 2)
    world.now = noon + dayMs / 2
    expect((await keeper.hold(question({ callId: 'b' }))).refused).toBeUndefined()
    await keeper.append([row({ callId: 'old', startedAt: noon + dayMs / 2 - 1 })])
    const [daily, monthly] = await keeper.standings()
    expect(daily).toMatchObject({ spentNanoUsd: 0, heldNanoUsd: usd(1), startsAt: world.now })
    // Of the month it is.
    expect(monthly).toMatchObject({ spentNanoUsd: usd(2) })
  })

  test('what was held before midnight is not held after it', async () => {
    const { keeper, world, started } = scene({ daily: 1 })
    await started
    await keeper.hold(question())
    world.now += dayMs
    expect(await keeper.standings()).toMatchObject([{ heldNanoUsd: 0 }])
    await keeper.append([row()])
    expect(await keeper.standings()).toMatchObject([{ spentNanoUsd: 0, heldNanoUsd: 0 }])
  })
})

describe('periods and other gateways', () => {
  /** As Redis: answers come later. */
  const later = (spending: Spending, between: () => void): Spending => ({
    ...spending,
    hold: async (demands) => {
      const verdict = spending.hold(demands)
      between()
      return verdict
    },
    settle: async (changes) => {
      const states = spending.settle(changes)
      between()
      return states
    },
  })

  test('a refusal that comes after midnight speaks of the day that is over', async () => {
    const late = { between: (): void => {} }
    const { keeper, world, notices, started } = scene(
      { daily: 1 },
      createMemoryLedger(),
      later(createMemorySpending(), () => late.between()),
    )
    await started
    late.between = () => (world.now = noon + dayMs / 2)
    const { refused } = await keeper.hold(question({ estimateNanoUsd: usd(2) }))
    expect(refused?.endsAt).toBe(noon + dayMs / 2)
    expect(notices.map(({ resetsAt }) => resetsAt)).toEqual([noon + dayMs / 2])
    expect(keeper.problems()).toEqual([])
  })

  test('so does the news that a day was used up', async () => {
    const late = { between: (): void => {} }
    const { keeper, world, started } = scene(
      { daily: 1 },
      createMemoryLedger(),
      later(createMemorySpending(), () => late.between()),
    )
    await started
    late.between = () => (world.now = noon + dayMs / 2)
    await keeper.append([row({ costNanoUsd: usd(2) })])
    expect(keeper.problems()).toEqual([])
  })

  test('a reload with a time zone whose day began earlier does not switch the budget off', async () => {
    const { keeper, configure, started } = scene({ daily: 2, timeZone: 'America/New_York' })
    await started
    await keeper.hold(question({ callId: 'before' }))
    await keeper.append([row({ callId: 'other', costNanoUsd: usd(0.5) })])
    await configure({ daily: 2, timeZone: 'UTC' })
    // It was begun in a day of New York, which is none of this budget any more.
    await keeper.append([row({ callId: 'before', costNanoUsd: usd(0.5) })])
    expect((await keeper.hold(question({ callId: 'a' }))).refused).toBeUndefined()
    expect((await keeper.hold(question({ callId: 'b' }))).refused).toMatchObject({
      state: { spentNanoUsd: usd(1), heldNanoUsd: usd(1) },
    })
  })
})

describe('what is spent is the ledger’s', () => {
  test('a restart forgets nothing, and adds nothing of other periods', async () => {
    const first = scene({ daily: 5, weekly: 20, monthly: 60, perKey: { k: { daily: 5 } } })
    await first.started
    await first.keeper.append([row({ startedAt: noon - dayMs })])
    await first.keeper.append([row({ callId: 'b', startedAt: noon - 3 * dayMs })])
    await first.keeper.append([row({ callId: 'd', costNanoUsd: usd(0.5) })])
    const again = scene({ daily: 5, weekly: 20, monthly: 60, perKey: { k: { daily: 5 } } }, first.ledger)
    await again.started
    const spent = (await again.keeper.standings()).map(({ id, spentNanoUsd }) => [id, spentNanoUsd / 1e9])
    expect(spent).toEqual([
      ['daily', 0.5],
      ['weekly', 1.5],
      ['monthly', 2.5],
      ['daily/key/k', 0.5],
    ])
    expect(again.notices).toEqual([])
  })

  test('a budget that comes by a reload knows what was spent before it', async () => {
    const { keeper, configure, started } = scene({})
    await started
    await keeper.append([row({ feature: 'f' })])
    await configure({ perFeature: { f: { daily: 1.5 } } })
    expect((await keeper.hold(question({ feature: 'f' }))).refused?.state.spentNanoUsd).toBe(usd(1))
  })

  test('a call that ends after the sums were read, and before they are taken over, is counted', async () => {
    const memory = createMemoryLedger()
    const wasRead = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const slow = {
      ...memory,
      hours: async (query: Parameters<typeof memory.hours>[0]) => {
        const rows = await memory.hours(query)
        wasRead.resolve()
        await gate.promise
        return rows
      },
    }
    const { keeper, started } = scene({ daily: 100 }, slow)
    await wasRead.promise
    const appended = keeper.append([row()])
    await nextTurn()
    gate.resolve()
    await Promise.all([started, appended])
    expect(await keeper.standings()).toMatchObject([{ spentNanoUsd: usd(1) }])
  })

  test('a call that the ledger has, and has not confirmed when a reload comes, is counted once', async () => {
    const memory = createMemoryLedger()
    const gate = Promise.withResolvers<void>()
    const slow = {
      ...memory,
      append: async (rows: AttemptRow[]) => {
        await memory.append(rows)
        await gate.promise
      },
    }
    const { keeper, configure, started } = scene({ daily: 100 }, slow)
    await started
    const appended = keeper.append([row()])
    const configured = configure({ daily: 50 })
    await nextTurn()
    gate.resolve()
    await Promise.all([appended, configured])
    expect(await keeper.standings()).toMatchObject([{ spentNanoUsd: usd(1), limitNanoUsd: usd(50) }])
  })

  test('a ledger that cannot be read is told, and stops no call', async () => {
    const broken = { ...createMemoryLedger(), hours: () => Promise.reject(new Error('disk')) }
    const { keeper, unread, started } = scene({ daily: 1 }, broken)
    await started
    expect(unread).toEqual([new Error('disk')])
    expect((await keeper.hold(question())).refused).toBeUndefined()
  })

  test('a ledger that cannot be written does not make a budget forget', async () => {
    const broken = { ...createMemoryLedger(), append: () => Promise.reject(new Error('full')) }
    const { keeper, started } = scene({ daily: 1 }, broken)
    await started
    await keeper.hold(question())
    await expect(keeper.append([row()])).rejects.toThrow('full')
    expect(await keeper.standings()).toMatchObject([{ spentNanoUsd: usd(1), heldNanoUsd: 0 }])
  })

  test('holds of calls under way outlive a reload', async () => {
    const { keeper, configure, started } = scene({ daily: 2 })
    await started
    await keeper.hold(question({ estimateNanoUsd: usd(1.5) }))
    await configure({ daily: 2, weekly: 5 })
    expect((await keeper.hold(question({ callId: 'b' }))).refused?.budget.id).toBe('daily')
  })
})

describe('people are told', () => {
  test('at 80 and at 100 %, once each, and again in the next period', async () => {
    const { keeper, world, notices, shares, started } = scene({ daily: 10 })
    await started
    const spend = async (amount: number): Promise<void> => {
      await keeper.append([row({ startedAt: world.now, costNanoUsd: usd(amount) })])
    }
    for (const amount of [7.9, 0.1, 0.1, 1.9, 1]) await spend(amount)
    expect(notices.map(({ level }) => level)).toEqual(['near', 'reached'])
    expect(notices[0]?.text).toBe('80 % of the daily budget are spent: 8 of 10 USD.')
    expect(shares.get('daily')).toBeCloseTo(1.1)
    world.now += dayMs
    await spend(9)
    expect(notices.map(({ level }) => level)).toEqual(['near', 'reached', 'near'])
    world.now += dayMs
    await keeper.refresh()
    expect(shares.get('daily')).toBe(0)
  })

  test('once that a call did not fit, however many do not', async () => {
    const { keeper, notices, started } = scene({ daily: 0.5 })
    await started
    await keeper.hold(question())
    await keeper.hold(question())
    expect(notices.map(({ level }) => level)).toEqual(['reached'])
  })

  test('a higher limit is another budget', async () => {
    const { keeper, configure, notices, started } = scene({ daily: 1 })
    await started
    await keeper.append([row()])
    await configure({ daily: 1.1 })
    await configure({ daily: 1.1, weekly: 100 })
    expect(notices.map(({ level, limitNanoUsd }) => [level, limitNanoUsd / 1e9])).toEqual([
      ['reached', 1],
      ['near', 1.1],
    ])
  })

  test('a budget that is gone has no share', async () => {
    const { configure, shares, started } = scene({ daily: 1 })
    await started
    await configure({})
    expect(shares.get('daily')).toBeUndefined()
  })
})

test('calls side by side never spend more than a budget by more than their estimates are wrong', async () => {
  const callArb = fc.record({
    estimate: fc.integer({ min: 1, max: 400 }),
    /** Of the estimate. */
    real: fc.double({ min: 0, max: 1.5, noNaN: true }),
    key: fc.constantFrom('k', 'l'),
    endsAfter: fc.integer({ min: 0, max: 8 }),
  })
  await fc.assert(
    fc.asyncProperty(fc.array(callArb, { minLength: 1, maxLength: 40 }), async (calls) => {
      const limit = 1000
      const { keeper, started } = scene({ daily: limit / 1e6, perKey: { k: { daily: limit / 2e6 } } })
      await started
      let spent = { all: 0, k: 0 }
      let excess = 0
      const running: { turn: number; end: () => Promise<void> }[] = []
      for (const [turn, { estimate, real, key, endsAfter }] of calls.entries()) {
        const callId = String(turn)
        const { refused } = await keeper.hold(question({ callId, key, estimateNanoUsd: estimate * 1000 }))
        if (refused === undefined) {
          const cost = Math.round(estimate * 1000 * real)
          excess += Math.max(0, cost - estimate * 1000)
          const end = async (): Promise<void> => {
            spent = { all: spent.all + cost, k: spent.k + (key === 'k' ? cost : 0) }
            await keeper.append([row({ callId, key, costNanoUsd: cost })])
          }
          running.push({ turn: turn + endsAfter, end })
        }
        for (const call of running.filter((each) => each.turn === turn)) await call.end()
      }
      for (const call of running.filter((each) => each.turn >= calls.length)) await call.end()
      expect(spent.all).toBeLessThanOrEqual(limit * 1000 + excess)
      expect(spent.k).toBeLessThanOrEqual(limit * 500 + excess)
      const [all, ofKey] = await keeper.standings()
      expect(all).toMatchObject({ spentNanoUsd: spent.all, heldNanoUsd: 0 })
      expect(ofKey).toMatchObject({ spentNanoUsd: spent.k, heldNanoUsd: 0 })
    }),
    { numRuns: 200 },
  )
})

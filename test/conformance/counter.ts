import { beforeEach, describe, expect, test } from 'vitest'
import type { Counter, Demand, Limit } from '../../gateway/stores/counter.ts'

const requests = (id: string, limit: number, windowMs = 60_000): Limit => ({ id, unit: 'requests', limit, windowMs })
const demand = (limit: Limit, amount = 1): Demand => ({ ...limit, amount })

/** The behaviour that every counter has. `create` gets the clock, in milliseconds. */
export function describeCounter(name: string, create: (clock: { now: () => number }) => Counter): void {
  describe(`counter: ${name}`, () => {
    const limit = requests('global/requests', 3)
    let now: number
    let counter: Counter
    const take = async (...demands: Demand[]): Promise<boolean> => (await counter.take(demands)).allowed
    const remaining = async (of: Limit): Promise<number | undefined> => (await counter.peek([of]))[0]?.remaining

    beforeEach(() => {
      now = 1_000_000
      counter = create({ now: () => now })
    })

    test('1,000 takes at the same time against a limit of 100: exactly 100 pass', async () => {
      const hundred = demand(requests('global/requests', 100))
      const verdicts = await Promise.all(Array.from({ length: 1000 }, async () => counter.take([hundred])))
      expect(verdicts.filter((verdict) => verdict.allowed)).toHaveLength(100)
    })

    test('tells what is left and when the window ends', async () => {
      await counter.take([demand(limit)])
      now += 10_000
      const state = { id: 'global/requests', unit: 'requests', limit: 3, remaining: 1, resetMs: 50_000 }
      expect(await counter.take([demand(limit)])).toEqual({ allowed: true, states: [state] })
    })

    test('a refusal tells the same, and takes nothing', async () => {
      await counter.take([demand(limit, 2)])
      const state = { id: 'global/requests', unit: 'requests', limit: 3, remaining: 1, resetMs: 60_000 }
      expect(await counter.take([demand(limit, 2)])).toEqual({ allowed: false, refused: state, states: [state] })
      expect(await take(demand(limit))).toBe(true)
      expect(await take(demand(limit))).toBe(false)
    })

    test('the window begins with the first take after the last one ended', async () => {
      await counter.take([demand(limit, 3)])
      now += 59_999
      expect(await take(demand(limit))).toBe(false)
      now += 1
      expect(await remaining(limit)).toBe(3)
      now += 30_000
      expect(await take(demand(limit, 3))).toBe(true)
      now += 59_999
      expect(await take(demand(limit))).toBe(false)
    })

    test('all or nothing: a limit that refuses leaves the others untouched', async () => {
      const tight = requests('key/a/requests', 1)
      await counter.take([demand(tight)])
      expect(await take(demand(limit), demand(tight))).toBe(false)
      expect(await remaining(limit)).toBe(3)
    })

    test('of several limits that refuse, the one that frees last is named', async () => {
      const short = requests('key/a/requests', 1, 1000)
      const long = requests('model/m/requests', 1, 5000)
      const all = [demand(short), demand(long), demand(limit)]
      await counter.take(all)
      const verdict = await counter.take(all)
      expect(verdict).toMatchObject({ allowed: false, refused: { id: 'model/m/requests', resetMs: 5000 } })
      expect(verdict.states.map((state) => state.remaining)).toEqual([0, 0, 2])
    })

    test('limits do not touch each other', async () => {
      expect(await take(demand(requests('key/a/requests', 1)))).toBe(true)
      expect(await take(demand(requests('key/b/requests', 1)))).toBe(true)
    })

    test('more than the whole limit never passes, not even at first', async () => {
      expect(await take(demand(limit, 4))).toBe(false)
      expect(await take(demand(limit, 3))).toBe(true)
    })

    const settlements: [string, number, number][] = [
      ['gives back what was reserved too much', -40, 60],
      ['takes what was reserved too little', 30, 0],
      ['never counts below zero used', -1000, 100],
    ]

    test.each(settlements)('settle %s', async (_, amount, expected) => {
      const tokens: Limit = { id: 'global/tokens', unit: 'tokens', limit: 100, windowMs: 60_000 }
      await counter.take([demand(tokens, 80)])
      await counter.settle([demand(tokens, amount)])
      expect(await remaining(tokens)).toBe(expected)
    })

    test('settle leaves a window alone that has ended or began after the take', async () => {
      const takenAt = now
      await counter.take([demand(limit, 3)])
      now += 60_000
      await counter.settle([{ ...demand(limit, -3), takenAt }])
      expect(await remaining(limit)).toBe(3)
      await counter.take([demand(limit, 2)])
      await counter.settle([{ ...demand(limit, -2), takenAt }])
      expect(await remaining(limit)).toBe(1)
    })

    test('peek does not begin a window', async () => {
      await counter.peek([limit])
      now += 59_000
      await counter.take([demand(limit, 3)])
      now += 2000
      expect(await take(demand(limit))).toBe(false)
    })

    test('a limit that was changed counts at once, with what was used so far', async () => {
      await counter.take([demand(limit, 3)])
      expect(await take(demand(requests(limit.id, 5), 2))).toBe(true)
      expect(await take(demand(requests(limit.id, 5)))).toBe(false)
    })
  })
}

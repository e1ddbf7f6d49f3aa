import { beforeEach, describe, expect, test } from 'vitest'
import type { Account, SpendChange, SpendDemand, Spending } from '../../gateway/stores/spending.ts'

export const dayMs = 86_400_000

export function account(more: Partial<Account> = {}): Account {
  return { id: 'daily', startsAt: 0, endsAt: dayMs, limitNanoUsd: 100, ...more }
}

export function demand(amountNanoUsd: number, more: Partial<SpendDemand> = {}): SpendDemand {
  return { ...account(), isForced: false, ...more, amountNanoUsd }
}

export function change(heldNanoUsd: number, spentNanoUsd: number, more: Partial<Account> = {}): SpendChange {
  return { ...account(more), heldNanoUsd, spentNanoUsd }
}

/** `[spent, held]` of each. */
export async function sums(spending: Spending, ...accounts: Account[]): Promise<[number, number][]> {
  const states = await spending.peek(accounts.length === 0 ? [account()] : accounts)
  return states.map(({ spentNanoUsd, heldNanoUsd }) => [spentNanoUsd, heldNanoUsd])
}

/** The behaviour that each place for spending has. */
export function describeSpending(name: string, create: () => Spending): void {
  describe(`spending: ${name}`, () => {
    let spending: Spending
    const fits = async (...demands: SpendDemand[]): Promise<boolean> => (await spending.hold(demands)).allowed

    beforeEach(() => {
      spending = create()
    })

    test('200 holds of 3 at the same time against 100: exactly 33 fit', async () => {
      const all = await Promise.all(Array.from({ length: 200 }, () => fits(demand(3))))
      expect(all.filter(Boolean)).toHaveLength(33)
      expect(await sums(spending)).toEqual([[0, 99]])
    })

    test('exactly what is left fits, one more does not', async () => {
      expect(await fits(demand(101))).toBe(false)
      expect(await fits(demand(100))).toBe(true)
      expect(await fits(demand(1))).toBe(false)
    })

    test('a hold answers how all accounts stand with it; a refusal, how the one stands that has no room', async () => {
      const key = account({ id: 'daily/key/k', limitNanoUsd: 50 })
      expect(await spending.hold([demand(40), { ...key, amountNanoUsd: 40, isForced: false }])).toEqual({
        allowed: true,
        states: [
          { ...account(), spentNanoUsd: 0, heldNanoUsd: 40 },
          { ...key, spentNanoUsd: 0, heldNanoUsd: 40 },
        ],
      })
      expect(await spending.hold([demand(20), { ...key, amountNanoUsd: 20, isForced: false }])).toEqual({
        allowed: false,
        refused: { ...key, spentNanoUsd: 0, heldNanoUsd: 40 },
      })
    })

    test('of two that refuse, the first in order is named', async () => {
      const verdict = await spending.hold([demand(200, { id: 'b' }), demand(200, { id: 'a' })])
      expect(verdict).toMatchObject({ allowed: false, refused: { id: 'b' } })
    })

    test('all or nothing: where one has no room, none holds', async () => {
      const tight = account({ id: 'tight', limitNanoUsd: 5 })
      expect(await fits(demand(10), { ...tight, amountNanoUsd: 10, isForced: false })).toBe(false)
      expect(await sums(spending, account(), tight)).toEqual([
        [0, 0],
        [0, 0],
      ])
    })

    test('settling gives back and adds, and says how it stands then', async () => {
      await fits(demand(60))
      expect(await spending.settle([change(60, 25)])).toEqual([{ ...account(), spentNanoUsd: 25, heldNanoUsd: 0 }])
      expect(await fits(demand(76))).toBe(false)
      expect(await fits(demand(75))).toBe(true)
    })

    test('an account may be in one settlement several times, as with several attempts', async () => {
      await fits(demand(60))
      await spending.settle([change(60, 0), change(0, 25), change(0, 10)])
      expect(await sums(spending)).toEqual([[35, 0]])
    })

    test('more can be spent than was held, and than there is', async () => {
      await fits(demand(60))
      await spending.settle([change(60, 140)])
      expect(await sums(spending)).toEqual([[140, 0]])
      expect(await fits(demand(0))).toBe(false)
    })

    test('no more is given back than is held', async () => {
      await fits(demand(10))
      await spending.settle([change(30, 0)])
      expect(await sums(spending)).toEqual([[0, 0]])
    })

    test('an unknown amount fits while anything is left, and holds nothing', async () => {
      await spending.settle([change(0, 99)])
      expect(await fits(demand(0))).toBe(true)
      expect(await sums(spending)).toEqual([[99, 0]])
      await spending.settle([change(0, 1)])
      expect(await fits(demand(0))).toBe(false)
    })

    test('what is forced is held although there is no room', async () => {
      expect(await fits(demand(150, { isForced: true }))).toBe(true)
      expect(await sums(spending)).toEqual([[0, 150]])
      expect(await fits(demand(1))).toBe(false)
    })

    test('a new period begins with nothing; changes of the old one are no longer counted', async () => {
      await fits(demand(50))
      await spending.settle([change(0, 20)])
      const next = account({ startsAt: dayMs, endsAt: 2 * dayMs })
      expect(await sums(spending, next)).toEqual([[0, 0]])
      expect(await spending.settle([change(50, 70)])).toEqual([])
      expect(await sums(spending, next)).toEqual([[0, 0]])
      expect(await fits({ ...next, amountNanoUsd: 100, isForced: false })).toBe(true)
    })

    test('what is loaded is spent; what is held stays held', async () => {
      await fits(demand(30))
      await spending.load([{ account: account(), spentNanoUsd: 40 }])
      expect(await sums(spending)).toEqual([[40, 30]])
      // A second time, as after a reload of the configuration, it is not added.
      await spending.load([{ account: account(), spentNanoUsd: 40 }])
      expect(await sums(spending)).toEqual([[40, 30]])
    })

    test('what is loaded says which period runs, also where it began earlier than the one that was known', async () => {
      const later = account({ startsAt: 5, endsAt: dayMs + 5 })
      await spending.hold([{ ...later, amountNanoUsd: 30, isForced: false }])
      await spending.load([{ account: account(), spentNanoUsd: 40 }])
      expect(await sums(spending)).toEqual([[40, 0]])
      expect(await fits(demand(61))).toBe(false)
      expect(await fits(demand(60))).toBe(true)
    })

    test('the limit is the one of the question: it may be raised', async () => {
      await fits(demand(100))
      expect(await fits(demand(50, { limitNanoUsd: 149 }))).toBe(false)
      expect(await fits(demand(50, { limitNanoUsd: 150 }))).toBe(true)
    })

    test('a million dollars are counted to the last nano', async () => {
      const limitNanoUsd = 1e15
      await spending.settle([change(0, limitNanoUsd - 1, { limitNanoUsd })])
      expect(await fits(demand(2, { limitNanoUsd }))).toBe(false)
      expect(await fits(demand(1, { limitNanoUsd }))).toBe(true)
      expect(await sums(spending, account({ limitNanoUsd }))).toEqual([[limitNanoUsd - 1, 1]])
    })

    test('nothing asked, nothing refused', async () => {
      expect(await spending.hold([])).toEqual({ allowed: true, states: [] })
      expect(await spending.settle([])).toEqual([])
      expect(await spending.peek([])).toEqual([])
    })
  })
}

import { describe, expect, test } from 'vitest'
import type { BudgetSettings } from '../../../../gateway/contract.ts'
import {
  amountsOf,
  newBudgetProblem,
  noAmounts,
  rowsOf,
  withAmount,
  withAmounts,
  type Whose,
} from '../../../../renderer/pages/budgets/budget-edit.ts'

const none: BudgetSettings = {
  all: noAmounts,
  perKey: {},
  perProvider: {},
  perFeature: {},
  action: 'block',
  warnAt: 0.8,
  timeZone: null,
}
const everybody: Whose = { scope: 'all', name: null }
const ci: Whose = { scope: 'key', name: 'ci' }

describe('amounts', () => {
  test('USD become integers of 1e-9 USD', () => {
    expect(withAmount(none, everybody, { period: 'daily', usd: 0.1 }).all).toEqual({ ...noAmounts, daily: 100_000_000 })
  })

  test('one period leaves the others alone, at its place', () => {
    const some = { ...none, perKey: { a: { ...noAmounts, daily: 1 }, ci: { ...noAmounts, weekly: 2 } } }
    const changed = withAmount(some, ci, { period: 'monthly', usd: 3 })
    expect(Object.keys(changed.perKey)).toEqual(['a', 'ci'])
    expect(amountsOf(changed, ci)).toEqual({ daily: null, weekly: 2, monthly: 3_000_000_000 })
  })

  test('a name without any amount is taken out; everybody stays', () => {
    const some = { ...none, perKey: { ci: { ...noAmounts, weekly: 2 } } }
    expect(withAmount(some, ci, { period: 'weekly', usd: undefined })).toEqual(none)
    expect(withAmounts(some, ci, noAmounts)).toEqual(none)
    expect(rowsOf(none)).toEqual([everybody])
  })
})

test.each<[Whose, string | undefined]>([
  [{ scope: 'key', name: '' }, 'Enter the name of a key.'],
  [ci, 'The key ci is in the list already.'],
  [{ scope: 'feature', name: 'ci' }, undefined],
  [{ scope: 'provider', name: 'x'.repeat(257) }, 'The name is too long.'],
])('adding %j', (whose, problem) => {
  expect(newBudgetProblem(whose, [everybody, ci])).toBe(problem)
})

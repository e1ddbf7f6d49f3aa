import { describe, expect, test } from 'vitest'
import type { BudgetState } from '../../../../gateway/contract.ts'
import { outlookText, spentText, toneOf, usedUpText } from '../../../../renderer/pages/budgets/budget-words.ts'

const now = new Date(2026, 10, 24, 14, 22).getTime()
const state: BudgetState = {
  scope: 'all',
  name: null,
  period: 'monthly',
  limitNanoUsd: 100e9,
  spentNanoUsd: 61.2e9,
  heldNanoUsd: 0,
  startsAt: new Date(2026, 10, 1).getTime(),
  resetsAt: new Date(2026, 11, 1).getTime(),
  forecastNanoUsd: 88e9,
  runsOutAt: null,
}

test('what is spent', () => {
  expect(spentText(state)).toBe('$61.20 spent, 61 %')
})

describe('where it is heading', () => {
  test.each<[Partial<BudgetState>, string | undefined]>([
    [{}, 'Heading for $88.00'],
    [{ forecastNanoUsd: null }, undefined],
    [{ runsOutAt: new Date(2026, 10, 27, 16).getTime() }, 'Runs out on Nov 27'],
    [{ runsOutAt: new Date(2026, 10, 24, 17, 40).getTime() }, 'Runs out at 05:40 PM'],
    [{ spentNanoUsd: 100e9, runsOutAt: now }, 'Used up until Dec 1'],
    [{ spentNanoUsd: 100e9, resetsAt: new Date(2026, 10, 25).getTime() }, 'Used up until midnight'],
  ])('%j', (more, text) => {
    expect(outlookText({ ...state, ...more }, now)).toBe(text)
  })
})

test.each<[Partial<BudgetState>, string]>([
  [{}, 'accent'],
  [{ spentNanoUsd: 80e9 }, 'warn'],
  [{ runsOutAt: now + 1 }, 'warn'],
  [{ spentNanoUsd: 100e9 }, 'bad'],
])('%j is %s', (more, tone) => {
  expect(toneOf({ ...state, ...more }, 0.8)).toBe(tone)
})

test('whose budget is used up', () => {
  expect(usedUpText({ ...state, scope: 'key', name: 'ci', period: 'daily' }, now)).toBe(
    'The daily budget of the key ci is used up until Dec 1.',
  )
})

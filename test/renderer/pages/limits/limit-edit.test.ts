import { describe, expect, test } from 'vitest'
import type { Limit, Limits } from '../../../../gateway/contract.ts'
import {
  editLimit,
  hasLimits,
  newModelProblem,
  withModelLimit,
  type LimitEdit,
} from '../../../../renderer/pages/limits/limit-edit.ts'

describe('editLimit', () => {
  const both: Limit = { requests: 10, tokens: 500, windowMs: 1_000 }
  test.each<[string, Limit | null, LimitEdit, Limit | null]>([
    ['a first number makes a limit', null, { requests: 5 }, { requests: 5, windowMs: 60_000 }],
    ['a window alone makes none', null, { windowMs: 1_000 }, null],
    ['the other amount stays', both, { requests: 20 }, { requests: 20, tokens: 500, windowMs: 60_000 }],
    ['an emptied amount goes', both, { tokens: undefined }, { requests: 10, windowMs: 60_000 }],
    ['without amounts there is no limit', { tokens: 5, windowMs: 1_000 }, { tokens: undefined }, null],
    ['an emptied window stays', both, { windowMs: undefined }, { requests: 10, tokens: 500, windowMs: 60_000 }],
    ['another window', both, { windowMs: 5_000 }, { requests: 10, tokens: 500, windowMs: 5_000 }],
  ])('%s', (_, limit, edit, expected) => expect(editLimit(limit, 60_000, edit)).toEqual(expected))
})

const limits: Limits = {
  enabled: true,
  global: null,
  perKey: null,
  perModel: { one: { requests: 1, windowMs: 1_000 }, two: { requests: 2, windowMs: 1_000 } },
}

describe('withModelLimit', () => {
  test('a changed limit stays at its place', () => {
    const changed = withModelLimit(limits, 'one', { requests: 9, windowMs: 1_000 })
    expect(Object.keys(changed.perModel)).toEqual(['one', 'two'])
    expect(changed.perModel['one']?.requests).toBe(9)
  })

  test('null takes it out, and nothing else', () => {
    expect(withModelLimit(limits, 'one', null)).toEqual({ ...limits, perModel: { two: limits.perModel['two'] } })
  })
})

test.each<[Partial<Limits>, boolean]>([
  [{}, true],
  [{ perModel: {} }, false],
  [{ perModel: {}, perKey: { requests: 1, windowMs: 1_000 } }, true],
])('hasLimits with %j', (edit, expected) => expect(hasLimits({ ...limits, ...edit })).toBe(expected))

test.each([
  ['', /Enter the name/],
  ['one', /has a limit already/],
  ['x'.repeat(257), /too long/],
  ['gpt-4*', undefined],
])('newModelProblem(%s)', (name, words) => {
  const problem = newModelProblem(name, ['one'])
  if (words === undefined) expect(problem).toBeUndefined()
  else expect(problem).toMatch(words)
})

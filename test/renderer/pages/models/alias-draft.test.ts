import { describe, expect, test } from 'vitest'
import {
  aliasProblems,
  draftTargets,
  isAsked,
  sharesOf,
  startAliasDraft,
  withChange,
  withoutTarget,
  withTarget,
} from '../../../../renderer/pages/models/alias-draft.ts'

const ordered = startAliasDraft({
  name: 'smart',
  targets: [
    { provider: 'a', model: 'one' },
    { provider: 'b', model: 'two' },
  ],
})
const weighted = startAliasDraft({
  name: 'fast',
  targets: [
    { provider: 'a', model: 'one', weight: 3 },
    { provider: 'b', model: 'two', weight: 1 },
  ],
})

describe('draftTargets', () => {
  test.each([
    [
      'in their order, without weights',
      ordered,
      [
        ['a', 'one'],
        ['b', 'two'],
      ],
    ],
    [
      'with weights',
      weighted,
      [
        ['a', 'one', 3],
        ['b', 'two', 1],
      ],
    ],
    [
      'weights turned on count 1',
      { ...ordered, isWeighted: true },
      [
        ['a', 'one', 1],
        ['b', 'two', 1],
      ],
    ],
    [
      'weights turned off are gone',
      { ...weighted, isWeighted: false },
      [
        ['a', 'one'],
        ['b', 'two'],
      ],
    ],
    ['one target alone has none', withoutTarget(weighted, 1), [['a', 'one']]],
    [
      'a typed name is trimmed',
      withChange(ordered, 1, { model: ' two ' }),
      [
        ['a', 'one'],
        ['b', 'two'],
      ],
    ],
  ])('%s', (_, draft, expected) => {
    const flat = draftTargets(draft).map(({ provider, model, weight }) =>
      weight === undefined ? [provider, model] : [provider, model, weight],
    )
    expect(flat).toEqual(expected)
  })
})

test('a new target never takes the id of one that is there', () => {
  const draft = withTarget(withoutTarget(ordered, 0), 'c')
  expect(draft.targets.map(({ id }) => id)).toEqual([1, 2])
  expect(withTarget({ ...ordered, targets: [] }, 'c').targets.map(({ id }) => id)).toEqual([0])
})

test.each([
  ['three to one', [{ weight: 3 }, { weight: 1 }], [0.75, 0.25]],
  ['one that has none counts 1', [{ weight: 1 }, {}], [0.5, 0.5]],
  ['alone', [{ weight: 7 }], [1]],
  ['none', [], []],
])('sharesOf: %s', (_, targets, expected) => {
  expect(sharesOf(targets)).toEqual(expected)
})

test.each([
  ['sound', ordered, {}],
  ['no name', { ...ordered, name: ' ' }, { name: 'Enter the name that clients will use.' }],
  ['taken', { ...ordered, name: 'big' }, { name: 'There is an alias of this name already. Choose another name.' }],
  ['no target', { ...ordered, targets: [] }, { targets: 'Add a target: a provider and one of its models.' }],
  ['no model', withTarget(ordered, 'c'), { targets: 'Choose a provider and a model for every target.' }],
])('aliasProblems: %s', (_, draft, expected) => {
  expect(aliasProblems(draft, ['big'])).toEqual(expected)
})

test('the gateway is asked as soon as the targets are whole, also before there is a name', () => {
  expect(isAsked({ ...ordered, name: '' })).toBe(true)
  expect(isAsked(withTarget(ordered, 'c'))).toBe(false)
  expect(isAsked({ ...ordered, targets: [] })).toBe(false)
})

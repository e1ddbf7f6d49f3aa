import { expect, test } from 'vitest'
import { diffTables } from '../../../gateway/prices/diff-tables.ts'
import type { PlainProvider } from '../../../gateway/prices/plain-table.ts'
import { model, someTable } from './tables.ts'

const noon = Date.UTC(2026, 10, 24, 12)
const twoInTheMorning = Date.UTC(2026, 10, 24, 2)

/** The table with a provider's models made anew. */
function changed(id: string, change: (models: PlainProvider['models']) => PlainProvider['models']): PlainProvider[] {
  return someTable().map((provider) =>
    provider.id === id ? { ...provider, models: change(provider.models) } : provider,
  )
}

const nothing = { before: 3, after: 3, added: [], removed: [], changed: [], otherTimes: 0 }

test('the same', () => {
  expect(diffTables(someTable(), someTable(), noon)).toEqual(nothing)
})

test('changed: every rate that is another, tiers too', () => {
  const after = changed('openai', ([a, b]) => [
    model('gpt-a', { input_mtok: 1.5, output_mtok: 4, web_searches_kcount: 10 }),
    {
      ...(b ?? model('', {})),
      prices: { input_mtok: { base: 2, tiers: [{ start: 200_000, price: 5 }] }, output_mtok: 8 },
    },
    ...(a === undefined ? [] : []),
  ])
  expect(diffTables(someTable(), after, noon).changed).toEqual([
    {
      provider: 'openai',
      model: 'gpt-a',
      items: [
        { item: 'input', before: 1, after: 1.5 },
        { item: 'cacheRead', before: 0.1, after: undefined },
      ],
    },
    { provider: 'openai', model: 'gpt-b', items: [{ item: 'input above 200000', before: 4, after: 5 }] },
  ])
})

test('added and removed', () => {
  const after = changed('openai', (models) => [...models.slice(1), model('gpt-c', { input_mtok: 7, output_mtok: 9 })])
  const diff = diffTables(someTable(), after, noon)
  expect(diff.added).toEqual([
    {
      provider: 'openai',
      model: 'gpt-c',
      rates: [
        { item: 'input', usd: 7 },
        { item: 'output', usd: 9 },
      ],
    },
  ])
  expect(diff.removed.map(({ model: name }) => name)).toEqual(['gpt-a'])
})

test('a name that falls under a rule is not added, and is told when the rule’s price was another', () => {
  const more = (input: number): PlainProvider[] =>
    changed('openai', (models) => [model('gpt-b-9', { input_mtok: input, output_mtok: 8 }), ...models])
  expect(diffTables(more(3), someTable(), noon)).toMatchObject({
    removed: [],
    changed: [
      {
        model: 'gpt-b-9',
        items: [
          { item: 'input', before: 3, after: 2 },
          { item: 'input above 200000', before: undefined, after: 4 },
        ],
      },
    ],
  })
})

test('by the moment: a window of the day counts within it, and is told of outside', () => {
  const after = changed('deepseek', () => [
    model('deepseek-x', [
      { prices: { input_mtok: 1, output_mtok: 2 } },
      {
        constraint: { type: 'time_of_date', start_time: '01:00:00Z', end_time: '04:00:00Z' },
        prices: { input_mtok: 3, output_mtok: 4 },
      },
    ]),
  ])
  expect(diffTables(someTable(), after, noon)).toEqual({ ...nothing, otherTimes: 1 })
  expect(diffTables(someTable(), after, twoInTheMorning).changed).toEqual([
    { provider: 'deepseek', model: 'deepseek-x', items: [{ item: 'input', before: 2, after: 3 }] },
  ])
})

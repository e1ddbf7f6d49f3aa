import { expect, test } from 'vitest'
import type { TableModel } from '../../../gateway/models/price-table.ts'
import { checkTable } from '../../../gateway/prices/check-table.ts'
import { diffTables } from '../../../gateway/prices/diff-tables.ts'
import type { PlainProvider } from '../../../gateway/prices/plain-table.ts'
import { model } from './tables.ts'

const noon = Date.UTC(2026, 10, 24, 12)
const table = (models: TableModel[]): PlainProvider[] => [{ id: 'p', models }]
const before = table(['a', 'b', 'c', 'd'].map((id) => model(id, { input_mtok: 1, output_mtok: 2 })))

/** The table with another price of `a`. */
const withA = (prices: TableModel['prices']): PlainProvider[] =>
  table([model('a', prices), ...(before[0]?.models ?? []).slice(1)])

const firstOf = (count: number): PlainProvider[] => table((before[0]?.models ?? []).slice(0, count))

const cases: [string, PlainProvider[], [firm: boolean, message: RegExp][]][] = [
  ['the same', before, []],
  ['a model less', firstOf(3), []],
  ['half', firstOf(2), []],
  ['fewer than half', firstOf(1), [[false, /1 models, the table in force 4/]]],
  ['none', table([]), [[true, /no models/]]],
  ['below 0', withA({ input_mtok: -1, output_mtok: 2 }), [[true, /p\/a input_mtok is below 0/]]],
  ['without end', withA({ input_mtok: Infinity, output_mtok: 2 }), [[true, /not a number/]]],
  ['too dear', withA({ input_mtok: 1, output_mtok: 10_001 }), [[true, /output_mtok is 10001 USD, more than 10000/]]],
  [
    'a tier that is too dear',
    withA({ input_mtok: { base: 1, tiers: [{ start: 1, price: 20_000 }] } }),
    [[true, /20000/]],
  ],
  [
    'too dear later',
    withA([
      { prices: { input_mtok: 1, output_mtok: 2 } },
      { constraint: { type: 'start_date', start_date: '2030-01-01' }, prices: { input_mtok: 99_999 } },
    ]),
    [[true, /99999/]],
  ],
  ['100 times dearer', withA({ input_mtok: 100, output_mtok: 2 }), []],
  ['more than that', withA({ input_mtok: 101, output_mtok: 2 }), [[false, /p\/a input 1 -> 101/]]],
  ['less than a hundredth', withA({ input_mtok: 1, output_mtok: 0.019 }), [[false, /output 2 -> 0.019/]]],
  ['nothing all of a sudden', withA({ input_mtok: 0, output_mtok: 2 }), [[false, /input 1 -> 0/]]],
]

test.each(cases)('%s', (_name, after, expected) => {
  const problems = checkTable(after, diffTables(before, after, noon))
  expect(problems).toHaveLength(expected.length)
  for (const [index, [firm, message]] of expected.entries()) {
    expect(problems[index]).toMatchObject({ firm, message: expect.stringMatching(message) as string })
  }
})

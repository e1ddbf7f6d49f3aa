import { calcPrice } from '@pydantic/genai-prices'
import { describe, expect, test } from 'vitest'
import { priceTable } from '../../../build/write-prices.ts'
import { openPriceTable, type TableModel } from '../../../gateway/models/price-table.ts'
import { bundledPrices } from '../../../gateway/models/price-bundled.ts'

const find = openPriceTable(bundledPrices)

test('the table is what the package says: run build/write-prices.ts after an update of it', async () => {
  expect(bundledPrices).toEqual(await priceTable())
})

/** What the package itself finds; of another provider than asked for counts as nothing. */
function packageFinds(provider: string | undefined, model: string): string | undefined {
  const found = calcPrice({}, model, provider === undefined ? {} : { providerId: provider })
  if (found === null || (provider !== undefined && found.provider.id !== provider)) return undefined
  return found.model.id
}

/** Names as people write them, around every id of the table. */
const names = (id: string): string[] => [
  id,
  ` ${id.toUpperCase()}`,
  `${id}-20250514`,
  `${id}-20251399:free`,
  `x/${id}`,
  `${id}-preview`,
]

describe('finds what the package finds', () => {
  test.each(bundledPrices.providers.map(({ id, models }) => [id, models] as const))('%s', (provider, models) => {
    const ids = (JSON.parse(models) as TableModel[]).map(({ id }) => id)
    expect(ids.length).toBeGreaterThan(0)
    const differing = [...ids, 'gpt-5', 'no-such-model'].flatMap(names).flatMap((model) =>
      [provider, undefined].flatMap((asked) => {
        const [ours, theirs] = [find(asked, model)?.id, packageFinds(asked, model)]
        return ours === theirs ? [] : [{ asked, model, ours, theirs }]
      }),
    )
    expect(differing).toEqual([])
  })
})

test('a provider that the data does not know has no prices', () => {
  expect(find('acme', 'gpt-5')).toBeUndefined()
})

import type { TableModel } from '../../../gateway/models/price-table.ts'
import type { PlainProvider } from '../../../gateway/prices/plain-table.ts'

/** A model that goes by its id alone. */
export function model(id: string, prices: TableModel['prices'], more: Partial<TableModel> = {}): TableModel {
  return { id, match: { equals: id }, prices, ...more }
}

/** Big enough that one model more or less is no matter. */
export function someTable(): PlainProvider[] {
  return [
    {
      id: 'openai',
      models: [
        model('gpt-a', { input_mtok: 1, output_mtok: 4, cache_read_mtok: 0.1, web_searches_kcount: 10 }),
        model(
          'gpt-b',
          { input_mtok: { base: 2, tiers: [{ start: 200_000, price: 4 }] }, output_mtok: 8 },
          { match: { starts_with: 'gpt-b' }, context_window: 400_000 },
        ),
      ],
    },
    {
      id: 'deepseek',
      models: [
        model('deepseek-x', [
          { prices: { input_mtok: 1, output_mtok: 2 } },
          {
            constraint: { type: 'time_of_date', start_time: '01:00:00Z', end_time: '04:00:00Z' },
            prices: { input_mtok: 2, output_mtok: 4 },
          },
        ]),
      ],
    },
  ]
}

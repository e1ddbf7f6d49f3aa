import type { PriceTable, TableModel, TableProvider } from '../models/price-table.ts'

/** A price table whose models are read: for comparing and changing, not for a gateway that runs. */
export interface PlainProvider extends Omit<TableProvider, 'models'> {
  models: TableModel[]
}

export function unpack({ providers }: PriceTable): PlainProvider[] {
  return providers.map((provider) => ({ ...provider, models: JSON.parse(provider.models) as TableModel[] }))
}

/** Models as text again, which a gateway parses when the first of a provider is asked for. */
export function pack(providers: readonly PlainProvider[]): PriceTable {
  return { providers: providers.map((provider) => ({ ...provider, models: JSON.stringify(provider.models) })) }
}

export function countModels(providers: readonly PlainProvider[]): number {
  return providers.reduce((sum, { models }) => sum + models.length, 0)
}

import table from './price-table.json' with { type: 'json' }
import type { PriceTable } from './price-table.ts'

/** The table that comes with the gateway, written by build/write-prices.ts. */
export interface BundledPrices extends PriceTable {
  /** Where it comes from, with the version. */
  source: string
  /** `2026-09-23` */
  date: string
}

export const bundledPrices = table as BundledPrices

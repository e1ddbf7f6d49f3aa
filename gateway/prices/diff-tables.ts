import { isDeepStrictEqual } from 'node:util'
import { datedPrices, priceAt } from '../models/price-data.ts'
import type { ModelPrice, PriceItem } from '../models/price.ts'
import { openPriceTable, type TableModel } from '../models/price-table.ts'
import { pack, type PlainProvider } from './plain-table.ts'

/** What calls to each model would cost with another table. */
export interface PriceDiff {
  before: number
  after: number
  added: ModelRates[]
  removed: ModelRates[]
  changed: ModelChange[]
  /** Models whose price is the same now, but not at other times. */
  otherTimes: number
}

export interface ModelRates {
  provider: string
  model: string
  /** Empty: no price. */
  rates: RateLine[]
}

/** `input`, or `input above 200000`. USD per 1M tokens; per 1M searches or requests. */
export interface RateLine {
  item: string
  usd: number
}

export interface ModelChange {
  provider: string
  model: string
  items: RateChange[]
}

export interface RateChange {
  item: string
  /** undefined: had none, has none. */
  before: number | undefined
  after: number | undefined
}

/**
 * Compares by what a call would cost at `at` (milliseconds since 1970), not by entries: a model that lost its entry but
 * falls under the rule of another is not removed.
 */
export function diffTables(before: readonly PlainProvider[], after: readonly PlainProvider[], at: number): PriceDiff {
  const [old, young] = [openTable(before), openTable(after)]
  const diff: PriceDiff = { before: old.count, after: young.count, added: [], removed: [], changed: [], otherTimes: 0 }
  for (const [provider, id] of distinct([...old.ids, ...young.ids])) {
    const was = old.look(provider, id)
    const is = young.look(provider, id)
    const model = { provider, model: id }
    if (was === undefined && is !== undefined) diff.added.push({ ...model, rates: rateLines(priceNow(is, at)) })
    else if (was !== undefined && is === undefined) diff.removed.push({ ...model, rates: rateLines(priceNow(was, at)) })
    else if (was !== undefined && is !== undefined) compare(model, [was, is])
  }
  return diff

  function compare(model: { provider: string; model: string }, [was, is]: [TableModel, TableModel]): void {
    const items = rateChanges(rateLines(priceNow(was, at)), rateLines(priceNow(is, at)))
    if (items.length > 0) diff.changed.push({ ...model, items })
    else if (!isDeepStrictEqual(was.prices, is.prices)) diff.otherTimes += 1
  }
}

function distinct(pairs: readonly [string, string][]): [string, string][] {
  return [...new Map(pairs.map((pair) => [JSON.stringify(pair), pair])).values()]
}

interface OpenTable {
  count: number
  ids: [string, string][]
  look: (provider: string, id: string) => TableModel | undefined
}

function openTable(providers: readonly PlainProvider[]): OpenTable {
  const find = openPriceTable(pack(providers))
  const byId = new Map(providers.map(({ id, models }) => [id, new Map(models.map((model) => [model.id, model]))]))
  const ids = providers.flatMap(({ id, models }) => models.map((model): [string, string] => [id, model.id]))
  return { count: ids.length, ids, look: (provider, id) => byId.get(provider)?.get(id) ?? find(provider, id) }
}

function priceNow(model: TableModel, at: number): ModelPrice | undefined {
  return priceAt(datedPrices(model), at)
}

export function rateLines(price: ModelPrice | undefined): RateLine[] {
  return Object.entries(price?.rates ?? {}).flatMap(([item, { base, tiers = [] }]) => [
    { item, usd: base / 1e6 },
    ...tiers.map((tier) => ({ item: `${item as PriceItem} above ${tier.above}`, usd: tier.price / 1e6 })),
  ])
}

function rateChanges(before: readonly RateLine[], after: readonly RateLine[]): RateChange[] {
  const usdOf = (lines: readonly RateLine[], item: string): number | undefined =>
    lines.find((line) => line.item === item)?.usd
  return [...new Set([...before, ...after].map(({ item }) => item))]
    .map((item) => ({ item, before: usdOf(before, item), after: usdOf(after, item) }))
    .filter((change) => change.before !== change.after)
}

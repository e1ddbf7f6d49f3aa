import { isDeepStrictEqual } from 'node:util'
import { conditional } from '../models/price-data.ts'
import { openPriceTable, type TableModel, type TablePrice, type TableRate } from '../models/price-table.ts'
import { pack, type PlainProvider } from './plain-table.ts'
import type { NamedPrices, Skipped } from './price-list.ts'

export interface Merged {
  providers: PlainProvider[]
  skipped: Skipped
}

/**
 * Puts names and prices into a table. A model of that id keeps its rules of matching and gets the new price; a name that
 * a rule already gives the same price needs nothing; any other becomes a model of its own, before the rules.
 */
export function mergeList(present: readonly PlainProvider[], named: readonly NamedPrices[]): Merged {
  const find = openPriceTable(pack(present))
  const skipped: Skipped = {}
  const byProvider = Map.groupBy(named, ({ provider }) => provider)
  const known = present.map((provider) => mergeProvider(provider, byProvider.get(provider.id) ?? []))
  const created = [...byProvider]
    .filter(([id]) => !present.some((provider) => provider.id === id))
    .map(([id, entries]) => mergeProvider({ id, models: [] }, entries))
  return { providers: [...known, ...created.filter(({ models }) => models.length > 0)], skipped }

  function mergeProvider(provider: PlainProvider, entries: readonly NamedPrices[]): PlainProvider {
    const models = new Map(provider.models.map((model) => [model.id.toLowerCase(), model]))
    const added = new Map<string, TableModel>()
    for (const entry of entries) {
      const id = entry.model.toLowerCase()
      const own = models.get(id)
      const found = own ?? find(provider.id, entry.model)
      if (isSilent(entry, found)) skip('said to cost 0, which may be "unknown"')
      else if (found !== undefined && saysTheSame(entry.prices, found)) continue
      else if (own === undefined) added.set(id, newModel(entry, found))
      else models.set(id, { ...own, ...windowOf(entry, own), prices: newPrices(entry.prices, own) })
    }
    return { ...provider, models: [...added.values(), ...models.values()] }
  }

  function skip(reason: string): void {
    skipped[reason] = (skipped[reason] ?? 0) + 1
  }
}

/** These lists write 0 for free, for "part of a subscription", and for "nobody filled it in". Only OpenRouter's names tell. */
function isSilent({ model, prices }: NamedPrices, found: TableModel | undefined): boolean {
  if (model.endsWith(':free')) return found !== undefined
  return Object.values(prices).every((rate) => rate === undefined || baseOf(rate) === 0)
}

function newModel(entry: NamedPrices, found: TableModel | undefined): TableModel {
  const { model } = entry
  const prices = found === undefined ? entry.prices : newPrices(entry.prices, found)
  return { id: model, match: { equals: model }, ...windowOf(entry, found), prices }
}

function windowOf({ contextWindow }: NamedPrices, found: TableModel | undefined): Pick<TableModel, 'context_window'> {
  const tokens = found?.context_window ?? contextWindow
  return tokens === undefined ? {} : { context_window: tokens }
}

/** As far as the list says; a table knows more: dates, tiers, searches. */
function saysTheSame(said: TablePrice, { prices }: Pick<TableModel, 'prices'>): boolean {
  return conditional(prices).some(({ prices: known }) =>
    Object.entries(said).every(([item, rate]) => rate === undefined || isSameRate(rate, known[item])),
  )
}

function isSameRate(said: TableRate, known: TableRate | undefined): boolean {
  if (known === undefined) return false
  return typeof said === 'number' ? said === baseOf(known) : isDeepStrictEqual(said, known)
}

/** What the list does not speak of stays where the price of input is the same, else only what is not counted in tokens. */
function newPrices(said: TablePrice, { prices }: Pick<TableModel, 'prices'>): TablePrice {
  const known = conditional(prices).at(-1)?.prices ?? {}
  const input = said['input_mtok']
  const isSameInput = input !== undefined && isSameRate(input, known['input_mtok'])
  const kept = Object.entries(known).filter(([item]) => isSameInput || !item.endsWith('_mtok'))
  return { ...Object.fromEntries(kept), ...said }
}

function baseOf(rate: TableRate): number {
  return typeof rate === 'number' ? rate : rate.base
}

import type { Config } from '../config/schema.ts'
import { datedPrices, priceAt } from '../models/price-data.ts'
import { priceFilesIn } from '../models/price-file.ts'
import type { PriceItem } from '../models/price.ts'
import { priceBook, type OpenPrices } from '../models/price-shelf.ts'
import type { PriceBook } from '../models/price-book.ts'
import {
  originText,
  overviewText,
  priceText,
  publicUsd,
  type ShownPrice,
  type ShownProvider,
  type TableOrigin,
} from './prices-output.ts'
import { countModels, unpack } from '../prices/plain-table.ts'
import { findRow, resolveProvider } from '../providers/provider.ts'
import type { ProviderRow } from '../providers/types.ts'

export interface ShowInput {
  open: OpenPrices
  folder: string
  config: Config
  /** Milliseconds since 1970. */
  now: number
}

/** Without a subject: what there is; else what that model costs wherever it is known. */
export async function showPrices(
  subject: string | undefined,
  input: ShowInput,
): Promise<{ text: string; data: object }> {
  const origin = await originOf(input)
  const { overrides } = input.config.pricing
  if (subject === undefined) {
    const providers = providersOf(input)
    const text = overviewText(origin, providers, Object.keys(overrides).length)
    return { text, data: { table: origin, providers, overrides } }
  }
  const shown = pricesOf(subject, input, origin.from)
  const text = `${shown.map(priceText).join('\n')}\n${originText(origin)}.\n`
  return { text, data: { table: origin, prices: shown.map(priceData) } }
}

async function originOf({ open, folder }: Pick<ShowInput, 'open' | 'folder'>): Promise<TableOrigin> {
  const { updated, table } = open
  const { bundledPrices } = await import('../models/price-bundled.ts')
  const bundled = { source: bundledPrices.source, date: bundledPrices.date }
  if (updated === undefined) {
    return { from: 'bundled', ...bundled, models: countModels(unpack(table)), file: null, newerBundled: null }
  }
  const { source, updatedAt, models } = updated
  const newerBundled = bundled.date > updatedAt.slice(0, 10) ? bundled.date : null
  return { from: 'updated', source, date: updatedAt, models, file: priceFilesIn(folder).file, newerBundled }
}

function providersOf({ open, now }: ShowInput): ShownProvider[] {
  return unpack(open.table).map(({ id, models }) => ({
    id,
    models: models.length,
    priced: models.filter((model) => priceAt(datedPrices(model), now) !== undefined).length,
  }))
}

/** Somebody who may serve a model. */
interface Seller {
  name: string
  row: Pick<ProviderRow, 'priceId' | 'free'>
}

function pricesOf(subject: string, input: ShowInput, from: TableOrigin['from']): ShownPrice[] {
  const book = priceBook(input.open, input.config.pricing.overrides)
  const named = namedSeller(subject, input)
  if (named !== undefined) return [look(book, named, { from, now: input.now })]
  const at = { from, now: input.now }
  const own = sellers(input).map((seller) => look(book, { seller, model: subject }, at))
  // An override for a bare name holds for whoever serves it: it is said once.
  const everywhere = look(book, { seller: { name: '*', row: {} }, model: subject }, at)
  const withoutOverrides = priceBook(input.open)
  const others = otherSellers(input).map((seller) => look(withoutOverrides, { seller, model: subject }, at))
  const known = [...own, ...(everywhere.from === 'override' ? [everywhere] : []), ...others].filter(
    (shown) => shown.from !== null,
  )
  return known.length > 0 ? known : [{ provider: '*', model: subject, from: null, now: undefined, entries: [] }]
}

function look(
  book: PriceBook,
  { seller, model }: { seller: Seller; model: string },
  { from, now }: { from: TableOrigin['from']; now: number },
): ShownPrice {
  const found = book.lookUp({ provider: seller.name, row: seller.row, model })
  const price = priceAt(found.prices, now)
  const origin = price === undefined ? null : found.from === 'table' ? from : found.from
  return { provider: seller.name, model, from: origin, now: price, entries: found.prices }
}

/** `provider/model`, by the names of the configuration, of the provider table or of the price table. */
function namedSeller(subject: string, input: ShowInput): { seller: Seller; model: string } | undefined {
  const slash = subject.indexOf('/')
  if (slash < 1) return undefined
  const name = subject.slice(0, slash)
  const row = configured(input).find((seller) => seller.name === name)?.row ?? findRow(name) ?? tableRow(name, input)
  return row === undefined ? undefined : { seller: { name, row }, model: subject.slice(slash + 1) }
}

function tableRow(id: string, { open }: ShowInput): Seller['row'] | undefined {
  return open.table.providers.some((provider) => provider.id === id) ? { priceId: id } : undefined
}

function configured({ config }: ShowInput): Seller[] {
  return config.providers
    .map((provider, order) => resolveProvider(provider, order))
    .map(({ name, row }) => ({ name, row }))
}

/** Those of the configuration. Local servers have no list of models: anything would be free there. */
function sellers(input: ShowInput): Seller[] {
  return configured(input).filter(({ row }) => row.free !== true)
}

function otherSellers(input: ShowInput): Seller[] {
  const own = configured(input)
  return input.open.table.providers
    .filter(({ id }) => !own.some(({ row }) => row.priceId === id))
    .map(({ id }) => ({ name: id, row: { priceId: id } }))
}

function priceData({ provider, model, from, now, entries }: ShownPrice): object {
  return {
    provider,
    model,
    from,
    now: now === undefined ? null : ratesData(now.rates),
    entries: entries.map((entry) => ({
      from: entry.from === undefined ? null : new Date(entry.from).toISOString(),
      daily: entry.daily ?? null,
      rates: entry.price === undefined ? null : ratesData(entry.price.rates),
    })),
  }
}

/** USD per 1M tokens, per 1,000 searches or requests. */
function ratesData(rates: NonNullable<ShownPrice['now']>['rates']): object {
  return Object.fromEntries(
    Object.entries(rates).map(([item, { base, tiers = [] }]) => [
      item,
      {
        usd: publicUsd(item as PriceItem, base),
        tiers: tiers.map(({ above, price }) => ({ above, usd: publicUsd(item as PriceItem, price) })),
      },
    ]),
  )
}

import type { ConditionalPrice, FindModel, TableModel, TablePrice } from './price-table.ts'
import { freePrice, picoUsd, withLongCacheWrites, type ModelPrice, type PriceItem, type Rate } from './price.ts'

/** The price table read into our own shapes. */

/** A price that holds from a date on, or in a window of every day. */
export interface DatedPrice {
  /** Milliseconds since 1970, inclusive. */
  from?: number
  /** Milliseconds since midnight UTC; the window may go over midnight. */
  daily?: { start: number; end: number }
  /** undefined: the data names the model, but no price that tokens can be counted by. */
  price: ModelPrice | undefined
}

/** Prices of a model, in the data's order. undefined where the data does not know it. */
export type PriceSource = (providerId: string | undefined, model: string) => DatedPrice[] | undefined

export function priceSource(find: FindModel): PriceSource {
  return (providerId, model) => {
    const found = find(providerId, model)
    return found === undefined ? undefined : datedPrices(found)
  }
}

export function datedPrices(model: Pick<TableModel, 'id' | 'prices'>): DatedPrice[] {
  return conditional(model.prices).map(({ constraint, prices }) => {
    const price = isFreeVariant(model.id, prices) ? freePrice : toModelPrice(prices)
    if (constraint === undefined) return { price }
    if (constraint.type === 'start_date') return { from: Date.parse(constraint.start_date), price }
    return { daily: { start: timeOfDay(constraint.start_time), end: timeOfDay(constraint.end_time) }, price }
  })
}

export function conditional(prices: TableModel['prices']): ConditionalPrice[] {
  return Array.isArray(prices) ? prices : [{ prices }]
}

/** An empty price means "free" for OpenRouter's `:free` variants, and "nobody filled it in" elsewhere. */
function isFreeVariant(id: string, prices: TablePrice): boolean {
  return id.endsWith(':free') && Object.keys(prices).length === 0
}

/** `06:00:00Z`, `08:30:00+08:00` -> milliseconds since midnight UTC. */
function timeOfDay(text: string): number {
  const dayMs = 86_400_000
  return ((Date.parse(`1970-01-01T${text}`) % dayMs) + dayMs) % dayMs
}

/** The price at a moment: the last entry that holds, as its authors order them; the first where none does. */
export function priceAt(prices: readonly DatedPrice[], at: number): ModelPrice | undefined {
  return (prices.findLast((entry) => holds(entry, at)) ?? prices[0])?.price
}

function holds({ from, daily }: DatedPrice, at: number): boolean {
  if (from !== undefined && at < from) return false
  if (daily === undefined) return true
  const time = at % 86_400_000
  return daily.start <= daily.end ? time >= daily.start && time < daily.end : time >= daily.start || time < daily.end
}

const perToken: Record<string, PriceItem> = {
  input_mtok: 'input',
  cache_read_mtok: 'cacheRead',
  cache_write_mtok: 'cacheWrite',
  cache_write_1h_mtok: 'cacheWrite1h',
  input_audio_mtok: 'inputAudio',
  output_mtok: 'output',
  output_reasoning_mtok: 'reasoning',
  output_audio_mtok: 'outputAudio',
}

const perThousand: Record<string, PriceItem> = { web_searches_kcount: 'webSearch', requests_kcount: 'request' }

function toModelPrice(prices: TablePrice): ModelPrice | undefined {
  const rates: ModelPrice['rates'] = {}
  for (const [key, value] of Object.entries(prices)) {
    if (value === undefined) continue
    const token = perToken[key]
    const count = perThousand[key]
    if (token !== undefined) rates[token] = toRate(value, 1)
    // USD per 1,000 is 1,000 times USD per 1M.
    if (count !== undefined) rates[count] = toRate(value, 1000)
  }
  return rates.input === undefined && rates.output === undefined ? undefined : { rates: withLongCacheWrites(rates) }
}

function toRate(value: NonNullable<TablePrice[string]>, factor: number): Rate {
  if (typeof value === 'number') return { base: picoUsd(value * factor) }
  const tiers = value.tiers.map(({ start, price }) => ({ above: start, price: picoUsd(price * factor) }))
  return { base: picoUsd(value.base * factor), tiers: tiers.sort((left, right) => left.above - right.above) }
}

import type { Model, Price } from '../contract.ts'
import { modelFacts } from '../models/catalog.ts'
import type { PriceBook } from '../models/price-book.ts'
import type { ModelPrice, PriceItem } from '../models/price.ts'
import type { Provider } from '../providers/types.ts'

/** USD per 1M tokens, of calls that are not long enough for a dearer tier. */
export function publicPrice({ rates }: ModelPrice): Price {
  const usdPerMillion = (item: PriceItem): number | null => {
    const rate = rates[item]
    return rate === undefined ? null : rate.base / 1e6
  }
  return {
    input: usdPerMillion('input'),
    output: usdPerMillion('output'),
    cacheRead: usdPerMillion('cacheRead'),
    cacheWrite: usdPerMillion('cacheWrite'),
  }
}

/** null: unknown, which is not free. */
export function priceNow(
  prices: PriceBook,
  { name, row }: Pick<Provider, 'name' | 'row'>,
  model: string,
  at: number,
): Price | null {
  const price = prices.find({ provider: name, row, model, at })
  return price === undefined ? null : publicPrice(price)
}

/** In words; what is not known is not listed. */
export function capabilitiesOf(model: string): Model['capabilities'] {
  const { thinking, structuredOutput } = modelFacts(model)
  return [
    ...(thinking !== undefined && thinking !== 'none' ? ['thinking'] : []),
    ...(structuredOutput === true ? ['structured output'] : []),
  ]
}

import type { Model, Price } from '../../../gateway/contract.ts'
import { formatPrice } from '../../lib/format.ts'

export const unknownPrice = 'price unknown'

/** Per 1M tokens: `$2.50 in · $12.00 out`. Unknown is said, never drawn as $0. */
export function priceWords(price: Price | null | undefined): string {
  if (price === null || price === undefined) return unknownPrice
  const { input, output } = price
  if (input === null && output === null) return unknownPrice
  if (input === 0 && output === 0) return 'free'
  const part = (usd: number | null, word: string) => (usd === null ? `${word} unknown` : `${formatPrice(usd)} ${word}`)
  return `${part(input, 'in')} · ${part(output, 'out')}`
}

/** Finds the price of a provider's model; undefined: the model is not listed by anybody. */
export function priceFinder(models: readonly Model[]): (provider: string, model: string) => Price | null | undefined {
  const prices = new Map(models.map(({ provider, id, price }) => [`${provider}/${id}`, price]))
  return (provider, model) => prices.get(`${provider}/${model}`)
}

import { factsOf, type ServedModel } from '../api/models.ts'
import type { PriceBook } from '../models/price-book.ts'

/** Tokens of prompt and answer together; undefined = not known. */
export type ContextOf = (model: ServedModel) => number | undefined

/** The price table knows context windows too. */
export function contextIn({ contextWindow }: Pick<PriceBook, 'contextWindow'>): ContextOf {
  return (model) =>
    factsOf(model).contextTokens ?? contextWindow(model.target?.provider.row.priceId, model.target?.model ?? model.id)
}

import { bestPattern } from '../providers/pattern.ts'
import type { ProviderRow } from '../providers/types.ts'
import { bareModelName } from './model-name.ts'
import { freePrice, overridePrice, type ModelPrice, type PriceOverride } from './price.ts'
import { openPriceData, priceAt, type DatedPrice, type PriceSource } from './price-data.ts'

export interface PriceQuery {
  /** As the user named it: overrides may be for `provider/model`. */
  provider: string
  row: Pick<ProviderRow, 'priceId' | 'free'>
  /** As the provider names it. */
  model: string
  /** Milliseconds since 1970: when the call was made. */
  at: number
}

const memoLimit = 4096

/** Prices by provider and model. Lookups are memoised, the date is applied anew each time. */
export class PriceBook {
  readonly #source: PriceSource
  readonly #overrides: ReadonlyMap<string, ModelPrice>
  /** By provider, then by model: keys that are there already cost less than ones made for each look-up. */
  readonly #memo = new Map<string, Map<string, readonly DatedPrice[]>>()
  #remembered = 0

  constructor(source: PriceSource, overrides: Readonly<Record<string, PriceOverride>> = {}) {
    this.#source = source
    this.#overrides = new Map(Object.entries(overrides).map(([name, price]) => [name, overridePrice(price)]))
  }

  /** undefined = not known, which is never 0. */
  find(query: PriceQuery): ModelPrice | undefined {
    const prices = this.#memo.get(query.provider)?.get(query.model) ?? this.#remember(query)
    return priceAt(prices, query.at)
  }

  #remember(query: PriceQuery): readonly DatedPrice[] {
    const prices = this.#lookUp(query)
    // Clients choose model names: the memo must not grow with what they make up.
    if (this.#remembered >= memoLimit) {
      this.#memo.clear()
      this.#remembered = 0
    }
    const ofProvider = this.#memo.get(query.provider) ?? new Map<string, readonly DatedPrice[]>()
    this.#memo.set(query.provider, ofProvider.set(query.model, prices))
    this.#remembered += 1
    return prices
  }

  #lookUp({ provider, row, model }: PriceQuery): readonly DatedPrice[] {
    const override = this.#override(`${provider}/${model}`) ?? this.#override(model)
    if (override !== undefined) return [{ price: override }]
    if (row.free === true) return [{ price: freePrice }]
    for (const name of new Set([model, model.slice(model.lastIndexOf('/') + 1), bareModelName(model)])) {
      const found = this.#source(row.priceId, name)
      if (found !== undefined) return found
    }
    return []
  }

  #override(name: string): ModelPrice | undefined {
    const exact = this.#overrides.get(name)
    if (exact !== undefined) return exact
    const pattern = bestPattern(this.#overrides.keys(), name)
    return pattern === undefined ? undefined : this.#overrides.get(pattern)
  }
}

/** `overrides` are the configuration's `pricing.overrides`. The data itself is read once per process. */
export async function loadPrices(overrides: Readonly<Record<string, PriceOverride>> = {}): Promise<PriceBook> {
  return new PriceBook(await openPriceData(), overrides)
}

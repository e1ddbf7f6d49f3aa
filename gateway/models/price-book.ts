import { bestPattern } from '../providers/pattern.ts'
import type { ProviderRow } from '../providers/types.ts'
import { bareModelName } from './model-name.ts'
import type { ContextWindows } from './context-window.ts'
import { freePrice, overridePrice, type ModelPrice, type PriceOverride } from './price.ts'
import { priceAt, type DatedPrice, type PriceSource } from './price-data.ts'

export interface PriceQuery {
  /** As the user named it: overrides may be for `provider/model`. */
  provider: string
  row: Pick<ProviderRow, 'priceId' | 'free'>
  /** As the provider names it. */
  model: string
  /** Milliseconds since 1970: when the call was made. */
  at: number
}

/** `override`: of the configuration, which wins. `free`: it runs on one's own machine. */
export interface FoundPrices {
  from: 'override' | 'free' | 'table'
  /** In the data's order: see `priceAt`. */
  prices: readonly DatedPrice[]
}

const unknown: FoundPrices = { from: 'table', prices: [] }
const memoLimit = 4096

/** Prices by provider and model. Lookups are memoised, the date is applied anew each time. */
export class PriceBook {
  readonly #source: PriceSource
  readonly #overrides: ReadonlyMap<string, ModelPrice>
  /** By provider, then by model: keys that are there already cost less than ones made for each look-up. */
  readonly #memo = new Map<string, Map<string, FoundPrices>>()
  #remembered = 0
  /** Of the same table. */
  readonly contextWindow: ContextWindows

  constructor(
    source: PriceSource,
    overrides: Readonly<Record<string, PriceOverride>> = {},
    contextWindow: ContextWindows = () => undefined,
  ) {
    this.#source = source
    this.contextWindow = contextWindow
    this.#overrides = new Map(Object.entries(overrides).map(([name, price]) => [name, overridePrice(price)]))
  }

  /** undefined = not known, which is never 0. */
  find(query: PriceQuery): ModelPrice | undefined {
    return priceAt(this.lookUp(query).prices, query.at)
  }

  /** Without prices: not known. */
  lookUp(query: Omit<PriceQuery, 'at'>): FoundPrices {
    return this.#memo.get(query.provider)?.get(query.model) ?? this.#remember(query)
  }

  #remember(query: Omit<PriceQuery, 'at'>): FoundPrices {
    const found = this.#search(query)
    // Clients choose model names: the memo must not grow with what they make up.
    if (this.#remembered >= memoLimit) {
      this.#memo.clear()
      this.#remembered = 0
    }
    const ofProvider = this.#memo.get(query.provider) ?? new Map<string, FoundPrices>()
    this.#memo.set(query.provider, ofProvider.set(query.model, found))
    this.#remembered += 1
    return found
  }

  #search({ provider, row, model }: Omit<PriceQuery, 'at'>): FoundPrices {
    const override = this.#override(`${provider}/${model}`) ?? this.#override(model)
    if (override !== undefined) return { from: 'override', prices: [{ price: override }] }
    if (row.free === true) return { from: 'free', prices: [{ price: freePrice }] }
    for (const name of new Set([model, model.slice(model.lastIndexOf('/') + 1), bareModelName(model)])) {
      const found = this.#source(row.priceId, name)
      if (found !== undefined) return { from: 'table', prices: found }
    }
    return unknown
  }

  #override(name: string): ModelPrice | undefined {
    const exact = this.#overrides.get(name)
    if (exact !== undefined) return exact
    const pattern = bestPattern(this.#overrides.keys(), name)
    return pattern === undefined ? undefined : this.#overrides.get(pattern)
  }
}

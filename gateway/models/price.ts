/**
 * What one model costs at one moment. Amounts are integers of 1e-12 USD, because prices have up to 6 places in USD per
 * 1M tokens: 0.075 USD per 1M is exactly 75,000e-12 USD per token, and money never is a rounded fraction.
 */
export interface ModelPrice {
  /** Per token, or per search and per request. A rate that is missing is not charged apart: see `costOf`. */
  rates: Partial<Record<PriceItem, Rate>>
}

/** What a provider may charge apart. */
export type PriceItem =
  | 'input'
  | 'cacheRead'
  | 'cacheWrite'
  | 'cacheWrite1h'
  | 'inputAudio'
  | 'output'
  | 'reasoning'
  | 'outputAudio'
  | 'webSearch'
  | 'request'

export interface Rate {
  /** 1e-12 USD per unit. */
  base: number
  /** Rising. Above `above` input tokens the whole call costs `price`, not only what lies above. */
  tiers?: { above: number; price: number }[]
}

/** As in the configuration: USD per 1M tokens. */
export interface PriceOverride {
  input: number
  output: number
  cacheRead?: number | undefined
  cacheWrite?: number | undefined
  cacheWrite1h?: number | undefined
  inputAudio?: number | undefined
  outputAudio?: number | undefined
}

/** Of what runs on one's own machine: known to be nothing, which is not the same as not known. */
export const freePrice: ModelPrice = { rates: { input: { base: 0 }, output: { base: 0 } } }

/** USD per 1M units -> 1e-12 USD per unit. */
export function picoUsd(usdPerMillion: number): number {
  return Math.round(usdPerMillion * 1e6)
}

/**
 * Anthropic's one-hour cache writes cost twice the input price wherever its models are sold; resellers' prices and
 * overrides often give the five-minute price alone (platform.claude.com/docs/en/build-with-claude/prompt-caching#pricing).
 */
export function withLongCacheWrites(rates: ModelPrice['rates']): ModelPrice['rates'] {
  const { input, cacheWrite, cacheWrite1h } = rates
  if (input === undefined || cacheWrite === undefined || cacheWrite1h !== undefined) return rates
  const tiers = input.tiers?.map(({ above, price }) => ({ above, price: 2 * price }))
  return { ...rates, cacheWrite1h: { base: 2 * input.base, ...(tiers === undefined ? {} : { tiers }) } }
}

export function overridePrice(override: PriceOverride): ModelPrice {
  const rates: ModelPrice['rates'] = {}
  for (const [item, usdPerMillion] of Object.entries(override) as [keyof PriceOverride, number | undefined][]) {
    if (usdPerMillion !== undefined) rates[item] = { base: picoUsd(usdPerMillion) }
  }
  return { rates: withLongCacheWrites(rates) }
}

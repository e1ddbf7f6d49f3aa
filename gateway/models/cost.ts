import type { Usage } from '../chat/usage.ts'
import { freePrice, type ModelPrice, type PriceItem, type Rate } from './price.ts'

/** Integers of 1e-9 USD; `total` is exactly the sum of the lines. */
export interface Cost {
  totalNanoUsd: number
  lines: CostLine[]
}

export interface CostLine {
  item: PriceItem
  /** Tokens, searches or requests. */
  quantity: number
  nanoUsd: number
}

/**
 * What a call cost. undefined = not known: tokens were used for which there is no rate.
 * The price must be of the moment of the call and of the tier of service it ran in, as far as that is known.
 */
export function costOf(usage: Usage, price: ModelPrice): Cost | undefined {
  if (usage.unpriced === true && price !== freePrice) return undefined
  const inputTotal = count(usage.input)
  const priced: PricedLine[] = []
  for (const [item, quantity] of quantities(usage, price)) {
    if (quantity === 0) continue
    const rate = price.rates[item]
    if (rate === undefined) return undefined
    priced.push({ item, quantity, picoUsd: BigInt(rateAt(rate, inputTotal)) * BigInt(quantity) })
  }
  return roundOnce(priced)
}

interface PricedLine {
  item: PriceItem
  quantity: number
  picoUsd: bigint
}

/**
 * Usage cut into parts that do not overlap, each under the rate that is charged for it. What has no rate of its own
 * goes with what it is a part of: cached tokens as input, reasoning as output.
 */
function quantities(usage: Usage, { rates }: ModelPrice): [PriceItem, number][] {
  const input = new Remainder(usage.input)
  const output = new Remainder(usage.output)
  const lines: [PriceItem, number][] = []
  const take = (item: PriceItem, from: Remainder, amount: number | undefined): void => {
    if (rates[item] !== undefined) lines.push([item, from.take(amount)])
  }
  take('cacheRead', input, usage.cacheRead)
  const written = count(usage.cacheWrite)
  const longLived = Math.min(count(usage.cacheWrite1h), written)
  take('cacheWrite1h', input, longLived)
  take('cacheWrite', input, written - longLived)
  take('inputAudio', input, usage.inputAudio)
  take('reasoning', output, usage.reasoning)
  take('outputAudio', output, usage.outputAudio)
  lines.push(['input', input.left], ['output', output.left])
  if (rates.webSearch !== undefined) lines.push(['webSearch', count(usage.webSearches)])
  if (rates.request !== undefined) lines.push(['request', 1])
  return lines
}

/** A total from which parts are taken, never more than is left: providers do report parts greater than their whole. */
class Remainder {
  left: number

  constructor(total: number | undefined) {
    this.left = count(total)
  }

  take(amount: number | undefined): number {
    const taken = Math.min(count(amount), this.left)
    this.left -= taken
    return taken
  }
}

/** What others report -> a whole number, 0 or more. */
function count(reported: number | undefined): number {
  return reported === undefined || !Number.isFinite(reported) ? 0 : Math.max(0, Math.trunc(reported))
}

/** 1e-12 USD per unit in a call of so many input tokens. */
export function rateAt(rate: Rate, inputTokens: number): number {
  return rate.tiers?.findLast(({ above }) => inputTokens > above)?.price ?? rate.base
}

/** Each line is the rounded running total less what the lines before it got, so the sum is rounded only once. */
function roundOnce(priced: PricedLine[]): Cost {
  const lines: CostLine[] = []
  let exact = 0n
  let rounded = 0
  for (const { item, quantity, picoUsd } of priced) {
    exact += picoUsd
    const total = Number((exact + 500n) / 1000n)
    lines.push({ item, quantity, nanoUsd: total - rounded })
    rounded = total
  }
  return { totalNanoUsd: rounded, lines }
}

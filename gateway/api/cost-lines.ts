import type { CostLine } from '../contract.ts'
import type { Usage } from '../chat/usage.ts'
import { costOf, rateAt } from '../models/cost.ts'
import type { ModelPrice, PriceItem } from '../models/price.ts'
import { usd } from '../pipeline/send-answer.ts'

const labels: Record<PriceItem, string> = {
  input: 'prompt',
  cacheRead: 'cached prompt',
  cacheWrite: 'cache write',
  cacheWrite1h: 'cache write for 1 h',
  inputAudio: 'audio in',
  output: 'output',
  reasoning: 'reasoning',
  outputAudio: 'audio out',
  webSearch: 'web searches',
  request: 'request',
}

/** How the rest of a whole names what was taken out of it. */
const shortLabels: Partial<Record<PriceItem, string>> = {
  cacheRead: 'cached',
  cacheWrite: 'written',
  cacheWrite1h: 'written for 1 h',
  inputAudio: 'audio',
  outputAudio: 'audio',
}

const partsOf: Partial<Record<PriceItem, PriceItem[]>> = {
  input: ['cacheRead', 'cacheWrite1h', 'cacheWrite', 'inputAudio'],
  output: ['reasoning', 'outputAudio'],
}

/** The arithmetic of one attempt, as a person would check it; undefined where a price is missing. */
export function costLines(usage: Usage, price: ModelPrice): CostLine[] | undefined {
  const cost = costOf(usage, price)
  if (cost === undefined) return undefined
  const quantities = new Map(cost.lines.map(({ item, quantity }) => [item, quantity]))
  return cost.lines.map(({ item, quantity, nanoUsd }) => {
    const rate = price.rates[item]
    const usdPerMillion = rate === undefined ? 0 : rateAt(rate, usage.input ?? 0) / 1e6
    const product = `${amount(item, quantity, quantities)} x ${unitPrice(item, usdPerMillion)} = ${dollars(nanoUsd)}`
    return { label: labels[item], tokens: quantity, usdPerMillion, costNanoUsd: nanoUsd, text: product }
  })
}

/** `12,928 prompt - 12,288 cached = 640`, or `64 output` where nothing was taken out. */
function amount(item: PriceItem, quantity: number, quantities: ReadonlyMap<PriceItem, number>): string {
  const parts = (partsOf[item] ?? []).flatMap((part) => {
    const taken = quantities.get(part) ?? 0
    return taken === 0 ? [] : [{ part, taken }]
  })
  if (parts.length === 0) return `${grouped(quantity)} ${labels[item]}`
  const whole = parts.reduce((sum, { taken }) => sum + taken, quantity)
  const terms = parts.map(({ part, taken }) => ` - ${grouped(taken)} ${shortLabels[part] ?? labels[part]}`)
  return `${grouped(whole)} ${labels[item]}${terms.join('')} = ${grouped(quantity)}`
}

function unitPrice(item: PriceItem, usdPerMillion: number): string {
  const isCounted = item === 'webSearch' || item === 'request'
  return isCounted ? `${dollars(usdPerMillion * 1e6)} / 1,000` : `${dollars(usdPerMillion * 1e9)} / 1M`
}

/** Exact; cents at least: 230,400 -> `$0.0002304`, 3e9 -> `$3.00`. */
function dollars(nanoUsd: number): string {
  const [whole = '0', fraction = ''] = usd(Math.round(nanoUsd)).split('.')
  return `$${grouped(Number(whole))}.${fraction.padEnd(2, '0')}`
}

function grouped(quantity: number): string {
  return quantity.toLocaleString('en-US')
}

import type { ModelPrice, PriceItem, Rate } from '../models/price.ts'
import type { DatedPrice } from '../models/price-data.ts'
import type { ModelChange, ModelRates, PriceDiff, RateChange } from '../prices/diff-tables.ts'
import type { Skipped } from '../prices/price-list.ts'

/** Where the table in force comes from. */
export interface TableOrigin {
  from: 'bundled' | 'updated'
  source: string
  /** ISO 8601, a date or a moment. */
  date: string
  models: number
  file: string | null
  /** The date of the bundled table, where a newer gateway brought a newer one. */
  newerBundled: string | null
}

export interface ShownProvider {
  id: string
  models: number
  /** How many have a price now. */
  priced: number
}

export interface ShownPrice {
  /** `*`: whoever serves it. */
  provider: string
  model: string
  /** null: not known. */
  from: 'bundled' | 'updated' | 'override' | 'free' | null
  /** What holds now. */
  now: ModelPrice | undefined
  /** All that hold at some time, in the order in which the last one that fits counts. */
  entries: readonly DatedPrice[]
}

const itemNames: Readonly<Record<PriceItem, string>> = {
  input: 'input',
  cacheRead: 'cache read',
  cacheWrite: 'cache write',
  cacheWrite1h: 'cache write, 1 hour',
  inputAudio: 'audio input',
  output: 'output',
  reasoning: 'reasoning',
  outputAudio: 'audio output',
  webSearch: 'web search, per 1,000',
  request: 'request, per 1,000',
}

const itemOrder = Object.keys(itemNames) as PriceItem[]

export function overviewText(origin: TableOrigin, providers: readonly ShownProvider[], overrides: number): string {
  const rows = providers.map(({ id, models, priced }) => [id, String(models), String(priced)])
  return [
    `${originText(origin)}: ${number(providers.length)} providers, ${number(origin.models)} models.`,
    ...newerText(origin),
    overridesText(overrides),
    '',
    table([['PROVIDER', 'MODELS', 'WITH A PRICE'], ...rows]),
  ].join('\n')
}

function newerText({ newerBundled }: TableOrigin): string[] {
  if (newerBundled === null) return []
  return [`The gateway came with newer ones, of ${newerBundled}: llm-gateway prices reset uses them.`]
}

function overridesText(count: number): string {
  if (count === 0) return 'No overrides in the configuration.'
  return `${count} ${count === 1 ? 'override' : 'overrides'} in the configuration, which win over the table.`
}

export function originText({ from, source, date }: TableOrigin): string {
  return from === 'bundled'
    ? `Prices as they came with the gateway (${source}, ${date})`
    : `Prices updated ${date.slice(0, 16).replace('T', ' ')} UTC from ${source}`
}

const fromTexts: Readonly<Record<NonNullable<ShownPrice['from']>, string>> = {
  bundled: 'from the table that came with the gateway',
  updated: 'from the updated table',
  override: 'from pricing.overrides in the configuration',
  free: 'free: it runs on your own machine',
}

/** USD per 1M tokens. */
export function priceText({ provider, model, from, now, entries }: ShownPrice): string {
  const name = provider === '*' ? model : `${provider}/${model}`
  if (from === null || now === undefined) return `${name}: the price is not known.\n`
  const head = `${name}   USD per 1M tokens, ${fromTexts[from]}`
  const others = entries.filter(({ price }) => price !== now).map((entry) => `  ${whenText(entry)}: ${inLine(entry)}`)
  const current = entries.find(({ price }) => price === now)
  const since = current?.from === undefined && current?.daily === undefined ? [] : [`  (${whenText(current)})`]
  return `${[head, ...rateLinesOf(now), ...since, ...others].join('\n')}\n`
}

function rateLinesOf({ rates }: ModelPrice): string[] {
  return itemOrder.flatMap((item) => {
    const rate = rates[item]
    return rate === undefined ? [] : [`  ${itemNames[item].padEnd(22)}${rateText(item, rate)}`]
  })
}

function inLine({ price }: DatedPrice): string {
  if (price === undefined) return 'not known'
  return itemOrder
    .flatMap((item) => {
      const rate = price.rates[item]
      return rate === undefined ? [] : [`${itemNames[item]} ${rateText(item, rate)}`]
    })
    .join(', ')
}

function rateText(item: PriceItem, { base, tiers = [] }: Rate): string {
  const usd = (picoUsd: number): string => String(publicUsd(item, picoUsd))
  const above = tiers.map((tier) => `${usd(tier.price)} in calls of more than ${number(tier.above)} input tokens`)
  return above.length === 0 ? usd(base) : `${usd(base)} (${above.join('; ')})`
}

/** Per 1M tokens, or per 1,000 of what is counted by the piece. */
export function publicUsd(item: PriceItem, picoUsd: number): number {
  return item === 'webSearch' || item === 'request' ? picoUsd / 1e9 : picoUsd / 1e6
}

function whenText({ from, daily }: DatedPrice): string {
  if (from !== undefined) return `from ${new Date(from).toISOString().slice(0, 10)}`
  if (daily === undefined) return 'otherwise'
  return `daily from ${timeText(daily.start)} to ${timeText(daily.end)} UTC`
}

function timeText(ms: number): string {
  return new Date(ms).toISOString().slice(11, 16)
}

const mostLines = 40

export function diffText(diff: PriceDiff, { kind, skipped }: { kind: string; skipped: Skipped }): string {
  const { before, after, added, removed, changed, otherTimes } = diff
  const lines = [
    `${number(before)} models now, ${number(after)} with this list (${kind}): ${number(changed.length)} changed, ${number(added.length)} added, ${number(removed.length)} removed.`,
    ...(otherTimes === 0 ? [] : [`${number(otherTimes)} cost the same now, but not at other times.`]),
    ...Object.entries(skipped).map(([reason, count]) => `Left out: ${number(count)} ${reason}.`),
  ]
  const parts = [
    section('Changed', changed, changeText),
    section('Added', added, (entry) => `+ ${modelText(entry)}`),
    section('Removed', removed, (entry) => `- ${modelText(entry)}`),
  ]
  return `${lines.join('\n')}\n${parts.join('')}`
}

function section<T>(title: string, entries: readonly T[], text: (entry: T) => string): string {
  if (entries.length === 0) return ''
  const lines = entries.slice(0, mostLines).map((entry) => `  ${text(entry)}\n`)
  const more = entries.length - mostLines
  return `\n${title} (USD per 1M)\n${lines.join('')}${more > 0 ? `  and ${number(more)} more (--json lists all)\n` : ''}`
}

function changeText({ provider, model, items }: ModelChange): string {
  return `${provider}/${model}: ${items.map(rateChangeText).join(', ')}`
}

function rateChangeText({ item, before, after }: RateChange): string {
  return `${item} ${before ?? 'none'} -> ${after ?? 'none'}${percentText(before, after)}`
}

function percentText(before: number | undefined, after: number | undefined): string {
  const percent = percentOf(before, after)
  return percent === undefined ? '' : ` (${percent > 0 ? '+' : ''}${percent} %)`
}

/** undefined: of nothing or to nothing there are none. */
export function percentOf(before: number | undefined, after: number | undefined): number | undefined {
  if (before === undefined || after === undefined || before === 0) return undefined
  return Math.round(((after - before) / before) * 1000) / 10
}

function modelText({ provider, model, rates }: ModelRates): string {
  const known = rates.filter(({ item }) => item === 'input' || item === 'output')
  const text = known.map(({ item, usd }) => `${item} ${usd}`).join(', ')
  return `${provider}/${model}: ${text === '' ? 'no price per token' : text}`
}

function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join('  ')
  return rows.map((row) => `${line(row).trimEnd()}\n`).join('')
}

function number(value: number): string {
  return value.toLocaleString('en-US')
}

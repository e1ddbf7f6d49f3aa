import { conditional } from '../models/price-data.ts'
import type { TableRate } from '../models/price-table.ts'
import type { PriceDiff, RateChange } from './diff-tables.ts'
import { countModels, type PlainProvider } from './plain-table.ts'

/** Why a table is not taken. `firm`: not even with --force. */
export interface TableProblem {
  firm: boolean
  message: string
}

/** USD per 1M tokens, or per 1,000 of something. The dearest that was ever asked was 600. */
const mostUsd = 10_000
const farOff = 100
const shown = 5

/** Everything that is wrong with a table that would take the place of another. */
export function checkTable(after: readonly PlainProvider[], diff: PriceDiff): TableProblem[] {
  const bad = badPrices(after)
  // What is no price at all is far off as well: that is said once.
  return bad.length > 0 ? bad : [...tooFew(countModels(after), diff.before), ...leaps(diff)]
}

function badPrices(providers: readonly PlainProvider[]): TableProblem[] {
  const bad = providers.flatMap(({ id, models }) =>
    models.flatMap((model) =>
      conditional(model.prices).flatMap(({ prices }) =>
        Object.entries(prices).flatMap(([item, rate]) =>
          rate === undefined ? [] : numbersOf(rate).flatMap((usd) => badPrice(usd, `${id}/${model.id} ${item}`)),
        ),
      ),
    ),
  )
  return summary(bad, (list) => ({ firm: true, message: `These are no prices: ${list}.` }))
}

function numbersOf(rate: TableRate): number[] {
  return typeof rate === 'number' ? [rate] : [rate.base, ...rate.tiers.map(({ price }) => price)]
}

function badPrice(usd: number, where: string): string[] {
  if (!Number.isFinite(usd)) return [`${where} is not a number`]
  if (usd < 0) return [`${where} is below 0 (${usd})`]
  return usd > mostUsd ? [`${where} is ${usd} USD, more than ${mostUsd}`] : []
}

function tooFew(after: number, before: number): TableProblem[] {
  if (after === 0) return [{ firm: true, message: 'It has no models.' }]
  if (after * 2 >= before) return []
  return [{ firm: false, message: `It has ${after} models, the table in force ${before}: fewer than half.` }]
}

/** Off by a factor like this are mistakes of unit: per token for per thousand. */
function leaps({ changed }: PriceDiff): TableProblem[] {
  const far = changed.flatMap(({ provider, model, items }) =>
    items.filter(isLeap).map(({ item, before, after }) => `${provider}/${model} ${item} ${before} -> ${after}`),
  )
  return summary(far, (list) => ({
    firm: false,
    message: `More than ${farOff} times off the price in force: ${list}.`,
  }))
}

function isLeap({ before, after }: RateChange): boolean {
  if (before === undefined || after === undefined || before === after) return false
  return Math.max(before, after) > farOff * Math.min(before, after)
}

function summary(list: readonly string[], problem: (list: string) => TableProblem): TableProblem[] {
  if (list.length === 0) return []
  const more = list.length > shown ? ` and ${list.length - shown} more` : ''
  return [problem(list.slice(0, shown).join('; ') + more)]
}

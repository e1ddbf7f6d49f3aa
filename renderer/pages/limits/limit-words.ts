import type { Limit } from '../../../gateway/contract.ts'
import { formatCount, formatDuration, formatTokens } from '../../lib/format.ts'

const units: ReadonlyMap<number, string> = new Map([
  [1_000, 'a second'],
  [60_000, 'a minute'],
  [3_600_000, 'an hour'],
  [86_400_000, 'a day'],
  [7 * 86_400_000, 'a week'],
])

/** `a minute`, `in 5 min` */
export function windowWords(windowMs: number): string {
  return units.get(windowMs) ?? `in ${formatDuration(windowMs)}`
}

/** `At most 60 requests and 2M tokens a minute for everybody together.` */
export function limitSentence(limit: Limit | null, whom: string): string {
  const amounts = limit === null ? [] : amountsOf(limit)
  if (limit === null || amounts.length === 0) return `No limit ${whom}.`
  return `At most ${amounts.join(' and ')} ${windowWords(limit.windowMs)} ${whom}.`
}

function amountsOf({ requests, tokens }: Limit): string[] {
  return [
    ...(requests === undefined ? [] : [requests === 1 ? '1 request' : `${formatCount(requests)} requests`]),
    ...(tokens === undefined ? [] : [tokens === 1 ? '1 token' : `${formatTokens(tokens)} tokens`]),
  ]
}

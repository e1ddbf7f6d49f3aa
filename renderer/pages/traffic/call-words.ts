import type { CallRow } from '../../../gateway/contract.ts'
import { formatClock, formatDate } from '../../lib/format.ts'

const outcomeWords: Record<CallRow['outcome'], string> = {
  ok: 'Answered',
  error: 'Failed',
  broken: 'Broke off in the middle',
  aborted: 'Stopped by the client',
  refused: 'Refused by the gateway',
}

/** `Answered`, `Failed: rate_limited (429)` */
export function outcomeText({ outcome, errorCode, status }: Pick<CallRow, 'outcome' | 'errorCode' | 'status'>): string {
  // Another provider was asked beside this one, and answered first.
  if (errorCode === 'hedge_lost') return 'Cut off: the other was faster'
  const words = outcomeWords[outcome]
  if (outcome === 'ok') return words
  const code = errorCode === null || errorCode === '' ? '' : `: ${errorCode}`
  return status === null ? words + code : `${words}${code} (${status})`
}

/** Who was asked in the end, when that is more than what the client said. `openai gpt-5`; undefined: nobody was. */
export function answeredBy({ provider, model }: Pick<CallRow, 'provider' | 'model'>): string | undefined {
  if (provider === null) return undefined
  return model === null ? provider : `${provider} ${model}`
}

export const outcomeTitles = { ok: 'Answered', failed: 'Failed', aborted: 'Stopped', refused: 'Refused' } as const

export const cacheTitles = {
  HIT: 'Cache hit',
  SEMANTIC: 'Similar question',
  MISS: 'Cache miss',
  BYPASS: 'Cache not asked',
} as const

/** From the cache, by whichever way. */
export function isHit({ cache }: Pick<CallRow, 'cache'>): boolean {
  return cache === 'HIT' || cache === 'SEMANTIC'
}

/** `14:05:09` of today, `21 Nov 14:05` of other days: a list of calls is read by the clock. */
export function listTime(time: number, now: number): string {
  const isToday = new Date(time).toDateString() === new Date(now).toDateString()
  return isToday ? formatClock(time) : formatDate(time, now)
}

import {
  formatCount,
  formatDuration,
  formatExactMoney,
  formatExactTime,
  formatMoney,
  formatPercent,
  formatRelativeTime,
  formatTokens,
} from '../lib/format.ts'
import { useNow } from '../lib/use-now.ts'

/** What stands where nothing is known. */
function Unknown({ meaning }: { meaning: string }) {
  return (
    <span className="text-faint" title={meaning}>
      <span aria-hidden>–</span>
      <span className="sr-only">{meaning}</span>
    </span>
  )
}

/** Every digit on hover. null: not known. */
export function Money({ nanoUsd }: { nanoUsd: number | null | undefined }) {
  if (nanoUsd === null || nanoUsd === undefined) return <Unknown meaning="The price is not known" />
  return <span title={formatExactMoney(nanoUsd)}>{formatMoney(nanoUsd)}</span>
}

/** `12.9k`; exact on hover. */
export function Tokens({ count }: { count: number | null | undefined }) {
  if (count === null || count === undefined) return <Unknown meaning="Not told by the provider" />
  return <span title={`${formatCount(count)} tokens`}>{formatTokens(count)}</span>
}

export function Count({ count }: { count: number | null | undefined }) {
  if (count === null || count === undefined) return <Unknown meaning="Not known" />
  return <span>{formatCount(count)}</span>
}

export function Duration({ ms }: { ms: number | null | undefined }) {
  if (ms === null || ms === undefined) return <Unknown meaning="Not measured" />
  return <span title={`${ms.toLocaleString('en-US')} ms`}>{formatDuration(ms)}</span>
}

/** `5 min ago`, and it goes on; the exact time on hover. */
export function RelativeTime({ time }: { time: number | null | undefined }) {
  const now = useNow()
  if (time === null || time === undefined) return <Unknown meaning="Never" />
  // `now` ticks every ten seconds: what has just happened is later than that, and not in the future.
  const isPresent = time > now && time - now < 10_000
  return (
    <time dateTime={new Date(time).toISOString()} title={formatExactTime(time)}>
      {formatRelativeTime(time, isPresent ? time : now)}
    </time>
  )
}

/** Of a share from 0 to 1. */
export function Percent({ share }: { share: number | null | undefined }) {
  if (share === null || share === undefined || Number.isNaN(share)) return <Unknown meaning="Nothing to take it from" />
  return <span title={`${(share * 100).toFixed(3)} %`}>{formatPercent(share)}</span>
}

import { clockOf, nextDay, startOfDay } from '../config/calendar.ts'
import { GatewayError } from '../errors.ts'

export { localTimeZone, startOfDay, startOfMonth } from '../config/calendar.ts'

export interface BucketQuery {
  /** Milliseconds since 1970. */
  from: number
  /** Exclusive. */
  to: number
  bucket: 'hour' | 'day'
  /** IANA name; hours are those of UTC everywhere, because the ledger's roll-ups are. */
  timeZone: string
}

export const hourMs = 3_600_000
export const dayMs = 24 * hourMs

/** More points than any chart shows: eight years of days, four months of hours. */
const mostBuckets = 3000

/** Where the buckets of a range begin, and where the last one ends: rising, one more than there are buckets. */
export function bucketEdges({ from, to, bucket, timeZone }: BucketQuery): number[] {
  if (from >= to) throw new GatewayError('invalid_request', '"from" must be before "to".', { param: 'from' })
  const stepMs = bucket === 'hour' ? hourMs : dayMs
  if ((to - from) / stepMs > mostBuckets) {
    const advice = bucket === 'hour' ? 'choose days, or a shorter range' : 'choose a shorter range'
    const text = `This range has more than ${mostBuckets} ${bucket}s: ${advice}.`
    throw new GatewayError('invalid_request', text, { param: 'from' })
  }
  const clock = clockOf(timeZone)
  let edge = bucket === 'hour' ? Math.floor(from / hourMs) * hourMs : startOfDay(from, timeZone)
  const edges = [edge]
  while (edge < to) {
    const next = bucket === 'hour' ? edge + hourMs : nextDay(edge, clock)
    // Where a day never was, nothing would change for ever.
    edge = next > edge ? next : edge + dayMs
    edges.push(edge)
  }
  return edges
}

/** The bucket that a moment falls into; what lies before the first one counts with it. */
export function bucketAt(edges: readonly number[], time: number): number {
  let low = 0
  let high = edges.length - 2
  while (low < high) {
    const middle = Math.ceil((low + high) / 2)
    if ((edges[middle] as number) <= time) low = middle
    else high = middle - 1
  }
  return low
}

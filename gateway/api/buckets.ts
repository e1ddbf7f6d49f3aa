import { GatewayError } from '../errors.ts'

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

/** The gateway's own. */
export function localTimeZone(): string {
  return new Intl.DateTimeFormat().resolvedOptions().timeZone
}

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

/** The first moment of the day there that holds `time`. */
export function startOfDay(time: number, timeZone: string): number {
  const clock = clockOf(timeZone)
  const { year, month, day } = clock(time)
  return midnight(Date.UTC(year, month - 1, day), clock)
}

/** The first moment of the month there that holds `time`, or of one some months on. */
export function startOfMonth(time: number, timeZone: string, monthsOn = 0): number {
  const clock = clockOf(timeZone)
  const { year, month } = clock(time)
  return midnight(Date.UTC(year, month - 1 + monthsOn, 1), clock)
}

function nextDay(start: number, clock: Clock): number {
  const { hour, minute } = clock(start + dayMs)
  // Nearly always, and five times cheaper.
  if (hour === 0 && minute === 0) return start + dayMs
  const { year, month, day } = clock(start)
  return midnight(Date.UTC(year, month - 1, day + 1), clock)
}

/**
 * When a day begins whose midnight in UTC is `utc`. Clocks that jump at midnight skip it (Beirut) or have it twice
 * (Havana): the offsets of before and after give two candidates, and the first that is on the day is its beginning.
 */
function midnight(utc: number, clock: Clock): number {
  const candidates = [utc - offsetAt(utc - dayMs, clock), utc - offsetAt(utc + dayMs, clock)].sort((a, b) => a - b)
  const wanted = new Date(utc)
  const isOnDay = (time: number): boolean => {
    const { month, day } = clock(time)
    return month === wanted.getUTCMonth() + 1 && day === wanted.getUTCDate()
  }
  // A day that never was (Samoa left one out) begins with the next.
  return candidates.find(isOnDay) ?? (candidates.at(-1) as number)
}

/** What the clocks there are ahead of UTC, milliseconds. */
function offsetAt(time: number, clock: Clock): number {
  const { year, month, day, hour, minute, second } = clock(time)
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(time / 1000) * 1000
}

/** What the clocks on the wall show. */
type Clock = (time: number) => WallClock

interface WallClock {
  year: number
  month: number
  day: number
  hour: number
  minute: number
  second: number
}

function clockOf(timeZone: string): Clock {
  const format = clockFormat(timeZone)
  return (time) => {
    const shown: WallClock = { year: 0, month: 0, day: 0, hour: 0, minute: 0, second: 0 }
    for (const { type, value } of format.formatToParts(time)) {
      if (type in shown) shown[type as keyof WallClock] = Number(value)
    }
    return shown
  }
}

function clockFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      numberingSystem: 'latn',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch (cause) {
    const text = `"${timeZone}" is no time zone; write an IANA name such as Europe/Berlin.`
    throw new GatewayError('invalid_request', text, { param: 'timeZone', cause })
  }
}

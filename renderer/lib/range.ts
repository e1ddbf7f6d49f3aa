/** The spans of time that pages show, and how they stand in the address: `?range=7d`, `?range=custom&from=...&to=...`. */

export const rangeNames = ['today', '24h', '7d', '30d', 'month', 'custom'] as const
export type RangeName = (typeof rangeNames)[number]

/** Of `custom`: days as `2026-11-24`, both included. */
export interface RangeChoice {
  name: RangeName
  from?: string | undefined
  to?: string | undefined
}

/** Milliseconds, `to` exclusive; what the methods of `usage` take. */
export interface TimeRange {
  from: number
  to: number
  bucket: 'hour' | 'day'
}

export const rangeTitles: Record<RangeName, string> = {
  today: 'Today',
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  month: 'This month',
  custom: 'Custom',
}

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** `to` is the next full hour, so that the question stays the same for an hour and answers can be kept. */
export function resolveRange(choice: RangeChoice, now: number): TimeRange {
  const to = Math.floor(now / hourMs) * hourMs + hourMs
  switch (choice.name) {
    case 'today':
      return { from: startOfDay(now, 0), to, bucket: 'hour' }
    case '24h':
      return { from: to - dayMs, to, bucket: 'hour' }
    case '7d':
      return { from: startOfDay(now, -6), to, bucket: 'day' }
    case '30d':
      return { from: startOfDay(now, -29), to, bucket: 'day' }
    case 'month':
      return { from: startOfMonth(now), to, bucket: 'day' }
    default:
      return customRange(choice, now, to)
  }
}

function customRange(choice: RangeChoice, now: number, latest: number): TimeRange {
  const from = parseDay(choice.from) ?? startOfDay(now, -6)
  const last = parseDay(choice.to) ?? startOfDay(now, 0)
  const to = Math.min(latest, startOfDay(Math.max(from, last), 1))
  return from < to
    ? { from, to, bucket: to - from <= 2 * dayMs ? 'hour' : 'day' }
    : { from: startOfDay(now, 0), to: latest, bucket: 'hour' }
}

/** Midnight in the user's time zone, so many days away (a day may have 23 or 25 hours). */
function startOfDay(time: number, days: number): number {
  const date = new Date(time)
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + days).getTime()
}

function startOfMonth(time: number): number {
  const date = new Date(time)
  return new Date(date.getFullYear(), date.getMonth(), 1).getTime()
}

function parseDay(text: string | undefined): number | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? '')
  if (match === null) return undefined
  return new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3])).getTime()
}

/** `2026-11-24` in the user's time zone, as date inputs want it. */
export function writeDay(time: number): string {
  const date = new Date(time)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

export function readRange(search: URLSearchParams, fallback: RangeName = 'today'): RangeChoice {
  const name = rangeNames.find((name) => name === search.get('range')) ?? fallback
  if (name !== 'custom') return { name }
  return { name, from: search.get('from') ?? undefined, to: search.get('to') ?? undefined }
}

/** A copy of the address's parameters with the choice in it. */
export function writeRange(search: URLSearchParams, choice: RangeChoice): URLSearchParams {
  const written = new URLSearchParams(search)
  written.set('range', choice.name)
  for (const end of ['from', 'to'] as const) {
    const day = choice.name === 'custom' ? choice[end] : undefined
    if (day === undefined) written.delete(end)
    else written.set(end, day)
  }
  return written
}

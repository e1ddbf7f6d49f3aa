import { dayMs, hourMs } from './buckets.ts'

export interface ForecastFacts {
  now: number
  /** Milliseconds since 1970, in the user's time zone. */
  todayStartsAt: number
  monthStartsAt: number
  monthEndsAt: number
  /** At least of the last seven days and of this month. */
  hours: readonly { hour: number; costNanoUsd: number }[]
}

export interface Forecast {
  todayNanoUsd: number
  monthNanoUsd: number
  /** null: too little is known. */
  forecastNanoUsd: number | null
}

export const paceDays = 7
const fewestDays = 3

/** What the month will have cost: what it has so far, and the rest at the average pace of the last seven days. */
export function forecast({ now, hours, ...starts }: ForecastFacts): Forecast {
  const since = (start: number): number =>
    hours.reduce((sum, { hour, costNanoUsd }) => (hour >= Math.floor(start / hourMs) ? sum + costNanoUsd : sum), 0)
  const monthNanoUsd = since(starts.monthStartsAt)
  const perDay = pace(hours, now)
  const daysLeft = (starts.monthEndsAt - now) / dayMs
  return {
    todayNanoUsd: since(starts.todayStartsAt),
    monthNanoUsd,
    forecastNanoUsd: perDay === undefined ? null : Math.round(monthNanoUsd + perDay * daysLeft),
  }
}

/** Spent in a day, on average of the last seven; undefined: too little is known. 1e-9 USD. */
export function pace(hours: ForecastFacts['hours'], now: number): number | undefined {
  const first = hours.reduce((earliest, { hour }) => Math.min(earliest, hour * hourMs), now)
  const days = Math.min(paceDays, (now - first) / dayMs)
  const from = Math.floor((now - days * dayMs) / hourMs)
  const spent = hours.reduce((sum, { hour, costNanoUsd }) => (hour >= from ? sum + costNanoUsd : sum), 0)
  return days < fewestDays || spent === 0 ? undefined : spent / days
}

import type { MethodInput, MethodOutput, Totals } from '../contract.ts'
import type { HourRow, LedgerReader } from '../stores/ledger-reader.ts'
import { addTotals, emptyTotals } from '../stores/roll-up.ts'
import type { HandlersOf } from './api.ts'
import { bucketAt, bucketEdges, dayMs, hourMs, localTimeZone, startOfDay, startOfMonth } from './buckets.ts'
import { forecast } from './forecast.ts'

export interface UsagePorts {
  ledger: LedgerReader
  /** Milliseconds since 1970. */
  now: () => number
  /** For a month, 1e-9 USD; undefined: there is none. */
  monthlyBudget?: () => number | undefined
}

/** What the charts and figures are made of: from hourly roll-ups, so that a long ledger costs nothing. */
export function createUsageHandlers({ ledger, now, monthlyBudget }: UsagePorts): HandlersOf<'usage'> {
  return {
    async 'usage.summary'({ from, to }) {
      const previous = spanBefore(from, to)
      const [rows, earlier] = await Promise.all([
        ledger.hours({ from, to }),
        previous.to === 0 ? [] : ledger.hours(previous),
      ])
      return { total: sum(rows), previous: sum(earlier) }
    },

    async 'usage.groups'({ from, to, by }) {
      const named = byName(await ledger.hours({ from, to, by }))
      return { groups: named.map(({ name, total }) => ({ name, ...total })) }
    },

    'usage.series': async (query) => series(query, await ledger.hours(seriesHours(query))),

    async 'usage.latency'({ from, to, bucket, timeZone = localTimeZone() }) {
      const edges = bucketEdges({ from, to, bucket, timeZone })
      const { total, spans } = await ledger.latency(within(edges, from, to))
      const none = { durationMs: null, firstTokenMs: null }
      const points = edges.slice(0, -1).map((start, index) => ({ start, ...(spans[index] ?? none) }))
      return { ...total, points }
    },

    async 'usage.forecast'({ timeZone = localTimeZone() }) {
      const time = now()
      const monthStartsAt = startOfMonth(time, timeZone)
      const hours = await ledger.hours({ from: Math.min(monthStartsAt, time - 30 * dayMs), to: time + hourMs })
      const todayStartsAt = startOfDay(time, timeZone)
      const monthEndsAt = startOfMonth(time, timeZone, 1)
      const figures = forecast({ now: time, todayStartsAt, monthStartsAt, monthEndsAt, hours })
      return { ...figures, budgetNanoUsd: monthlyBudget?.() ?? null, monthEndsAt }
    },
  }
}

/** The hour that holds `from` counts whole, so the span before ends where it begins. */
function spanBefore(from: number, to: number): { from: number; to: number } {
  const end = Math.floor(from / hourMs) * hourMs
  return { from: Math.max(0, end - (to - from)), to: end }
}

function sum(rows: readonly Totals[]): Totals {
  const total = emptyTotals()
  for (const row of rows) addTotals(total, row)
  return total
}

/** Biggest cost first, then the most requests. */
function byName(rows: readonly HourRow[]): { name: string | null; rows: HourRow[]; total: Totals }[] {
  return [...Map.groupBy(rows, ({ name }) => name)]
    .map(([name, own]) => ({ name, rows: own, total: sum(own) }))
    .toSorted(
      (one, other) =>
        other.total.costNanoUsd - one.total.costNanoUsd ||
        other.total.requests - one.total.requests ||
        (one.name ?? '').localeCompare(other.name ?? ''),
    )
}

type SeriesQuery = MethodInput<'usage.series'>

function seriesHours({ from, to, by }: SeriesQuery): Parameters<LedgerReader['hours']>[0] {
  return { from, to, ...(by === undefined ? {} : { by }) }
}

/** Pure: hours -> buckets. A bucket without calls is null. */
export function series(query: SeriesQuery, rows: readonly HourRow[]): MethodOutput<'usage.series'> {
  const edges = bucketEdges({ ...query, timeZone: query.timeZone ?? localTimeZone() })
  const buckets = edges.slice(0, -1)
  const named = query.by === undefined ? [{ name: null, rows }] : byName(rows)
  return { buckets, series: named.map(({ name, rows: own }) => ({ name, points: points(own, edges) })) }
}

function points(rows: readonly HourRow[], edges: readonly number[]): (Totals | null)[] {
  const found: (Totals | null)[] = edges.slice(1).map(() => null)
  for (const row of rows) {
    const index = bucketAt(edges, row.hour * hourMs)
    const total = (found[index] ??= emptyTotals())
    addTotals(total, row)
  }
  return found
}

/** The first and the last bucket may reach beyond the range; hours at its ends count whole. */
function within(edges: readonly number[], from: number, to: number): number[] {
  const first = Math.floor(from / hourMs) * hourMs
  const end = Math.ceil(to / hourMs) * hourMs
  return edges.map((edge) => Math.min(end, Math.max(first, edge)))
}

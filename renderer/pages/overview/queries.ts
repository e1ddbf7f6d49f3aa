import type { UsageDimension } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import type { TimeRange } from '../../lib/range.ts'

/** What the page asks. Ranges are the same object for an hour, so answers are shared between its parts. */

const { timeZone } = Intl.DateTimeFormat().resolvedOptions()

export function useSummary({ from, to }: TimeRange) {
  return useMethod('usage.summary', { from, to })
}

export function useSeries({ from, to, bucket }: TimeRange, by: UsageDimension) {
  return useMethod('usage.series', { from, to, bucket, by, timeZone })
}

export function useGroups({ from, to }: TimeRange, by: UsageDimension) {
  return useMethod('usage.groups', { from, to, by })
}

export function useLatency({ from, to, bucket }: TimeRange) {
  return useMethod('usage.latency', { from, to, bucket, timeZone })
}

export function useForecast() {
  return useMethod('usage.forecast', { timeZone }, { refetchMs: 300_000 })
}

export function useRecentErrors() {
  return useMethod('traffic.list', { limit: 5, filter: { outcome: 'failed' } })
}

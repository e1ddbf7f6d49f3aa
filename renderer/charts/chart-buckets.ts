import type { ChartBucket } from './chart-data.ts'

/** Words for the buckets of a span, and which of them still fills. Times are milliseconds since 1970. */
export function chartBuckets(starts: readonly number[], bucket: 'hour' | 'day', now: number): ChartBucket[] {
  return starts.map((start, index) => {
    const end = starts[index + 1] ?? start + (bucket === 'hour' ? 3_600_000 : 86_400_000)
    return { start, ...bucketWords(start, bucket), isIncomplete: start <= now && now < end }
  })
}

function bucketWords(start: number, bucket: 'hour' | 'day'): { label: string; title: string } {
  const date = new Date(start)
  const day = date.toLocaleDateString(undefined, { weekday: 'short', day: 'numeric', month: 'short' })
  if (bucket === 'day')
    return { label: date.toLocaleDateString(undefined, { day: 'numeric', month: 'short' }), title: day }
  const hour = date.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
  // `2 PM` where the day has twice twelve hours: the minutes would only make the labels touch.
  const { hour12 } = Intl.DateTimeFormat(undefined, { hour: 'numeric' }).resolvedOptions()
  const label = hour12 === true ? date.toLocaleTimeString(undefined, { hour: 'numeric' }) : hour
  return { label, title: `${day}, ${hour}` }
}

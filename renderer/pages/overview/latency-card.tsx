import { useMemo } from 'react'
import { useSearchParams } from 'wouter'
import type { MethodOutput } from '../../../gateway/contract.ts'
import { Chart } from '../../charts/chart.tsx'
import { chartBuckets } from '../../charts/chart-buckets.ts'
import type { ChartData } from '../../charts/chart-data.ts'
import { ChartActions } from '../../charts/chart-tables.tsx'
import { formatDuration } from '../../lib/format.ts'
import type { TimeRange } from '../../lib/range.ts'
import { useNow } from '../../lib/use-now.ts'
import { Card } from '../../ui/layout.tsx'
import { Unread } from './problems.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { useLatency } from './queries.ts'

const spans = [
  { value: 'firstTokenMs', label: 'First token' },
  { value: 'durationMs', label: 'Whole answer' },
] as const

type Span = (typeof spans)[number]['value']

const lines = [
  { title: 'p50', colour: 'var(--chart-3)' },
  { title: 'p95', colour: 'var(--chart-1)' },
  { title: 'p99', colour: 'var(--chart-2)' },
] as const

/** How long tools wait: half of the calls, all but a twentieth, all but a hundredth. */
export function LatencyCard({ range, className }: { range: TimeRange; className?: string }) {
  const latency = useLatency(range)
  const [search, setSearch] = useSearchParams()
  const span: Span = search.get('latency') === 'durationMs' ? 'durationMs' : 'firstTokenMs'
  const now = useNow(60_000)
  const data = useMemo(
    () => latency.data && prepareLatency(latency.data, span, { bucket: range.bucket, now }),
    [latency.data, span, range.bucket, now],
  )
  const label = span === 'firstTokenMs' ? 'Time to first token' : 'Time to the whole answer'
  const choose = (value: Span) => {
    const chosen = new URLSearchParams(search)
    chosen.set('latency', value)
    setSearch(chosen, { replace: true })
  }
  const overall = latency.data?.[span]
  return (
    <Card
      title="Latency"
      {...(className === undefined ? {} : { className })}
      actions={
        <>
          <Segmented label="Which time" options={spans} value={span} onChange={choose} />
          {data && <ChartActions {...{ label, data }} kind="duration" hasTotal={false} />}
        </>
      }
    >
      {latency.error !== null && <Unread />}
      {data === undefined ? (
        latency.isPending && <Skeleton className="h-[200px] w-full" />
      ) : (
        <Chart
          form="lines"
          {...{ data, label }}
          kind="duration"
          height={224}
          description={
            overall
              ? `Lines. Over the whole span: half within ${formatDuration(overall.p50)}, 95 of 100 within ${formatDuration(overall.p95)}, 99 of 100 within ${formatDuration(overall.p99)}.`
              : 'No calls in this span.'
          }
          isDimmed={latency.isPlaceholderData}
        />
      )}
    </Card>
  )
}

interface Preparation {
  bucket: TimeRange['bucket']
  now: number
}

function prepareLatency(latency: MethodOutput<'usage.latency'>, span: Span, { bucket, now }: Preparation): ChartData {
  const starts = latency.points.map(({ start }) => start)
  return {
    buckets: chartBuckets(starts, bucket, now),
    series: lines.map(({ title, colour }) => ({
      title,
      colour,
      values: latency.points.map((point) => point[span]?.[title] ?? null),
    })),
  }
}

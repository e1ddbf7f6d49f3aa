import { useMemo } from 'react'
import { useSearchParams } from 'wouter'
import type { MethodOutput } from '../../../gateway/contract.ts'
import { Chart } from '../../charts/chart.tsx'
import { chartBuckets } from '../../charts/chart-buckets.ts'
import { seriesTotal, valueKinds, type ChartData } from '../../charts/chart-data.ts'
import { ChartActions } from '../../charts/chart-tables.tsx'
import { Legend } from '../../charts/legend.tsx'
import { prepareStack } from '../../charts/prepare-stack.ts'
import { colourOf } from '../../lib/colour-of.ts'
import type { TimeRange } from '../../lib/range.ts'
import { useNow } from '../../lib/use-now.ts'
import { Card } from '../../ui/layout.tsx'
import { Unread } from './problems.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { measures, splits, type Measure, type Split } from './measures.ts'
import { useSeries } from './queries.ts'

/** Money (or calls, tokens, ...) per hour or day, stacked by what is chosen. */
export function UsageChart({ range }: { range: TimeRange }) {
  const { measure, split, choose } = useChartChoice()
  const series = useSeries(range, split.value)
  const now = useNow(60_000)
  const data = useMemo(
    () => series.data && prepareUsage(series.data, { bucket: range.bucket, measure, split, now }),
    [series.data, range.bucket, measure, split, now],
  )
  const label = `${measure.label} by ${range.bucket} and ${split.label.toLowerCase()}`
  return (
    <Card
      title={`${measure.label} by ${range.bucket}`}
      actions={
        <>
          <Segmented
            label="Stacked by"
            options={splits}
            value={split.value}
            onChange={(value) => choose('by', value)}
          />
          <Select
            label="What is shown"
            hidesLabel
            options={measures}
            value={measure.value}
            onChange={(value) => choose('measure', value)}
            className="w-28"
          />
          {data && <ChartActions {...{ label, data }} kind={measure.kind} hasTotal />}
        </>
      }
    >
      {series.error !== null && <Unread />}
      <div className="min-h-5 pb-2">{data && <Legend data={data} kind={measure.kind} />}</div>
      {data === undefined ? (
        series.isPending && <Skeleton className="h-[220px] w-full" />
      ) : (
        <Chart
          form="bars"
          {...{ data, label }}
          kind={measure.kind}
          description={describe(data, measure)}
          isDimmed={series.isPlaceholderData}
        />
      )}
    </Card>
  )
}

function useChartChoice() {
  const [search, setSearch] = useSearchParams()
  return {
    measure: measures.find(({ value }) => value === search.get('measure')) ?? measures[0],
    split: splits.find(({ value }) => value === search.get('by')) ?? splits[0],
    choose: (name: 'by' | 'measure', value: string) => {
      const chosen = new URLSearchParams(search)
      chosen.set(name, value)
      setSearch(chosen, { replace: true })
    },
  }
}

interface Preparation {
  bucket: TimeRange['bucket']
  measure: Measure
  split: Split
  now: number
}

function prepareUsage(usage: MethodOutput<'usage.series'>, { bucket, measure, split, now }: Preparation): ChartData {
  return prepareStack({
    buckets: chartBuckets(usage.buckets, bucket, now),
    series: usage.series,
    measure: measure.of,
    nameless: split.nameless,
    colourOf,
  })
}

function describe(data: ChartData, measure: Measure): string {
  const { format } = valueKinds[measure.kind]
  const parts = data.series.map((series) => `${series.title} ${format(seriesTotal(series))}`)
  return parts.length === 0 ? 'No calls in this span.' : `Stacked bars. Largest first: ${parts.join(', ')}.`
}

import { bucketTotal, valueKinds, type ChartData, type ValueKind } from './chart-data.ts'

export interface ChartTooltipProps {
  data: ChartData
  kind: ValueKind
  /** Which bucket is pointed at. */
  bucket: number
  /** Sums make sense for money and counts, not for percentiles. */
  hasTotal: boolean
}

/** For recharts, which asks with the value of the axis: the number of the bucket. */
export function tooltipContent(shown: Omit<ChartTooltipProps, 'bucket'>) {
  return ({ active, label }: { active?: boolean; label?: string | number | undefined }) =>
    active ? <ChartTooltip {...shown} bucket={Number(label)} /> : null
}

/** All series of the bucket, largest first, with the total. */
export function ChartTooltip({ data, kind, bucket, hasTotal }: ChartTooltipProps) {
  const { format } = valueKinds[kind]
  const at = data.buckets[bucket]
  const total = bucketTotal(data, bucket)
  if (at === undefined) return null
  const rows = data.series
    .flatMap(({ title, colour, values }) => {
      const value = values[bucket] ?? null
      return value === null ? [] : [{ title, colour, value }]
    })
    .toSorted((one, other) => other.value - one.value)
  return (
    <div className="min-w-44 rounded-control bg-raised px-3 py-2 text-small shadow-popover">
      <div className="mb-1 flex justify-between gap-6 font-medium">
        <span>{at.title}</span>
        {hasTotal && total !== null && <span>{format(total)}</span>}
      </div>
      {rows.length === 0 && <p className="text-muted">No calls</p>}
      {rows.map(({ title, colour, value }) => (
        <div key={title} className="flex items-center gap-2 text-muted">
          <span aria-hidden className="size-2 shrink-0 rounded-[2px]" style={{ background: colour }} />
          <span className="max-w-44 truncate">{title}</span>
          <span className="ml-auto pl-4 text-ink">{format(value)}</span>
        </div>
      ))}
      {at.isIncomplete && <p className="mt-1 text-muted">Not over yet</p>}
    </div>
  )
}

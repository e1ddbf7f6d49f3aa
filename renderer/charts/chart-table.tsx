import { Table, type Column } from '../ui/table.tsx'
import { bucketTotal, valueKinds, type ChartBucket, type ChartData, type ValueKind } from './chart-data.ts'

interface BucketRow {
  bucket: ChartBucket
  index: number
}

export interface ChartTableProps {
  data: ChartData
  kind: ValueKind
  label: string
  height: number
  hasTotal: boolean
}

/** The same numbers as the chart, to be read. */
export function ChartTable({ data, kind, label, height, hasTotal }: ChartTableProps) {
  return (
    <Table
      label={label}
      columns={chartColumns({ data, kind, hasTotal })}
      rows={chartTableRows(data)}
      rowKey={({ bucket }) => String(bucket.start)}
      initialSort={{ column: 'when', descending: true }}
      maxHeight={height}
    />
  )
}

export function chartTableRows(data: ChartData): BucketRow[] {
  return data.buckets.map((bucket, index) => ({ bucket, index }))
}

export function chartColumns({ data, kind, hasTotal }: Pick<ChartTableProps, 'data' | 'kind' | 'hasTotal'>) {
  const { format, plain } = valueKinds[kind]
  const column = (title: string, valueAt: (index: number) => number | null): Column<BucketRow> => ({
    id: title,
    title,
    align: 'right',
    sort: ({ index }) => valueAt(index),
    csv: ({ index }) => {
      const value = valueAt(index)
      return value === null ? null : plain(value)
    },
    cell: ({ index }) => {
      const value = valueAt(index)
      return value === null ? <span className="text-faint">–</span> : format(value)
    },
  })
  const when: Column<BucketRow> = {
    id: 'when',
    title: 'When',
    sort: ({ bucket }) => bucket.start,
    csv: ({ bucket }) => new Date(bucket.start).toISOString(),
    cell: ({ bucket }) => `${bucket.title}${bucket.isIncomplete ? ' (not over)' : ''}`,
  }
  const series = data.series.map(({ title, values }) => column(title, (index) => values[index] ?? null))
  return [when, ...series, ...(hasTotal ? [column('Total', (index) => bucketTotal(data, index))] : [])]
}

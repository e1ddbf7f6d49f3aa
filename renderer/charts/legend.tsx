import { seriesTotal, valueKinds, type ChartData, type ValueKind } from './chart-data.ts'

/** Names, colours and sums of a stack: a legend that is worth its place. */
export function Legend({ data, kind }: { data: ChartData; kind: ValueKind }) {
  const { format } = valueKinds[kind]
  return (
    <ul className="flex flex-wrap gap-x-5 gap-y-1 text-small">
      {data.series.map((series) => (
        <li key={series.title} className="flex min-w-0 items-center gap-1.5">
          <span aria-hidden className="size-2 shrink-0 rounded-[2px]" style={{ background: series.colour }} />
          <span className="max-w-44 truncate text-muted">{series.title}</span>
          <span className="font-medium">{format(seriesTotal(series))}</span>
        </li>
      ))}
    </ul>
  )
}

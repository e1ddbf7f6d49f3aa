import { clsx } from 'clsx'
import { lazy, Suspense, useEffect, useRef, useState, type ComponentType } from 'react'
import { Skeleton } from '../ui/skeleton.tsx'
import { isEmptyChart, type ChartData, type ValueKind } from './chart-data.ts'
import { ChartTable } from './chart-table.tsx'
import { useIsTable } from './chart-tables.tsx'

export interface ChartProps {
  /** Bars for money and counts, lines for latency. */
  form: 'bars' | 'lines'
  data: ChartData
  kind: ValueKind
  /** Its name, read out and in the file name of the CSV. */
  label: string
  /** One sentence for those who do not see it: what it shows, highest, total. */
  description: string
  height?: number
  isDimmed?: boolean
}

export interface DrawnChartProps {
  data: ChartData
  kind: ValueKind
  label: string
  description: string
  width: number
  height: number
}

// recharts is half of all our code: it comes when the first chart does.
const drawn: Record<ChartProps['form'], ComponentType<DrawnChartProps>> = {
  bars: lazy(async () => ({ default: (await import('./bars-chart.tsx')).BarsChart })),
  lines: lazy(async () => ({ default: (await import('./line-chart.tsx')).LineChart })),
}

/** A chart, or its table twin (key t, or the button of `ChartActions`). */
export function Chart({ form, data, kind, label, description, height = 220, isDimmed = false }: ChartProps) {
  const Drawn = drawn[form]
  const isTable = useIsTable(label)
  const [box, width] = useWidth()
  return (
    <div ref={box} className={clsx('min-w-0', isDimmed && 'dimmed')} style={{ minHeight: height }}>
      {isTable ? (
        <ChartTable {...{ data, kind, label, height }} hasTotal={form === 'bars'} />
      ) : isEmptyChart(data) ? (
        <p className="flex items-center justify-center text-muted" style={{ height }}>
          No calls in this span
        </p>
      ) : (
        <Suspense fallback={<Skeleton className="h-full min-h-40 w-full" />}>
          {width > 0 && <Drawn {...{ data, kind, label, description, width, height }} />}
        </Suspense>
      )}
    </div>
  )
}

/** recharts' own container draws twice; this one knows the width before it draws. */
function useWidth() {
  const box = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useEffect(() => {
    if (box.current === null) return undefined
    const observer = new ResizeObserver(([entry]) => setWidth(Math.floor(entry?.contentRect.width ?? 0)))
    observer.observe(box.current)
    return () => observer.disconnect()
  }, [])
  return [box, width] as const
}

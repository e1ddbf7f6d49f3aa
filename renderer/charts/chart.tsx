import { clsx } from 'clsx'
import { Suspense, useEffect, useRef, useState } from 'react'
import { Skeleton } from '../ui/skeleton.tsx'
import { isEmptyChart, type ChartData, type ValueKind } from './chart-data.ts'
import { ChartTable } from './chart-table.tsx'
import { useIsTable } from './chart-tables.tsx'
import { drawnCharts } from './drawn-charts.ts'

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

/** A chart, or its table twin (key t, or the button of `ChartActions`). */
export function Chart({ form, data, kind, label, description, height = 220, isDimmed = false }: ChartProps) {
  const Drawn = drawnCharts[form].Component
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

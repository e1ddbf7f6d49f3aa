import { late, type Late } from '../lib/late.tsx'
import type { ChartData, ValueKind } from './chart-data.ts'

export interface DrawnChartProps {
  data: ChartData
  kind: ValueKind
  label: string
  description: string
  width: number
  height: number
}

// recharts is half of all our code: it comes when the window is idle, or when the first chart does.
export const drawnCharts = {
  bars: late(async () => (await import('./bars-chart.tsx')).BarsChart),
  lines: late(async () => (await import('./line-chart.tsx')).LineChart),
} satisfies Record<string, Late<DrawnChartProps>>

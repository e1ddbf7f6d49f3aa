import { formatCount, formatDuration, formatMoney, formatTokens, plainUsd } from '../lib/format.ts'

/** What a chart draws: prepared by pure functions, drawn without a further thought. */
export interface ChartData {
  buckets: readonly ChartBucket[]
  /** Drawn in this order, the first at the foot of the stack. */
  series: readonly ChartSeries[]
}

export interface ChartBucket {
  /** Milliseconds since 1970. */
  start: number
  /** On the axis: `14:00`, `24 Nov`. */
  label: string
  /** In tooltip and table: `Tue 24 Nov, 14:00`. */
  title: string
  /** It is still being filled. */
  isIncomplete: boolean
}

export interface ChartSeries {
  title: string
  colour: string
  /** One per bucket; null: nothing is known, which is a gap and not a zero. */
  values: readonly (number | null)[]
}

export const valueKinds = {
  money: { format: formatMoney, plain: plainUsd },
  count: { format: formatCount, plain: String },
  tokens: { format: formatTokens, plain: String },
  duration: { format: formatDuration, plain: (ms: number) => String(Math.round(ms)) },
} as const

export type ValueKind = keyof typeof valueKinds

/** What all series of a bucket come to; null: none of them knows. */
export function bucketTotal(data: ChartData, bucket: number): number | null {
  const known = data.series.flatMap(({ values }) => values[bucket] ?? [])
  return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
}

export function seriesTotal(series: ChartSeries): number {
  return series.values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
}

export function isEmptyChart(data: ChartData): boolean {
  return data.series.every(({ values }) => values.every((value) => value === null))
}

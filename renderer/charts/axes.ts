import { bucketTotal, type ChartData, type ValueKind } from './chart-data.ts'
import { niceTicks } from './nice-ticks.ts'

/** Shared by all charts: small, quiet, no tick marks. */
export const axisStyle = {
  tick: { fontSize: 12, fill: 'var(--faint)' },
  tickLine: false,
  axisLine: false,
} as const

/** The base line needs no unit and no decimals. */
export function axisValue(format: (value: number) => string): (value: number) => string {
  return (value) => (value === 0 ? '0' : format(value))
}

/** recharts wants one object per bucket: `{ bucket: 3, s0: 12, s1: null }`. */
export function chartRows(data: ChartData): Record<string, number | null>[] {
  return data.buckets.map((_, bucket) => ({
    bucket,
    ...Object.fromEntries(data.series.map(({ values }, index) => [`s${index}`, values[bucket] ?? null])),
  }))
}

export function valueTicks(data: ChartData, kind: ValueKind, isStacked: boolean): number[] {
  const tops = isStacked
    ? data.buckets.map((_, bucket) => bucketTotal(data, bucket) ?? 0)
    : data.series.flatMap(({ values }) => values.map((value) => value ?? 0))
  return niceTicks(Math.max(0, ...tops), kind === 'money' || kind === 'duration' ? 0 : 1)
}

/** Evenly spread so that labels do not touch. */
export function bucketTicks(buckets: number, width: number): number[] {
  const every = Math.max(1, Math.ceil((buckets * 56) / Math.max(1, width)))
  return Array.from({ length: buckets }, (_, index) => index).filter((index) => index % every === 0)
}

/** Where all is zero the axis still needs a height, or the base line floats in the middle. */
export function valueDomain(ticks: readonly number[]): [number, number] {
  const top = ticks.at(-1) ?? 0
  return [0, top === 0 ? 1 : top]
}

import { otherName } from '../lib/colour-of.ts'
import type { ChartBucket, ChartData, ChartSeries } from './chart-data.ts'

const maximumSeries = 6

export interface StackInput<Point> {
  buckets: readonly ChartBucket[]
  series: readonly { name: string | null; points: readonly (Point | null)[] }[]
  measure: (point: Point) => number
  /** What stands for null: `no alias`. */
  nameless: string
  colourOf: (name: string | null) => string
}

/** The six largest series, largest at the foot, and the rest as "Other". */
export function prepareStack<Point>(input: StackInput<Point>): ChartData {
  const { buckets, series, measure, nameless, colourOf } = input
  const measured = series
    .map(({ name, points }) => ({
      name,
      title: name ?? nameless,
      values: buckets.map((_, index) => {
        const point = points[index] ?? null
        return point === null ? null : measure(point)
      }),
    }))
    .filter(({ values }) => values.some((value) => value !== null))
    .toSorted((one, other) => total(other.values) - total(one.values))
  const kept = measured.length <= maximumSeries ? measured : measured.slice(0, maximumSeries)
  const rest = measured.slice(kept.length)
  // Colours are kept for good, so only what is drawn gets one.
  const drawn: ChartSeries[] = kept.map(({ name, title, values }) => ({ title, values, colour: colourOf(name) }))
  if (rest.length > 0)
    drawn.push({ title: otherName, values: sumUp(rest, buckets.length), colour: colourOf(otherName) })
  return { buckets, series: drawn }
}

function total(values: readonly (number | null)[]): number {
  return values.reduce<number>((sum, value) => sum + (value ?? 0), 0)
}

function sumUp(series: readonly { values: readonly (number | null)[] }[], length: number): (number | null)[] {
  return Array.from({ length }, (_, index) => {
    const known = series.flatMap(({ values }) => values[index] ?? [])
    return known.length === 0 ? null : known.reduce((sum, value) => sum + value, 0)
  })
}

import { describe, expect, test } from 'vitest'
import { chartBuckets } from '../../../renderer/charts/chart-buckets.ts'
import { bucketTotal, isEmptyChart, seriesTotal } from '../../../renderer/charts/chart-data.ts'
import { prepareStack } from '../../../renderer/charts/prepare-stack.ts'

const hourMs = 3_600_000
const buckets = chartBuckets([0, hourMs, 2 * hourMs], 'hour', 2.5 * hourMs)

function prepare(series: { name: string | null; points: (number | null)[] }[]) {
  const measure = (point: number) => point
  return prepareStack({ buckets, series, measure, nameless: 'no alias', colourOf: (name) => name ?? 'grey' })
}

test('only the bucket that holds now is not over', () => {
  expect(buckets.map(({ isIncomplete }) => isIncomplete)).toEqual([false, false, true])
})

describe('a stack', () => {
  test('has the largest first, and a gap stays a gap', () => {
    const data = prepare([
      { name: 'small', points: [1, null, 0] },
      { name: null, points: [5, null, 5] },
      { name: 'absent', points: [null, null, null] },
    ])
    expect(data.series).toEqual([
      { title: 'no alias', colour: 'grey', values: [5, null, 5] },
      { title: 'small', colour: 'small', values: [1, null, 0] },
    ])
    expect([0, 1, 2].map((bucket) => bucketTotal(data, bucket))).toEqual([6, null, 5])
    expect(isEmptyChart(data)).toBe(false)
  })

  test('sums up what comes after the sixth, so that nothing is lost', () => {
    const series = Array.from({ length: 9 }, (_, index) => ({
      name: `m${index}`,
      points: [index + 1, null, index === 0 ? 1 : null],
    }))
    const data = prepare(series)
    expect(data.series.map(({ title }) => title)).toEqual(['m8', 'm7', 'm6', 'm5', 'm4', 'm3', 'Other'])
    expect(data.series.at(-1)).toEqual({ title: 'Other', colour: 'Other', values: [6, null, 1] })
    expect(data.series.reduce((sum, one) => sum + seriesTotal(one), 0)).toBe(46)
  })

  test('of nothing is empty', () => {
    expect(isEmptyChart(prepare([]))).toBe(true)
    expect(isEmptyChart(prepare([{ name: 'a', points: [null, null, null] }]))).toBe(true)
  })
})

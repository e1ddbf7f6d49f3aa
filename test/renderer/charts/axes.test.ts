import { expect, test } from 'vitest'
import { axisValue, bucketTicks, chartRows, valueDomain, valueTicks } from '../../../renderer/charts/axes.ts'
import type { ChartData } from '../../../renderer/charts/chart-data.ts'
import { niceTicks } from '../../../renderer/charts/nice-ticks.ts'

test.each([
  [0, 0, [0]],
  [0.7, 0, [0, 0.2, 0.4, 0.6, 0.8]],
  [2, 1, [0, 1, 2]],
  [7.36, 0, [0, 2, 4, 6, 8]],
  [100, 0, [0, 25, 50, 75, 100]],
  [1, 1, [0, 1]],
])('up to %d in steps of at least %d: %j', (maximum, smallest, ticks) => {
  expect(niceTicks(maximum, smallest)).toEqual(ticks)
})

const data: ChartData = {
  buckets: [0, 1].map((start) => ({ start, label: '', title: '', isIncomplete: false })),
  series: [
    { title: 'a', colour: '', values: [3, null] },
    { title: 'b', colour: '', values: [4, 1] },
  ],
}

test('a stack needs room for its sum, lines for the highest', () => {
  expect(valueTicks(data, 'count', true).at(-1)).toBe(8)
  expect(valueTicks(data, 'count', false).at(-1)).toBe(4)
  expect(chartRows(data)).toEqual([
    { bucket: 0, s0: 3, s1: 4 },
    { bucket: 1, s0: null, s1: 1 },
  ])
})

test('labels do not touch', () => {
  expect(bucketTicks(24, 1_400)).toHaveLength(24)
  expect(bucketTicks(24, 400)).toEqual([0, 4, 8, 12, 16, 20])
})

test('zeros lie on the base line', () => {
  expect(valueDomain(niceTicks(0))).toEqual([0, 1])
  expect(valueDomain([0, 2, 4])).toEqual([0, 4])
})

test('the base line needs no unit', () => {
  const dollars = axisValue((value) => `$${value}`)
  expect([0, 2].map(dollars)).toEqual(['0', '$2'])
})

import { describe, expect, test } from 'vitest'
import { forecast } from '../../../gateway/api/forecast.ts'

const dayHours = 24
/** Noon of the 11th of a month of 30 days that began at hour 0. */
const now = (10 * dayHours + 12) * 3_600_000
const starts = {
  now,
  todayStartsAt: 10 * dayHours * 3_600_000,
  monthStartsAt: 0,
  monthEndsAt: 30 * dayHours * 3_600_000,
}
const spent = (...days: [day: number, cost: number][]) =>
  days.map(([day, costNanoUsd]) => ({ hour: day * dayHours + 12, costNanoUsd }))

describe('what the month will have cost', () => {
  const table: [name: string, hours: ReturnType<typeof spent>, figures: ReturnType<typeof forecast>][] = [
    ['nothing is known', [], { todayNanoUsd: 0, monthNanoUsd: 0, forecastNanoUsd: null }],
    ['less than three days', spent([9, 100]), { todayNanoUsd: 0, monthNanoUsd: 100, forecastNanoUsd: null }],
    [
      'four days: their pace goes on for the 19.5 that are left',
      spent([6, 400], [9, 400]),
      { todayNanoUsd: 0, monthNanoUsd: 800, forecastNanoUsd: 800 + 19.5 * 200 },
    ],
    [
      'of a longer time the last seven days count',
      spent([-20, 9999], [1, 1000], [5, 700]),
      { todayNanoUsd: 0, monthNanoUsd: 1700, forecastNanoUsd: 1700 + 19.5 * 100 },
    ],
    ['no spend lately', spent([1, 1000]), { todayNanoUsd: 0, monthNanoUsd: 1000, forecastNanoUsd: null }],
    ['free calls only', spent([-5, 0], [9, 0]), { todayNanoUsd: 0, monthNanoUsd: 0, forecastNanoUsd: null }],
    [
      'today counts with both',
      [...spent([1, 0]), { hour: 10 * dayHours, costNanoUsd: 70 }],
      { todayNanoUsd: 70, monthNanoUsd: 70, forecastNanoUsd: 70 + 195 },
    ],
  ]
  test.each(table)('%s', (_name, hours, figures) => {
    expect(forecast({ ...starts, hours })).toEqual(figures)
  })
})

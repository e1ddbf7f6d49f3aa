import { describe, expect, test } from 'vitest'
import { fewestSamples, LatencyWindow, windowMs, windowSize } from '../../../gateway/pipeline/hedge-window.ts'

function filled(durations: number[], at = 0): LatencyWindow {
  const window = new LatencyWindow()
  for (const duration of durations) window.add(duration, at)
  return window
}

const oneTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index + 1)

describe('the 95th percentile', () => {
  /** [name, durations, expected] */
  const rows: [string, number[], number | undefined][] = [
    ['of nothing', [], undefined],
    ['of too few', oneTo(fewestSamples - 1), undefined],
    ['of just enough: the 19th of 20', oneTo(20), 19],
    ['of a hundred', oneTo(100), 95],
    ['in whatever order they came', oneTo(100).toReversed(), 95],
    ['of equal ones', Array.from({ length: 50 }, () => 7), 7],
    ['one slow call in fifty does not move it', [...Array.from({ length: 49 }, () => 7), 9000], 7],
  ]
  test.each(rows)('%s', (_, durations, expected) => {
    expect(filled(durations).p95(0)).toBe(expected)
  })

  test('slides: the last ones count', () => {
    const window = filled([
      ...Array.from({ length: windowSize }, () => 9000),
      ...Array.from({ length: windowSize }, () => 5),
    ])
    expect(window.p95(0)).toBe(5)
  })

  test('forgets what is long ago, and needs enough anew', () => {
    const window = filled(oneTo(100))
    expect(window.p95(windowMs)).toBe(95)
    expect(window.p95(windowMs + 1)).toBeUndefined()
    for (let count = 0; count < fewestSamples; count += 1) window.add(3, windowMs + 1)
    expect(window.p95(windowMs + 1)).toBe(3)
  })

  test('moves with what comes in', () => {
    const window = filled(oneTo(20))
    expect(window.p95(0)).toBe(19)
    for (let count = 0; count < 20; count += 1) window.add(500, 0)
    expect(window.p95(0)).toBe(500)
  })

  test('a lower bound of what was cut off does as well as the truth', () => {
    const fast = oneTo(95)
    const cutAt = 95
    const cut = filled([...fast, ...Array.from({ length: 5 }, () => cutAt)])
    const whole = filled([...fast, ...Array.from({ length: 5 }, () => 60_000)])
    expect(cut.p95(0)).toBe(whole.p95(0))
  })
})

import { describe, expect, test } from 'vitest'
import type { AttemptDetail } from '../../../../gateway/contract.ts'
import { timelineOf } from '../../../../renderer/pages/traffic/timeline.ts'
import { attempt } from './rows.ts'

type Bar = [start: number, width: number, firstToken: number | undefined]

describe('timelineOf', () => {
  const cases: [name: string, durationMs: number, attempts: Partial<AttemptDetail>[], spanMs: number, bars: Bar[]][] = [
    ['one that took all the time', 500, [{}], 500, [[0, 1, undefined]]],
    [
      'a failure, a pause, then an answer',
      1_000,
      [{ durationMs: 200 }, { number: 2, startedAt: 1_500, durationMs: 500, firstTokenMs: 250 }],
      1_000,
      [
        [0, 0.2, undefined],
        [0.5, 0.5, 0.75],
      ],
    ],
    ['an attempt may end after the call is told to have', 400, [{ durationMs: 800 }], 800, [[0, 1, undefined]]],
    ['a clock set back: nothing begins before the call', 500, [{ startedAt: 0 }], 500, [[0, 1, undefined]]],
    ['no time at all', 0, [{ durationMs: 0 }], 0.1, [[0, 0, undefined]]],
    ['no attempts', 300, [], 300, []],
  ]
  test.each(cases)('%s', (_, durationMs, attempts, spanMs, bars) => {
    const timeline = timelineOf({ startedAt: 1_000, durationMs }, attempts.map(attempt))
    expect(timeline.spanMs).toBe(spanMs)
    expect(timeline.bars.map(({ start, width, firstToken }) => [start, width, firstToken])).toEqual(bars)
  })

  test.each([
    [400, [0, 100, 200, 300, 400]],
    [6_180, [0, 2_000, 4_000, 6_000]],
    [1, [0, 0.5, 1]],
    [0.25, [0, 0.1, 0.2]],
    [0.8, [0, 0.2, 0.4, 0.6, 0.8]],
  ])('ticks of %d ms are round and within', (durationMs, ticks) => {
    const timeline = timelineOf({ startedAt: 0, durationMs }, [])
    expect(timeline.ticks.map(({ atMs }) => atMs)).toEqual(ticks)
    expect(Math.max(...timeline.ticks.map(({ at }) => at))).toBeLessThanOrEqual(1)
  })
})

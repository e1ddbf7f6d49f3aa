import { describe, expect, test } from 'vitest'
import { durationBar, durationScale } from '../../../../renderer/pages/traffic/duration-bar.ts'

describe('durationScale', () => {
  const cases: [name: string, durations: number[], scaleMs: number][] = [
    ['no calls', [], 100],
    ['tiny ones do not fill the column', [1, 2, 3], 100],
    ['rounded up', [640], 1_000],
    ['a round number stays', [2_000], 2_000],
    ['one very long call does not hide the others', [...Array.from({ length: 19 }, () => 900), 600_000], 1_000],
    ['with many long calls it grows', [900, 900, 30_000, 45_000], 50_000],
  ]
  test.each(cases)('%s', (_, durations, scaleMs) => {
    expect(durationScale(durations.map((durationMs) => ({ durationMs })))).toBe(scaleMs)
  })
})

describe('durationBar', () => {
  const cases: [name: string, durationMs: number, firstTokenMs: number | null, bar: ReturnType<typeof durationBar>][] =
    [
      ['half, first token at a tenth', 500, 100, { width: 0.5, tick: 0.1, isCut: false }],
      ['no first token', 500, null, { width: 0.5, tick: undefined, isCut: false }],
      ['a first token at once is one', 500, 0, { width: 0.5, tick: 0, isCut: false }],
      ['an answer in one piece has no tick', 500, 500, { width: 0.5, tick: undefined, isCut: false }],
      ['too long: cut, tick still seen', 4_000, 800, { width: 1, tick: 0.8, isCut: true }],
      ['too long: tick beyond the end', 4_000, 2_000, { width: 1, tick: undefined, isCut: true }],
    ]
  test.each(cases)('%s', (_, durationMs, firstTokenMs, bar) => {
    expect(durationBar({ durationMs, firstTokenMs }, 1_000)).toEqual(bar)
  })
})

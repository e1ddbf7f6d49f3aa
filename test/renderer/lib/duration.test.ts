import { expect, test } from 'vitest'
import { parseDuration, writeDuration } from '../../../renderer/lib/duration.ts'

test.each([
  ['30s', 30_000],
  ['500 ms', 500],
  ['1h30m', 5_400_000],
  ['1 h 4 min', 3_840_000],
  ['2d', 172_800_000],
  ['1.5h', 5_400_000],
  ['45', 45_000],
  ['', undefined],
  ['soon', undefined],
  ['30 x', undefined],
  ['-5s', undefined],
])('%j is %s ms', (text, ms) => expect(parseDuration(text)).toBe(ms))

test.each([0, 1, 500, 90_000, 3_600_000, 93_784_005])('%i ms can be read back', (ms) => {
  expect(parseDuration(writeDuration(ms))).toBe(ms)
})

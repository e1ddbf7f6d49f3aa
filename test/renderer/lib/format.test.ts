import { describe, expect, test } from 'vitest'
import {
  formatChange,
  formatDuration,
  formatExactMoney,
  formatMoney,
  formatPercent,
  formatPrice,
  formatRelativeTime,
  formatTokens,
  plainUsd,
} from '../../../renderer/lib/format.ts'

describe('money', () => {
  test.each([
    [0, '$0.00'],
    [1, '$0.000000001'],
    [230_400, '$0.0002304'],
    [4_200_000, '$0.0042'],
    [4_212_349, '$0.004212'],
    [9_999_400, '$0.009999'],
    [9_999_960, '$0.01'],
    [10_000_000, '$0.01'],
    [1_234_000_000, '$1.23'],
    [999_994_000_000, '$999.99'],
    [999_996_000_000, '$1,000'],
    [1_204_400_000_000, '$1,204'],
    [-4_200_000, '−$0.0042'],
    [-1_230_000_000, '−$1.23'],
  ])('%i nano-USD is %s', (nanoUsd, text) => expect(formatMoney(nanoUsd)).toBe(text))

  test('exact and plain keep every digit', () => {
    expect(formatExactMoney(1_204_560_000_001)).toBe('$1,204.560000001')
    expect(formatExactMoney(1_230_000_000)).toBe('$1.23')
    expect(plainUsd(4_200_000)).toBe('0.0042')
    expect(plainUsd(2_000_000_000)).toBe('2')
    expect(formatPrice(0.0375)).toBe('$0.0375')
    expect(formatPrice(15)).toBe('$15.00')
  })
})

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1k'],
  [12_928, '12.9k'],
  [99_960, '100k'],
  [128_000, '128k'],
  [999_499, '999k'],
  [999_500, '1M'],
  [1_234_567, '1.2M'],
  [3_400_000_000, '3.4B'],
])('%i tokens are %s', (tokens, text) => expect(formatTokens(tokens)).toBe(text))

test.each([
  [0, '0 ms'],
  [0.03, '<0.1 ms'],
  [0.42, '0.4 ms'],
  [9.96, '10 ms'],
  [640, '640 ms'],
  [999.6, '1 s'],
  [1_240, '1.24 s'],
  [12_400, '12.4 s'],
  [59_960, '1 min'],
  [125_000, '2 min 5 s'],
  [3_599_900, '1 h'],
  [3_840_000, '1 h 4 min'],
  [86_399_000, '1 d'],
  [273_600_000, '3 d 4 h'],
])('%d ms are %s', (ms, text) => expect(formatDuration(ms)).toBe(text))

test.each([
  [0, '0 %'],
  [0.0004, '<0.1 %'],
  [0.006, '0.6 %'],
  [0.0996, '10 %'],
  [0.123, '12 %'],
  [0.9996, '99.9 %'],
  [1, '100 %'],
])('a share of %d is %s', (share, text) => expect(formatPercent(share)).toBe(text))

test.each([
  [112, 100, '+12 %'],
  [97, 100, '−3 %'],
  [100.2, 100, '±0 %'],
  [420, 100, '×4.2'],
  [0, 100, '−100 %'],
  [5, 0, undefined],
])('%d after %d is %s', (now, before, text) => expect(formatChange(now, before)).toBe(text))

test.each([
  [0, 'just now'],
  [12_000, '12 s ago'],
  [59_999, '59 s ago'],
  [300_000, '5 min ago'],
  [3 * 3_600_000, '3 h ago'],
  [-300_000, 'in 5 min'],
])('%d ms back is "%s"', (distance, text) => expect(formatRelativeTime(1e12 - distance, 1e12)).toBe(text))

test('from a day on it is the date', () => {
  expect(formatRelativeTime(1e12 - 86_400_000, 1e12)).toMatch(/8.*Sep|Sep.*8/)
})

import { expect, test } from 'vitest'
import { formatUsd } from '../../main/format-usd.ts'
import { formatMoney } from '../../renderer/lib/format.ts'

test.each([
  [0, '$0.00'],
  [4_200_000, '$0.0042'],
  [230_400, '$0.0002304'],
  [1, '$0.000000001'],
  [10_000_000, '$0.01'],
  [1_230_000_000, '$1.23'],
  [999_990_000_000, '$999.99'],
  [1_204_400_000_000, '$1,204'],
])('%d nano-dollars are %s', (nanoUsd, text) => {
  expect(formatUsd(nanoUsd)).toBe(text)
})

test.each([0, 1, 4_200_000, 9_999_960, 9_990_000, 10_000_000, 1_234_000_000, 999_990_000_000, 1_204_560_000_000])(
  'the tray writes %d as the window does',
  (nanoUsd) => expect(formatUsd(nanoUsd)).toBe(formatMoney(nanoUsd)),
)

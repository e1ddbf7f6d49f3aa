import { expect, test } from 'vitest'
import { callIdAt } from '../../../gateway/pipeline/call-id.ts'

// RFC 9562, appendix A.6: 2022-02-22T19:22:22.000Z is 017f22e2-79b0-7cc3-98c4-dc0c0c07398f.
test('a UUID of version 7, its first 48 bits the time', () => {
  expect(callIdAt(1_645_557_742_000)).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('fractions of a millisecond, and the year 1970, make ids too', () => {
  expect(callIdAt(1_645_557_742_000.7).slice(0, 13)).toBe('017f22e2-79b0')
  expect(callIdAt(1).slice(0, 14)).toBe('00000000-0001-')
})

test('later calls have greater ids, and no two the same', () => {
  const ids = Array.from({ length: 1000 }, (_, index) => callIdAt(1_645_557_742_000 + index))
  expect(ids.toSorted()).toEqual(ids)
  expect(new Set(Array.from({ length: 1000 }, () => callIdAt(0))).size).toBe(1000)
})

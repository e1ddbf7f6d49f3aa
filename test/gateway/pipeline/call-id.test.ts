import { expect, test } from 'vitest'
import { createCallIds } from '../../../gateway/pipeline/call-id.ts'

const idAt = (now: number): string => createCallIds(() => now)()

// RFC 9562, appendix A.6: 2022-02-22T19:22:22.000Z is 017f22e2-79b0-7cc3-98c4-dc0c0c07398f.
test('a UUID of version 7, its first 48 bits the time', () => {
  expect(idAt(1_645_557_742_000)).toMatch(/^017f22e2-79b0-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
})

test('fractions of a millisecond, and the year 1970, make ids too', () => {
  expect(idAt(1_645_557_742_000.7).slice(0, 13)).toBe('017f22e2-79b0')
  expect(idAt(1).slice(0, 14)).toBe('00000000-0001-')
})

test('later calls have greater ids', () => {
  let now = 1_645_557_742_000
  const newId = createCallIds(() => (now += 1))
  const ids = Array.from({ length: 1000 }, newId)
  expect(ids.toSorted()).toEqual(ids)
})

test('no two of one millisecond are the same', () => {
  const newId = createCallIds(() => 0)
  expect(new Set(Array.from({ length: 1000 }, newId)).size).toBe(1000)
})

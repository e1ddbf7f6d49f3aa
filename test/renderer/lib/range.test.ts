import { describe, expect, test } from 'vitest'
import { readRange, resolveRange, writeDay, writeRange, type RangeChoice } from '../../../renderer/lib/range.ts'

const local = (...parts: [number, number, number, number?, number?]) => new Date(...parts).getTime()
const now = local(2026, 10, 24, 14, 22)

describe('a range', () => {
  test.each<[RangeChoice, from: number, to: number, bucket: string]>([
    [{ name: 'today' }, local(2026, 10, 24), local(2026, 10, 24, 15), 'hour'],
    [{ name: '24h' }, local(2026, 10, 23, 15), local(2026, 10, 24, 15), 'hour'],
    [{ name: '7d' }, local(2026, 10, 18), local(2026, 10, 24, 15), 'day'],
    [{ name: '30d' }, local(2026, 9, 26), local(2026, 10, 24, 15), 'day'],
    [{ name: 'month' }, local(2026, 10, 1), local(2026, 10, 24, 15), 'day'],
    [{ name: 'custom', from: '2026-11-02', to: '2026-11-03' }, local(2026, 10, 2), local(2026, 10, 4), 'hour'],
    [{ name: 'custom', from: '2026-11-02', to: '2026-11-20' }, local(2026, 10, 2), local(2026, 10, 21), 'day'],
    [{ name: 'custom', from: '2026-11-20', to: '2026-12-31' }, local(2026, 10, 20), local(2026, 10, 24, 15), 'day'],
    [{ name: 'custom', from: '2026-11-20', to: '2026-11-02' }, local(2026, 10, 20), local(2026, 10, 21), 'hour'],
    [{ name: 'custom', from: '2027-01-01', to: '2027-01-02' }, local(2026, 10, 24), local(2026, 10, 24, 15), 'hour'],
    [{ name: 'custom', from: 'nonsense' }, local(2026, 10, 18), local(2026, 10, 24, 15), 'day'],
  ])('%j', (choice, from, to, bucket) => expect(resolveRange(choice, now)).toEqual({ from, to, bucket }))

  test('stays the same within an hour', () => {
    expect(resolveRange({ name: '24h' }, now)).toEqual(resolveRange({ name: '24h' }, now + 37 * 60_000))
    expect(resolveRange({ name: '24h' }, now)).not.toEqual(resolveRange({ name: '24h' }, now + 38 * 60_000))
  })
})

test.each<[string, RangeChoice]>([
  ['', { name: 'today' }],
  ['range=7d', { name: '7d' }],
  ['range=nonsense', { name: 'today' }],
  ['range=custom&from=2026-11-02&to=2026-11-03', { name: 'custom', from: '2026-11-02', to: '2026-11-03' }],
])('the address "%s" says %j', (search, choice) => {
  expect(readRange(new URLSearchParams(search))).toEqual(choice)
})

test('is written without touching the rest, and without days it does not need', () => {
  const search = new URLSearchParams('by=model&range=custom&from=2026-11-02&to=2026-11-03')
  expect(writeRange(search, { name: '7d' }).toString()).toBe('by=model&range=7d')
  expect(readRange(writeRange(search, readRange(search)))).toEqual(readRange(search))
  expect(writeDay(local(2026, 0, 5))).toBe('2026-01-05')
})

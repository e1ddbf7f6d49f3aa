import { describe, expect, test } from 'vitest'
import { bucketAt, bucketEdges, hourMs, startOfDay, startOfMonth } from '../../../gateway/api/buckets.ts'

const at = (text: string): number => Date.parse(text)
const iso = (times: number[]): string[] => times.map((time) => new Date(time).toISOString().slice(0, 16))

describe('the edges of buckets', () => {
  const table: [name: string, query: Parameters<typeof bucketEdges>[0], edges: string[]][] = [
    [
      'hours begin with the one that holds the start',
      { from: at('2026-01-15T12:20Z'), to: at('2026-01-15T14:01Z'), bucket: 'hour', timeZone: 'UTC' },
      ['2026-01-15T12:00', '2026-01-15T13:00', '2026-01-15T14:00', '2026-01-15T15:00'],
    ],
    [
      'days in UTC; the end is exclusive',
      { from: at('2026-01-15T12:20Z'), to: at('2026-01-17T00:00Z'), bucket: 'day', timeZone: 'UTC' },
      ['2026-01-15T00:00', '2026-01-16T00:00', '2026-01-17T00:00'],
    ],
    [
      'a day of 23 hours: Berlin in March',
      { from: at('2026-03-28T12:00Z'), to: at('2026-03-30T12:00Z'), bucket: 'day', timeZone: 'Europe/Berlin' },
      ['2026-03-27T23:00', '2026-03-28T23:00', '2026-03-29T22:00', '2026-03-30T22:00'],
    ],
    [
      'a day of 25 hours: New York in November',
      { from: at('2026-10-31T12:00Z'), to: at('2026-11-02T12:00Z'), bucket: 'day', timeZone: 'America/New_York' },
      ['2026-10-31T04:00', '2026-11-01T04:00', '2026-11-02T05:00', '2026-11-03T05:00'],
    ],
    [
      'half an hour beside the others: Kolkata',
      { from: at('2026-01-15T12:00Z'), to: at('2026-01-15T20:00Z'), bucket: 'day', timeZone: 'Asia/Kolkata' },
      ['2026-01-14T18:30', '2026-01-15T18:30', '2026-01-16T18:30'],
    ],
    [
      'a day whose midnight is skipped: Beirut',
      { from: at('2024-03-30T12:00Z'), to: at('2024-04-01T12:00Z'), bucket: 'day', timeZone: 'Asia/Beirut' },
      ['2024-03-29T22:00', '2024-03-30T22:00', '2024-03-31T21:00', '2024-04-01T21:00'],
    ],
    [
      'a midnight that comes twice: Havana',
      { from: at('2024-11-02T12:00Z'), to: at('2024-11-04T12:00Z'), bucket: 'day', timeZone: 'America/Havana' },
      ['2024-11-02T04:00', '2024-11-03T04:00', '2024-11-04T05:00', '2024-11-05T05:00'],
    ],
    [
      'a day that never was: Samoa',
      { from: at('2011-12-29T12:00Z'), to: at('2011-12-31T12:00Z'), bucket: 'day', timeZone: 'Pacific/Apia' },
      ['2011-12-29T10:00', '2011-12-30T10:00', '2011-12-31T10:00', '2012-01-01T10:00'],
    ],
  ]
  test.each(table)('%s', (_name, query, edges) => {
    expect(iso(bucketEdges(query))).toEqual(edges)
  })

  test.each([
    ['the wrong way round', { from: 5, to: 5, bucket: 'day', timeZone: 'UTC' }, '"from" must be before "to"'],
    [
      'too many',
      { from: 0, to: 20_000 * hourMs, bucket: 'hour', timeZone: 'UTC' },
      'more than 3000 hours: choose days',
    ],
    ['no zone', { from: 0, to: 5, bucket: 'day', timeZone: 'Europe/Nowhere' }, '"Europe/Nowhere" is no time zone'],
  ] as const)('%s is refused', (_name, query, text) => {
    expect(() => bucketEdges(query)).toThrow(text)
  })
})

test('a moment falls into the bucket that began last; before the first it counts with it', () => {
  const edges = [10, 20, 40, 50]
  expect([5, 10, 19, 20, 39, 40, 49, 70].map((time) => bucketAt(edges, time))).toEqual([0, 0, 0, 1, 1, 2, 2, 2])
})

test('days and months begin where the user is', () => {
  const time = at('2026-03-31T23:30Z')
  expect(iso([startOfDay(time, 'Europe/Berlin'), startOfMonth(time, 'Europe/Berlin')])).toEqual([
    '2026-03-31T22:00',
    '2026-03-31T22:00',
  ])
  expect(
    iso([startOfMonth(time, 'UTC'), startOfMonth(time, 'UTC', 1), startOfMonth(at('2026-12-05T00:00Z'), 'UTC', 1)]),
  ).toEqual(['2026-03-01T00:00', '2026-04-01T00:00', '2027-01-01T00:00'])
})

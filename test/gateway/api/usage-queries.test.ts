import { describe, expect, test } from 'vitest'
import { createUsageHandlers, series } from '../../../gateway/api/usage-queries.ts'
import { methods, type Totals } from '../../../gateway/contract.ts'
import type { HourRow, HoursQuery, LedgerReader } from '../../../gateway/stores/ledger-reader.ts'
import { emptyTotals } from '../../../gateway/stores/roll-up.ts'

const hourMs = 3_600_000

function hour(hourOf: number, more: Partial<Totals> = {}, name: string | null = null): HourRow {
  return { ...emptyTotals(), requests: 1, ...more, hour: hourOf, name }
}

interface FakeLedger extends LedgerReader {
  asked: HoursQuery[]
  edges: number[]
}

function ledger(rows: HourRow[]): FakeLedger {
  const unused = (): never => {
    throw new Error('not asked here')
  }
  const fake: FakeLedger = {
    asked: [],
    edges: [],
    calls: unused,
    call: unused,
    names: unused,
    hours(query) {
      fake.asked.push(query)
      const [first, end] = [Math.floor(query.from / hourMs), Math.ceil(query.to / hourMs)]
      return Promise.resolve(rows.filter((row) => row.hour >= first && row.hour < end))
    },
    latency(edges) {
      fake.edges = [...edges]
      const span = { durationMs: { p50: 1, p95: 2, p99: 3 }, firstTokenMs: null }
      return Promise.resolve({ total: span, spans: edges.slice(1).map(() => span) })
    },
  }
  return fake
}

test('the summary has the span of the same length before it, and counts no hour twice', async () => {
  const reader = ledger([hour(8, { costNanoUsd: 1 }), hour(9, { costNanoUsd: 10 }), hour(10, { costNanoUsd: 100 })])
  const { 'usage.summary': summary } = createUsageHandlers({ ledger: reader, now: () => 0 })
  const { total, previous } = await summary({ from: 10 * hourMs + 5, to: 11 * hourMs })
  expect([total.costNanoUsd, previous.costNanoUsd]).toEqual([100, 10])
  expect(reader.asked[1]?.to).toBe(10 * hourMs)
})

test('a span from the beginning of time has none before it', async () => {
  const { 'usage.summary': summary } = createUsageHandlers({ ledger: ledger([hour(0)]), now: () => 0 })
  const answer = await summary({ from: 0, to: hourMs })
  expect(answer).toEqual({ total: { ...emptyTotals(), requests: 1 }, previous: emptyTotals() })
})

test('groups: the biggest cost first, then the most requests, then by name; null is nobody', async () => {
  const rows = [
    hour(1, { costNanoUsd: 5 }, 'b'),
    hour(1, { costNanoUsd: 3 }, 'a'),
    hour(2, { costNanoUsd: 3 }, 'a'),
    hour(2, { requests: 7 }, 'd'),
    hour(2, {}, 'c'),
    hour(2, {}, null),
  ]
  const { 'usage.groups': groups } = createUsageHandlers({ ledger: ledger(rows), now: () => 0 })
  const answer = await groups({ from: 0, to: 3 * hourMs, by: 'provider' })
  expect(answer.groups.map(({ name, costNanoUsd, requests }) => [name, costNanoUsd, requests])).toEqual([
    ['a', 6, 2],
    ['b', 5, 1],
    ['d', 0, 7],
    [null, 0, 1],
    ['c', 0, 1],
  ])
  expect(methods['usage.groups'].output.parse(answer)).toEqual(answer)
})

describe('series', () => {
  const query = { from: 0, to: 3 * hourMs, bucket: 'hour', timeZone: 'UTC' } as const
  const requests = (answer: ReturnType<typeof series>) =>
    answer.series.map(({ name, points }) => [name, points.map((point) => point?.requests ?? null)])

  test('missing is a gap, not a zero', () => {
    const answer = series(query, [hour(0), hour(2, { requests: 4 })])
    expect(answer.buckets).toEqual([0, hourMs, 2 * hourMs])
    expect(requests(answer)).toEqual([[null, [1, null, 4]]])
  })

  test('nothing at all is one line of gaps, and no line by name', () => {
    expect(requests(series(query, []))).toEqual([[null, [null, null, null]]])
    expect(requests(series({ ...query, by: 'model' }, []))).toEqual([])
  })

  test('days of a zone take the hours that begin in them', () => {
    const from = Date.UTC(2026, 2, 28, 23)
    const first = from / hourMs
    const days = { from, to: from + 47 * hourMs, bucket: 'day', timeZone: 'Europe/Berlin' } as const
    const rows = [hour(first), hour(first + 22), hour(first + 23), hour(first + 46)]
    expect(requests(series(days, rows))).toEqual([[null, [2, 2]]])
  })

  test('by name, as the handler asks for it', async () => {
    const reader = ledger([hour(0, { costNanoUsd: 1 }, 'a'), hour(1, { costNanoUsd: 9 }, 'b')])
    const handlers = createUsageHandlers({ ledger: reader, now: () => 0 })
    const answer = await handlers['usage.series']({ ...query, by: 'model' })
    expect(requests(answer)).toEqual([
      ['b', [null, 1, null]],
      ['a', [1, null, null]],
    ])
    expect(reader.asked).toEqual([{ from: 0, to: 3 * hourMs, by: 'model' }])
  })
})

test('latency: the ends of the range cut the first and the last day', async () => {
  const reader = ledger([])
  const { 'usage.latency': latency } = createUsageHandlers({ ledger: reader, now: () => 0 })
  const answer = await latency({ from: 5 * hourMs, to: 30 * hourMs, bucket: 'day', timeZone: 'UTC' })
  expect(reader.edges).toEqual([5 * hourMs, 24 * hourMs, 30 * hourMs])
  expect(answer.points.map(({ start }) => start)).toEqual([0, 24 * hourMs])
  expect(methods['usage.latency'].output.parse(answer)).toEqual(answer)
})

test('the forecast is of the month there', async () => {
  const now = Date.UTC(2026, 0, 31, 23, 30)
  const reader = ledger([hour(Math.floor(now / hourMs), { costNanoUsd: 5 })])
  const { 'usage.forecast': forecast } = createUsageHandlers({ ledger: reader, now: () => now })
  const answer = await forecast({ timeZone: 'Europe/Berlin' })
  expect(answer).toEqual({
    todayNanoUsd: 5,
    monthNanoUsd: 5,
    forecastNanoUsd: null,
    budgetNanoUsd: null,
    monthEndsAt: Date.UTC(2026, 1, 28, 23),
  })
})

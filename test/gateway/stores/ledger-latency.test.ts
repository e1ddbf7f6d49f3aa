import { describe, expect, test } from 'vitest'
import { latencyReport } from '../../../gateway/stores/ledger-latency.ts'

describe('latencyReport', () => {
  /** Percentiles of one span with these durations. */
  function of(durations: readonly number[]): unknown {
    const all = { startedAt: durations.map(() => 5), durationMs: durations, firstTokenMs: durations.map(() => -1) }
    return latencyReport(all, [0, 10]).total.durationMs
  }

  const cases: [what: string, durations: number[], p50: number, p95: number, p99: number][] = [
    ['one', [7], 7, 7, 7],
    ['two', [2, 1], 1, 2, 2],
    ['three', [3, 1, 2], 2, 3, 3],
    ['all alike', Array.from({ length: 50 }, () => 4), 4, 4, 4],
    ['in order', Array.from({ length: 200 }, (_, index) => index + 1), 100, 190, 198],
    ['in reverse', Array.from({ length: 200 }, (_, index) => 200 - index), 100, 190, 198],
    ['a few values many times', Array.from({ length: 1000 }, (_, index) => index % 3), 1, 2, 2],
  ]

  test.each(cases)('%s', (_, durations, p50, p95, p99) => {
    expect(of(durations)).toEqual({ p50, p95, p99 })
  })

  test('as sorting would have it, whatever the order', () => {
    const durations = Array.from({ length: 4999 }, (_, index) => (index * 7919) % 4999)
    const sorted = durations.toSorted((a, b) => a - b)
    expect(of(durations)).toEqual({ p50: sorted[2499], p95: sorted[4749], p99: sorted[4949] })
  })

  test('no edges, or one: no span, and nothing in all', () => {
    const none = { total: { durationMs: null, firstTokenMs: null }, spans: [] }
    const calls = { startedAt: [5], durationMs: [1], firstTokenMs: [1] }
    expect([latencyReport(calls, []), latencyReport(calls, [5])]).toEqual([none, none])
  })

  test('a first token after 0 ms is one', () => {
    const calls = { startedAt: [5, 5], durationMs: [1, 1], firstTokenMs: [0, -1] }
    expect(latencyReport(calls, [5, 6]).total.firstTokenMs).toEqual({ p50: 0, p95: 0, p99: 0 })
  })
})

import { expect, test, vi } from 'vitest'
import { createProviderHealth } from '../../gateway/pipeline/health.ts'
import { recordSettled, type RecordPorts } from '../../gateway/record-settled.ts'
import { createMetrics } from '../../gateway/telemetry/metrics.ts'
import type { Log } from '../../gateway/telemetry/log.ts'
import { anAttempt, call, config } from './pipeline/stage.ts'
import type { Attempt } from '../../gateway/pipeline/call.ts'

const log: Log = { debug() {}, info() {}, warn() {}, error() {}, child: () => log }
const lost = { outcome: 'aborted', errorCode: 'hedge_lost' } as const

/** [name, attempts of a call that took 1000 ms in all, milliseconds that the gateway itself added] */
const rows: [string, Partial<Attempt>[], number][] = [
  ['one', [{ durationMs: 990 }], 10],
  [
    'one after the other',
    [
      { durationMs: 400, outcome: 'error' },
      { number: 2, startedAt: 400, durationMs: 590 },
    ],
    10,
  ],
  ['side by side, the first won', [{ durationMs: 990 }, { number: 2, startedAt: 300, durationMs: 690, ...lost }], 10],
  ['side by side, both to the end', [{ durationMs: 790 }, { number: 2, startedAt: 300, durationMs: 690 }], 10],
  [
    'side by side, the second failed, and then the next',
    [
      { durationMs: 500, outcome: 'error' },
      { number: 2, startedAt: 300, durationMs: 100, outcome: 'error' },
      { number: 3, startedAt: 600, durationMs: 390 },
    ],
    110,
  ],
  [
    'side by side, the second won',
    [
      { durationMs: 990, ...lost },
      { number: 2, startedAt: 300, durationMs: 690 },
    ],
    10,
  ],
]

test.each(rows)('the overhead: %s', (_, given, expected) => {
  const metrics = createMetrics()
  const recordCall = vi.spyOn(metrics, 'recordCall')
  const ports: RecordPorts = {
    log,
    metrics,
    scrub: (text) => text,
    health: createProviderHealth(() => 0),
    nowMs: () => 1000,
    logging: config({ logging: { level: 'silent' } }).logging,
  }
  const attempts = given.map((more) => anAttempt({ startedAt: 0, ...more }))
  const answer = {
    cache: 'MISS',
    attempts,
    decisive: attempts.at(-1),
    failure: undefined,
    head: { status: 200, headers: {} },
    tail: new Uint8Array(0),
    hit: undefined,
  } as const
  const ending = { call: call(), caller: undefined, route: undefined, ticket: undefined, answer }
  recordSettled(ending, { rows: [], costNanoUsd: 0 }, ports)
  expect(recordCall).toHaveBeenCalledWith([], { overheadMs: expected })
})

import { describe, expect, test } from 'vitest'
import {
  providerState,
  providerStatus,
  type ProviderState,
  type StateFacts,
} from '../../../gateway/api/provider-status.ts'
import { createBreaker } from '../../../gateway/pipeline/breaker.ts'
import { createProviderHealth, type HealthRecord } from '../../../gateway/pipeline/health.ts'
import type { ProbeResult } from '../../../gateway/pipeline/probe.ts'
import { anAttempt, provider } from '../pipeline/stage.ts'

const fresh: HealthRecord = createProviderHealth(() => 0).of('p')
const checked = (ok: boolean): ProbeResult => ({ ok, reason: ok ? undefined : 'no', models: [], checkedAt: 5 })

describe('the state', () => {
  const table: [
    state: ProviderState,
    facts: Partial<Omit<StateFacts, 'record'>> & { record?: Partial<HealthRecord> },
  ][] = [
    ['unknown', {}],
    ['healthy', { checked: checked(true) }],
    ['down', { checked: checked(false) }],
    ['healthy', { record: { lastSuccessAt: 1 }, checked: checked(false) }],
    ['degraded', { record: { lastSuccessAt: 1, consecutiveFailures: 1 } }],
    ['degraded', { record: { lastSuccessAt: 1 }, openCircuits: 1 }],
    ['degraded', { record: { consecutiveFailures: 4 } }],
    ['down', { record: { lastSuccessAt: 1, consecutiveFailures: 5 } }],
    ['misconfigured', { provider: { problem: 'no key' }, record: { lastSuccessAt: 1 } }],
  ]
  test.each(table)('%s: %j', (state, { record, ...facts }) => {
    const all = { provider: { problem: undefined }, checked: undefined, openCircuits: 0, ...facts }
    expect(providerState({ ...all, record: { ...fresh, ...record } })).toBe(state)
  })
})

test('all that is known, without asking anybody', () => {
  const health = createProviderHealth(() => Date.UTC(2026, 0, 1))
  const breaker = createBreaker(
    () => 0,
    () => {},
  )
  health.record(anAttempt({ durationMs: 120.4 }))
  for (let count = 0; count < 5; count += 1) breaker.report('p/meta/m', 'failure')
  breaker.report('pp/m', 'failure')
  const ports = {
    health,
    breaker,
    probe: { last: () => checked(true), check: () => Promise.reject(new Error('asked')) },
  }
  expect(providerStatus([provider({ models: ['m'] }), provider({ name: 'q', apiKey: undefined })], ports)).toEqual({
    providers: [
      {
        name: 'p',
        type: 'openai',
        status: 'degraded',
        problem: null,
        models: ['m'],
        priority: 100,
        attempts: 1,
        failures: 0,
        consecutive_failures: 0,
        latency_ms: 120,
        last_success: '2026-01-01T00:00:00.000Z',
        last_failure: null,
        last_check: { at: '1970-01-01T00:00:00.005Z', ok: true },
        open_circuits: [{ model: 'meta/m', retry_in_ms: 10_000 }],
      },
      expect.objectContaining({
        name: 'q',
        status: 'misconfigured',
        problem: expect.stringContaining('no API key'),
        models: null,
      }),
    ],
  })
})

test('the last failure is told', () => {
  const health = createProviderHealth(() => 0)
  health.record(anAttempt({ outcome: 'error', status: undefined, errorCode: 'upstream_unreachable' }))
  const breaker = createBreaker(
    () => 0,
    () => {},
  )
  const ports = { health, breaker, probe: { last: () => undefined, check: () => Promise.reject(new Error('asked')) } }
  expect(providerStatus([provider()], ports)).toMatchObject({
    providers: [
      {
        last_failure: { at: '1970-01-01T00:00:00.000Z', status: null, code: 'upstream_unreachable' },
        last_check: null,
      },
    ],
  })
})

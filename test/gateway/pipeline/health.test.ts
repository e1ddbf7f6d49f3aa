import { expect, test } from 'vitest'
import { createProviderHealth } from '../../../gateway/pipeline/health.ts'
import { anAttempt } from './stage.ts'

test('what live traffic says', () => {
  let now = 100
  const health = createProviderHealth(() => now)
  expect(health.of('p')).toEqual({
    attempts: 0,
    failures: 0,
    consecutiveFailures: 0,
    lastSuccessAt: undefined,
    lastFailure: undefined,
    latencyMs: undefined,
  })
  health.record(anAttempt({ durationMs: 100 }))
  now = 200
  health.record(anAttempt({ outcome: 'error', status: 503, errorCode: 'overloaded' }))
  health.record(anAttempt({ outcome: 'broken', status: 200 }))
  expect(health.of('p')).toEqual({
    attempts: 3,
    failures: 2,
    consecutiveFailures: 2,
    lastSuccessAt: 100,
    lastFailure: { at: 200, status: 200, code: undefined },
    latencyMs: 100,
  })
})

test('a success ends a row of failures; the first token counts before the whole time', () => {
  const health = createProviderHealth(() => 1)
  health.record(anAttempt({ outcome: 'error' }))
  health.record(anAttempt({ durationMs: 900, firstTokenMs: 100 }))
  health.record(anAttempt({ durationMs: 900, firstTokenMs: 200 }))
  expect(health.of('p')).toMatchObject({ consecutiveFailures: 0, failures: 1, latencyMs: 120 })
})

test('a client that hangs up says nothing of the provider', () => {
  const health = createProviderHealth(() => 1)
  health.record(anAttempt({ outcome: 'aborted' }))
  expect(health.of('p').attempts).toBe(0)
  expect(health.of('q').attempts).toBe(0)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  backoffBaseMs,
  backoffCapMs,
  nextStep,
  retryAfterCapMs,
  retryDelayMs,
  type AttemptFailure,
  type PolicyState,
  type Step,
} from '../../../gateway/pipeline/policy.ts'

const fresh: PolicyState = { attempts: 1, maxAttempts: 6, retries: 0, maxRetries: 2, hasNext: false }
const hiccup: AttemptFailure = { retryable: true, fallback: true, busy: false, retryAfterMs: undefined }
const refused: AttemptFailure = { retryable: false, fallback: false, busy: false, retryAfterMs: undefined }

const stop: Step = { type: 'stop' }
const next: Step = { type: 'next' }
const retryAfter = (delayMs: number): Step => ({ type: 'retry', delayMs })

const table: [what: string, state: Partial<PolicyState>, failure: Partial<AttemptFailure>, step: Step][] = [
  ['a hiccup is retried', {}, {}, retryAfter(250)],
  ['a hiccup is retried before another target is asked', { hasNext: true }, {}, retryAfter(250)],
  ['the second retry may wait twice as long', { retries: 1 }, {}, retryAfter(500)],
  ['retries are used up: the next target', { retries: 2, hasNext: true }, {}, next],
  ['retries are used up and nobody is left', { retries: 2 }, {}, stop],
  ['no retries configured', { maxRetries: 0 }, {}, stop],
  ['no retries configured, another target', { maxRetries: 0, hasNext: true }, {}, next],
  ['attempts are used up, whatever is left', { attempts: 6, hasNext: true }, {}, stop],
  ['more attempts than allowed', { attempts: 7, hasNext: true }, {}, stop],
  ['one attempt allowed', { attempts: 1, maxAttempts: 1, hasNext: true }, {}, stop],
  ['busy: another target at once', { hasNext: true }, { busy: true }, next],
  ['busy, but nobody else: wait as told', {}, { busy: true, retryAfterMs: 3000 }, retryAfter(3000)],
  ['busy, but no other may answer: wait', { hasNext: true }, { busy: true, fallback: false }, retryAfter(250)],
  ['another may, this one never will', { hasNext: true }, { retryable: false }, next],
  ['another may, but there is none', {}, { retryable: false }, stop],
  ['the caller is wrong', { hasNext: true }, refused, stop],
  ['the provider says now', {}, { retryAfterMs: 0 }, retryAfter(0)],
  ['the provider says when', {}, { retryAfterMs: 1234 }, retryAfter(1234)],
  ['as long as the cap', {}, { retryAfterMs: retryAfterCapMs }, retryAfter(retryAfterCapMs)],
  ['longer than the cap: the client is told', {}, { retryAfterMs: retryAfterCapMs + 1 }, stop],
  ['longer than the cap: the next target', { hasNext: true }, { retryAfterMs: retryAfterCapMs + 1 }, next],
]

test.each(table)('%s', (_what, state, failure, step) => {
  expect(nextStep({ ...fresh, ...state }, { ...hiccup, ...failure }, 0.5)).toEqual(step)
})

describe('jitter', () => {
  test.each([
    [0, 0, 0],
    [0, 1, backoffBaseMs],
    [3, 1, 4000],
    [4, 1, backoffCapMs],
    [10, 1, backoffCapMs],
    [1000, 1, backoffCapMs],
  ])('retry %i with a draw of %f waits %i ms', (retries, random, ms) => {
    expect(retryDelayMs(retries, undefined, random)).toBe(ms)
  })

  test('lies between nothing and the cap', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (retries, random) => {
        const ms = retryDelayMs(retries, undefined, random)
        expect(ms).toBeGreaterThanOrEqual(0)
        expect(ms).toBeLessThanOrEqual(Math.min(backoffCapMs, backoffBaseMs * 2 ** retries))
      }),
    )
  })
})

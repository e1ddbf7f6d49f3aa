import { expect, test } from 'vitest'
import { createEmbeddingHealth } from '../../../gateway/pipeline/semantic-health.ts'

test('what fails three times in a row is left alone for half a minute, then tried by one', () => {
  let nowMs = 0
  let failed = 0
  const told: (string | undefined)[] = []
  const health = createEmbeddingHealth({
    nowMs: () => nowMs,
    onFailed: () => (failed += 1),
    onChange: (problem) => told.push(problem),
  })
  expect(health.problem()).toBeUndefined()
  for (const text of ['no key', 'no key', 'too slow']) {
    expect(health.mayAsk()).toBe(true)
    health.failed(text)
  }
  expect(health.problem()).toBe('too slow')
  expect(health.mayAsk()).toBe(false)
  nowMs = 30_000
  expect([health.mayAsk(), health.mayAsk()]).toEqual([true, false])
  health.worked()
  expect(health.mayAsk()).toBe(true)
  expect(health.problem()).toBeUndefined()
  health.failed('again')
  expect(told).toEqual(['no key', undefined, 'again'])
  expect(failed).toBe(4)
})

import { describe, expect, test } from 'vitest'
import { didYouMean, editDistance, nearest } from '../../../gateway/config/spelling.ts'

describe('editDistance', () => {
  test.each([
    ['', '', 0],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['port', 'port', 0],
    ['prot', 'port', 1],
    ['por', 'port', 1],
    ['ports', 'port', 1],
    ['pork', 'port', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
  ])('%j to %j takes %i', (from, to, distance) => {
    expect(editDistance(from, to)).toBe(distance)
    expect(editDistance(to, from)).toBe(distance)
  })
})

describe('nearest', () => {
  const keys = ['port', 'host', 'rateLimit', 'maxRetries', 'baseUrl', 'readTimeout', 'writeTimeout']

  test.each([
    ['prot', 'port'],
    ['ratelimit', 'rateLimit'],
    ['rate_limit', 'rateLimit'],
    ['base-url', 'baseUrl'],
    ['url', 'baseUrl'],
    ['retries', 'maxRetries'],
    ['readTimeuot', 'readTimeout'],
    // Part of two keys: no guess.
    ['timeout', undefined],
    ['x', undefined],
    ['colour', undefined],
    ['', undefined],
  ])('%j is %j', (word, expected) => {
    expect(nearest(word, keys)).toBe(expected)
  })

  test('says nothing when there is nothing to say', () => {
    expect(didYouMean('colour', keys)).toBe('')
    expect(didYouMean('prot', keys)).toBe(', did you mean "port"?')
  })
})

test('a long name is not compared with hundreds: it took 200 ms', () => {
  const models = Array.from({ length: 500 }, (_, index) => `provider-model-name-${index}-instruct-2025-turbo`)
  const started = performance.now()
  expect(nearest('m'.repeat(1000), models)).toBeUndefined()
  expect(performance.now() - started).toBeLessThan(50)
  expect(nearest('provider-modle-name-7-instruct-2025-turbo', models)).toBe('provider-model-name-7-instruct-2025-turbo')
})

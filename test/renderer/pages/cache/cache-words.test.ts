import { describe, expect, test } from 'vitest'
import { answers, clearQuestion, hitRate } from '../../../../renderer/pages/cache/cache-words.ts'

test.each([
  [0, 0, null],
  [0, 10, 0],
  [1, 3, 0.25],
])('hitRate of %d hits and %d misses', (hits, misses, rate) => expect(hitRate(hits, misses)).toBe(rate))

describe('clearQuestion', () => {
  const state = {
    entries: 1893,
    bytes: 84_300_000,
    models: [
      { model: 'fast', entries: 1, bytes: 4096 },
      { model: 'smart', entries: 1892, bytes: 84_000_000 },
    ],
  }

  test('names everything that goes', () => {
    const { title, text } = clearQuestion(state)
    expect(title).toBe('Clear the whole cache?')
    expect(text).toContain('1,893 answers of 2 models (80.4 MB) go.')
  })

  test('of one model names only its own', () => {
    const { title, text } = clearQuestion(state, 'fast')
    expect(title).toBe('Clear the answers of fast?')
    expect(text).toContain('1 answer (4 KB) goes.')
  })
})

test.each([
  [1, '1 answer'],
  [0, '0 answers'],
  [1893, '1,893 answers'],
])('answers(%d)', (count, words) => expect(answers(count)).toBe(words))

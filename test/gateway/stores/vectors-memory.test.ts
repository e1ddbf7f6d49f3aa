import { beforeEach, describe, expect, test } from 'vitest'
import { createMemoryVectors, type MemoryVectors } from '../../../gateway/stores/vectors-memory.ts'
import type { VectorEntry } from '../../../gateway/stores/vectors.ts'

function entry(key: string, more: Partial<VectorEntry> = {}): VectorEntry {
  return {
    scope: 's',
    vector: new Float32Array(8),
    text: 'text',
    key,
    storedAt: 0,
    callId: 'c',
    model: 'm',
    expiresAt: 1000,
    ...more,
  }
}

describe('vectors in memory', () => {
  let now: number
  let vectors: MemoryVectors
  const keys = (scope = 's'): string[] => vectors.of(scope).map(({ key }) => key)

  beforeEach(() => {
    now = 0
    vectors = createMemoryVectors({ now: () => now })
  })

  test('are found in their scope only, in order of age', () => {
    vectors.add(entry('a'), 10)
    vectors.add(entry('b'), 10)
    vectors.add(entry('a', { scope: 'other' }), 10)
    expect(keys()).toEqual(['a', 'b'])
    expect(keys('other')).toEqual(['a'])
    expect(keys('none')).toEqual([])
  })

  test('end with their time', () => {
    vectors.add(entry('a'), 10)
    now = 1000
    expect(keys()).toEqual([])
    expect(vectors.stats()).toEqual({ entries: 0, bytes: 0 })
  })

  test('of all scopes the oldest goes where there are too many', () => {
    vectors.add(entry('a', { scope: 'other' }), 2)
    vectors.add(entry('b'), 2)
    vectors.add(entry('c'), 2)
    expect(keys('other')).toEqual([])
    expect(keys()).toEqual(['b', 'c'])
  })

  test('and where they take too much room', () => {
    vectors = createMemoryVectors({ now: () => now, maxBytes: 1500 })
    for (const key of ['a', 'b', 'c']) vectors.add(entry(key), 10)
    expect(keys()).toEqual(['b', 'c'])
    vectors.add(entry('d', { vector: new Float32Array(1000) }), 10)
    expect(keys()).toEqual(['b', 'c'])
    expect(vectors.stats().bytes).toBeLessThanOrEqual(1500)
  })

  test('the same question again is one entry, the newest', () => {
    vectors.add(entry('a'), 10)
    vectors.add(entry('b'), 10)
    vectors.add(entry('a', { callId: 'later' }), 10)
    expect(keys()).toEqual(['b', 'a'])
    expect(vectors.of('s')[1]?.callId).toBe('later')
    expect(vectors.stats().entries).toBe(2)
  })

  test('one whose answer is gone is dropped, its successor is not', () => {
    const old = entry('a')
    vectors.add(old, 10)
    vectors.add(entry('a', { storedAt: 5 }), 10)
    vectors.drop(old)
    expect(keys()).toEqual(['a'])
    vectors.drop(entry('a', { storedAt: 5 }))
    expect(vectors.stats()).toEqual({ entries: 0, bytes: 0 })
  })

  test('are cleared, of one model or all', () => {
    vectors.add(entry('a'), 10)
    vectors.add(entry('b', { model: 'other' }), 10)
    vectors.clear('other')
    expect(keys()).toEqual(['a'])
    vectors.clear()
    expect(vectors.stats()).toEqual({ entries: 0, bytes: 0 })
  })
})

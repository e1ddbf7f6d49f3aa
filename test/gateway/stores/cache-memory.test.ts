import { expect, test } from 'vitest'
import { createMemoryCache } from '../../../gateway/stores/cache-memory.ts'
import { answer, describeCache } from '../../conformance/cache.ts'

describeCache('memory', createMemoryCache)

test('what was used last goes last', () => {
  const cache = createMemoryCache({ maxBytes: 5000, now: () => 0 })
  for (const key of ['a', 'b', 'c']) cache.set(key, answer('x'.repeat(1000)), 1000)
  cache.get('a')
  cache.set('d', answer('x'.repeat(1000)), 1000)
  expect(['a', 'b', 'c', 'd'].filter((key) => cache.get(key) !== undefined)).toEqual(['a', 'c', 'd'])
})

test('an expired answer gives its bytes back', () => {
  let now = 0
  const cache = createMemoryCache({ maxBytes: 5000, now: () => now })
  cache.set('a', answer('x'), 1000)
  now = 1000
  cache.get('a')
  expect(cache.stats()).toEqual({ entries: 0, bytes: 0, maxBytes: 5000 })
})

test('an answer that is too large takes the place of the old one, which is no longer true', () => {
  const cache = createMemoryCache({ maxBytes: 5000, now: () => 0 })
  cache.set('a', answer('old'), 1000)
  cache.set('a', answer('x'.repeat(6000)), 1000)
  expect(cache.get('a')).toBeUndefined()
  expect(cache.stats()).toMatchObject({ entries: 0, bytes: 0 })
})

test('does not hold on to the large buffer that a small body is a view of', () => {
  const cache = createMemoryCache({ maxBytes: 5000, now: () => 0 })
  const slab = new Uint8Array(1_000_000).fill(7)
  cache.set('a', answer(slab.subarray(10, 20)), 1000)
  slab.fill(0)
  const body = cache.get('a')?.body
  expect(body?.buffer.byteLength).toBe(10)
  expect(body?.[0]).toBe(7)
})

test('a time of nothing keeps nothing', () => {
  const cache = createMemoryCache({ maxBytes: 5000, now: () => 0 })
  cache.set('a', answer('x'), 0)
  expect(cache.stats()).toMatchObject({ entries: 0 })
})

test('a popular answer stays as quick to get, however many others there are', () => {
  const cache = createMemoryCache({ maxBytes: 1e9, now: () => 0 })
  for (let index = 0; index < 50_000; index += 1) cache.set(`key-${index}`, answer('x'), 1000)
  const started = performance.now()
  for (let index = 0; index < 100_000; index += 1) cache.get(`key-${index % 2}`)
  // Some 20 ms; a Map that is re-ordered by delete and set takes seconds here.
  expect(performance.now() - started).toBeLessThan(1000)
})

test('the most used entries come first, and what has run out is not among them', () => {
  let now = 0
  const cache = createMemoryCache({ maxBytes: 50_000, now: () => now })
  const kept = (model: string, storedAt: number, costNanoUsd?: number) => ({
    body: new Uint8Array(model === 'fast' ? 200 : 100),
    model,
    provider: 'p',
    providerModel: 'm',
    storedAt,
    ...(costNanoUsd === undefined ? {} : { costNanoUsd }),
  })
  cache.set('often', kept('fast', 1, 5), 1000)
  cache.set('once', kept('fast', 2), 1000)
  cache.set('never', kept('smart', 3), 1000)
  cache.set('short', kept('smart', 4), 10)
  cache.get('often')
  cache.get('often')
  cache.get('once')
  cache.get('short')
  now = 500
  const rows = cache.top(10).map(({ key, hits, model, costNanoUsd }) => [key, hits, model, costNanoUsd])
  expect(rows).toEqual([
    ['often', 2, 'fast', 5],
    ['once', 1, 'fast', undefined],
    ['never', 0, 'smart', undefined],
  ])
  expect(cache.top(1).map(({ key, expiresAt }) => [key, expiresAt])).toEqual([['often', 1000]])
  const bytes = cache.stats().bytes
  expect(cache.models().map(({ model, entries }) => [model, entries])).toEqual([
    ['fast', 2],
    ['smart', 2],
  ])
  expect(cache.models().reduce((sum, share) => sum + share.bytes, 0)).toBe(bytes)
})

test('a smaller size drops the oldest at once, a larger one keeps all', () => {
  const cache = createMemoryCache({ maxBytes: 5000, now: () => 0 })
  for (const key of ['a', 'b', 'c']) {
    cache.set(key, { body: new Uint8Array(900), model: 'm', provider: 'p', providerModel: 'm', storedAt: 0 }, 1000)
  }
  cache.resize(10_000)
  expect(cache.stats()).toMatchObject({ entries: 3, maxBytes: 10_000 })
  cache.resize(1500)
  expect(cache.stats()).toMatchObject({ entries: 1, maxBytes: 1500 })
  expect(cache.get('c')).toBeDefined()
})

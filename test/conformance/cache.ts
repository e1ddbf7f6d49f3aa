import { beforeEach, describe, expect, test } from 'vitest'
import type { Cache, CachedAnswer } from '../../gateway/stores/cache.ts'

export function answer(body: string | Uint8Array, changes: Partial<CachedAnswer> = {}): CachedAnswer {
  return {
    body: typeof body === 'string' ? new TextEncoder().encode(body) : body,
    model: 'fast',
    provider: 'openai',
    providerModel: 'gpt-4o',
    inputTokens: 10,
    outputTokens: 0,
    costNanoUsd: 1000,
    storedAt: 1_000_000,
    ...changes,
  }
}

/** The behaviour that every cache has. `create` gets the clock, in milliseconds. */
export function describeCache(
  name: string,
  create: (settings: { maxBytes: number; now: () => number }) => Cache,
): void {
  describe(`cache: ${name}`, () => {
    let now: number
    let cache: Cache

    beforeEach(() => {
      now = 1_000_000
      cache = create({ maxBytes: 20_000, now: () => now })
    })

    test('gives back what was put in, byte for byte', async () => {
      const bytes = Uint8Array.from({ length: 256 }, (_, index) => index)
      await cache.set('a', answer(bytes), 1000)
      const found = await cache.get('a')
      expect(found).toMatchObject({ model: 'fast', provider: 'openai', inputTokens: 10, outputTokens: 0 })
      expect(found?.body).toEqual(bytes)
    })

    test('knows nothing under other keys', async () => {
      await cache.set('a', answer('x'), 1000)
      expect(await cache.get('b')).toBeUndefined()
    })

    test('an answer lives for its time', async () => {
      await cache.set('a', answer('x'), 1000)
      now += 999
      expect(await cache.get('a')).toBeDefined()
      now += 1
      expect(await cache.get('a')).toBeUndefined()
    })

    test('the later answer under a key counts, with its own time', async () => {
      await cache.set('a', answer('first'), 1000)
      await cache.set('a', answer('second'), 5000)
      now += 2000
      expect(new TextDecoder().decode((await cache.get('a'))?.body)).toBe('second')
      expect((await cache.stats()).entries).toBe(1)
    })

    test('stays below its bytes, however much is put in', async () => {
      for (let index = 0; index < 200; index += 1) await cache.set(`key-${index}`, answer('x'.repeat(1000)), 1000)
      const stats = await cache.stats()
      expect(stats.maxBytes).toBe(20_000)
      expect(stats.bytes).toBeLessThanOrEqual(20_000)
      expect(stats.entries).toBeGreaterThan(5)
      expect(await cache.get('key-199')).toBeDefined()
      expect(await cache.get('key-0')).toBeUndefined()
    })

    test('does not keep an answer that is too large, and keeps the others', async () => {
      await cache.set('small', answer('x'), 1000)
      await cache.set('large', answer('x'.repeat(30_000)), 1000)
      expect(await cache.get('large')).toBeUndefined()
      expect(await cache.get('small')).toBeDefined()
    })

    test('clear removes everything, or what one model made', async () => {
      await cache.set('a', answer('x'), 1000)
      await cache.set('b', answer('x', { model: 'smart' }), 1000)
      await cache.set('c', answer('x'), 1000)
      expect(await cache.clear('unknown')).toBe(0)
      expect(await cache.clear('fast')).toBe(2)
      expect(await cache.get('b')).toBeDefined()
      expect(await cache.clear()).toBe(1)
      expect(await cache.stats()).toMatchObject({ entries: 0, bytes: 0 })
    })
  })
}

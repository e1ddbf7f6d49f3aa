import { describe, expect, test } from 'vitest'
import { createRedisCache } from '../../../gateway/stores/cache-redis.ts'
import { packEntry, unpackEntry } from '../../../gateway/stores/cache-redis-entry.ts'
import type { RedisLink } from '../../../gateway/stores/redis-link.ts'
import { answer } from '../../conformance/cache.ts'

/** A Redis that is away until `heal`, and then has nothing. */
class AwayLink implements RedisLink {
  isAway = true
  #heal = (): void => {}

  run(): Promise<unknown> {
    return this.isAway ? Promise.reject(new Error('is away')) : Promise.resolve(null)
  }
  problem(): string | undefined {
    return this.isAway ? 'Redis at here closed the connection' : undefined
  }
  onHealed(listener: () => void): void {
    this.#heal = listener
  }
  close(): void {}

  heal(): void {
    this.isAway = false
    this.#heal()
  }
}

describe('a cache whose Redis is away', () => {
  const create = (link: RedisLink) => createRedisCache({ link, prefix: 'p', maxBytes: 1e6, parts: 1, now: () => 1000 })

  test('keeps answers in this process', async () => {
    const cache = create(new AwayLink())
    await cache.set('a', answer('x'), 1000)
    expect(await cache.get('a')).toMatchObject({ model: 'fast' })
    expect(await cache.stats()).toMatchObject({ entries: 1, maxBytes: 1e6 })
    expect(await cache.top(5)).toHaveLength(1)
    expect(await cache.models()).toMatchObject([{ model: 'fast', entries: 1 }])
    await cache.resize(1)
    expect(await cache.get('a')).toBeUndefined()
  })

  test('and forgets them when Redis is back, which may know better', async () => {
    const link = new AwayLink()
    const cache = create(link)
    await cache.set('a', answer('x'), 1000)
    link.heal()
    expect(await cache.get('a')).toBeUndefined()
    link.isAway = true
    expect(await cache.get('a')).toBeUndefined()
  })

  test('does not say that it cleared what it could not reach', async () => {
    const cache = create(new AwayLink())
    await cache.set('a', answer('x'), 1000)
    await expect(cache.clear()).rejects.toThrow(
      'Redis at here closed the connection: only what this gateway kept meanwhile was cleared (1). Try again',
    )
    expect(await cache.get('a')).toBeUndefined()
  })
})

describe('an entry', () => {
  const long = answer('All work and no play. '.repeat(1000))

  test('is packed where that makes it smaller', async () => {
    const packed = await packEntry(long)
    expect(packed.body.byteLength).toBeLessThan(long.body.byteLength / 10)
    expect(await unpackEntry(packed.note, packed.body)).toEqual(long)
    const noise = answer(Uint8Array.from({ length: 5000 }, (_, index) => (index * index * 7919) >> 3))
    expect(await unpackEntry(...(await noteAndBody(noise)))).toEqual(noise)
  })

  async function noteAndBody(given: Parameters<typeof packEntry>[0]): Promise<[string, Uint8Array]> {
    const { note, body } = await packEntry(given)
    return [note, body]
  }

  test.each<[string, (note: object) => object, number]>([
    ['cut off', (note) => note, 10],
    ['longer than it says', (note) => ({ ...note, length: 5 }), 1e6],
    ['longer than any answer', (note) => ({ ...note, length: 1e12 }), 1e6],
    ['packed in an unknown way', (note) => ({ ...note, encoding: 'zstd' }), 1e6],
    ['without a model', (note) => ({ ...note, model: undefined }), 1e6],
  ])('that is %s is none', async (_, change, length) => {
    const { note, body } = await packEntry(long)
    const changed = JSON.stringify(change(JSON.parse(note) as object))
    expect(await unpackEntry(changed, body.subarray(0, length))).toBeUndefined()
  })

  test('that is no JSON is none', async () => {
    expect(await unpackEntry('{', new Uint8Array(3))).toBeUndefined()
  })
})

import { describe, expect, test } from 'vitest'
import type { RedisLink, RedisScript, ScriptCall } from '../../../gateway/stores/redis-link.ts'
import { createRedisVectors } from '../../../gateway/stores/vectors-redis.ts'
import type { VectorEntry } from '../../../gateway/stores/vectors.ts'

/** A stream as Redis keeps one, as far as the three scripts go. */
class StreamLink implements RedisLink {
  isAway = false
  reads = 0
  readonly rows: [id: string, fields: unknown[]][] = []

  run({ lua }: RedisScript, { args }: ScriptCall): Promise<unknown> {
    if (this.isAway) return Promise.reject(new Error('is away'))
    if (lua.includes('XRANGE')) {
      this.reads += 1
      const from = this.rows.findLastIndex(([id]) => id === args[0]) + 1
      return Promise.resolve(this.rows.slice(from, from + Number(args[1])))
    }
    if (lua.includes('XTRIM')) {
      if (args[2] === 1) this.rows.length = 0
      this.push(args[1], '')
    } else this.push(args[2], args[3])
    return Promise.resolve(1)
  }
  push(note: unknown, vector: unknown): void {
    this.rows.push([
      `${this.rows.length + 1}-0`,
      [Buffer.from('n'), Buffer.from(String(note)), Buffer.from('v'), vector],
    ])
  }
  problem(): string | undefined {
    return undefined
  }
  onHealed(): void {}
  close(): void {}
}

function entry(key: string, more: Partial<VectorEntry> = {}): VectorEntry {
  const vector = Float32Array.of(0.6, -0.8, 0, 0)
  return { scope: 's', vector, text: 'what?', key, storedAt: 0, callId: 'c', model: 'm', expiresAt: 1000, ...more }
}

describe('vectors in Redis', () => {
  const create = (link: RedisLink) => createRedisVectors({ link, prefix: 'p', now: () => 0 })
  const keys = (vectors: ReturnType<typeof create>): string[] => vectors.of('s').map(({ key }) => key)

  test('what one added, another has after its next look', async () => {
    const link = new StreamLink()
    const [one, other] = [create(link), create(link)]
    await one.add(entry('a'), 10)
    expect(keys(other)).toEqual([])
    await other.refresh()
    const [found] = other.of('s')
    expect(found).toMatchObject({ key: 'a', text: 'what?', callId: 'c', model: 'm', expiresAt: 1000 })
    expect([...(found?.vector ?? [])].map((number) => number.toFixed(2))).toEqual(['0.60', '-0.80', '0.00', '0.00'])
  })

  test('a look waits for one batch; the rest is read beside', async () => {
    const link = new StreamLink()
    const one = create(link)
    for (let index = 0; index < 200; index += 1) await one.add(entry(`${index}`), 1000)
    const late = create(link)
    await Promise.all([late.refresh(), late.refresh()])
    expect([link.reads, keys(late).length]).toEqual([1, 64])
    await expect.poll(() => keys(late).length).toBe(200)
    expect(link.reads).toBe(4)
  })

  test('who reads that it was cleared, forgets', async () => {
    const link = new StreamLink()
    const [one, other] = [create(link), create(link)]
    await one.add(entry('a'), 10)
    await one.add(entry('b', { model: 'n' }), 10)
    await other.refresh()
    await one.clear('n')
    await other.refresh()
    expect([keys(one), keys(other)]).toEqual([['a'], ['a']])
    await one.refresh()
    expect(keys(one)).toEqual(['a'])
    await one.clear()
    expect(keys(one)).toEqual([])
    expect(link.rows).toHaveLength(1)
  })

  test('while Redis is away, each keeps its own', async () => {
    const link = new StreamLink()
    const vectors = create(link)
    link.isAway = true
    await vectors.add(entry('a'), 10)
    await vectors.refresh()
    expect(keys(vectors)).toEqual(['a'])
    await vectors.clear()
    expect(vectors.stats()).toEqual({ entries: 0, bytes: 0 })
  })

  test.each<[what: string, note: string, vector: unknown]>([
    ['no JSON', '{', Buffer.of(1)],
    ['no entry', '{"scope":"s"}', Buffer.of(1)],
    ['no vector', JSON.stringify({ ...entry('a'), vector: undefined }), Buffer.of()],
    ['one that has ended', JSON.stringify({ ...entry('a', { expiresAt: 0 }), vector: undefined }), Buffer.of(1)],
  ])('what nobody can use is passed over: %s', async (_what, note, vector) => {
    const link = new StreamLink()
    link.push(note, vector)
    const vectors = create(link)
    await vectors.refresh()
    expect(vectors.stats().entries).toBe(0)
  })
})

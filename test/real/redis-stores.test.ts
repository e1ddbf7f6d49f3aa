import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { Cache, CacheInspector, CachedAnswer } from '../../gateway/stores/cache.ts'
import { createRedisCache } from '../../gateway/stores/cache-redis.ts'
import { createRedisCircuits } from '../../gateway/stores/circuits-redis.ts'
import { createMemoryCounter } from '../../gateway/stores/counter-memory.ts'
import { createRedisCounter } from '../../gateway/stores/counter-redis.ts'
import type { Counter } from '../../gateway/stores/counter.ts'
import { answerMs } from '../../gateway/stores/redis-link.ts'
import { openRedis, type OpenRedis } from '../../gateway/stores/open-redis.ts'
import { answer, describeCache } from '../conformance/cache.ts'
import { describeCounter } from '../conformance/counter.ts'
import { hasRedis, startRedis, type TestRedis } from '../helpers/redis.ts'

let redis: TestRedis
let open: OpenRedis
const opened: OpenRedis[] = []

/** What is decided is one thing, how fast another: a busy machine must not turn the first into a test of the stand-ins. */
async function connect(answerMs = 5000): Promise<OpenRedis> {
  const next = await openRedis(
    { url: redis.url, prefix: 'test', caFile: undefined },
    { nowMs: () => performance.now(), onChange: () => {}, answerMs },
  )
  opened.push(next)
  return next
}

function counter({ now, prefix = randomUUID() }: { now: () => number; prefix?: string }, { link } = open): Counter {
  return createRedisCounter({ link, prefix, local: createMemoryCounter({ now }), now, serverNow: now })
}

function cache(
  { maxBytes = 1e6, now = () => 1_000_000, prefix = randomUUID() as string, parts = 1 },
  { link } = open,
): Cache & CacheInspector {
  return createRedisCache({ link, prefix, maxBytes, parts, now, serverNow: now })
}

describe.skipIf(!hasRedis)('on a real Redis', () => {
  beforeAll(async () => {
    redis = await startRedis()
    open = await connect()
    expect(open.link.problem()).toBeUndefined()
  })
  afterEach(() => expect(open.link.problem()).toBeUndefined())
  afterAll(async () => {
    for (const { link } of opened) link.close()
    await redis.close()
  })

  describeCounter('redis', (clock) => counter(clock))
  describeCache('redis', (settings) => cache(settings))

  test('a circuit that one opened is known to the other, until its time is over or it is closed', async () => {
    const [prefix, nowMs] = [randomUUID(), () => performance.now()]
    const [one, other] = [open, await connect()].map(({ link }) => createRedisCircuits({ link, prefix, nowMs }))
    one?.tell('openai/gpt-4o', 60_000)
    one?.tell('openai/gpt-4o-mini', 300)
    // What was heard last counts, so the first question only asks.
    await until(() => other?.isOpenElsewhere('openai/gpt-4o') === true)
    await until(() => other?.isOpenElsewhere('openai/gpt-4o-mini') === false)
    one?.tell('openai/gpt-4o', 0)
    await until(() => other?.isOpenElsewhere('openai/gpt-4o') === false)
    expect(other?.isOpenElsewhere('openai/other')).toBe(false)
  })

  /** The test's own time limit ends it. */
  async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  test('frozen: operations under way end within 50 ms, later ones at once, and it heals', async () => {
    const { link } = await connect(answerMs)
    const now = Date.now
    const prefix = randomUUID()
    const counter = createRedisCounter({ link, prefix, local: createMemoryCounter({ now }), now })
    const own = createRedisCache({ link, prefix, parts: 1, maxBytes: 1e6, now })
    const demand = { id: 'global/requests', unit: 'requests', limit: 1e6, windowMs: 600_000, amount: 1 } as const
    const timed = async (count: number): Promise<number> => {
      const began = performance.now()
      const each = (index: number): Promise<unknown>[] => [
        Promise.resolve(counter.take([demand])),
        Promise.resolve(own.get(`key-${index}`)),
        Promise.resolve(own.set(`key-${index}`, answer('x'), 60_000)),
      ]
      await Promise.all(Array.from({ length: count }, (_, index) => each(index)).flat())
      return performance.now() - began
    }
    const usualMs = await timed(200)
    redis.signal('SIGSTOP')
    const firstMs = await timed(200)
    const laterMs = await timed(200)
    redis.signal('SIGCONT')
    await until(() => link.problem() === undefined)
    console.log(`600 operations: usual ${usualMs} ms, frozen at first ${firstMs}, then ${laterMs}`)
    expect(answerMs).toBe(50)
    expect(firstMs).toBeGreaterThan(answerMs - 5)
    expect(firstMs).toBeLessThan(answerMs + usualMs + 40)
    expect(laterMs).toBeLessThan(answerMs)
    // What Redis did late, and what was counted here, is counted once.
    await until(async () => (await counter.peek([demand]))[0]?.remaining === 1e6 - 600)
  })

  test('two gateways count as one, and the clock is the server’s', async () => {
    const prefix = randomUUID()
    const other = await connect()
    const counters = [open, other].map(({ link }, index) => {
      // Clocks an hour apart: they must not matter.
      const now = (): number => Date.now() + index * 3_600_000
      return { now, counter: createRedisCounter({ link, prefix, local: createMemoryCounter({ now }), now }) }
    })
    const tokens = { id: 'global/tokens', unit: 'tokens', limit: 1000, windowMs: 60_000 } as const
    for (const { counter, now } of counters) {
      const takenAt = now()
      expect(await counter.take([{ ...tokens, amount: 400, takenAt }])).toMatchObject({ allowed: true })
      await counter.settle([{ ...tokens, amount: -300, takenAt }])
    }
    expect(await counters[0]?.counter.peek([tokens])).toMatchObject([{ remaining: 800 }])
  })

  test.each([
    ['on its way faster than the take was', 9, 70],
    ['of a call of the window before', -100, 80],
  ])('a settlement %s', async (_, serverAfterMs, remaining) => {
    const [clock, server] = [{ now: 1_000_000 }, { now: 5_000_000 }]
    const own = createRedisCounter({
      link: open.link,
      prefix: randomUUID(),
      local: createMemoryCounter({ now: () => clock.now }),
      now: () => clock.now,
      serverNow: () => server.now,
    })
    const tokens = { id: 'global/tokens', unit: 'tokens', limit: 100, windowMs: 60_000, amount: 20 } as const
    const takenAt = clock.now
    await own.take([tokens])
    clock.now += 10
    server.now += serverAfterMs
    await own.settle([{ ...tokens, amount: 10, takenAt }])
    expect(await own.peek([tokens])).toMatchObject([{ remaining }])
  })

  test('an answer of one is an answer of the other, with all that is said of it, packed', async () => {
    const prefix = randomUUID()
    const body = JSON.stringify({ text: 'All work and no play. '.repeat(500) })
    const kept: CachedAnswer = answer(body, { storedAt: Date.now() })
    await cache({ prefix }).set('a', kept, 1000)
    const found = await cache({ prefix }, await connect()).get('a')
    expect(found).toEqual(kept)
    expect((await cache({ prefix }).stats()).bytes).toBeLessThan(1500)
  })

  test.each([1, 16])('top, models, resize and clear, in %i parts', async (parts) => {
    const own = cache({ prefix: randomUUID(), parts, maxBytes: 1e6 })
    for (let index = 0; index < 40; index += 1) {
      await own.set(`key-${index}`, answer('x', { model: index % 4 === 0 ? 'smart' : 'fast', storedAt: index }), 1000)
    }
    for (const key of ['key-7', 'key-7', 'key-8']) await own.get(key)
    expect((await own.top(3)).map(({ key, hits, model }) => [key, hits, model])).toEqual([
      ['key-7', 2, 'fast'],
      ['key-8', 1, 'smart'],
      ['key-39', 0, 'fast'],
    ])
    const { bytes } = await own.stats()
    const shares = await own.models()
    expect(shares.map(({ model, entries }) => [model, entries])).toEqual([
      ['fast', 30],
      ['smart', 10],
    ])
    expect(shares.reduce((total, share) => total + share.bytes, 0)).toBe(bytes)
    expect(await own.clear('smart')).toBe(10)
    await own.resize(parts * 800)
    expect((await own.stats()).entries).toBeLessThanOrEqual(parts)
    expect(await own.clear()).toBeLessThanOrEqual(parts)
    expect(await own.models()).toEqual([])
  })
})

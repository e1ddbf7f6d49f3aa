import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { RedisClient } from '../../../gateway/stores/redis-client.ts'
import { answerMs, openRedisLink, redisScript, type RedisLink } from '../../../gateway/stores/redis-link.ts'
import { describeRedisProblem } from '../../../gateway/stores/redis-problem.ts'

/** A Redis in the test's hands: it answers, is silent, or refuses. */
class FakeRedis implements RedisClient {
  mood: 'answers' | 'silent' | Error = 'answers'
  isConnected = true
  sent: string[] = []
  #waiting: (() => void)[] = []
  events: { onReady: () => void; onClosed: (error: unknown) => void } | undefined

  send(command: string): Promise<unknown> {
    this.sent.push(command)
    if (this.mood instanceof Error) return Promise.reject(this.mood)
    if (this.mood === 'answers') return Promise.resolve(command)
    return new Promise((resolve) => this.#waiting.push(() => resolve(command)))
  }

  /** Answers what it was asked while it was silent. */
  thaw(): void {
    this.mood = 'answers'
    for (const answer of this.#waiting.splice(0)) answer()
  }

  isReady(): boolean {
    return this.isConnected
  }

  close(): void {
    this.isConnected = false
  }
}

describe('the link to Redis', () => {
  const script = redisScript('return 1')
  let redis: FakeRedis
  let changes: (string | undefined)[]
  let link: RedisLink

  beforeEach(async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] })
    redis = new FakeRedis()
    changes = []
    link = await open()
  })
  afterEach(() => {
    link.close()
    vi.useRealTimers()
  })

  function open(): Promise<RedisLink> {
    return openRedisLink({
      async connect(events) {
        redis.events = events
        if (redis.isConnected) queueMicrotask(events.onReady)
        return redis
      },
      probeKey: 'probe',
      describe: (error) => describeRedisProblem(error, 'here'),
      onChange: (problem) => changes.push(problem),
      nowMs: () => performance.now(),
    })
  }

  const run = (onLate?: (reply: unknown) => void): Promise<unknown> =>
    link.run(script, { keys: ['k'], args: [], ...(onLate === undefined ? {} : { onLate }) })
  const outcome = (answer: Promise<unknown>): Promise<string> =>
    answer.then(
      () => 'answered',
      (error: Error) => error.message,
    )

  test('opens with the first answer, and asks', async () => {
    expect(changes).toEqual([undefined])
    expect(await run()).toBe('eval')
    expect(await run()).toBe('evalsha')
  })

  test('silence ends after the deadline, and then nobody waits', async () => {
    redis.mood = 'silent'
    const late = vi.fn()
    const first = outcome(run(late))
    await vi.advanceTimersByTimeAsync(answerMs - 1)
    expect(changes).toHaveLength(1)
    await vi.advanceTimersByTimeAsync(2)
    expect(await first).toBe('gave no answer within 50 ms')
    expect(await outcome(run())).toBe('is away')
    expect(changes).toEqual([undefined, 'Redis at here gave no answer within 50 ms'])
    expect(link.problem()).toBe(changes[1])
    redis.thaw()
    await vi.advanceTimersByTimeAsync(0)
    expect(late).toHaveBeenCalledWith('eval')
  })

  test('what is frozen is asked by one probe only, however long it lasts; then it heals, once', async () => {
    const healed = vi.fn()
    link.onHealed(healed)
    redis.mood = 'silent'
    const calls = Promise.all(Array.from({ length: 20 }, () => outcome(run())))
    await vi.advanceTimersByTimeAsync(60_000)
    await calls
    for (let index = 0; index < 100; index += 1) expect(await outcome(run())).toBe('is away')
    expect(redis.sent.filter((command) => command === 'set')).toHaveLength(2)
    redis.thaw()
    await vi.advanceTimersByTimeAsync(600)
    expect(await run()).toBe('eval')
    expect(changes).toEqual([undefined, expect.any(String), undefined])
    expect(healed).toHaveBeenCalledTimes(1)
  })

  test('a Redis that answers, but late, is not well', async () => {
    redis.mood = 'silent'
    const first = outcome(run())
    await vi.advanceTimersByTimeAsync(answerMs + 1)
    await first
    // The probe's answer comes 80 ms after its question.
    await vi.advanceTimersByTimeAsync(600)
    redis.thaw()
    await vi.advanceTimersByTimeAsync(0)
    expect(link.problem()).toBeDefined()
    await vi.advanceTimersByTimeAsync(600)
    expect(link.problem()).toBeUndefined()
  })

  test('a refusal is told in words; the probe, which writes too, keeps it away', async () => {
    redis.mood = new Error('OOM command not allowed when used memory > maxmemory')
    expect(await outcome(run())).toContain('OOM')
    await vi.advanceTimersByTimeAsync(20_000)
    expect(changes.slice(1)).toEqual([expect.stringContaining('Redis at here is full')])
    redis.mood = 'answers'
    await vi.advanceTimersByTimeAsync(6000)
    expect(link.problem()).toBeUndefined()
  })

  test('a closed connection is noticed without a question, and the new one at once', async () => {
    redis.events?.onClosed(undefined)
    expect(link.problem()).toBe('Redis at here closed the connection')
    redis.events?.onReady()
    await vi.advanceTimersByTimeAsync(0)
    expect(link.problem()).toBeUndefined()
  })

  test('a forgotten script is sent whole', async () => {
    await run()
    const send = redis.send.bind(redis)
    redis.send = (command) =>
      command === 'evalsha' ? Promise.reject(new Error('NOSCRIPT No matching script.')) : send(command)
    expect(await run()).toBe('eval')
    expect(link.problem()).toBeUndefined()
  })

  test('who comes back only to fail again stays away longer each time', async () => {
    const awayMs: number[] = []
    for (let index = 0; index < 8; index += 1) {
      redis.events?.onClosed(undefined)
      const since = performance.now()
      while (link.problem() !== undefined) await vi.advanceTimersByTimeAsync(50)
      awayMs.push(performance.now() - since)
    }
    expect(awayMs).toEqual([500, 1000, 2000, 4000, 5000, 5000, 5000, 5000])
  })

  test('opens without Redis, after half a second', async () => {
    redis = new FakeRedis()
    redis.isConnected = false
    changes = []
    const opening = open()
    await vi.advanceTimersByTimeAsync(500)
    const other = await opening
    expect(changes).toEqual(['Redis at here gave no answer within 500 ms'])
    other.close()
  })
})

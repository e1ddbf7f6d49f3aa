import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Gateway } from '../../gateway/app.ts'
import type { Log } from '../../gateway/telemetry/log.ts'
import { hasRedis, startRedis, type TestRedis } from '../helpers/redis.ts'
import { createTestGateway } from '../helpers/in-process.ts'
import { until } from '../helpers/redis-fleet.ts'
import { FakeUpstream, obliging, type FakeFlight } from '../gateway/pipeline/stage.ts'

/** Gateways that share what their questions mean, by one real Redis. */
describe.skipIf(!hasRedis)('a semantic cache of several gateways', () => {
  let redis: TestRedis
  let gateways: Gateway[]
  /** What each gateway said of Redis, in order. */
  let said: string[][]
  let upstream: FakeUpstream

  const isUp = (words: readonly string[]): boolean => words.at(-1) === 'Redis answers'
  const isLost = (): boolean => said.some((words) => words.some((word) => word.includes(alone)))

  beforeEach(begin)
  afterEach(end)

  async function begin(): Promise<void> {
    redis = await startRedis()
    upstream = new FakeUpstream()
    upstream.otherwise = answering
    gateways = []
    said = []
  }

  async function end(): Promise<void> {
    await Promise.all(gateways.map((gateway) => gateway.close()))
    await redis.close()
  }

  /**
   * On a machine so busy that Redis has no turn for 50 ms, gateways go on by themselves, and say so: what came of that is
   * another test's question, and it runs anew. Whatever else fails has failed.
   */
  async function undisturbed(run: () => Promise<void>): Promise<void> {
    for (;;) {
      const problem = await run().then(
        () => undefined,
        (error: unknown) => ({ error }),
      )
      if (!isLost()) {
        if (problem !== undefined) throw problem.error
        return
      }
      console.log('Redis had no turn for 50 ms: once more')
      await end()
      await begin()
    }
  }

  async function start(): Promise<Gateway> {
    const words: string[] = []
    said.push(words)
    const gateway = await createTestGateway(
      {
        providers: [{ name: 'p', type: 'openai', baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'sk-secret-of-p' }],
        cache: {
          enabled: true,
          backend: 'redis',
          redis: { url: redis.url },
          semantic: { aliases: ['gpt-4o'], embedding: { provider: 'p', model: 'text-embedding-3-small' } },
        },
      },
      { upstream, now: Date.now, nowMs: () => performance.now(), log: redisWords(words) },
    )
    gateways.push(gateway)
    await until(() => isUp(words))
    return gateway
  }

  async function ask({ fastify }: Gateway, content: string) {
    const { headers } = await fastify.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      payload: { model: 'gpt-4o', messages: [{ role: 'user', content }] },
    })
    return { cache: headers['x-cache'], id: headers['x-gateway-request-id'], source: headers['x-gateway-cache-source'] }
  }

  const entriesOf = async ({ api }: Gateway): Promise<number | undefined> => {
    const result = await api.call('cache.get', {})
    return result.ok ? (result.value as { semantic: { entries: number } }).semantic.entries : undefined
  }

  test('an answer of one is a hit by meaning on another, also on one that came later', () =>
    undisturbed(async () => {
      const [first, second] = [await start(), await start()]
      const asked = await ask(first, 'What is the capital of France?')
      expect(asked.cache).toBe('MISS')
      expect(await ask(second, 'Can you tell me what the capital of France is?')).toMatchObject({
        cache: 'SEMANTIC',
        source: asked.id,
      })
      const third = await start()
      expect(await ask(third, "What's the capital of France?")).toMatchObject({ cache: 'SEMANTIC', source: asked.id })
      expect((await ask(third, 'What is the capital of Spain?')).cache).toBe('MISS')
    }))

  test('one that comes late reads all there is, in several steps', () =>
    undisturbed(async () => {
      const first = await start()
      for (let index = 0; index < 150; index += 1) await ask(first, `What is the meaning of entry number ${index}?`)
      const late = await start()
      await expect
        .poll(async () => {
          await ask(late, `Who asks so often, for example ${Math.random()} times?`)
          return (await entriesOf(late)) ?? 0
        })
        .toBeGreaterThanOrEqual(150)
      expect((await ask(late, 'Please tell me what is the meaning of entry number 3?')).cache).toBe('SEMANTIC')
    }))

  test('cleared on one, it is gone on all', () =>
    undisturbed(async () => {
      const [first, second] = [await start(), await start()]
      await ask(first, 'What is the capital of France?')
      expect((await ask(second, 'Please tell me what the capital of France is')).cache).toBe('SEMANTIC')
      await second.api.call('cache.clear', { model: 'gpt-4o' })
      expect((await ask(first, "What's the capital of France?")).cache).toBe('MISS')
      await expect.poll(() => entriesOf(first)).toBe(1)
      await first.api.call('cache.clear', {})
      expect((await ask(second, "what's the capital of France")).cache).toBe('MISS')
    }))

  test('while Redis is away each goes on by itself', async () => {
    await undisturbed(async () => {
      const [first] = [await start(), await start()]
      await ask(first, 'What is the capital of France?')
    })
    const [first, second] = gateways as [Gateway, Gateway]
    await redis.kill()
    await ask(first, 'Who wrote Pride and Prejudice?')
    expect((await ask(first, 'Who is the author of Pride and Prejudice?')).cache).toBe('SEMANTIC')
    expect((await ask(second, 'Who is the author of Pride and Prejudice?')).cache).toBe('MISS')
    await redis.restart()
    await until(() => said.every(isUp))
    // Lost once more meanwhile, neither hears of the other: the next question finds them together again.
    await expect
      .poll(
        async () => {
          const question = `What is the meaning of the number ${Math.random()}?`
          await ask(first, question)
          return (await ask(second, `Please tell me ${question.toLowerCase()}`)).cache
        },
        { timeout: 10_000, interval: 200 },
      )
      .toBe('SEMANTIC')
  })
})

const alone = 'counts and caches by itself'

function redisWords(words: string[]): Log {
  const note = (_fields: object, message: string): void => {
    if (message === 'Redis answers' || message.includes(alone)) words.push(message)
  }
  const log: Log = { debug() {}, info: note, warn: note, error() {}, child: () => log }
  return log
}

/** All questions point nearly the same way: the guard alone tells them apart. */
function answering(flight: FakeFlight): void {
  if (!flight.request.path.endsWith('/embeddings')) return obliging(flight)
  const { length } = flight.body['input'] as string
  const vector = Array.from({ length: 64 }, (_, index) => 1 + Math.sin(index) + 0.0001 * length)
  flight.json({ data: [{ index: 0, embedding: vector }], usage: { prompt_tokens: 8, total_tokens: 8 } })
}

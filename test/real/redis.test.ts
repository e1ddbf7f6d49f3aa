import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { type GatewayProcess, startGatewayProcess } from '../helpers/gateway.ts'
import { hasRedis, startRedis, type TestRedis } from '../helpers/redis.ts'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'

/** Real processes of the gateway on one real Redis. */
describe.skipIf(!hasRedis)('several gateways on one Redis', () => {
  let upstream: Upstream
  let redis: TestRedis
  const running: GatewayProcess[] = []

  beforeAll(async () => {
    upstream = await startUpstream()
    upstream.on(/./, text('Hello from upstream!'))
  })
  afterAll(() => upstream.close())
  beforeEach(async () => {
    redis = await startRedis()
    upstream.requests.length = 0
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map((gateway) => gateway.stop('SIGKILL')))
    await redis.close()
  })

  function configuration(more: object = {}): object {
    return {
      providers: [{ name: 'openai', apiKey: 'sk-secret-abcd', baseUrl: `${upstream.url}/v1` }],
      cache: { enabled: true, backend: 'redis', redis: { url: redis.url } },
      logging: { level: 'warn' },
      ...more,
    }
  }

  async function start(count: number, config: object): Promise<GatewayProcess[]> {
    // The line "listening" is of the level info.
    const gateways = await Promise.all(
      Array.from({ length: count }, () => startGatewayProcess({ config: { ...config, logging: { level: 'info' } } })),
    )
    running.push(...gateways)
    return gateways
  }

  async function ask({ url }: GatewayProcess, content: string): Promise<{ status: number; cache: string; ms: number }> {
    const began = performance.now()
    const response = await fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'openai/gpt-4o', messages: [{ role: 'user', content }] }),
    })
    await response.text()
    return { status: response.status, cache: response.headers.get('x-cache') ?? '', ms: performance.now() - began }
  }

  /** `width` callers, each asking one question after the other until all are asked. */
  async function askAll<T>(count: number, width: number, one: (index: number) => Promise<T>): Promise<T[]> {
    const answers: T[] = []
    let next = 0
    const caller = async (): Promise<void> => {
      while (next < count) answers.push(await one(next++))
    }
    await Promise.all(Array.from({ length: width }, caller))
    return answers
  }

  function atOf(gateways: GatewayProcess[], index: number): GatewayProcess {
    return gateways[index % gateways.length] as GatewayProcess
  }

  // Tried again where this machine is so busy that Redis itself has no turn for 50 ms: that counts as no Redis.
  test.each([2, 4])('%i gateways: a limit of 100 passes exactly 100 of 1,000 calls', { retry: 2 }, async (count) => {
    upstream.requests.length = 0
    const limited = {
      cache: { enabled: false, redis: { url: redis.url } },
      rateLimit: { enabled: true, backend: 'redis', global: { requests: 100, window: '10m' } },
    }
    const gateways = await start(count, configuration(limited))
    const answers = await askAll(1000, 32, (index) => ask(atOf(gateways, index), `question ${index}`))
    const statuses = new Map<number, number>()
    for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
    expect(Object.fromEntries(statuses)).toEqual({ 200: 100, 429: 900 })
    expect(upstream.requests).toHaveLength(100)
  })

  test('what one was answered is a hit on the others, until it is cleared on any of them', async () => {
    const gateways = await start(3, configuration())
    const [first, second, third] = gateways as [GatewayProcess, GatewayProcess, GatewayProcess]
    expect((await ask(first, 'the same')).cache).toBe('MISS')
    expect((await ask(second, 'the same')).cache).toBe('HIT')
    expect((await ask(third, 'the same')).cache).toBe('HIT')
    expect(upstream.requests).toHaveLength(1)
    const cleared = await fetch(`${third.url}/api/v1/cache/clear`, { method: 'POST' })
    expect(await cleared.json()).toEqual({ cleared: 1 })
    expect((await ask(first, 'the same')).cache).toBe('MISS')
  })

  interface Outage {
    name: string
    begin: () => void | Promise<void>
    end: () => void | Promise<void>
  }

  const outages: Outage[] = [
    { name: 'frozen (SIGSTOP)', begin: () => redis.signal('SIGSTOP'), end: () => redis.signal('SIGCONT') },
    { name: 'killed (SIGKILL)', begin: () => redis.kill(), end: () => redis.restart() },
  ]

  // Tried again where this machine was too busy to measure: a gateway without Redis, asked beside, tells how busy it is.
  test.each(outages)(
    '$name under load: no call is lost or waits longer than 50 ms, and it heals',
    { retry: 2 },
    async (outage) => {
      const limit = { enabled: true, backend: 'redis', global: { requests: 1_000_000, tokens: 1e9, window: '10m' } }
      const gateways = await start(2, configuration({ rateLimit: limit }))
      const [plain] = (await start(1, configuration({ cache: { enabled: true } }))) as [GatewayProcess]
      const plainMs: number[] = []
      const load = async (name: string): Promise<number> => {
        const [answers, beside] = await Promise.all([
          askAll(300, 6, (index) => ask(atOf(gateways, index), `${name} ${index}`)),
          askAll(100, 2, (index) => ask(plain, `${name} ${index}`)),
        ])
        expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([])
        plainMs.push(slowest(beside))
        return slowest(answers)
      }
      await load('warm')
      const before = await load('before')
      const [during] = await Promise.all([load('during'), outage.begin()])
      const away = await load('away')
      await outage.end()
      await Promise.all(gateways.map((gateway) => printed(gateway, 'Redis answers', 2)))
      const after = await load('after')
      const usual = Math.max(before, ...plainMs.slice(1))
      const told = { before, during, away, after, 'without Redis': usual }
      const words = Object.entries(told).map(([phase, ms]) => `${phase} ${Math.round(ms)} ms`)
      console.log(`${outage.name}, slowest call: ${words.join(', ')}`)
      // Both the limits and the cache are asked for each call: together they may cost 50 ms.
      expect(during).toBeLessThan(50 + usual + measuringMs)
      expect(away).toBeLessThan(50 + usual + measuringMs)
      await actAsOne(gateways)
      for (const gateway of gateways) {
        // Once, not for each of the calls; more often where this machine was so busy that Redis had no turn for 50 ms.
        expect([1, 2, 3]).toContain(gateway.output().match(/counts and caches by itself/g)?.length)
        expect(gateway.output()).not.toMatch(/unhandled|unexpected error/i)
      }
    },
  )

  function slowest(answers: { ms: number }[]): number {
    return Math.max(...answers.map(({ ms }) => ms))
  }

  /** Resolves when what one was answered is a hit on the other. */
  async function actAsOne(gateways: GatewayProcess[]): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      await ask(atOf(gateways, 0), `again ${attempt}`)
      if ((await ask(atOf(gateways, 1), `again ${attempt}`)).cache === 'HIT') return
    }
  }

  /** A machine that does other things besides. */
  const measuringMs = 30

  /** Resolves when it has been printed so often. */
  async function printed(gateway: GatewayProcess, words: string, times: number): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>()
    const timer = setInterval(() => {
      if (gateway.output().split(words).length > times) resolve()
    }, 20)
    await promise
    clearInterval(timer)
  }

  test('what is counted while Redis is away is told to it when it answers again', async () => {
    const limited = {
      cache: { enabled: false, redis: { url: redis.url } },
      rateLimit: { enabled: true, backend: 'redis', global: { requests: 20, window: '10m' } },
    }
    const gateways = await start(2, configuration(limited))
    const statuses = async (count: number, at: number): Promise<number[]> =>
      (await askAll(count, 1, (index) => ask(atOf(gateways, at), `${at} ${index}`))).map(({ status }) => status)
    expect(await statuses(5, 0)).toEqual([200, 200, 200, 200, 200])
    redis.signal('SIGSTOP')
    // From where Redis was: 5 of 20 are gone.
    expect((await statuses(16, 0)).filter((status) => status === 200)).toHaveLength(15)
    redis.signal('SIGCONT')
    await printed(atOf(gateways, 0), 'Redis answers', 2)
    expect(await statuses(1, 1)).toEqual([429])
  })

  test('who starts before Redis serves all the same, says so, and joins when it is there', async () => {
    await redis.kill()
    const [gateway] = (await start(1, configuration())) as [GatewayProcess]
    expect((await ask(gateway, 'early')).status).toBe(200)
    const ready = (await (await fetch(`${gateway.url}/ready`)).json()) as { status: string; reasons: string[] }
    expect(ready.status).toBe('ready')
    expect(ready.reasons.join()).toContain(`Redis at 127.0.0.1:${redis.port} is not reached: nothing listens there`)
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain('llm_gateway_redis_up 0')
    await redis.restart()
    await printed(gateway, 'Redis answers', 1)
    expect(await (await fetch(`${gateway.url}/metrics`)).text()).toContain('llm_gateway_redis_up 1')
    expect(((await (await fetch(`${gateway.url}/ready`)).json()) as { reasons: string[] }).reasons).toEqual([])
    expect(await gateway.stop()).toBe(0)
  })

  test('a wrong password is said in words, and shown nowhere', async () => {
    await redis.close()
    redis = await startRedis(['--requirepass', 'right-password'])
    const wrong = { enabled: true, backend: 'redis', redis: { url: `redis://:wrong-password@127.0.0.1:${redis.port}` } }
    const [gateway] = (await start(1, configuration({ cache: wrong }))) as [GatewayProcess]
    expect((await ask(gateway, 'x')).status).toBe(200)
    expect(gateway.output()).toContain('refuses the user or the password in cache.redis.url')
    const ready = await (await fetch(`${gateway.url}/ready`)).text()
    expect(ready).toContain('refuses the user or the password')
    expect(gateway.output() + ready).not.toContain('wrong-password')
  })
})

import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { GatewayProcess } from '../helpers/gateway.ts'
import { askAll, atOf, falls, isUp, startFleet, undisturbed, until, whileMeasured } from '../helpers/redis-fleet.ts'
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
    const gateways = await startFleet(count, config)
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

  test.each([2, 4])('%i gateways: a limit of 100 passes exactly 100 of 1,000 calls', async (count) => {
    const { answers } = await undisturbed(async () => {
      upstream.requests.length = 0
      const limited = {
        cache: { enabled: false, redis: { url: redis.url, prefix: randomUUID() } },
        rateLimit: { enabled: true, backend: 'redis', global: { requests: 100, window: '10m' } },
      }
      const gateways = await start(count, configuration(limited))
      await until(() => gateways.every(isUp))
      return { gateways, answers: await askAll(1000, 16, (index) => ask(atOf(gateways, index), `question ${index}`)) }
    })
    const statuses = new Map<number, number>()
    for (const { status } of answers) statuses.set(status, (statuses.get(status) ?? 0) + 1)
    expect(Object.fromEntries(statuses)).toEqual({ 200: 100, 429: 900 })
    expect(upstream.requests).toHaveLength(100)
  })

  test('what one was answered is a hit on the others, until it is cleared on any of them', async () => {
    const gateways = await start(3, configuration())
    await until(() => gateways.every(isUp))
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

  test.each(outages)('$name under load: no call is lost or waits longer than 50 ms, and it heals', async (outage) => {
    const limit = { enabled: true, backend: 'redis', global: { requests: 1_000_000, tokens: 1e9, window: '10m' } }
    const gateways = await start(2, configuration({ rateLimit: limit }))
    // Without Redis, asked beside: it tells how busy the machine is.
    const [plain] = (await start(1, configuration({ cache: { enabled: true } }))) as [GatewayProcess]
    const load = async (name: string): Promise<{ ms: number; plainMs: number; lateMs: number }> => {
      const { value, lateMs } = await whileMeasured(() =>
        Promise.all([
          askAll(200, 4, (index) => ask(atOf(gateways, index), `${name} ${index}`)),
          askAll(200, 4, (index) => ask(plain, `${name} ${index}`)),
        ]),
      )
      const [answers, beside] = value
      expect(answers.map(({ status }) => status).filter((status) => status !== 200)).toEqual([])
      return { ms: slowest(answers), plainMs: slowest(beside), lateMs }
    }
    await load('warm')
    await until(() => gateways.every(isUp))
    const before = await load('before')
    const fallsBefore = gateways.map(falls)
    const [during] = await Promise.all([load('during'), outage.begin()])
    await until(() => gateways.every((gateway) => !isUp(gateway)))
    const away = await load('away')
    // Once, not for each of the calls; once more where it was taken for gone just before it was.
    for (const [index, gateway] of gateways.entries()) {
      expect(falls(gateway) - (fallsBefore[index] ?? 0)).toBeLessThanOrEqual(2)
    }
    await outage.end()
    await until(() => gateways.every(isUp))
    const after = await load('after')
    const phases = { before, during, away, after }
    const usual = Math.max(before.ms, after.ms, ...Object.values(phases).map(({ plainMs }) => plainMs))
    const words = Object.entries(phases).map(([phase, { ms }]) => `${phase} ${Math.round(ms)} ms`)
    console.log(`${outage.name}, slowest call: ${words.join(', ')}, without Redis ${Math.round(usual)} ms`)
    // Both the limits and the cache are asked for each call: together they may cost 50 ms.
    expect(during.ms).toBeLessThan(50 + usual + during.lateMs)
    expect(away.ms).toBeLessThan(50 + usual + away.lateMs)
    await actAsOne(gateways)
    for (const gateway of gateways) expect(gateway.output()).not.toMatch(/unhandled|unexpected error/i)
  })

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

  test('what is counted while Redis is away is told to it when it answers again', async () => {
    const limited = {
      cache: { enabled: false, redis: { url: redis.url } },
      rateLimit: { enabled: true, backend: 'redis', global: { requests: 20, window: '10m' } },
    }
    const gateways = await start(2, configuration(limited))
    const statuses = async (count: number, at: number): Promise<number[]> =>
      (await askAll(count, 1, (index) => ask(atOf(gateways, at), `${at} ${index}`))).map(({ status }) => status)
    await until(() => gateways.every(isUp))
    expect(await statuses(5, 0)).toEqual([200, 200, 200, 200, 200])
    redis.signal('SIGSTOP')
    // From where Redis was: 5 of 20 are gone.
    expect((await statuses(16, 0)).filter((status) => status === 200)).toHaveLength(15)
    redis.signal('SIGCONT')
    await until(() => gateways.every(isUp))
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
    await until(() => isUp(gateway))
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

import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { BudgetState } from '../../gateway/contract.ts'
import { holdLeaseMs } from '../../gateway/stores/spending-redis.ts'
import type { GatewayProcess } from '../helpers/gateway.ts'
import { askAll, atOf, isUp, startFleet, undisturbed, until, whileMeasured } from '../helpers/redis-fleet.ts'
import { hasRedis, startRedis, type TestRedis } from '../helpers/redis.ts'
import { hangBeforeHeaders } from '../helpers/upstream-faults.ts'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'

/** 10 tokens in and 5 out at 1,000 USD per million. */
const costUsd = 0.015
/** Before it the gateway holds a quarter of the body's bytes, and 5 tokens out. */
const body = JSON.stringify({ model: 'm', max_tokens: 5, messages: [{ role: 'user', content: 'Hello' }] })
const heldUsd = (Math.ceil(body.length / 4) + 5) / 1000

/** Real processes of the gateway on one real Redis. */
describe.skipIf(!hasRedis)('several gateways with one budget', () => {
  let upstream: Upstream
  let redis: TestRedis
  let prefix: string
  const running: GatewayProcess[] = []

  beforeAll(async () => {
    upstream = await startUpstream()
    upstream.on(/./, text('The same answer.', { usage: { input: 10, output: 5 } }))
  })
  afterAll(() => upstream.close())
  beforeEach(async () => {
    redis = await startRedis()
    prefix = randomUUID()
  })
  afterEach(async () => {
    await Promise.all(running.splice(0).map((gateway) => gateway.stop('SIGKILL')))
    await redis.close()
  })

  function configuration(budgets: object): object {
    return {
      providers: [
        {
          name: 'p',
          type: 'openai',
          apiKey: 'sk-made-up',
          baseUrl: `${upstream.url}/v1`,
          models: ['m'],
          maxRetries: 0,
        },
      ],
      pricing: { overrides: { m: { input: 1000, output: 1000 } } },
      cache: { redis: { url: redis.url, prefix } },
      budgets: { backend: 'redis', timeZone: 'UTC', ...budgets },
    }
  }

  async function start(count: number, budgets: object): Promise<GatewayProcess[]> {
    const gateways = await startFleet(count, configuration(budgets))
    running.push(...gateways)
    await until(() => gateways.every(isUp))
    return gateways
  }

  interface Reply {
    status: number
    ms: number
    headers: Headers
    message: string
  }

  async function ask({ url }: GatewayProcess): Promise<Reply> {
    const began = performance.now()
    const { status, headers, ...response } = await post(url)
    return { status, headers, message: await response.text(), ms: performance.now() - began }
  }

  async function post(url: string): Promise<Pick<Response, 'status' | 'headers' | 'text'>> {
    const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body })
    return { status: response.status, headers: response.headers, text: () => response.text() }
  }

  /** USD, as this gateway has it of all. */
  async function standing(gateway: GatewayProcess): Promise<{ spent: number; held: number }> {
    const token = readFileSync(join(gateway.dataDir, 'admin-token'), 'utf8').trim()
    const response = await fetch(`${gateway.url}/api/v1/call/budgets.get`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: '{}',
    })
    const { value } = (await response.json()) as { value: { states: BudgetState[] } }
    const [state] = value.states
    return { spent: (state?.spentNanoUsd ?? NaN) / 1e9, held: (state?.heldNanoUsd ?? NaN) / 1e9 }
  }

  const slowest = (replies: readonly Reply[]): number => Math.max(...replies.map(({ ms }) => ms))
  const served = (replies: readonly Reply[]): number => replies.filter(({ status }) => status === 200).length

  test.each([2, 4])('%i gateways spend no more than there is, and say which budget it was', async (count) => {
    const daily = 1
    const { gateways, replies } = await undisturbed(async () => {
      prefix = randomUUID()
      const own = await start(count, { daily })
      return { gateways: own, replies: await askAll(300, 16, (index) => ask(atOf(own, index))) }
    })
    // A call is let through only while what is spent and what all calls under way may cost fits into the budget. They
    // cost less than was held, so it is never passed; and at its end there is no room for one more.
    const spent = served(replies) * costUsd
    expect(spent).toBeLessThanOrEqual(daily)
    expect(spent).toBeGreaterThan(daily - heldUsd)
    for (const gateway of gateways) {
      const { spent: told, held } = await standing(gateway)
      expect(told).toBeCloseTo(spent, 9)
      expect(held).toBe(0)
      const refused = await ask(gateway)
      expect(refused.status).toBe(429)
      expect(refused.headers.get('x-should-retry')).toBe('false')
      expect(refused.message).toContain('The daily budget has too little left for this call: 0.99 of 1 USD are spent')
      expect(refused.message).toMatch(/It begins anew at \d{4}-\d\d-\d\d 00:00 \(UTC\)/)
    }
  })

  interface Outage {
    name: string
    begin: () => void | Promise<void>
    end: () => void | Promise<void>
  }

  const outages: Outage[] = [
    { name: 'frozen (SIGSTOP)', begin: () => redis.signal('SIGSTOP'), end: () => redis.signal('SIGCONT') },
    { name: 'killed (SIGKILL) and started empty', begin: () => redis.kill(), end: () => redis.restart() },
  ]

  test.each(outages)(
    '$name under load: nothing is lost, and afterwards the sum is right',
    async ({ begin, end, name }) => {
      const gateways = await start(2, { daily: 1000 })
      const load = (): Promise<{ value: Reply[]; lateMs: number }> =>
        whileMeasured(() => askAll(200, 4, (index) => ask(atOf(gateways, index))))
      await load()
      const before = await load()
      const [during] = await Promise.all([load(), begin()])
      await until(() => gateways.every((gateway) => !isUp(gateway)))
      const away = await load()
      await end()
      await until(() => gateways.every(isUp))
      const after = await load()
      const phases = { before, during, away, after }
      const words = Object.entries(phases).map(([phase, { value }]) => `${phase} ${Math.round(slowest(value))} ms`)
      console.log(`${name}, slowest call: ${words.join(', ')}`)
      for (const { value } of Object.values(phases)) expect(served(value)).toBe(200)
      expect(slowest(during.value)).toBeLessThan(50 + slowest(before.value) + during.lateMs)
      expect(slowest(away.value)).toBeLessThan(50 + slowest(before.value) + away.lateMs)
      for (const gateway of gateways) {
        const { spent, held } = await standing(gateway)
        expect(spent).toBeCloseTo(1000 * costUsd, 9)
        expect(held).toBe(0)
        expect(gateway.output()).not.toMatch(/unhandled|unexpected error/i)
      }
    },
  )

  test('while Redis is away each goes on from what it knew of all, and stops at the budget', async () => {
    const gateways = await start(2, { daily: 0.3 })
    expect(served(await askAll(8, 1, (index) => ask(atOf(gateways, index))))).toBe(8)
    await redis.kill()
    await until(() => gateways.every((gateway) => !isUp(gateway)))
    // 0.12 are spent. Each has heard of all but the other's last call or none, and goes to the end of the budget by itself.
    const room = Math.floor((0.3 - 8 * costUsd - heldUsd) / costUsd) + 1
    for (const gateway of gateways) {
      const alone = served(await askAll(20, 1, () => ask(gateway)))
      expect(alone).toBeGreaterThanOrEqual(room)
      expect(alone).toBeLessThanOrEqual(room + 1)
    }
    await redis.restart()
    await until(() => gateways.every(isUp))
    const total = upstream.requests.length
    const [one, other] = await Promise.all(gateways.map(standing))
    expect(one).toEqual(other)
    expect(one?.spent).toBeGreaterThan(0.3)
    expect((await ask(atOf(gateways, 0))).status).toBe(429)
    expect(upstream.requests).toHaveLength(total)
  })

  test('a restart adds nothing twice; a gateway that comes anew spends from what is left', async () => {
    const [first, second] = (await start(2, { daily: 1 })) as [GatewayProcess, GatewayProcess]
    await askAll(6, 1, (index) => ask(atOf([first, second], index)))
    await first.stop('SIGKILL')
    const [again] = (await startFleet(1, configuration({ daily: 1 }), { dataDir: first.dataDir })) as [GatewayProcess]
    running.push(again)
    expect((await standing(again)).spent).toBeCloseTo(6 * costUsd, 9)
    const [third] = (await start(1, { daily: 1 })) as [GatewayProcess]
    expect((await standing(third)).spent).toBeCloseTo(6 * costUsd, 9)
  })

  test('what a gateway held that was killed is free again when its lease is over', async () => {
    const [one, other] = (await start(2, { daily: 10 * heldUsd })) as [GatewayProcess, GatewayProcess]
    upstream.script(...Array.from({ length: 8 }, () => hangBeforeHeaders()))
    const lost = Array.from({ length: 8 }, () => ask(one).catch(() => undefined))
    await until(async () => (await standing(other)).held > 7.5 * heldUsd)
    const killedAt = performance.now()
    await one.stop('SIGKILL')
    await Promise.all(lost)
    // Room for two more beside what the dead one holds.
    expect((await standing(other)).held).toBeCloseTo(8 * heldUsd, 9)
    await until(async () => (await standing(other)).held === 0)
    expect(performance.now() - killedAt).toBeLessThan(holdLeaseMs + 2000)
    expect((await ask(other)).status).toBe(200)
  })
})

import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { openRedis, type OpenRedis } from '../../gateway/stores/open-redis.ts'
import { RedisSpending, type RedisSpendingPorts } from '../../gateway/stores/spending-redis.ts'
import { account, change, dayMs, demand, describeSpending, sums } from '../conformance/spending.ts'
import { hasRedis, startRedis, type TestRedis } from '../helpers/redis.ts'

let redis: TestRedis
let open: OpenRedis
const opened: OpenRedis[] = []
const made: RedisSpending[] = []

/** What is decided is one thing, how fast another: a busy machine must not turn the first into a test of the stand-ins. */
async function connect(answerMs = 5000): Promise<OpenRedis> {
  const next = await openRedis(
    { url: redis.url, prefix: 'test', caFile: undefined },
    { nowMs: () => performance.now(), onChange: () => {}, answerMs },
  )
  opened.push(next)
  return next
}

function gateway(prefix: string, more: Partial<RedisSpendingPorts> = {}): RedisSpending {
  const ports = { link: open.link, prefix, gatewayId: randomUUID() as string, now: Date.now, ...more }
  const spending = new RedisSpending(ports)
  made.push(spending)
  return spending
}

function redisCli(...command: string[]): string {
  return execFileSync('redis-cli', ['-p', String(redis.port), ...command], { encoding: 'utf8' })
}

describe.skipIf(!hasRedis)('budgets on a real Redis', () => {
  beforeAll(async () => {
    redis = await startRedis()
    open = await connect()
  })
  afterEach(() => {
    for (const spending of made.splice(0)) spending.close()
  })
  afterAll(async () => {
    for (const { link } of opened) link.close()
    await redis.close()
  })

  describeSpending('redis', () => gateway(randomUUID()))

  test('four gateways at the same time hold exactly what there is', async () => {
    const prefix = randomUUID()
    const links = await Promise.all([0, 1, 2, 3].map(() => connect()))
    const gateways = links.map(({ link }) => gateway(prefix, { link }))
    const verdicts = await Promise.all(
      Array.from({ length: 400 }, async (_, index) => gateways[index % 4]?.hold([demand(3)])),
    )
    expect(verdicts.filter((verdict) => verdict?.allowed)).toHaveLength(33)
    for (const each of gateways) expect(await sums(each)).toEqual([[0, 99]])
  })

  test('what one spends the other is told with its next word', async () => {
    const prefix = randomUUID()
    const [one, other] = [gateway(prefix), gateway(prefix)]
    await one.hold([demand(90)])
    expect(await other.hold([demand(20)])).toMatchObject({ allowed: false, refused: { heldNanoUsd: 90 } })
    await one.settle([change(90, 60)])
    expect(await other.settle([change(0, 5)])).toMatchObject([{ spentNanoUsd: 65, heldNanoUsd: 0 }])
  })

  test('a gateway that starts again does not add what it spent before, nor lower what others spent', async () => {
    const [prefix, gatewayId] = [randomUUID(), randomUUID()]
    await gateway(prefix).settle([change(0, 30)])
    await gateway(prefix, { gatewayId }).settle([change(0, 20)])
    const again = gateway(prefix, { gatewayId })
    await again.load([{ account: account(), spentNanoUsd: 20 }])
    expect(await sums(again)).toEqual([[50, 0]])
    // Its ledger was lost: what it had told still counts, and goes on from there.
    const bare = gateway(prefix, { gatewayId })
    await bare.load([{ account: account(), spentNanoUsd: 0 }])
    await bare.settle([change(0, 1)])
    expect(await sums(bare)).toEqual([[51, 0]])
  })

  test('a ledger that knows of more than Redis does adds the rest', async () => {
    const [prefix, gatewayId] = [randomUUID(), randomUUID()]
    await gateway(prefix).settle([change(0, 30)])
    await gateway(prefix, { gatewayId }).settle([change(0, 20)])
    const again = gateway(prefix, { gatewayId })
    await again.load([{ account: account(), spentNanoUsd: 25 }])
    expect(await sums(again)).toEqual([[55, 0]])
  })

  describe('a Redis that forgot everything', () => {
    test('is told by the first that asks what all spent, and what it holds', async () => {
      const prefix = randomUUID()
      const [one, other] = [gateway(prefix), gateway(prefix)]
      await one.settle([change(0, 30)])
      await other.settle([change(0, 20)])
      await one.hold([demand(7)])
      expect(await sums(one)).toEqual([[50, 7]])
      redisCli('flushall')
      // The other is gone for good: what this one knows of it still counts.
      await one.settle([change(0, 1)])
      expect(await sums(one)).toEqual([[51, 7]])
      const third = gateway(prefix)
      expect(await sums(third)).toEqual([[51, 7]])
      // And where the other is not gone it does not count twice.
      await other.settle([change(0, 2)])
      expect(await sums(third)).toEqual([[53, 7]])
    })

    test('its holds are told again although others are asked for at the same time', async () => {
      const prefix = randomUUID()
      const one = gateway(prefix)
      await one.hold([demand(50)])
      redisCli('flushall')
      const verdicts = await Promise.all(Array.from({ length: 20 }, () => one.hold([demand(10)])))
      const held = 50 + 10 * verdicts.filter(({ allowed }) => allowed).length
      expect(await sums(one)).toEqual([[0, held]])
      await one.settle([change(held, 1)])
      expect(await sums(gateway(prefix))).toEqual([[1, 0]])
    })
  })

  describe('holds of a gateway that is gone', () => {
    test('count until the lease is over', async () => {
      const [prefix, server] = [randomUUID(), { now: 1_000_000 }]
      const ports = { leaseMs: 15_000, serverNow: () => server.now }
      await gateway(prefix, ports).hold([demand(90)])
      const other = gateway(prefix, ports)
      server.now += 14_999
      expect(await other.hold([demand(20)])).toMatchObject({ allowed: false, refused: { heldNanoUsd: 90 } })
      server.now += 1
      expect(await other.hold([demand(20)])).toMatchObject({ allowed: true })
    })

    test('a call that takes longer keeps its hold', async () => {
      const prefix = randomUUID()
      const one = gateway(prefix, { leaseMs: 200 })
      const other = gateway(prefix, { leaseMs: 200 })
      await one.hold([demand(90)])
      const began = performance.now()
      while (performance.now() - began < 500) expect(await sums(other)).toEqual([[0, 90]])
      one.close()
      await until(async () => (await sums(other))[0]?.[1] === 0)
    })

    test('a gateway that slept through its lease holds again what it held', async () => {
      const [prefix, server] = [randomUUID(), { now: 1_000_000 }]
      const ports = { leaseMs: 300, serverNow: () => server.now }
      const [one, other] = [gateway(prefix, ports), gateway(prefix, ports)]
      await one.hold([demand(90)])
      server.now += 300
      expect(await sums(other)).toEqual([[0, 0]])
      await until(async () => (await sums(other))[0]?.[1] === 90)
    })
  })

  describe('a Redis that takes no changes', () => {
    const states = [
      { name: 'is full', begin: ['config', 'set', 'maxmemory', '1mb'], end: ['config', 'set', 'maxmemory', '0'] },
      { name: 'became a replica', begin: ['replicaof', '127.0.0.1', '1'], end: ['replicaof', 'no', 'one'] },
    ]
    test.each(states)(
      'because it $name: many calls at once are decided here, and told when it is well',
      async (state) => {
        const warnings: Error[] = []
        const warn = (warning: Error): void => void warnings.push(warning)
        process.on('warning', warn)
        const prefix = randomUUID()
        const { link } = await connect()
        const one = gateway(prefix, { link })
        await one.hold([demand(10)])
        redisCli(...state.begin)
        const verdicts = await Promise.all(Array.from({ length: 40 }, () => one.hold([demand(10)])))
        expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(9)
        expect(link.problem()).toBeDefined()
        redisCli(...state.end)
        await until(async () => link.problem() === undefined)
        expect(await sums(gateway(prefix, { link }))).toEqual([[0, 100]])
        process.off('warning', warn)
        expect(warnings).toEqual([])
      },
    )
  })

  test('what was read into Redis before a SCRIPT FLUSH is read again', async () => {
    const one = gateway(randomUUID())
    await one.hold([demand(10)])
    redisCli('script', 'flush')
    const verdicts = await Promise.all(Array.from({ length: 20 }, () => one.hold([demand(10)])))
    expect(verdicts.filter(({ allowed }) => allowed)).toHaveLength(9)
    expect(await sums(one)).toEqual([[0, 100]])
  })

  test('what is kept goes by itself, a day after its period', async () => {
    const prefix = randomUUID()
    const now = Date.now()
    const period = account({ startsAt: now, endsAt: now + 1000 })
    await gateway(prefix).hold([{ ...period, amountNanoUsd: 5, isForced: false }])
    const keys = redisCli('keys', `{${prefix}:budgets}:*`).trim().split('\n')
    expect(keys.toSorted()).toEqual(['held', 'spent'].map((part) => `{${prefix}:budgets}:${now}:daily:${part}`))
    for (const key of keys) {
      const keptMs = Number(redisCli('pttl', key))
      expect(keptMs).toBeGreaterThan(dayMs - 60_000)
      expect(keptMs).toBeLessThanOrEqual(dayMs + 1000)
    }
  })

  test('gateways whose periods began at other times do not share them', async () => {
    const prefix = randomUUID()
    await gateway(prefix).settle([change(0, 30)])
    const elsewhere = account({ startsAt: 3_600_000, endsAt: dayMs + 3_600_000 })
    expect(await sums(gateway(prefix), elsewhere)).toEqual([[0, 0]])
  })

  /** The test's own time limit ends it. */
  async function until(isSo: () => Promise<boolean>): Promise<void> {
    while (!(await isSo())) await new Promise((resolve) => setTimeout(resolve, 20))
  }
})

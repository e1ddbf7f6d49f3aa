import { execFileSync, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { createRedisCache } from '../../gateway/stores/cache-redis.ts'
import { createMemoryCounter } from '../../gateway/stores/counter-memory.ts'
import { createRedisCounter } from '../../gateway/stores/counter-redis.ts'
import { openRedis, type OpenRedis } from '../../gateway/stores/open-redis.ts'
import { RedisSpending } from '../../gateway/stores/spending-redis.ts'
import { answer } from '../conformance/cache.ts'
import { account, sums } from '../conformance/spending.ts'
import { hasRedis, startRedis, type TestRedis } from '../helpers/redis.ts'

/** Each form of the address against a real server that is reached so, and what is said when it is not. */
describe.skipIf(!hasRedis)('the forms of cache.redis.url', () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm-gateway-redis-kinds-'))
  const servers: TestRedis[] = []
  const opened: OpenRedis[] = []

  afterEach(async () => {
    for (const { link } of opened.splice(0)) link.close()
    await Promise.all(servers.splice(0).map((server) => server.close()))
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  async function serve(args: Parameters<typeof startRedis>[0] = []): Promise<TestRedis> {
    const server = await startRedis(args)
    servers.push(server)
    return server
  }

  async function open(url: string, caFile?: string): Promise<OpenRedis> {
    const open = await openRedis(
      { url, prefix: 'llm-gateway', caFile },
      { nowMs: () => performance.now(), onChange: () => {}, answerMs: 2000 },
    )
    opened.push(open)
    return open
  }

  /** Everything that the stores send. */
  async function useAll({ link, prefix, parts }: OpenRedis): Promise<void> {
    expect(link.problem()).toBeUndefined()
    const local = createMemoryCounter({ now: Date.now })
    const counter = createRedisCounter({ link, prefix, local, now: Date.now })
    const limits = ['global/requests', 'key/a/requests', 'model/m/requests'].map(
      (id) => ({ id, unit: 'requests', limit: 5, windowMs: 60_000, amount: 1 }) as const,
    )
    expect(await counter.take(limits)).toMatchObject({ allowed: true })
    await counter.settle(limits.map((limit) => ({ ...limit, amount: 1 })))
    expect((await counter.peek(limits)).map(({ remaining }) => remaining)).toEqual([3, 3, 3])
    const spending = new RedisSpending({ link, prefix, gatewayId: randomUUID(), now: Date.now })
    const accounts = ['daily', 'daily/key/a', 'monthly/provider/p'].map((id) => account({ id }))
    const held = await spending.hold(accounts.map((each) => ({ ...each, amountNanoUsd: 60, isForced: false })))
    expect(held).toMatchObject({ allowed: true })
    const spent = await spending.settle(accounts.map((each) => ({ ...each, heldNanoUsd: 60, spentNanoUsd: 50 })))
    expect(spent.map(({ spentNanoUsd, heldNanoUsd }) => [spentNanoUsd, heldNanoUsd])).toEqual([
      [50, 0],
      [50, 0],
      [50, 0],
    ])
    expect(await sums(spending, ...accounts)).toHaveLength(3)
    spending.close()
    expect(link.problem()).toBeUndefined()
    const cache = createRedisCache({ link, prefix, parts, maxBytes: 1e6, now: Date.now })
    for (let index = 0; index < 50; index += 1) await cache.set(`key-${index}`, answer(`${index}`.repeat(2000)), 60_000)
    for (let index = 0; index < 50; index += 1) expect(await cache.get(`key-${index}`)).toBeDefined()
    expect((await cache.stats()).entries).toBe(50)
    expect(await cache.top(5)).toHaveLength(5)
    expect(await cache.models()).toMatchObject([{ model: 'fast', entries: 50 }])
    expect(await cache.clear('fast')).toBe(50)
    await cache.resize(1e5)
    expect(await cache.clear()).toBe(0)
    expect(link.problem()).toBeUndefined()
  }

  test('redis://user:password@host/2, with no more rights than the documentation says', async () => {
    const rights = ['on', '>p@ss/word', '~{llm-gateway:*', '+@read', '+@write', '+@scripting', '+@connection', '+time']
    const { port } = await serve(['--user', 'gateway', ...rights])
    await useAll(await open(`redis://gateway:p%40ss%2Fword@127.0.0.1:${port}/2`))
  })

  test('redis-cluster://, from one of its three nodes', async () => {
    const nodes = await Promise.all([0, 1, 2].map(() => serve(['--cluster-enabled', 'yes'])))
    const places = nodes.map(({ port }) => `127.0.0.1:${port}`)
    execFileSync('redis-cli', ['--cluster', 'create', ...places, '--cluster-yes'], { stdio: 'ignore' })
    for (const { port } of nodes) await until(() => ask(port, 'cluster', 'info').includes('cluster_state:ok'))
    const cluster = await open(`redis-cluster://${places[1]}`)
    expect(cluster.parts).toBe(16)
    await useAll(cluster)
  })

  test('redis-sentinel://, and the server that takes over', async () => {
    const master = await serve()
    const replica = await serve(['--replicaof', '127.0.0.1', String(master.port)])
    const file = join(folder, 'sentinel.conf')
    writeFileSync(file, `sentinel monitor main 127.0.0.1 ${master.port} 1\nsentinel down-after-milliseconds main 300\n`)
    const sentinel = await serve([file, '--sentinel'])
    const link = await open(`redis-sentinel://127.0.0.1:${sentinel.port}/main`)
    await useAll(link)
    await until(() => ask(replica.port, 'info', 'replication').includes('master_link_status:up'))
    // It learns of the replica from the master, in its own time.
    await until(() => ask(sentinel.port, 'sentinel', 'replicas', 'main').includes(String(replica.port)))
    await master.kill()
    await until(() => link.link.problem() !== undefined)
    await until(() => link.link.problem() === undefined)
    ask(replica.port, 'flushall')
    await useAll(link)
  })

  function ask(port: number, ...command: string[]): string {
    return execFileSync('redis-cli', ['-p', String(port), ...command], { encoding: 'utf8' })
  }

  /** The test's own time limit ends it. */
  async function until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 20))
  }

  describe.skipIf(spawnSync('openssl', ['version']).status !== 0)('rediss://', () => {
    const [key, certificate] = [join(folder, 'key.pem'), join(folder, 'certificate.pem')]
    const tls = (port: number): string[] => [
      ...['--tls-port', String(port), '--tls-cert-file', certificate, '--tls-key-file', key],
      ...['--tls-ca-cert-file', certificate, '--tls-auth-clients', 'no'],
    ]

    beforeAll(() => {
      const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1']
      const files = ['-keyout', key, '-out', certificate]
      execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', ...files, ...subject], {
        stdio: 'ignore',
      })
    })

    test('is checked against network.caFile, and refused without', async () => {
      const { port, beside: tlsPort } = await serve(tls)
      await useAll(await open(`rediss://localhost:${tlsPort}`, certificate))
      const unknown = await open(`rediss://localhost:${tlsPort}`)
      expect(unknown.link.problem()).toContain('has a certificate of an unknown authority: name it in network.caFile')
      const plain = await open(`rediss://127.0.0.1:${port}`, certificate)
      expect(plain.link.problem()).toMatch(/TLS|closed the connection|gave no answer/)
    })
  })

  const refusals: [string, string[], (port: number) => string, RegExp][] = [
    ['a wrong password', ['--requirepass', 'right'], (port) => `redis://:wrong@127.0.0.1:${port}`, /refuses the user/],
    ['no password', ['--requirepass', 'right'], (port) => `redis://127.0.0.1:${port}`, /asks for a password/],
    ['an unknown name', [], () => 'redis://no-such-host.invalid', /is not found/],
    ['the wrong port', [], () => 'redis://127.0.0.1:1', /is not reached: nothing listens there/],
    ['a cluster that is none', [], (port) => `redis-cluster://127.0.0.1:${port}`, /cluster support disabled/],
    ['a node without redis-cluster', ['--cluster-enabled', 'yes'], (port) => `redis://127.0.0.1:${port}`, /cluster/],
    [
      'a user without rights',
      ['--user', 'gateway', 'on', '>pw', '+@connection'],
      (port) => `redis://gateway:pw@127.0.0.1:${port}`,
      /does not let this user/,
    ],
  ]

  test.each(refusals)('%s is told in words', async (_, args, urlOf, words) => {
    const { port } = await serve(args)
    const { link } = await open(urlOf(port))
    expect(link.problem()).toMatch(words)
  })
})

import { afterEach, describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Ports } from '../../gateway/ports.ts'
import { appHome } from '../../gateway/config/app-home.ts'
import type { GatewayEvent, MethodInput, MethodName, MethodOutput } from '../../gateway/contract.ts'
import { methods } from '../../gateway/contract.ts'
import { providerRows } from '../../gateway/providers/rows.ts'
import { createTestGateway, type TestGateway } from '../helpers/in-process.ts'
import { FakeUpstream, obliging } from './pipeline/stage.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

const provider = {
  name: 'p',
  type: 'openai',
  apiKey: 'sk-secret-of-p',
  baseUrl: 'http://127.0.0.1:9/v1',
  maxRetries: 0,
}

interface Scene {
  gateway: TestGateway
  upstream: FakeUpstream
  events: GatewayEvent[]
  ask: <Name extends MethodName>(method: Name, input: MethodInput<Name>) => Promise<MethodOutput<Name>>
  stored: () => object | undefined
  post: (body?: object, headers?: Record<string, string>) => Promise<{ statusCode: number; json: () => unknown }>
}

/** The gateway with a home in memory; every answer is checked against the contract. */
async function open(config: object = { providers: [provider] }, ports: Partial<Ports> = {}): Promise<Scene> {
  let kept: object | undefined = config
  const store = { get: () => kept, set: (next: object) => void (kept = next) }
  const secrets = { get: async () => undefined, set: async () => undefined }
  const home = appHome({ store, secrets, env: {}, knownProviders: providerRows })
  const upstream = new FakeUpstream()
  upstream.otherwise = obliging
  const gateway = await createTestGateway(config, { home, upstream, ...ports })
  closing.push(() => gateway.close())
  const events: GatewayEvent[] = []
  gateway.api.subscribe((event) => events.push(event))
  return {
    gateway,
    upstream,
    events,
    stored: () => kept,
    async ask(method, input) {
      const result = await gateway.api.call(method, input)
      if (!result.ok) throw new Error(`${result.error.code}: ${result.error.message}`)
      return methods[method].output.parse(result.value) as MethodOutput<typeof method>
    },
    post: (body = { model: 'm', messages: [{ role: 'user', content: 'Hello' }] }, headers = {}) =>
      gateway.fastify.inject({ method: 'POST', url: '/v1/chat/completions', headers, body: JSON.stringify(body) }),
  }
}

describe('status', () => {
  test('tells where it runs, and what was spent today without asking anew', async () => {
    const { ask, post, gateway } = await open({
      providers: [provider],
      pricing: { overrides: { m: { input: 1, output: 1 } } },
    })
    expect(await ask('status.get', {})).toMatchObject({
      state: 'running',
      configHome: 'app',
      todayRequests: 0,
      hasCalls: false,
      usesDemo: false,
    })
    await post()
    const after = await ask('status.get', {})
    expect(after).toMatchObject({ todayRequests: 1, hasCalls: true })
    expect(after.todayCostNanoUsd).toBe((await gateway.ledger.usage({})).total.costNanoUsd)
    expect(after.todayCostNanoUsd).toBeGreaterThan(0)
  })

  test('degraded, with the reason, while a provider has no key', async () => {
    const { ask } = await open({ providers: [{ name: 'openai' }] })
    const { state, reasons } = await ask('status.get', {})
    expect([state, reasons]).toEqual(['degraded', [expect.stringMatching(/^openai: no API key/)]])
  })

  test('paused, calls are refused in their dialect and /health answers; resumed, they are served', async () => {
    const { ask, post, gateway, events } = await open()
    expect(await ask('status.pause', { paused: true })).toMatchObject({ state: 'stopped' })
    const refused = await post()
    expect([refused.statusCode, refused.json()]).toMatchObject([503, { error: { code: 'paused' } }])
    expect((await gateway.fastify.inject('/health')).statusCode).toBe(200)
    expect(await ask('status.pause', { paused: false })).toMatchObject({ state: 'running' })
    expect((await post()).statusCode).toBe(200)
    const states = events.flatMap((event) => (event.event === 'status' ? event.data.state : []))
    expect(states).toEqual(['stopped', 'running'])
  })
})

describe('edits', () => {
  test('count at once, are kept, told, and can be taken back', async () => {
    const { ask, events, stored, post } = await open()
    const { undo } = await ask('aliases.save', { name: 'fast', targets: [{ provider: 'p', model: 'm' }] })
    expect(stored()).toMatchObject({ routing: { modelMappings: { fast: { provider: 'p', model: 'm' } } } })
    expect((await post({ model: 'fast', messages: [] })).statusCode).toBe(200)
    expect((await ask('aliases.list', {})).aliases.map(({ name }) => name)).toEqual(['fast'])
    expect(events.map(({ event }) => event)).toContain('config')
    await ask('config.undo', { undo })
    expect((await ask('aliases.list', {})).aliases).toEqual([])
    await expect(ask('config.undo', { undo })).rejects.toThrow('not_found')
  })

  test('at one time do not lose one another', async () => {
    const { ask } = await open()
    const names = ['a', 'b', 'c', 'd']
    await Promise.all(names.map((name) => ask('aliases.save', { name, targets: [{ provider: 'p', model: 'm' }] })))
    expect((await ask('aliases.list', {})).aliases.map(({ name }) => name).toSorted()).toEqual(names)
  })

  test('that are not good change nothing and name the place', async () => {
    const { gateway, events, stored } = await open()
    const before = stored()
    const result = await gateway.api.call('config.import', { yaml: 'server:\n  prot: 1\n' })
    expect(result).toMatchObject({ ok: false, error: { code: 'invalid_config', field: 'server.prot' } })
    expect(stored()).toBe(before)
    expect(events).toEqual([])
  })

  test('of the cache are in force at once, its size too', async () => {
    const { ask, post } = await open()
    await ask('cache.configure', { enabled: true, ttlMs: 60_000, maxBytes: 2_000_000 })
    await post()
    await post()
    expect(await ask('cache.get', {})).toMatchObject({
      enabled: true,
      ttlMs: 60_000,
      maxBytes: 2_000_000,
      entries: 1,
      hits: { today: 1, ever: 1 },
      misses: { today: 1 },
      top: [{ model: 'm', hits: 1 }],
      models: [{ model: 'm', entries: 1 }],
    })
    expect(await ask('cache.clear', { model: 'other' })).toEqual({ cleared: 0 })
    expect(await ask('cache.clear', { model: 'm' })).toEqual({ cleared: 1 })
  })

  test('without a home are refused with what to do', async () => {
    const gateway = await createTestGateway()
    closing.push(() => gateway.close())
    expect(await gateway.api.call('settings.save', { port: 9000 })).toMatchObject({
      ok: false,
      error: { message: expect.stringContaining('--config') },
    })
  })
})

test('the export holds no key and loads again', async () => {
  const { ask } = await open()
  const { yaml } = await ask('config.export', {})
  expect(yaml).not.toContain('sk-secret-of-p')
  expect(parse(yaml)).toMatchObject({ providers: [{ name: 'p', apiKey: expect.stringMatching(/^\$\{\w+\}$/) }] })
  expect((await ask('config.preview', { yaml })).problems).toEqual([])
})

describe('a call in detail', () => {
  const headers = { authorization: 'Bearer sk-of-the-client-0123', cookie: 'session=1', 'x-tool': 'cli' }
  const body = { model: 'm', messages: [{ role: 'user', content: 'my key is sk-abcdefghijklmnop' }] }

  async function detailOf(scene: Scene) {
    const [call] = (await scene.ask('traffic.list', { limit: 1, filter: {} })).calls
    return scene.ask('traffic.get', { callId: call?.callId ?? '' })
  }

  test('without capture: headers, redacted, and no bodies', async () => {
    const scene = await open()
    await scene.post(body, headers)
    const detail = await detailOf(scene)
    expect(detail).toMatchObject({ request: null, response: null, capture: 'off', cacheReason: 'The cache is off.' })
    expect(Object.fromEntries(detail.requestHeaders ?? [])).toMatchObject({
      authorization: '[redacted]',
      cookie: '[redacted]',
      'x-tool': 'cli',
    })
    expect(Object.fromEntries(detail.responseHeaders ?? [])).toMatchObject({ 'x-gateway-provider': 'p' })
    expect(JSON.stringify(detail)).not.toMatch(/sk-of-the-client|session=1/)
  })

  test('with capture: bodies, scrubbed and cut', async () => {
    const scene = await open({ providers: [provider], ledger: { bodies: 'all', bodyLimit: 60 } })
    await scene.post(body, headers)
    // Kept after the answer, in a turn of its own.
    await new Promise((resolve) => setImmediate(resolve))
    const detail = await detailOf(scene)
    expect(detail).toMatchObject({ capture: 'all', truncated: true })
    expect(detail.request).toHaveLength(60)
    expect(detail.request).toContain('"model":"m"')
    expect(detail.response).toHaveLength(60)
    expect(JSON.stringify(detail)).not.toContain('sk-abcdefghijklmnop')
  })

  test('capture of errors leaves good calls alone', async () => {
    const scene = await open({ providers: [provider], ledger: { bodies: 'errors' } })
    await scene.post(body)
    await new Promise((resolve) => setImmediate(resolve))
    expect((await detailOf(scene)).request).toBeNull()
    scene.gateway.clock.advance(1000)
    scene.upstream.otherwise = (flight) => flight.json({ error: { message: 'no' } }, 400)
    await scene.post(body)
    await new Promise((resolve) => setImmediate(resolve))
    const failed = await detailOf(scene)
    expect(failed.request).toContain('"model":"m"')
    expect(failed.response).toContain('no')
  })
})

test('diagnostics look at everything and tell no secret', async () => {
  const { ask, gateway } = await open({ providers: [provider] })
  await gateway.listen({ host: '127.0.0.1', port: 0 })
  const { checks, report } = await ask('diagnostics.run', {})
  const outcomes = Object.fromEntries(checks.map(({ name, outcome }) => [name, outcome]))
  expect(outcomes).toMatchObject({
    Port: 'ok',
    'Data folder': 'warning',
    Proxy: 'ok',
    'Provider p': expect.any(String),
  })
  expect(Object.keys(outcomes)).toEqual(expect.arrayContaining(['Clock', 'Event loop', 'Key store', 'Disk space']))
  expect(report).toContain('| ok | Port |')
  expect(report + JSON.stringify(checks)).not.toContain('sk-secret-of-p')
})

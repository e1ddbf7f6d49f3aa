import { afterEach, describe, expect, test } from 'vitest'
import type { InjectOptions } from 'fastify'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'
import { FakeUpstream, hello, obliging } from '../pipeline/stage.ts'
import { createMemoryLedger } from '../../../gateway/stores/ledger-memory.ts'

const opened: TestGateway[] = []
afterEach(async () => void (await Promise.all(opened.splice(0).map((gateway) => gateway.close()))))

const provider = {
  name: 'p',
  type: 'openai',
  apiKey: 'sk-secret-of-p',
  baseUrl: 'http://127.0.0.1:9/v1',
  maxRetries: 0,
}

async function open(config: object = {}, ports: Parameters<typeof createTestGateway>[1] = {}) {
  const upstream = new FakeUpstream()
  upstream.otherwise = obliging
  const gateway = await createTestGateway({ providers: [provider], ...config }, { upstream, ...ports })
  opened.push(gateway)
  const get = (url: string, more: InjectOptions = {}) =>
    gateway.fastify.inject({ url, ...more, headers: { host: 'localhost', ...more.headers } })
  const chat = (body: object = hello, headers: Record<string, string> = {}) =>
    get('/v1/chat/completions', { method: 'POST', payload: JSON.stringify(body), headers })
  return { gateway, upstream, get, chat }
}

test('/health tells that it lives, which version, and to another copy who has the port', async () => {
  const { gateway, get } = await open()
  gateway.clock.advance(61_500)
  const reply = await get('/health')
  expect(reply.json()).toEqual({ status: 'ok', version: expect.stringMatching(/^\d+\.\d+\.\d+/), uptime_seconds: 61 })
  expect(reply.headers['x-llm-gateway']).toBe((reply.json() as { version: string }).version)
})

describe('/ready', () => {
  test('a provider that answers', async () => {
    const reply = await (await open()).get('/ready')
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toEqual({ status: 'ready', reasons: [], providers: [{ name: 'p', ok: true, reason: null }] })
  })

  test('none that answers', async () => {
    const { upstream, get } = await open()
    upstream.otherwise = (flight) => void flight.json({ error: { message: 'Incorrect key sk-secret-of-p' } }, 401)
    const reply = await get('/ready')
    expect(reply.statusCode).toBe(503)
    expect(reply.json()).toMatchObject({
      status: 'not_ready',
      reasons: [expect.stringMatching(/^p: HTTP 401: Incorrect key/)],
      providers: [{ name: 'p', ok: false }],
    })
    expect(reply.body).not.toContain('sk-secret-of-p')
  })

  test('one of two is enough, and the other is named', async () => {
    const { get } = await open({ providers: [provider, { ...provider, name: 'q', apiKey: undefined }] })
    const reply = await get('/ready')
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject({ status: 'ready', reasons: [expect.stringMatching(/^q: no API key/)] })
  })
})

describe('/v1/models', () => {
  const config = {
    providers: [{ ...provider, models: ['m', 'meta/llama'] }],
    routing: { modelMappings: { fast: { provider: 'p', model: 'm' } } },
  }

  test('aliases and models', async () => {
    const reply = await (await open(config)).get('/v1/models')
    const { object, data } = reply.json() as { object: string; data: { id: string }[] }
    expect(object).toBe('list')
    expect(data.map(({ id }) => id)).toEqual(['fast', 'm', 'meta/llama'])
  })

  test('one, with slashes written either way', async () => {
    const { get } = await open(config)
    for (const name of ['meta/llama', 'meta%2Fllama', 'p/meta/llama']) {
      expect((await get(`/v1/models/${name}`)).json()).toMatchObject({ object: 'model', owned_by: 'p' })
    }
    const missing = await get('/v1/models/nope')
    expect(missing.statusCode).toBe(404)
    expect(missing.json()).toMatchObject({ error: { code: 'model_not_found', param: 'model' } })
  })
})

describe('/metrics', () => {
  test('has the names that dashboards are made of', async () => {
    const { get, chat } = await open({ cache: { enabled: true } })
    await chat()
    await chat()
    const reply = await get('/metrics')
    expect(reply.headers['content-type']).toContain('text/plain')
    const lines = reply.body.split('\n')
    const value = (name: string) => lines.find((line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`))
    expect(value('llm_gateway_requests_total')).toMatch(/ 2$/)
    expect(value('llm_gateway_tokens_total')).toMatch(/ 15$/)
    expect(value('llm_gateway_cache_hits_total')).toMatch(/ 1$/)
    expect(value('llm_gateway_cache_misses_total')).toMatch(/ 1$/)
    expect(value('llm_gateway_cost_total')).toBeDefined()
    expect(value('llm_gateway_provider_requests_total')).toMatch(/provider="p".* 1$/)
    expect(reply.body).toContain('llm_gateway_model_cost_total')
  })

  test('elsewhere, or nowhere', async () => {
    const moved = await open({ metrics: { endpoint: '/internal/metrics' } })
    expect((await moved.get('/internal/metrics')).statusCode).toBe(200)
    expect((await moved.get('/metrics')).statusCode).toBe(404)
    expect((await (await open({ metrics: { enabled: false } })).get('/metrics')).statusCode).toBe(404)
  })
})

describe('/api/v1/usage', () => {
  test('counts what was called, by group', async () => {
    const { get, chat } = await open({ pricing: { overrides: { m: { input: 1, output: 2 } } } })
    await chat({ ...hello, 'x-gateway': { metadata: { feature: 'search' } } })
    await chat({ ...hello, model: 'other' })
    const reply = await get('/api/v1/usage?group_by=model,feature&from=2026-01-01&to=2026-02-01')
    expect(reply.json()).toMatchObject({
      total_requests: 2,
      total_tokens: 30,
      total_cost: 0.00002,
      cache_hits: 0,
      from: '2026-01-01T00:00:00.000Z',
      groups: [
        { model: 'm', feature: 'search', total_requests: 1, total_cost: 0.00002 },
        { model: 'other', feature: null, total_requests: 1, unpriced_attempts: 1 },
      ],
    })
    expect((await get('/api/v1/usage?from=2026-02-01')).json()).toMatchObject({ total_requests: 0 })
  })

  test.each([
    ['from=soon', 'from'],
    ['to=x', 'to'],
    ['group_by=colour', 'group_by'],
    ['from=2026-02-01&to=2026-01-01', 'from'],
    ['from=1&from=2', 'from'],
  ])('?%s is refused and named', async (query, param) => {
    const reply = await (await open()).get(`/api/v1/usage?${query}`)
    expect(reply.statusCode).toBe(400)
    expect(reply.json()).toMatchObject({ error: { type: 'invalid_request_error', param } })
  })

  test('a ledger that cannot be read: 500, nothing of why to the caller, all of it in the log', async () => {
    const logged: unknown[] = []
    const log = {
      debug: () => {},
      info: () => {},
      warn: () => {},
      error: (...entry: unknown[]) => void logged.push(entry),
    }
    const ledger = { ...createMemoryLedger(), usage: () => Promise.reject(new Error('disk I/O error')) }
    const reply = await (await open({}, { ledger, log: log as never })).get('/api/v1/usage')
    expect(reply.statusCode).toBe(500)
    expect(reply.json()).toMatchObject({ error: { code: 'internal_error' } })
    expect(reply.body).not.toContain('disk')
    expect(JSON.stringify(logged)).toContain('disk I/O error')
  })
})

test('/api/v1/providers/status', async () => {
  const { upstream, get, chat } = await open()
  expect((await get('/api/v1/providers/status')).json()).toMatchObject({
    providers: [{ name: 'p', status: 'unknown' }],
  })
  await chat()
  expect((await get('/api/v1/providers/status')).json()).toMatchObject({
    providers: [{ status: 'healthy', attempts: 1 }],
  })
  upstream.otherwise = (flight) => void flight.json({}, 500)
  for (let count = 0; count < 5; count += 1) await chat()
  expect((await get('/api/v1/providers/status')).json()).toMatchObject({
    providers: [{ status: 'down', failures: 5, open_circuits: [{ model: 'm', retry_in_ms: 10_000 }] }],
  })
})

describe('where a key is asked for', () => {
  const auth = { anonymous: false, keys: [{ name: 'app', key: 'gw-app-key' }] }
  const guarded = ['/api/v1/usage', '/api/v1/providers/status', '/v1/models', '/v1/models/m', '/metrics']

  test.each(guarded)('%s', async (url) => {
    const { get } = await open({ auth })
    const refused = await get(url)
    expect(refused.statusCode).toBe(401)
    expect(refused.json()).toMatchObject({ error: { code: 'invalid_api_key' } })
    expect((await get(url, { headers: { authorization: 'Bearer gw-wrong' } })).statusCode).toBe(401)
    expect((await get(url, { headers: { 'x-api-key': 'gw-app-key' } })).statusCode).not.toBe(401)
  })

  test('clearing the cache', async () => {
    const { get } = await open({ auth })
    expect((await get('/api/v1/cache/clear', { method: 'POST' })).statusCode).toBe(401)
  })

  test.each([
    ['/%61pi/v1/usage'],
    ['/api%2Fv1/usage'],
    ['/%76%31/models'],
    ['/v1/%6dodels/m'],
    ['/%6detrics'],
    ['/api/v1/usage?x=/health'],
    ['/api/v1/usage;x'],
    ['//api/v1/usage'],
    ['/API/v1/usage'],
    ['/health/../api/v1/usage'],
  ])('however it is written: %s', async (url) => {
    const { get } = await open({ auth })
    expect([401, 404]).toContain((await get(url)).statusCode)
  })

  test('/health and /ready stay open for whatever watches the process', async () => {
    const { get } = await open({ auth })
    expect((await get('/health')).statusCode).toBe(200)
    expect((await get('/ready')).statusCode).toBe(200)
  })
})

test('what the gateway tells of itself is not for pages of other origins', async () => {
  const { get } = await open()
  for (const url of ['/health', '/api/v1/usage', '/metrics', '/v1/models']) {
    expect((await get(url, { headers: { origin: 'https://evil.test' } })).statusCode).toBe(403)
    expect((await get(url, { headers: { host: 'evil.test' } })).statusCode).toBe(403)
  }
})

import { afterEach, describe, expect, test, vi } from 'vitest'
import type { LightMyRequestResponse } from 'fastify'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'
import { completion, FakeUpstream, hello, obliging, sse, chunk } from '../pipeline/stage.ts'

const opened: TestGateway[] = []
afterEach(async () => {
  vi.useRealTimers()
  await Promise.all(opened.splice(0).map((gateway) => gateway.close()))
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
  post: (body: unknown, headers?: Record<string, string>, path?: string) => Promise<LightMyRequestResponse>
}

/** A provider that answers everything, unless the test says otherwise. */
async function open(config: object = {}): Promise<Scene> {
  const upstream = new FakeUpstream()
  upstream.otherwise = obliging
  const gateway = await createTestGateway({ providers: [provider], ...config }, { upstream })
  opened.push(gateway)
  const post: Scene['post'] = async (body, headers = {}, path = '/v1/chat/completions') =>
    gateway.fastify.inject({
      method: 'POST',
      url: path,
      headers: { host: 'localhost', ...headers },
      payload: typeof body === 'string' ? body : JSON.stringify(body),
    })
  return { gateway, upstream, post }
}

const streaming = { ...hello, stream: true }

describe('the demo, without any configuration', () => {
  test('answers whole', async () => {
    const gateway = await createTestGateway()
    opened.push(gateway)
    const reply = await gateway.fastify.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { host: 'localhost' },
      payload: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Hello?' }] }),
    })
    expect(reply.statusCode).toBe(200)
    expect(reply.headers).toMatchObject({
      'content-type': 'application/json',
      'x-gateway-provider': 'demo',
      'x-gateway-model': 'demo',
      'x-gateway-attempts': '1',
      'x-gateway-cost': '0',
      'x-cache': 'BYPASS',
      'x-gateway-request-id': expect.stringMatching(/^[0-9a-f-]{36}$/),
    })
    expect(reply.json()).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { content: expect.stringContaining('You said: "Hello?"') }, finish_reason: 'stop' }],
    })
  })

  test('streams', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const gateway = await createTestGateway()
    opened.push(gateway)
    let reply: LightMyRequestResponse | undefined
    void gateway.fastify
      .inject({
        method: 'POST',
        url: '/v1/chat/completions',
        headers: { host: 'localhost' },
        payload: JSON.stringify({ ...streaming, model: 'demo' }),
      })
      .then((done) => (reply = done))
    for (let turn = 0; reply === undefined && turn < 2000; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      vi.advanceTimersByTime(12)
    }
    expect(reply?.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect(reply?.body).toMatch(/^data: \{.*data: \[DONE\]\n\n$/s)
    expect(reply?.body).not.toContain('"usage":{')
  })

  test('embeds', async () => {
    const gateway = await createTestGateway()
    opened.push(gateway)
    const reply = await gateway.fastify.inject({
      method: 'POST',
      url: '/v1/embeddings',
      headers: { host: 'localhost' },
      payload: JSON.stringify({ model: 'demo', input: ['a', 'b'] }),
    })
    expect(reply.json()).toMatchObject({ object: 'list', data: [{ index: 0 }, { index: 1 }] })
  })
})

describe('an answer', () => {
  test('whole, byte for byte, with its price', async () => {
    const { post } = await open({ pricing: { overrides: { m: { input: 1, output: 2 } } } })
    const reply = await post(hello)
    expect(reply.body).toBe(JSON.stringify(completion('Hello world!')))
    expect(reply.headers['content-length']).toBe(String(Buffer.byteLength(reply.body)))
    expect(reply.headers['x-gateway-cost']).toBe('0.00002')
  })

  test('streamed, without the usage nobody asked for', async () => {
    const { post } = await open()
    const reply = await post(streaming)
    expect(reply.body).toBe(sse(chunk('Hello'), chunk(' world!'), chunk({}, 'stop'), '[DONE]'))
    expect(reply.headers).not.toHaveProperty('content-length')
    expect(reply.headers['x-accel-buffering']).toBe('no')
  })

  test('any content type will do: curl -d says form data and means JSON', async () => {
    const { post } = await open()
    for (const type of ['application/json', 'application/x-www-form-urlencoded', 'text/plain', 'x/y; z=1']) {
      expect((await post(hello, { 'content-type': type })).statusCode).toBe(200)
    }
  })

  test('what could not be carried is told', async () => {
    const { upstream, post } = await open({
      providers: [{ ...provider, type: 'anthropic', baseUrl: 'http://127.0.0.1:9' }],
    })
    upstream.plays.push(
      (flight) =>
        void flight.json({
          type: 'message',
          id: 'i',
          role: 'assistant',
          model: 'c',
          content: [{ type: 'text', text: 'Hi' }],
          stop_reason: 'end_turn',
          usage: { input_tokens: 1, output_tokens: 1 },
        }),
    )
    const reply = await post({ ...hello, logit_bias: { '5': 1 } })
    expect(reply.statusCode).toBe(200)
    expect(reply.headers['x-gateway-warnings']).toMatch(/logit_bias: /)
  })
})

describe('refusals', () => {
  const table: [what: string, body: unknown, status: number, error: object][] = [
    ['no body', '', 400, { code: 'invalid_json', message: 'The request has no body; send a JSON object.' }],
    ['no JSON', '{', 400, { code: 'invalid_json' }],
    ['no model', {}, 400, { code: 'invalid_request', param: 'model' }],
    ['stream as text', { ...hello, stream: 'yes' }, 400, { param: 'stream' }],
    ['a wrong option', { ...hello, 'x-gateway': { provider: 'x' } }, 400, { param: 'x-gateway.provider' }],
  ]
  test.each(table)('%s', async (_what, body, status, error) => {
    const { upstream, post } = await open()
    const reply = await post(body)
    expect(reply.statusCode).toBe(status)
    expect(reply.json()).toMatchObject({ error: { type: 'invalid_request_error', ...error } })
    expect(Object.keys((reply.json() as { error: object }).error).toSorted()).toEqual([
      'code',
      'message',
      'param',
      'type',
    ])
    expect(reply.headers['x-gateway-request-id']).toBeDefined()
    expect(upstream.flights).toHaveLength(0)
  })

  test('a body over the limit', async () => {
    const { post } = await open({ server: { bodyLimit: 100 } })
    expect((await post({ model: 'm', messages: [] })).statusCode).toBe(200)
    const reply = await post({ model: 'm', messages: ['x'.repeat(100)] })
    expect(reply.statusCode).toBe(413)
    expect(reply.json()).toMatchObject({
      error: { code: 'body_too_large', message: expect.stringContaining('larger than 100 bytes') },
    })
  })

  test('an unknown path, and a wrong method', async () => {
    const { gateway, post } = await open()
    const reply = await post(hello, {}, '/v1/chat/completion?key=secret')
    expect(reply.statusCode).toBe(404)
    expect(reply.json()).toEqual({
      error: {
        message: expect.stringMatching(/^There is nothing at POST \/v1\/chat\/completion\. This gateway has /),
        type: 'invalid_request_error',
        param: null,
        code: 'not_found',
      },
    })
    const wrong = await gateway.fastify.inject({ url: '/v1/chat/completions', headers: { host: 'localhost' } })
    expect(wrong.statusCode).toBe(405)
    expect(wrong.headers['allow']).toBe('POST')
  })

  test('a provider’s own error, in its words', async () => {
    const { upstream, post } = await open()
    upstream.plays.push(
      (flight) =>
        void flight.json(
          {
            error: {
              message: 'Too long.',
              type: 'invalid_request_error',
              param: 'messages',
              code: 'context_length_exceeded',
            },
          },
          400,
        ),
    )
    const reply = await post(hello)
    expect(reply.statusCode).toBe(400)
    expect(reply.json()).toEqual({
      error: {
        message: 'Too long.',
        type: 'invalid_request_error',
        param: 'messages',
        code: 'context_length_exceeded',
      },
    })
    expect(reply.headers['x-gateway-provider']).toBe('p')
  })

  test('an unknown model', async () => {
    const { post } = await open({ providers: [{ ...provider, models: ['gpt-4o'] }] })
    const reply = await post({ ...hello, model: 'gpt-4p' })
    expect(reply.statusCode).toBe(404)
    expect(reply.json()).toMatchObject({
      error: { code: 'model_not_found', message: expect.stringContaining('did you mean "gpt-4o"?') },
    })
  })

  test('a host that is not ours, and a page that may not', async () => {
    const { post } = await open()
    expect((await post(hello, { host: 'evil.test' })).json()).toMatchObject({ error: { code: 'host_not_allowed' } })
    const reply = await post(hello, { origin: 'https://evil.test' })
    expect(reply.statusCode).toBe(403)
    expect(reply.json()).toMatchObject({ error: { code: 'origin_not_allowed' } })
  })
})

describe('keys', () => {
  const auth = { anonymous: false, keys: [{ name: 'app', key: 'gw-app-key', models: ['gpt-*', 'm'] }] }

  test('none, a wrong one, the right one in each header', async () => {
    const { post } = await open({ auth })
    expect((await post(hello)).statusCode).toBe(401)
    const wrong = await post(hello, { authorization: 'Bearer gw-wrong' })
    expect(wrong.statusCode).toBe(401)
    expect(wrong.json()).toMatchObject({ error: { type: 'authentication_error', code: 'invalid_api_key' } })
    expect(wrong.body).not.toContain('gw-wrong')
    for (const headers of [
      { authorization: 'Bearer gw-app-key' },
      { 'x-api-key': 'gw-app-key' },
      { 'api-key': 'gw-app-key' },
      { 'x-goog-api-key': 'gw-app-key' },
    ]) {
      expect((await post(hello, headers as unknown as Record<string, string>)).statusCode).toBe(200)
    }
  })

  test('a model the key may not use', async () => {
    const { post, upstream } = await open({ auth })
    const reply = await post({ ...hello, model: 'other' }, { authorization: 'Bearer gw-app-key' })
    expect(reply.statusCode).toBe(403)
    expect(reply.json()).toMatchObject({
      error: { type: 'permission_error', code: 'model_not_allowed', param: 'model' },
    })
    expect(upstream.flights).toHaveLength(0)
  })

  test('the client’s key never reaches the provider', async () => {
    const { post, upstream } = await open({ auth })
    await post(hello, { authorization: 'Bearer gw-app-key' })
    expect(JSON.stringify(upstream.last.request.headers)).not.toContain('gw-app-key')
    expect(upstream.last.request.headers['authorization']).toBe('Bearer sk-secret-of-p')
  })

  test('the provider’s key is never told', async () => {
    const { post, upstream } = await open()
    upstream.plays.push(
      (flight) => void flight.json({ error: { message: 'Incorrect API key provided: sk-secret-of-p.' } }, 401),
    )
    const reply = await post(hello)
    expect(reply.statusCode).toBe(401)
    expect(reply.body).not.toContain('sk-secret-of-p')
  })
})

describe('limits', () => {
  test('1,000 at once against 100: exactly 100 pass, 900 are told when to come back', async () => {
    const { post, upstream } = await open({ rateLimit: { enabled: true, global: { requests: 100, window: '1m' } } })
    const replies = await Promise.all(Array.from({ length: 1000 }, () => post(hello)))
    const passed = replies.filter(({ statusCode }) => statusCode === 200)
    const refused = replies.filter(({ statusCode }) => statusCode === 429)
    expect([passed.length, refused.length, upstream.flights.length]).toEqual([100, 900, 100])
    for (const { headers } of refused) {
      expect(headers).toMatchObject({
        'retry-after': '60',
        'retry-after-ms': '60000',
        'x-ratelimit-limit-requests': '100',
        'x-ratelimit-remaining-requests': '0',
        'x-ratelimit-reset-requests': '1m0s',
      })
    }
    const remaining = passed.map(({ headers }) => Number(headers['x-ratelimit-remaining-requests']))
    expect(remaining.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, left) => left))
    expect(refused[0]?.json()).toMatchObject({ error: { type: 'rate_limit_error', code: 'rate_limit_exceeded' } })
  })

  test('the window ends', async () => {
    const { gateway, post } = await open({ rateLimit: { enabled: true, global: { requests: 1, window: '10s' } } })
    expect((await post(hello)).statusCode).toBe(200)
    gateway.clock.advance(4500)
    const refused = await post(hello)
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([429, '6'])
    gateway.clock.advance(5500)
    expect((await post(hello)).statusCode).toBe(200)
  })

  test('tokens that were really used count', async () => {
    const { post } = await open({ rateLimit: { enabled: true, global: { tokens: 100, window: '1m' } } })
    const left = async () => Number((await post(hello)).headers['x-ratelimit-remaining-tokens'])
    const first = await left()
    // 15 used; what is told is before the correction.
    expect(await left()).toBe(first - 15)
  })
})

describe('cache', () => {
  const cached = { cache: { enabled: true } }

  test('whole, then stream from one entry', async () => {
    const { post, upstream } = await open(cached)
    expect((await post(hello)).headers['x-cache']).toBe('MISS')
    const again = await post(hello)
    expect(again.headers).toMatchObject({ 'x-cache': 'HIT', 'x-gateway-provider': 'p', 'x-gateway-cost': '0' })
    expect(again.body).toBe(JSON.stringify(completion('Hello world!')))
    const stream = await post(streaming)
    expect(stream.headers).toMatchObject({ 'x-cache': 'HIT', 'content-type': 'text/event-stream; charset=utf-8' })
    expect(stream.body).toContain('"content":"Hello world!"')
    expect(stream.body).toMatch(/data: \[DONE\]\n\n$/)
    expect(upstream.flights).toHaveLength(1)
  })

  test('stream, then whole from one entry', async () => {
    const { post, upstream } = await open(cached)
    expect((await post(streaming)).headers['x-cache']).toBe('MISS')
    const whole = await post(hello)
    expect(whole.headers['x-cache']).toBe('HIT')
    expect(whole.json()).toMatchObject({
      choices: [{ message: { content: 'Hello world!' } }],
      usage: { prompt_tokens: 10 },
    })
    expect(upstream.flights).toHaveLength(1)
  })

  test('not where the call says no, in body or header', async () => {
    const { post, upstream } = await open(cached)
    await post(hello)
    expect((await post({ ...hello, 'x-gateway': { cache: false } })).headers['x-cache']).toBe('BYPASS')
    expect((await post(hello, { 'x-gateway-cache': 'false' })).headers['x-cache']).toBe('BYPASS')
    expect(upstream.flights).toHaveLength(3)
  })

  test('not across keys', async () => {
    const keys = [
      { name: 'a', key: 'gw-a' },
      { name: 'b', key: 'gw-b' },
    ]
    const { post } = await open({ ...cached, auth: { keys } })
    await post(hello, { authorization: 'Bearer gw-a' })
    expect((await post(hello, { authorization: 'Bearer gw-b' })).headers['x-cache']).toBe('MISS')
    expect((await post(hello, { authorization: 'Bearer gw-a' })).headers['x-cache']).toBe('HIT')
  })

  test('not for ever', async () => {
    const { gateway, post } = await open({ cache: { enabled: true, ttl: '1h' } })
    await post(hello)
    gateway.clock.advance(3_600_000)
    expect((await post(hello)).headers['x-cache']).toBe('MISS')
  })

  test('embeddings too', async () => {
    const { post } = await open(cached)
    const body = { model: 'e', input: 'x' }
    expect((await post(body, {}, '/v1/embeddings')).headers['x-cache']).toBe('MISS')
    expect((await post(body, {}, '/v1/embeddings')).headers['x-cache']).toBe('HIT')
  })

  test('cleared, wholly or for a model', async () => {
    const { gateway, post } = await open(cached)
    const clear = async (payload?: object) =>
      (
        await gateway.fastify.inject({
          method: 'POST',
          url: '/api/v1/cache/clear',
          headers: { host: 'localhost' },
          ...(payload === undefined ? {} : { payload }),
        })
      ).json()
    await post(hello)
    await post({ ...hello, model: 'other' })
    expect(await clear({ model: 'other' })).toEqual({ cleared: 1, model: 'other' })
    expect((await post(hello)).headers['x-cache']).toBe('HIT')
    expect(await clear()).toEqual({ cleared: 1 })
    expect((await post(hello)).headers['x-cache']).toBe('MISS')
    expect(await clear({ model: 5 })).toMatchObject({ error: { param: 'model' } })
  })
})

describe('pages of allowed origins', () => {
  const server = { cors: { enabled: true, allowedOrigins: ['https://app.test'] } }

  test('may ask first', async () => {
    const { gateway } = await open({ server, auth: { anonymous: false, keys: [{ name: 'a', key: 'gw-a' }] } })
    const preflight = (origin: string, url: string) =>
      gateway.fastify.inject({
        method: 'OPTIONS',
        url,
        headers: {
          host: 'localhost',
          origin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type',
        },
      })
    for (const url of ['/v1/chat/completions', '/v1/models', '/api/v1/usage']) {
      const reply = await preflight('https://app.test', url)
      expect(reply.statusCode).toBe(204)
      expect(reply.headers).toMatchObject({
        'access-control-allow-origin': 'https://app.test',
        'access-control-allow-headers': expect.stringMatching(/\bauthorization, content-type\b/),
        'access-control-max-age': '600',
      })
    }
    expect((await preflight('https://evil.test', '/v1/chat/completions')).statusCode).toBe(403)
  })

  test('and read the answer with its headers', async () => {
    const { post } = await open({ server })
    for (const body of [hello, streaming, { ...hello, stream: 'yes' }]) {
      const reply = await post(body, { origin: 'https://app.test' })
      expect(reply.headers['access-control-allow-origin']).toBe('https://app.test')
      expect(reply.headers['access-control-expose-headers']).toContain('x-gateway-cost')
      expect(reply.headers['vary']).toMatch(/origin/i)
    }
  })

  test('switched off, there is no word of it', async () => {
    const { gateway, post } = await open()
    expect((await post(hello)).headers).not.toHaveProperty('access-control-allow-origin')
    const reply = await gateway.fastify.inject({
      method: 'OPTIONS',
      url: '/v1/chat/completions',
      headers: { host: 'localhost' },
    })
    expect(reply.statusCode).toBe(404)
  })
})

describe('time and place', () => {
  test('x-gateway.timeout ends a call that is not answered', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { post, upstream } = await open()
    upstream.plays.push(() => void vi.advanceTimersByTime(2000))
    const reply = await post({ ...hello, 'x-gateway': { timeout: 2 } })
    expect(reply.statusCode).toBe(408)
    expect(reply.json()).toMatchObject({
      error: { code: 'request_timeout', message: expect.stringContaining('timeout of 2 s') },
    })
    expect(reply.headers['x-should-retry']).toBe('false')
    expect(upstream.last.aborted).toBeInstanceOf(Error)
  })

  test('x-gateway.timeout ends a stream in its dialect', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { post, upstream } = await open()
    upstream.plays.push((flight) => {
      flight.stream(chunk('Hello'))
      vi.advanceTimersByTime(2000)
    })
    const reply = await post({ ...streaming, 'x-gateway': { timeout: 2 } })
    expect(reply.statusCode).toBe(200)
    expect(reply.body).toMatch(/^data: .*Hello.*\n\ndata: \{"error":.*request_timeout.*\}\n\ndata: \[DONE\]\n\n$/s)
  })

  test('x-gateway.provider and fallback are obeyed, and never sent on', async () => {
    const { post, upstream } = await open({
      providers: [
        { ...provider, models: ['m'] },
        { ...provider, name: 'q', models: ['m'] },
      ],
      routing: { fallbackChain: ['q'] },
    })
    const reply = await post(hello, { 'x-gateway-provider': 'q' })
    expect(reply.headers['x-gateway-provider']).toBe('q')
    expect(JSON.stringify(upstream.last.request.headers)).not.toContain('x-gateway')
    upstream.plays.push((flight) => void flight.json({}, 500))
    expect((await post({ ...hello, 'x-gateway': { fallback: false } })).statusCode).toBe(500)
    upstream.plays.push((flight) => void flight.json({}, 500))
    const fell = await post(hello)
    expect(fell.headers).toMatchObject({ 'x-gateway-provider': 'q', 'x-gateway-attempts': '2' })
  })
})

test('a key for an alias cannot take the alias’ name to another provider', async () => {
  const { post, upstream } = await open({
    providers: [
      { ...provider, models: ['small'] },
      { ...provider, name: 'dear' },
    ],
    routing: { modelMappings: { m: { provider: 'p', model: 'small' } } },
    auth: { anonymous: false, keys: [{ name: 'app', key: 'key-of-the-app', models: ['m'] }] },
  })
  const headers = { authorization: 'Bearer key-of-the-app' }
  expect((await post(hello, headers)).statusCode).toBe(200)
  expect((await post(hello, { ...headers, 'x-gateway-provider': 'p' })).statusCode).toBe(200)
  const refused = await post(hello, { ...headers, 'x-gateway-provider': 'dear' })
  expect(refused.statusCode).toBe(403)
  expect(refused.json()).toMatchObject({ error: { code: 'model_not_allowed', param: 'x-gateway.provider' } })
  expect(upstream.flights).toHaveLength(2)
})

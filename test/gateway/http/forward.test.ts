import { afterEach, describe, expect, test } from 'vitest'
import {
  anthropic,
  bytes,
  json,
  openai,
  startForwardWorld,
  upstreamKey,
  type ForwardWorld,
  type ForwardWorldOptions,
} from '../../helpers/forward-world.ts'

const opened: ForwardWorld[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((world) => world.close()))
})

async function open(options?: ForwardWorldOptions): Promise<ForwardWorld> {
  const world = await startForwardWorld(options)
  opened.push(world)
  return world
}

function post(body: object | string, headers: Record<string, string> = {}): RequestInit {
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { method: 'POST', body: text, headers: { 'content-type': 'application/json', ...headers } }
}

const imageAnswer = {
  created: 1,
  data: [{ b64_json: 'AAAA' }],
  usage: {
    input_tokens: 10,
    output_tokens: 200,
    total_tokens: 210,
    input_tokens_details: { text_tokens: 10, image_tokens: 0 },
  },
}

describe('JSON in, bytes out', () => {
  test('an image: body untouched but for alias and x-gateway, answer byte for byte, one priced row', async () => {
    const world = await open({
      config: { routing: { modelMappings: { painter: { provider: 'openai', model: 'gpt-image-1' } } } },
    })
    world.upstream.answer = json(imageAnswer, 200, { 'x-request-id': 'req_1', 'set-cookie': 'a=b', server: 'x' })
    const body = '{"prompt":"a  cat", "model":"painter","x-gateway":{"metadata":{"feature":"art"}},"new":[1]}'
    const reply = await world.ask(
      '/v1/images/generations?provider=openai&key=sk-client',
      post(body, { authorization: 'Bearer sk-client-key' }),
    )
    expect(reply.status).toBe(200)
    expect(await reply.text()).toBe(JSON.stringify(imageAnswer))
    const headers = Object.fromEntries(reply.headers)
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'x-gateway-provider': 'openai',
      'x-gateway-model': 'gpt-image-1',
      'x-gateway-attempts': '1',
      'x-gateway-cost': '0.00805',
      'x-request-id': 'req_1',
      'x-content-type-options': 'nosniff',
    })
    expect(headers['x-gateway-request-id']).toMatch(/./)
    expect(headers['set-cookie']).toBeUndefined()
    const [asked] = world.upstream.requests
    expect(asked).toMatchObject({ method: 'POST', path: '/v1/images/generations' })
    expect(asked?.body.toString()).toBe('{"prompt":"a  cat","model":"gpt-image-1","new":[1]}')
    expect(asked?.headers['authorization']).toBe(`Bearer ${upstreamKey}`)
    expect(JSON.stringify(asked)).not.toContain('sk-client')
    expect(await world.committed(1)).toMatchObject([
      {
        dialect: 'openai-images',
        requestedModel: 'painter',
        alias: 'painter',
        model: 'gpt-image-1',
        provider: 'openai',
        feature: 'art',
        outcome: 'ok',
        status: 200,
        inputTokens: 10,
        outputTokens: 200,
        costNanoUsd: 8_050_000,
        estimated: false,
      },
    ])
  })

  test('speech: the bytes as they come, the price not known', async () => {
    const world = await open()
    const sound = Buffer.from([0xff, 0xfb, 0x00, 0x80, 0x0a, 0x0d])
    world.upstream.answer = bytes(sound, 'audio/mpeg')
    const reply = await world.ask('/v1/audio/speech', post({ model: 'tts-1', input: 'Hi', voice: 'alloy' }))
    expect(reply.headers.get('content-type')).toBe('audio/mpeg')
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(sound)
    const [row] = await world.committed(1)
    expect(row).toMatchObject({ dialect: 'openai-audio', model: 'tts-1', outcome: 'ok' })
    expect(row?.costNanoUsd).toBeUndefined()
    expect(row?.inputTokens).toBeUndefined()
  })

  test('images as a stream: events as they are, usage from the last', async () => {
    const world = await open()
    const events =
      'event: image_generation.partial_image\ndata: {"type":"image_generation.partial_image","b64_json":"AA"}\n\n' +
      `event: image_generation.completed\ndata: ${JSON.stringify({ type: 'image_generation.completed', ...imageAnswer })}\n\n`
    world.upstream.answer = bytes(events, 'text/event-stream')
    const reply = await world.ask('/v1/images/generations', post({ model: 'gpt-image-1', prompt: 'x', stream: true }))
    expect(reply.headers.get('content-type')).toBe('text/event-stream')
    expect(await reply.text()).toBe(events)
    expect(await world.committed(1)).toMatchObject([
      { stream: true, inputTokens: 10, outputTokens: 200, costNanoUsd: 8_050_000 },
    ])
  })

  test('moderations without a model cost nothing at OpenAI', async () => {
    const world = await open()
    world.upstream.answer = json({ id: 'modr-1', results: [] })
    const reply = await world.ask('/v1/moderations', post({ input: 'x' }))
    expect(reply.headers.get('x-gateway-model')).toBeNull()
    expect(world.upstream.requests[0]?.body.toString()).toBe('{"input":"x"}')
    expect(await world.committed(1)).toMatchObject([
      { dialect: 'openai-moderations', requestedModel: 'moderations', costNanoUsd: 0 },
    ])
  })

  const rerank: [string, object, object][] = [
    ['Cohere, by the search', { meta: { billed_units: { search_units: 1 } } }, { inputTokens: undefined }],
    ['Cohere, with tokens', { meta: { tokens: { input_tokens: 9 } } }, { inputTokens: 9, outputTokens: 0 }],
    ['Jina and Voyage', { usage: { total_tokens: 7 } }, { inputTokens: 7, outputTokens: 0 }],
    ['Together', { usage: { prompt_tokens: 5, completion_tokens: 0 } }, { inputTokens: 5, outputTokens: 0 }],
  ]
  test.each(rerank)('rerank, usage of %s', async (_name, more, row) => {
    const world = await open({
      providers: (url) => [{ name: 'ranker', type: 'openai-compatible', apiKey: upstreamKey, baseUrl: `${url}/v1` }],
    })
    world.upstream.answer = json({ results: [], ...more })
    const reply = await world.ask('/v2/rerank', post({ model: 'rerank-x', query: 'q', documents: ['a'] }))
    expect(reply.status).toBe(200)
    expect(world.upstream.requests[0]?.path).toBe('/v1/rerank')
    const [got] = await world.committed(1)
    expect(got).toMatchObject({
      dialect: 'rerank',
      ...Object.fromEntries(Object.entries(row).filter(([, v]) => v !== undefined)),
    })
    expect(got?.costNanoUsd).toBeUndefined()
  })
})

describe('files and batches', () => {
  const calls: [string, string, string, string | undefined][] = [
    ['GET', '/v1/files?limit=2&after=file-0&purpose=batch', '/v1/files?limit=2&after=file-0&purpose=batch', 'files'],
    ['GET', '/v1/files/file-1', '/v1/files/file-1', 'files'],
    ['DELETE', '/v1/files/file-1', '/v1/files/file-1', 'files'],
    ['GET', '/openai/v1/files/file-1/content?api-version=preview', '/v1/files/file-1/content', 'files'],
    ['POST', '/v1/uploads/upload_1/cancel', '/v1/uploads/upload_1/cancel', 'files'],
    ['GET', '/v1/batches?limit=1&provider=openai&key=sk-client', '/v1/batches?limit=1', 'batches'],
    ['GET', '/v1/batches/batch_1', '/v1/batches/batch_1', 'batches'],
    ['POST', '/v1/batches/batch_1/cancel', '/v1/batches/batch_1/cancel', 'batches'],
  ]
  test.each(calls)('%s %s', async (method, path, asked, dialect) => {
    const world = await open()
    world.upstream.answer = json({ id: 'x' }, 200)
    const reply = await world.ask(path, { method })
    expect(await reply.json()).toEqual({ id: 'x' })
    expect(world.upstream.requests).toMatchObject([{ method, path: asked }])
    expect(world.upstream.requests[0]?.body).toHaveLength(0)
    expect(await world.committed(1)).toMatchObject([{ dialect, outcome: 'ok', costNanoUsd: 0 }])
  })

  test('a batch is created with the bytes as they came', async () => {
    const world = await open()
    const body = '{"input_file_id":"file-1",  "endpoint":"/v1/chat/completions","completion_window":"24h"}'
    expect((await world.ask('/v1/batches', post(body))).status).toBe(200)
    expect(world.upstream.requests[0]?.body.toString()).toBe(body)
  })

  test('a file comes back byte for byte, and as nothing a browser would run', async () => {
    const world = await open()
    const page = Buffer.from('<script>alert(1)</script>\0\xff', 'latin1')
    world.upstream.answer = bytes(page, 'text/html', { 'content-disposition': 'attachment; filename="a"' })
    const reply = await world.ask('/v1/files/file-1/content')
    expect(Buffer.from(await reply.arrayBuffer())).toEqual(page)
    expect(Object.fromEntries(reply.headers)).toMatchObject({
      'content-type': 'text/html',
      'content-disposition': 'attachment; filename="a"',
      'content-security-policy': "sandbox; default-src 'none'",
      'x-content-type-options': 'nosniff',
    })
  })

  test.each(['..%2Fmodels', '%2e%2e', 'a%2Fb', 'a%3Fb', 'a%23b', '%00', 'a..b', 'x'.repeat(300)])(
    'an id that leads elsewhere: %s',
    async (id) => {
      const world = await open()
      const reply = await world.ask(`/v1/files/${id}/content`)
      expect(reply.status).toBeGreaterThanOrEqual(400)
      expect(reply.status).toBeLessThan(500)
      expect(world.upstream.requests).toEqual([])
    },
  )

  test('another method', async () => {
    const world = await open()
    const reply = await world.ask('/v1/files/file-1', { method: 'PUT', body: 'x' })
    expect(reply.status).toBe(405)
    expect(reply.headers.get('allow')).toBe('GET, DELETE')
  })
})

describe("Anthropic's batches", () => {
  const asAnthropic: ForwardWorldOptions = { providers: (url) => [openai(url), anthropic(url)] }

  test('its version and betas go on, the key is the configured one', async () => {
    const world = await open(asAnthropic)
    const results = '{"custom_id":"a","result":{"type":"succeeded"}}\n{"custom_id":"b"}\n'
    world.upstream.answer = bytes(results, 'application/x-jsonl')
    const headers = { 'x-api-key': 'sk-client', 'anthropic-version': '2023-06-01', 'anthropic-beta': 'b1' }
    const reply = await world.ask('/v1/messages/batches/msgbatch_1/results', { headers })
    expect(await reply.text()).toBe(results)
    expect(reply.headers.get('content-type')).toBe('application/x-jsonl')
    const [asked] = world.upstream.requests
    expect(asked).toMatchObject({
      path: '/v1/messages/batches/msgbatch_1/results',
      headers: { 'x-api-key': upstreamKey, 'anthropic-version': '2023-06-01', 'anthropic-beta': 'b1' },
    })
    expect(await world.committed(1)).toMatchObject([
      { dialect: 'anthropic-batches', provider: 'anthropic', costNanoUsd: 0 },
    ])
  })

  test('an error of ours has its form', async () => {
    const world = await open()
    const reply = await world.ask('/v1/messages/batches')
    expect(reply.status).toBe(400)
    expect(await reply.json()).toMatchObject({
      type: 'error',
      error: { type: 'invalid_request_error', message: 'No configured provider has /v1/messages/batches.' },
    })
  })
})

describe('whose files?', () => {
  const both = (config: object = {}): ForwardWorldOptions => ({
    providers: (url) => [anthropic(url), openai(url), openai(url, { name: 'other', type: 'openai' })],
    config,
  })

  test('nobody knows: the choices are told', async () => {
    const world = await open(both())
    const reply = await world.ask('/v1/files')
    expect(reply.status).toBe(400)
    const { error } = (await reply.json()) as { error: { message: string } }
    expect(error.message).toMatch(
      /openai, other\. Name one with the header "x-gateway-provider", or with "\?provider="/,
    )
    expect(await world.committed(1)).toMatchObject([{ outcome: 'refused' }])
  })

  test.each([
    ['the default provider', both({ routing: { defaultProvider: 'other' } }), '', {}, 'other'],
    ['the header', both(), '', { 'x-gateway-provider': 'other' }, 'other'],
    ['the query', both(), '?provider=other', {}, 'other'],
    ['the header before the query', both(), '?provider=openai', { 'x-gateway-provider': 'other' }, 'other'],
    [
      'the default has none, one other has',
      {
        providers: (url: string) => [anthropic(url), openai(url)],
        config: { routing: { defaultProvider: 'anthropic' } },
      },
      '',
      {},
      'openai',
    ],
  ])('%s', async (_name, options, query, headers, provider) => {
    const world = await open(options)
    const reply = await world.ask(`/v1/files${query}`, { headers: headers as Record<string, string> })
    expect(reply.headers.get('x-gateway-provider')).toBe(provider)
  })

  test.each([
    ['anthropic', /has no \/v1\/files.*openai, other/],
    ['nobody', /no provider "nobody".*openai, other/],
  ])('named: %s', async (name, message) => {
    const world = await open(both())
    const reply = await world.ask(`/v1/files?provider=${name}`)
    expect(reply.status).toBe(400)
    expect(((await reply.json()) as { error: { message: string } }).error.message).toMatch(message)
  })

  test('a key for some models has no business there, one for all has', async () => {
    const keys = [
      { name: 'some', key: 'sk-some-key-1234', models: ['gpt-*'] },
      { name: 'all', key: 'sk-all-key-12345', models: ['openai/*'] },
    ]
    const world = await open({ config: { auth: { anonymous: false, keys } } })
    const as = (key: string): Promise<Response> =>
      world.ask('/v1/files', { headers: { authorization: `Bearer ${key}` } })
    expect((await as('sk-some-key-1234')).status).toBe(403)
    expect((await as('sk-all-key-12345')).status).toBe(200)
    expect(world.upstream.requests).toHaveLength(1)
  })
})

describe('who serves a model', () => {
  test('one that lacks the endpoint is passed over, and named where it was meant', async () => {
    const world = await open({
      providers: (url) => [anthropic(url, { priority: 1 }), openai(url)],
      config: { routing: { modelMappings: { claude: { provider: 'anthropic', model: 'claude-x' } } } },
    })
    const ask = (model: string): Promise<Response> => world.ask('/v1/images/generations', post({ model, prompt: 'x' }))
    expect((await ask('gpt-image-1')).headers.get('x-gateway-provider')).toBe('openai')
    for (const model of ['claude', 'anthropic/gpt-image-1']) {
      const reply = await ask(model)
      expect(reply.status).toBe(400)
      expect(await reply.json()).toMatchObject({
        error: { code: 'unsupported_operation', message: expect.stringMatching(/^anthropic cannot serve/) as string },
      })
    }
  })

  test('a model is needed where the provider has none of its own', async () => {
    const world = await open()
    const reply = await world.ask('/v1/audio/speech', post({ input: 'x' }))
    expect(reply.status).toBe(400)
    expect(await reply.json()).toMatchObject({ error: { param: 'model' } })
  })

  test('Azure by its deployment', async () => {
    const world = await open({
      providers: (url) => [
        {
          name: 'azure',
          apiKey: upstreamKey,
          baseUrl: url,
          apiVersion: '2024-10-21',
          deployments: { 'tts-1': 'my voice' },
        },
      ],
    })
    await world.ask('/v1/audio/speech', post({ model: 'tts-1', input: 'x' }))
    expect(world.upstream.requests[0]).toMatchObject({
      path: '/openai/deployments/my%20voice/audio/speech?api-version=2024-10-21',
      headers: { 'api-key': upstreamKey },
    })
    expect(world.upstream.requests[0]?.body.toString()).toBe('{"model":"my voice","input":"x"}')
    await world.ask('/v1/files/file-1?limit=3&api-version=1')
    expect(world.upstream.requests[1]?.path).toBe('/openai/files/file-1?api-version=2024-10-21&limit=3')
  })
})

describe('what goes wrong', () => {
  const image = { model: 'gpt-image-1', prompt: 'x' }

  test("the provider's refusal in its own words, without secrets", async () => {
    const world = await open()
    const error = {
      message: `Bad key ${upstreamKey}`,
      type: 'invalid_request_error',
      param: 'size',
      code: 'bad',
      extra: 1,
    }
    world.upstream.answer = json({ error }, 400)
    const reply = await world.ask('/v1/images/generations', post(image))
    expect(reply.status).toBe(400)
    const text = await reply.text()
    expect(text).not.toContain(upstreamKey)
    expect(JSON.parse(text)).toMatchObject({ error: { param: 'size', code: 'bad', extra: 1 } })
    expect(await world.committed(1)).toMatchObject([
      { outcome: 'error', status: 400, errorCode: 'bad', costNanoUsd: 0 },
    ])
  })

  test('a refusal in another shape is put into the shape that is read here', async () => {
    const world = await open()
    world.upstream.answer = json({ message: 'no such reranker' }, 404)
    const reply = await world.ask('/v1/images/generations', post(image))
    expect(reply.status).toBe(404)
    expect(await reply.json()).toMatchObject({ error: { message: 'no such reranker' } })
  })

  test('nobody is sent on to another address', async () => {
    const world = await open()
    world.upstream.answer = (_request, response) => response.writeHead(302, { location: 'http://127.0.0.1:1/x' }).end()
    const reply = await world.ask('/v1/files/file-1/content')
    expect(reply.status).toBe(502)
    expect(reply.headers.get('location')).toBeNull()
  })

  test('nobody there', async () => {
    const world = await open({ providers: () => [openai('http://127.0.0.1:9')] })
    const reply = await world.ask('/v1/moderations', post({ input: 'x' }))
    expect(reply.status).toBe(502)
    expect(await reply.json()).toMatchObject({ error: { code: 'upstream_unreachable', type: 'upstream_error' } })
  })

  test('asked again after a 500, and by another provider; but a batch is not made twice', async () => {
    const world = await open({
      providers: (url) => [openai(url, { maxRetries: 1 }), openai(`${url}/b`, { name: 'b', type: 'openai' })],
      config: {
        routing: { defaultProvider: 'openai', fallbackChain: [{ provider: 'b', models: { '*': 'gpt-image-1' } }] },
      },
    })
    world.upstream.answer = (request, response) =>
      request.path.startsWith('/b/')
        ? json(imageAnswer)(request, response)
        : json({ error: { message: 'down' } }, 500)(request, response)
    const reply = await world.ask('/v1/images/generations', post(image))
    expect(reply.status).toBe(200)
    expect(reply.headers.get('x-gateway-provider')).toBe('b')
    expect(await world.committed(3)).toMatchObject([{ status: 500 }, { status: 500 }, { status: 200, final: true }])
    expect((await world.ask('/v1/batches', post({}))).status).toBe(500)
    expect(world.upstream.requests).toHaveLength(4)
  })

  test('bytes that break off break the connection; a stream says so', async () => {
    const world = await open()
    const breaking = (type: string, begin: string): void => {
      world.upstream.answer = (_request, response) => {
        response.writeHead(200, { 'content-type': type })
        response.write(begin)
        setImmediate(() => response.destroy())
      }
    }
    breaking('audio/mpeg', 'abc')
    const speech = await world.ask('/v1/audio/speech', post({ model: 'tts-1', input: 'x' }))
    await expect(speech.arrayBuffer()).rejects.toThrow()
    breaking('text/event-stream', 'data: {"type":"x"}\n\n')
    const stream = await world.ask('/v1/audio/speech', post({ model: 'tts-1', input: 'x', stream_format: 'sse' }))
    expect(await stream.text()).toMatch(/^data: \{"type":"x"\}\n\ndata: \{"error":.*upstream_unreachable/)
    expect(await world.committed(2)).toMatchObject([{ outcome: 'broken' }, { outcome: 'broken', stream: true }])
  })

  test('a JSON answer that breaks off is none', async () => {
    const world = await open()
    world.upstream.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.write('{"data":[')
      setImmediate(() => response.destroy())
    }
    const reply = await world.ask('/v1/images/generations', post(image))
    expect(reply.status).toBe(502)
    expect(await world.committed(1)).toMatchObject([{ outcome: 'error', errorCode: 'upstream_unreachable' }])
  })

  test('the time of the call is over', async () => {
    const world = await open()
    world.upstream.answer = () => undefined
    const reply = await world.ask('/v1/images/generations', post({ ...image, 'x-gateway': { timeout: 0.05 } }))
    expect(reply.status).toBe(408)
    expect(await reply.json()).toMatchObject({ error: { code: 'request_timeout' } })
  })

  test('a client that hangs up: so does the gateway', async () => {
    const world = await open()
    const gone = new Promise<void>((resolve) => {
      world.upstream.answer = (_request, response) => {
        response.once('close', resolve)
        controller.abort()
      }
    })
    const controller = new AbortController()
    const asked = world.ask('/v1/images/generations', { ...post(image), signal: controller.signal })
    await expect(asked).rejects.toThrow(/abort/i)
    await gone
    expect(await world.committed(1)).toMatchObject([{ outcome: 'aborted' }])
  })

  test('a slow client slows the provider', async () => {
    const world = await open()
    let sent = 0
    const total = 64 * 1024 * 1024
    world.upstream.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'audio/mpeg' })
      const more = (): void => {
        while (sent < total) {
          sent += 65_536
          if (!response.write(Buffer.alloc(65_536))) return void response.once('drain', more)
        }
        response.end()
      }
      more()
    }
    const reply = await world.ask('/v1/audio/speech', post({ model: 'tts-1', input: 'x' }))
    await standstill(() => sent)
    expect(sent).toBeLessThan(48 * 1024 * 1024)
    expect((await reply.arrayBuffer()).byteLength).toBe(total)
  })

  test('the paused gateway', async () => {
    const world = await open()
    await world.gateway.api.call('status.pause', { paused: true })
    const reply = await world.ask('/v1/files')
    expect(reply.status).toBe(503)
    expect(await reply.json()).toMatchObject({ error: { code: 'paused' } })
  })

  test('limits', async () => {
    const world = await open({ config: { rateLimit: { enabled: true, global: { requests: 1 } } } })
    expect((await world.ask('/v1/files')).status).toBe(200)
    const limited = await world.ask('/v1/files')
    expect(limited.status).toBe(429)
    expect(limited.headers.get('x-ratelimit-limit-requests')).toBe('1')
  })

  test('JSON that is none, and too much of it', async () => {
    const world = await open({ config: { server: { bodyLimit: '1KB' } } })
    const broken = await world.ask('/v1/images/generations', post('{"model":'))
    expect(broken.status).toBe(400)
    expect(await broken.json()).toMatchObject({ error: { code: 'invalid_json' } })
    const large = await world.ask('/v1/images/generations', post({ ...image, prompt: 'x'.repeat(2000) }))
    expect(large.status).toBe(413)
  })
})

/**
 * Resolves when the count stays for many turns of the event loop. Provider, gateway and client are all in this process,
 * so then everything between them is full, however busy the machine is.
 */
async function standstill(count: () => number): Promise<void> {
  let before = -1
  for (let turns = 0; turns < 500; turns += 1) {
    if (count() !== before) turns = 0
    before = count()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

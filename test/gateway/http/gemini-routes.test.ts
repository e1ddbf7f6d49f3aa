import type { LightMyRequestResponse } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'
import { FakeUpstream, obliging } from '../pipeline/stage.ts'

const opened: TestGateway[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((gateway) => gateway.close()))
})

const chat = { name: 'p', type: 'openai', apiKey: 'sk-secret-of-p', baseUrl: 'http://127.0.0.1:9/v1', maxRetries: 0 }
const google = {
  name: 'g',
  type: 'google',
  apiKey: 'sk-secret-of-g',
  baseUrl: 'http://127.0.0.1:9/v1beta',
  maxRetries: 0,
  models: ['e-1'],
}

interface Scene {
  upstream: FakeUpstream
  post: (path: string, body: unknown, headers?: Record<string, string>) => Promise<LightMyRequestResponse>
}

async function open(config: object = {}): Promise<Scene> {
  const upstream = new FakeUpstream()
  upstream.otherwise = obliging
  const gateway = await createTestGateway({ providers: [chat, google], ...config }, { upstream })
  opened.push(gateway)
  const post: Scene['post'] = async (path, body, headers = {}) =>
    gateway.fastify.inject({
      method: 'POST',
      url: path,
      headers: { host: 'localhost', ...headers },
      payload: JSON.stringify(body),
    })
  return { upstream, post }
}

const hello = { contents: [{ parts: [{ text: 'Hi' }] }] }

describe('answers of a provider that speaks OpenAI', () => {
  test.each(['/v1beta', '/v1'])('whole, under %s', async (prefix) => {
    const { post, upstream } = await open()
    const reply = await post(`${prefix}/models/vendor/m:8b:generateContent`, hello)
    expect(reply.json()).toMatchObject({
      candidates: [{ content: { parts: [{ text: 'Hello world!' }], role: 'model' }, finishReason: 'STOP', index: 0 }],
      usageMetadata: { promptTokenCount: 10, candidatesTokenCount: 5, totalTokenCount: 15 },
    })
    expect(upstream.last.body).toEqual({ model: 'vendor/m:8b', messages: [{ role: 'user', content: 'Hi' }] })
  })

  test('a slash may be written %2F', async () => {
    const { post, upstream } = await open()
    await post('/v1beta/models/vendor%2Fm:generateContent', hello)
    expect(upstream.last.body).toMatchObject({ model: 'vendor/m' })
  })

  test('as events', async () => {
    const { post } = await open()
    const reply = await post('/v1beta/models/m:streamGenerateContent?alt=sse', hello)
    expect(reply.headers['content-type']).toMatch(/^text\/event-stream/)
    const texts = reply.body
      .split('\n\n')
      .slice(0, -1)
      .map((event) => {
        expect(event.startsWith('data: {')).toBe(true)
        return JSON.parse(event.slice('data: '.length)).candidates[0].content.parts[0].text
      })
    expect(texts).toEqual(['Hello', ' world!', ''])
  })

  test('as an array', async () => {
    const { post } = await open()
    const reply = await post('/v1beta/models/m:streamGenerateContent', hello)
    expect(reply.headers['content-type']).toBe('application/json; charset=UTF-8')
    expect(reply.json()).toMatchObject([{}, {}, { candidates: [{ finishReason: 'STOP' }], usageMetadata: {} }])
  })

  test('an array out of the cache', async () => {
    const { post } = await open({ cache: { enabled: true } })
    const first = await post('/v1beta/models/m:streamGenerateContent', hello)
    const second = await post('/v1beta/models/m:streamGenerateContent', hello)
    expect(second.headers['x-cache']).toBe('HIT')
    const words = (reply: LightMyRequestResponse): string =>
      reply
        .json()
        .map(
          (chunk: { candidates: { content: { parts: { text: string }[] } }[] }) =>
            chunk.candidates[0]?.content.parts[0]?.text,
        )
        .join('')
    expect(words(second)).toBe(words(first))
  })
})

describe('errors', () => {
  test.each([
    ['no such method', '/v1beta/models/m:fly', hello, 404, 'NOT_FOUND'],
    ['no method', '/v1beta/models/m', hello, 404, 'NOT_FOUND'],
    ['no contents', '/v1beta/models/m:generateContent', {}, 400, 'INVALID_ARGUMENT'],
    ['before a stream', '/v1beta/models/m:streamGenerateContent?alt=sse', {}, 400, 'INVALID_ARGUMENT'],
    ['before an array', '/v1beta/models/m:streamGenerateContent', {}, 400, 'INVALID_ARGUMENT'],
  ])('%s', async (_name, path, body, code, status) => {
    const { post } = await open()
    const reply = await post(path, body)
    expect(reply.statusCode).toBe(code)
    expect(reply.json()).toMatchObject({ error: { code, status, message: expect.any(String) } })
  })

  test('in the middle of an array', async () => {
    const { post, upstream } = await open()
    upstream.plays.push((flight) =>
      flight.stream({ choices: [{ index: 0, delta: { content: 'Hel' } }] }).error(new Error('gone')),
    )
    const reply = await post('/v1beta/models/m:streamGenerateContent', hello)
    expect(reply.statusCode).toBe(200)
    expect(reply.json()).toMatchObject([{ candidates: [{}] }, { error: { code: expect.any(Number) } }])
  })
})

describe('the key in the URL', () => {
  const auth = { anonymous: false, keys: [{ name: 'app', key: 'gw-app-key' }] }

  test.each([
    ['?key=', '/v1beta/models/m:generateContent?key=gw-app-key', {}, 200],
    ['x-goog-api-key', '/v1beta/models/m:generateContent', { 'x-goog-api-key': 'gw-app-key' }, 200],
    ['a wrong one', '/v1beta/models/m:generateContent?key=gw-other', {}, 401],
    ['none', '/v1beta/models/m:generateContent', {}, 401],
    ['the header wins', '/v1beta/models/m:generateContent?key=gw-app-key', { 'x-goog-api-key': 'gw-other' }, 401],
    ['twice', '/v1beta/models/m:generateContent?key=gw-app-key&key=gw-app-key', {}, 401],
  ])('%s', async (_name, path, headers, status) => {
    const { post, upstream } = await open({ auth })
    const reply = await post(path, hello, headers)
    expect(reply.statusCode).toBe(status)
    expect(reply.body).not.toContain('gw-app-key')
    for (const { request } of upstream.flights)
      expect(JSON.stringify([request.path, request.headers])).not.toContain('gw-app-key')
  })

  test("is for Google's routes alone", async () => {
    const { post } = await open({ auth })
    const reply = await post('/v1/chat/completions?key=gw-app-key', {
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
    })
    expect(reply.statusCode).toBe(401)
  })
})

describe('beside chat', () => {
  test('tokens are counted here where the provider cannot', async () => {
    const { post, upstream } = await open()
    const reply = await post('/v1beta/models/m:countTokens', { contents: [{ parts: [{ text: 'x'.repeat(400) }] }] })
    expect(reply.json()).toEqual({ totalTokens: 100 })
    expect(upstream.flights).toHaveLength(0)
  })

  test('and by Google where it is Google', async () => {
    const { post, upstream } = await open()
    upstream.plays.push((flight) => flight.json({ totalTokens: 7 }))
    const reply = await post('/v1beta/models/e-1:countTokens', hello)
    expect(reply.json()).toEqual({ totalTokens: 7 })
    expect(upstream.last.request.path).toBe('/v1beta/models/e-1:countTokens')
  })

  test.each([
    [
      'embedContent',
      { model: 'models/mine', content: {} },
      { embedding: { values: [1] } },
      { model: 'models/e-1', content: {} },
    ],
    [
      'batchEmbedContents',
      { requests: [{ model: 'models/mine' }] },
      { embeddings: [{ values: [1] }] },
      { requests: [{ model: 'models/e-1' }] },
    ],
  ])('%s is handed on, with the name that the provider knows', async (method, body, answer, sent) => {
    const routing = { modelMappings: { mine: { provider: 'g', model: 'e-1' } } }
    const { post, upstream } = await open({ routing })
    upstream.plays.push((flight) => flight.json(answer))
    const reply = await post(`/v1/models/mine:${method}`, body)
    expect(reply.json()).toEqual(answer)
    expect(upstream.last.request.path).toBe(`/v1beta/models/e-1:${method}`)
    expect(upstream.last.body).toEqual(sent)
  })

  test('embeddings are not translated', async () => {
    const { post } = await open()
    const reply = await post('/v1beta/models/m:embedContent', { content: {} })
    expect(reply.json()).toMatchObject({
      error: { status: expect.any(String), message: expect.stringContaining('gemini-embed') },
    })
  })
})

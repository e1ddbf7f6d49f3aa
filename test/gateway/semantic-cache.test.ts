import { beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../gateway/chat/json.ts'
import { createTestGateway, type TestGateway } from '../helpers/in-process.ts'
import { completion, FakeUpstream, obliging, type FakeFlight } from './pipeline/stage.ts'

/** What the provider is asked, and the whole gateway between. */

const france = 'What is the capital of France?'
const rephrased = 'Can you tell me what the capital of France is?'
const paris = completion('Paris.')

/** Rephrasings point nearly the same way; whatever is named here, another. */
const directions: Record<string, number[]> = { 'What is the capital of Spain?': [1, 0.05, 0] }

function embedding({ body }: FakeFlight): number[] {
  const text = body['input'] as string
  return directions[text] ?? [1, 0.01 * text.length, 0]
}

function world(flight: FakeFlight): void {
  if (!flight.request.path.endsWith('/embeddings')) return obliging(flight)
  const usage = { prompt_tokens: 8, total_tokens: 8 }
  flight.json({ object: 'list', data: [{ index: 0, embedding: embedding(flight) }], usage })
}

const semantic = { aliases: ['smart'], embedding: { provider: 'p', model: 'text-embedding-3-small' } }

function configuration(more: object = {}, cache: object = {}): object {
  return {
    providers: [{ name: 'p', type: 'openai', baseUrl: 'http://127.0.0.1:9/v1', apiKey: 'sk-secret-of-p' }],
    routing: { modelMappings: { smart: { provider: 'p', model: 'gpt-4o-mini' } } },
    cache: { enabled: true, semantic: { ...semantic, threshold: 0.9, ...more }, ...cache },
  }
}

describe('a gateway with a semantic cache', () => {
  let upstream: FakeUpstream
  let gateway: TestGateway

  beforeEach(async () => {
    upstream = new FakeUpstream()
    upstream.otherwise = world
    gateway = await createTestGateway(configuration(), { upstream })
  })

  async function ask(content: unknown, more: JsonObject = {}, headers: Record<string, string> = {}) {
    const response = await gateway.fastify.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers,
      payload: { model: 'smart', messages: [{ role: 'user', content }], ...more },
    })
    return {
      cache: response.headers['x-cache'],
      headers: response.headers,
      body: response.body,
      status: response.statusCode,
    }
  }

  const sent = (kind: 'embeddings' | 'completions'): number =>
    upstream.flights.filter(({ request }) => request.path.endsWith(kind)).length

  test('the answer to a question is given to another that means the same', async () => {
    const first = await ask(france)
    expect(first.cache).toBe('MISS')
    const second = await ask(rephrased)
    expect(second).toMatchObject({ status: 200, cache: 'SEMANTIC', body: first.body })
    expect(Number(second.headers['x-gateway-similarity'])).toBeGreaterThan(0.9)
    expect(second.headers['x-gateway-cache-source']).toBe(first.headers['x-gateway-request-id'])
    expect(second.headers['x-gateway-cost']).toBe('0')
    expect(sent('completions')).toBe(1)
    expect((await ask(france)).cache).toBe('HIT')
  })

  test('to a stream it is played as one', async () => {
    upstream.plays.push(world, (flight) => void flight.json(paris))
    await ask(france)
    const second = await ask(rephrased, { stream: true })
    expect(second.cache).toBe('SEMANTIC')
    expect(second.headers['content-type']).toContain('text/event-stream')
    expect(second.body).toContain('Paris.')
    expect(second.body).toContain('[DONE]')
  })

  test('a hit is no entry of its own: a third question is compared with the first', async () => {
    const first = await ask(france)
    await ask(rephrased)
    const third = await ask('Please tell me what the capital of France is')
    expect(third.headers['x-gateway-cache-source']).toBe(first.headers['x-gateway-request-id'])
  })

  test('what is alike and asks for something else is refused, and counted', async () => {
    await ask(france)
    expect((await ask('What is the capital of Spain?')).cache).toBe('MISS')
    const { body } = await gateway.fastify.inject('/metrics')
    expect(body).toContain('llm_gateway_semantic_refused_by_guard_total 1')
    expect(body).toContain('llm_gateway_semantic_hits_total 0')
  })

  type Row = [what: string, first: JsonObject, second: JsonObject]
  const messages = (...texts: string[]): JsonObject => ({
    messages: texts.map((content, index) => ({ role: index % 2 === 0 ? 'user' : 'assistant', content })),
  })
  const system = (text: string, question: string): JsonObject => ({
    messages: [
      { role: 'system', content: text },
      { role: 'user', content: question },
    ],
  })
  const apart: Row[] = [
    ['another system prompt', system('Be short.', france), system('Be long.', rephrased)],
    ['another conversation before', messages('Hi', 'Hello', france), messages('Hi', 'Hey', rephrased)],
    ['another temperature', { temperature: 0 }, { temperature: 1 }],
    ['another model', {}, { model: 'p/gpt-4o' }],
    ['tools', { tools: [tool()] }, { tools: [tool()] }],
    ['a seed', { seed: 1 }, { seed: 1 }],
    ['several answers', { n: 2 }, { n: 2 }],
    ['a schema', schema(), schema()],
    ['the cache ruled out', {}, { 'x-gateway': { cache: false } }],
    ['only the same request wanted', {}, { 'x-gateway': { cache: 'exact' } }],
    ['an unknown member', { documents: ['a'] }, { documents: ['a'] }],
  ]
  test.each(apart)('is not for: %s', async (_what, one, other) => {
    await ask(france, one)
    expect((await ask(rephrased, other)).cache).not.toBe('SEMANTIC')
  })

  const same: Row[] = [
    ['the same system prompt', system('Be short.', france), system('Be short.', rephrased)],
    ['the same conversation before', messages('Hi', 'Hello', france), messages('Hi', 'Hello', rephrased)],
    ['a stream and no stream', {}, { stream: true }],
    ['other metadata', {}, { 'x-gateway': { metadata: { feature: 'chat' } } }],
    [
      'text as a part',
      { messages: [{ role: 'user', content: [{ type: 'text', text: france }] }] },
      { messages: [{ role: 'user', content: [{ type: 'text', text: rephrased }] }] },
    ],
  ]
  test.each(same)('is for: %s', async (_what, one, other) => {
    await ask(france, one)
    expect((await ask(rephrased, other)).cache).toBe('SEMANTIC')
  })

  test('by a header, only the same request is wanted', async () => {
    await ask(france)
    expect((await ask(rephrased, {}, { 'x-gateway-cache': 'exact' })).cache).toBe('MISS')
  })

  test('images are never compared', async () => {
    const withImage = (text: string): JsonObject[] => [
      { type: 'text', text },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
    ]
    await ask(withImage(france))
    expect((await ask(withImage(rephrased))).cache).toBe('MISS')
    expect(sent('embeddings')).toBe(0)
  })

  test('nobody who did not opt in pays for an embedding', async () => {
    await ask(france, { model: 'p/gpt-4o' })
    expect(sent('embeddings')).toBe(0)
  })

  test('50 at the same moment: one embedding', async () => {
    await ask(france)
    const all = await Promise.all(Array.from({ length: 50 }, () => ask(rephrased)))
    expect(new Set(all.map(({ cache }) => cache))).toEqual(new Set(['SEMANTIC']))
    expect(sent('embeddings')).toBe(2)
  })

  test('the ledger has the hit with its source, and the embedding as a call of its own', async () => {
    const first = await ask(france)
    await ask(rephrased)
    const { calls } = await gateway.ledger.calls({ limit: 10, filter: {} })
    const hit = calls.find(({ cache }) => cache === 'SEMANTIC')
    expect(hit).toMatchObject({
      costNanoUsd: 0,
      sourceCallId: first.headers['x-gateway-request-id'],
      provider: 'p',
      requestedModel: 'smart',
    })
    expect(hit?.similarity).toBeGreaterThan(0.9)
    expect(hit?.savedNanoUsd).toBeGreaterThan(0)
    const embeddings = calls.filter(({ feature }) => feature === 'semantic-cache')
    expect(embeddings).toHaveLength(2)
    expect(embeddings[0]).toMatchObject({
      dialect: 'openai-embeddings',
      inputTokens: 8,
      key: 'anonymous',
      outcome: 'ok',
    })
    const { total } = await gateway.ledger.usage({})
    expect(total).toMatchObject({ semanticHits: 1, cacheHits: 0, savedNanoUsd: 0 })
    expect(total.semanticSavedNanoUsd).toBe(hit?.savedNanoUsd)
  })

  test('an embedding that fails is a plain miss, told once, and not asked for again and again', async () => {
    upstream.otherwise = (flight) =>
      flight.request.path.endsWith('/embeddings')
        ? void flight.json({ error: { message: 'no such model' } }, 404)
        : obliging(flight)
    for (const name of ['one', 'two', 'three', 'four', 'five']) {
      expect((await ask(`What is the name of number ${name}?`)).cache).toBe('MISS')
    }
    expect(sent('embeddings')).toBe(3)
    const { body } = await gateway.fastify.inject('/metrics')
    expect(body).toContain('llm_gateway_semantic_embedding_failures_total 3')
    const state = await gateway.api.call('cache.get', {})
    expect(state).toMatchObject({
      ok: true,
      value: { semantic: { embeddingProblem: expect.stringContaining('no such model') as string } },
    })
    gateway.clock.advance(30_000)
    upstream.otherwise = world
    await ask('What is the name of number six?')
    expect(await gateway.api.call('cache.get', {})).toMatchObject({
      value: { semantic: { embeddingProblem: null, entries: 1 } },
    })
  })

  test('one that takes too long is a plain miss', async () => {
    gateway = await createTestGateway(configuration({ timeout: '20ms' }), { upstream })
    upstream.otherwise = (flight) => {
      if (!flight.request.path.endsWith('/embeddings')) obliging(flight)
    }
    expect(await ask(france)).toMatchObject({ status: 200, cache: 'MISS' })
    expect(upstream.flights[0]?.aborted).toBeDefined()
  })

  test('cleared, the questions are gone with their answers', async () => {
    await ask(france)
    await gateway.api.call('cache.clear', { model: 'other' })
    expect(await gateway.api.call('cache.get', {})).toMatchObject({ value: { semantic: { entries: 1 } } })
    await gateway.api.call('cache.clear', {})
    expect(await gateway.api.call('cache.get', {})).toMatchObject({ value: { semantic: { entries: 0 } } })
    expect((await ask(rephrased)).cache).toBe('MISS')
  })

  test('after its own time an answer is one to the same request only', async () => {
    gateway = await createTestGateway(configuration({ ttl: '1m' }, { ttl: '1h' }), { upstream })
    await ask(france)
    gateway.clock.advance(60_000)
    expect((await ask(rephrased)).cache).toBe('MISS')
    expect((await ask(france)).cache).toBe('HIT')
  })

  test('of more questions than may be kept the oldest go', async () => {
    gateway = await createTestGateway(configuration({ maxEntries: 1 }), { upstream })
    await ask(france)
    await ask('Who wrote Pride and Prejudice?')
    expect((await ask(rephrased)).cache).toBe('MISS')
  })

  test.each([
    ['no number', [null, 1, 0]],
    ['all zero', [0, 0, 0]],
    ['beyond all numbers', [1e200, 1e200, 0]],
    ['empty', []],
  ])('a vector that is %s is none', async (_what, vector) => {
    upstream.otherwise = (flight) =>
      flight.request.path.endsWith('/embeddings')
        ? void flight.json({ data: [{ index: 0, embedding: vector }], usage: { prompt_tokens: 8, total_tokens: 8 } })
        : obliging(flight)
    expect(await ask(france)).toMatchObject({ status: 200, cache: 'MISS' })
    expect(await ask(rephrased)).toMatchObject({ status: 200, cache: 'MISS' })
  })

  test('a model that answers with vectors of another length from now on is no mistake', async () => {
    await ask(france)
    directions[rephrased] = [1, 0, 0, 0]
    const second = await ask(rephrased)
    delete directions[rephrased]
    expect(second).toMatchObject({ status: 200, cache: 'MISS' })
  })

  const secretOf = (name: string): string => `gw-test-key-of-${name}-0123456789`
  const as = (name: string): Record<string, string> => ({ authorization: `Bearer ${secretOf(name)}` })
  const keys = (more: object = {}): object => ({
    auth: { keys: ['ann', 'bob'].map((name) => ({ name, key: secretOf(name), ...(name === 'ann' && more) })) },
  })

  test('other callers have other answers', async () => {
    gateway = await createTestGateway({ ...configuration(), ...keys() }, { upstream })
    expect((await ask(france, {}, as('ann'))).cache).toBe('MISS')
    expect((await ask(rephrased, {}, as('bob'))).cache).toBe('MISS')
    expect((await ask(rephrased, {}, as('ann'))).cache).toBe('SEMANTIC')
  })

  test('a key at the limit of its tokens does not end the comparing for the others', async () => {
    const rateLimit = { tokens: 60, window: '1h' }
    const config = { ...configuration(), ...keys({ rateLimit }), rateLimit: { enabled: true } }
    gateway = await createTestGateway(config, { upstream })
    const short = { max_tokens: 1 }
    const statuses: number[] = []
    for (let index = 0; index < 5; index += 1) {
      statuses.push((await ask(`What is the meaning of ${'abcde'[index] ?? ''}x?`, short, as('ann'))).status)
    }
    // Room for the question, and none for its embedding.
    expect(statuses.filter((status) => status === 200)).toHaveLength(3)
    expect(sent('embeddings')).toBe(0)
    await ask(france, {}, as('bob'))
    expect((await ask(rephrased, {}, as('bob'))).cache).toBe('SEMANTIC')
    const { body } = await gateway.fastify.inject('/metrics')
    expect(body).toContain('llm_gateway_semantic_embedding_failures_total 0')
  })

  const dialects: [name: string, url: string, bodyOf: (text: string) => object][] = [
    ['openai-responses', '/v1/responses', (input) => ({ model: 'smart', input, store: false })],
    [
      'anthropic-messages',
      '/v1/messages',
      (content) => ({ model: 'smart', max_tokens: 50, messages: [{ role: 'user', content }] }),
    ],
    ['gemini', '/v1beta/models/smart:generateContent', (text) => ({ contents: [{ role: 'user', parts: [{ text }] }] })],
  ]
  test.each(dialects)('works in %s', async (_name, url, bodyOf) => {
    upstream.otherwise = (flight) =>
      flight.request.path.endsWith('/responses') ? void flight.json(response()) : world(flight)
    const post = (text: string) => gateway.fastify.inject({ method: 'POST', url, payload: bodyOf(text) })
    const first = await post(france)
    expect([first.statusCode, first.headers['x-cache']]).toEqual([200, 'MISS'])
    const second = await post(rephrased)
    expect([second.statusCode, second.headers['x-cache']]).toEqual([200, 'SEMANTIC'])
    expect(second.body).toBe(first.body)
  })
})

function tool(): JsonObject {
  return { type: 'function', function: { name: 'f', parameters: { type: 'object', properties: {} } } }
}

function schema(): JsonObject {
  return { response_format: { type: 'json_schema', json_schema: { name: 's', schema: { type: 'object' } } } }
}

function response(): JsonObject {
  return {
    id: 'resp_1',
    object: 'response',
    created_at: 1_700_000_000,
    status: 'completed',
    model: 'm',
    output: [
      {
        id: 'msg_1',
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Paris.', annotations: [] }],
      },
    ],
    usage: { input_tokens: 10, output_tokens: 5, total_tokens: 15 },
  }
}

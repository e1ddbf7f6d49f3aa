import { afterEach, describe, expect, test } from 'vitest'
import type { LightMyRequestResponse } from 'fastify'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'
import { FakeUpstream, obliging } from '../pipeline/stage.ts'

const opened: TestGateway[] = []
afterEach(async () => {
  await Promise.all(opened.splice(0).map((gateway) => gateway.close()))
})

/** Speaks chat only: Responses are translated. */
const translated = {
  name: 't',
  type: 'openai-compatible',
  apiKey: 'sk-t',
  baseUrl: 'http://127.0.0.1:9/v1',
  models: ['m'],
}
/** Speaks Responses itself. */
const native = {
  name: 'n',
  type: 'openai',
  apiKey: 'sk-n',
  baseUrl: 'http://127.0.0.1:9/v1',
  dialects: ['openai-responses'],
  models: ['native'],
}
const keys = [
  { name: 'a', key: 'key-of-a-0000000000' },
  { name: 'b', key: 'key-of-b-0000000000' },
]

interface Scene {
  gateway: TestGateway
  upstream: FakeUpstream
  ask: (body: JsonObject, key?: string) => Promise<LightMyRequestResponse>
  get: (path: string, key?: string, method?: 'GET' | 'DELETE') => Promise<LightMyRequestResponse>
}

async function open(config: object = {}): Promise<Scene> {
  const upstream = new FakeUpstream()
  upstream.otherwise = obliging
  const gateway = await createTestGateway({ providers: [translated, native], ...config }, { upstream })
  opened.push(gateway)
  const headers = (key: string | undefined): Record<string, string> =>
    key === undefined ? { host: 'localhost' } : { host: 'localhost', authorization: `Bearer ${key}` }
  return {
    gateway,
    upstream,
    ask: (body, key) =>
      gateway.fastify.inject({
        method: 'POST',
        url: '/v1/responses',
        headers: headers(key),
        payload: JSON.stringify({ model: 'm', ...body }),
      }),
    get: (path, key, method = 'GET') =>
      gateway.fastify.inject({ method, url: `/v1/responses${path}`, headers: headers(key) }),
  }
}

/** Of a whole answer, or of the last event of a stream. */
function responseOf(reply: LightMyRequestResponse): JsonObject & { id: string } {
  const data = reply.body.split('\n').findLast((line) => line.startsWith('data: '))
  const body = JSON.parse(data?.slice('data: '.length) ?? reply.body) as { response?: JsonObject }
  return (body.response ?? body) as JsonObject & { id: string }
}

const nativeResponse = {
  id: 'resp_theirs',
  object: 'response',
  status: 'completed',
  model: 'native',
  output: [
    {
      id: 'msg_theirs',
      type: 'message',
      role: 'assistant',
      status: 'completed',
      content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
    },
  ],
  usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
}

describe('previous_response_id', () => {
  test.each([false, true])('is put in its place (stream: %s)', async (stream) => {
    const { ask, upstream } = await open()
    const first = responseOf(await ask({ input: 'One?', instructions: 'Be short.', stream }))
    const second = await ask({ input: 'Two?', previous_response_id: first.id, stream })
    expect(second.statusCode).toBe(200)
    expect(responseOf(second)).toMatchObject({ previous_response_id: first.id, output: [{ type: 'message' }] })
    // Instructions are not carried over.
    expect(upstream.last.body['messages']).toEqual([
      { role: 'user', content: 'One?' },
      { role: 'assistant', content: 'Hello world!' },
      { role: 'user', content: 'Two?' },
    ])
    const third = await ask({ input: 'Three?', previous_response_id: responseOf(second).id })
    expect(third.statusCode).toBe(200)
    expect(upstream.last.body['messages']).toHaveLength(5)
  })

  test('goes on with a provider that knows nothing of it', async () => {
    const { ask, upstream } = await open()
    const first = responseOf(await ask({ input: 'One?' }))
    upstream.otherwise = (flight) => flight.json(nativeResponse)
    await ask({ model: 'native', input: 'Two?', previous_response_id: first.id })
    const { previous_response_id, input } = upstream.last.body
    expect(previous_response_id).toBeUndefined()
    expect(input).toMatchObject([{ content: 'One?' }, { role: 'assistant' }, { content: 'Two?' }])
  })

  test('of somebody else is left to a provider that may know it, byte for byte', async () => {
    const { ask, upstream } = await open()
    upstream.otherwise = (flight) => flight.json(nativeResponse)
    const body = { model: 'native', input: [{ type: 'item_reference', id: 'msg_x' }], previous_response_id: 'resp_x' }
    await ask(body)
    expect(Buffer.from(upstream.last.request.body as Uint8Array).toString('utf8')).toBe(JSON.stringify(body))
  })

  test('of somebody else is refused where it must be translated', async () => {
    const { ask } = await open()
    const reply = await ask({ input: 'Two?', previous_response_id: 'resp_x' })
    expect(reply.statusCode).toBe(400)
    expect(reply.json()).toMatchObject({
      error: {
        type: 'invalid_request_error',
        code: 'previous_response_not_found',
        param: 'previous_response_id',
        message: expect.stringMatching(/^Previous response with id 'resp_x' not found\. /),
      },
    })
  })

  test.each([
    ['was not to be stored', { store: false }, 'key-of-a-0000000000'],
    ["is another key's", {}, 'key-of-b-0000000000'],
  ])('that %s is not known', async (_name, more, key) => {
    const { ask } = await open({ auth: { keys, anonymous: false } })
    const first = responseOf(await ask({ input: 'One?', ...more }, 'key-of-a-0000000000'))
    const second = await ask({ input: 'Two?', previous_response_id: first.id }, key)
    expect(second.json()).toMatchObject({ error: { code: 'previous_response_not_found' } })
  })

  test('that failed is not known', async () => {
    const { ask, upstream } = await open()
    upstream.plays.push((flight) => flight.json({ error: { message: 'no' } }, 400))
    const failed = await ask({ input: 'One?' })
    const id = `resp_${String(failed.headers['x-gateway-request-id'])}`
    expect((await ask({ input: 'Two?', previous_response_id: id })).statusCode).toBe(400)
  })

  test('is forgotten after a day', async () => {
    const { ask, gateway } = await open()
    const first = responseOf(await ask({ input: 'One?' }))
    gateway.clock.advance(25 * 60 * 60 * 1000)
    expect((await ask({ input: 'Two?', previous_response_id: first.id })).statusCode).toBe(400)
  })

  test.each([false, true])('of an answer from the cache is known (stream: %s)', async (stream) => {
    const { ask, upstream } = await open({ cache: { enabled: true } })
    await ask({ input: 'One?' })
    const cached = await ask({ input: 'One?', stream })
    expect(cached.headers['x-cache']).toBe('HIT')
    const second = await ask({ input: 'Two?', previous_response_id: responseOf(cached).id })
    expect(second.statusCode).toBe(200)
    expect(upstream.last.body['messages']).toHaveLength(3)
  })
})

test('what only its provider can read is answered from the cache as a stream, too', async () => {
  const { ask, upstream } = await open({ cache: { enabled: true } })
  upstream.otherwise = (flight) => flight.json(nativeResponse)
  const body = { model: 'native', input: 'Two?', previous_response_id: 'resp_x' }
  await ask(body)
  const cached = await ask({ ...body, stream: true })
  expect(cached.headers['x-cache']).toBe('HIT')
  expect(responseOf(cached)).toMatchObject({ status: 'completed', output: [{ content: [{ text: 'Hi' }] }] })
})

test('an item_reference is put in its place: AI SDK sends them unless told not to store', async () => {
  const { ask, upstream } = await open()
  const first = responseOf(await ask({ input: 'One?' }))
  const [item] = first['output'] as { id: string }[]
  await ask({
    input: [
      { role: 'user', content: 'One?' },
      { type: 'item_reference', id: item?.id },
      { role: 'user', content: 'Two?' },
    ],
  })
  expect(upstream.last.body['messages']).toEqual([
    { role: 'user', content: 'One?' },
    { role: 'assistant', content: 'Hello world!' },
    { role: 'user', content: 'Two?' },
  ])
})

describe('/v1/responses/{id}', () => {
  test('is the response as it was', async () => {
    const { ask, get } = await open()
    const first = responseOf(await ask({ input: 'One?', metadata: { a: 'b' } }))
    expect((await get(`/${first.id}`)).json()).toEqual(first)
    expect((await get(`/${first.id}/input_items`)).json()).toMatchObject({
      object: 'list',
      data: [{ type: 'message', role: 'user', content: 'One?' }],
      has_more: false,
    })
  })

  test('is gone when it was deleted', async () => {
    const { ask, get } = await open()
    const { id } = responseOf(await ask({ input: 'One?' }))
    expect((await get(`/${id}`, undefined, 'DELETE')).json()).toEqual({ id, object: 'response', deleted: true })
    const reply = await get(`/${id}`)
    expect(reply.statusCode).toBe(404)
    expect(reply.json()).toEqual({
      error: {
        message: expect.stringMatching(/^Response with id 'resp_.*' not found\./),
        type: 'invalid_request_error',
        param: null,
        code: 'not_found',
      },
    })
    expect((await get(`/${id}`, undefined, 'DELETE')).statusCode).toBe(404)
  })

  test("is nobody's but the caller's", async () => {
    const { ask, get } = await open({ auth: { keys, anonymous: false } })
    const { id } = responseOf(await ask({ input: 'One?' }, 'key-of-a-0000000000'))
    expect((await get(`/${id}`)).statusCode).toBe(401)
    expect((await get(`/${id}`, 'key-of-b-0000000000')).statusCode).toBe(404)
    expect((await get(`/${id}`, 'key-of-b-0000000000', 'DELETE')).statusCode).toBe(404)
    expect((await get(`/${id}`, 'key-of-a-0000000000')).statusCode).toBe(200)
  })
})

test('DELETE is understood with the content type of a body that is not there', async () => {
  const { gateway, ask } = await open()
  const { id } = responseOf(await ask({ input: 'One?' }))
  const headers = { host: 'localhost', 'content-type': 'application/json' }
  const reply = await gateway.fastify.inject({ method: 'DELETE', url: `/v1/responses/${id}`, headers })
  expect([reply.statusCode, reply.json()]).toEqual([200, { id, object: 'response', deleted: true }])
})

test("the client's organization and project do not go with a key that is not its own", async () => {
  const { gateway, upstream } = await open()
  const headers = { host: 'localhost', 'openai-organization': 'org-1', 'openai-project': 'p-1', 'openai-beta': 'b' }
  const payload = JSON.stringify({ model: 'native', input: 'One?' })
  await gateway.fastify.inject({ method: 'POST', url: '/v1/responses', headers, payload })
  const sent = upstream.last.request.headers
  expect(sent).toMatchObject({ 'openai-beta': 'b' })
  expect(Object.keys(sent).filter((name) => /organization|project/.test(name))).toEqual([])
})

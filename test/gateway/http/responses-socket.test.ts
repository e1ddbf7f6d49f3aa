import { once } from 'node:events'
import { request as httpRequest, type ClientRequest, type IncomingMessage } from 'node:http'
import OpenAI from 'openai'
import { ResponsesWS } from 'openai/resources/responses/ws'
import { afterEach, describe, expect, test } from 'vitest'
import { WebSocket, type ClientOptions } from 'ws'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'
import { chunk, FakeUpstream, obliging, type FakeFlight } from '../pipeline/stage.ts'

const opened: (TestGateway | WebSocket)[] = []
afterEach(async () => {
  for (const each of opened.splice(0)) {
    if (each instanceof WebSocket) each.terminate()
    else await each.close()
  }
})

const address = 'http://127.0.0.1:9/v1'
const translated = {
  name: 't',
  type: 'openai-compatible',
  apiKey: 'sk-t',
  baseUrl: address,
  models: ['m'],
  maxRetries: 0,
}
const native = {
  name: 'n',
  type: 'openai',
  apiKey: 'sk-n',
  baseUrl: address,
  dialects: ['openai-responses'],
  models: ['native'],
  maxRetries: 0,
}

interface Scene {
  gateway: TestGateway
  upstream: FakeUpstream
  /** `http://127.0.0.1:PORT` */
  url: string
}

async function open(config: object = {}): Promise<Scene> {
  const upstream = new FakeUpstream()
  upstream.otherwise = obliging
  const gateway = await createTestGateway({ providers: [translated, native], ...config }, { upstream })
  const url = await gateway.listen({ host: '127.0.0.1', port: 0 })
  opened.push(gateway)
  return { gateway, upstream, url }
}

/** A client that sends frames and waits for those it gets. */
class Client {
  readonly #socket: WebSocket
  readonly #frames: JsonObject[] = []
  #wake: (() => void) | undefined

  constructor(socket: WebSocket) {
    this.#socket = socket
    socket.on('message', (data) => {
      this.#frames.push(JSON.parse((data as Buffer).toString('utf8')) as JsonObject)
      this.#wake?.()
    })
    socket.on('close', () => this.#wake?.())
  }

  send(frame: unknown): void {
    this.#socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame))
  }

  create(members: JsonObject): Promise<JsonObject[]> {
    this.send({ type: 'response.create', model: 'm', ...members })
    return this.until(/^(error|response\.(completed|incomplete|failed))$/)
  }

  /** All frames up to the first whose type matches. */
  async until(type: RegExp): Promise<JsonObject[]> {
    for (;;) {
      const end = this.#frames.findIndex((frame) => type.test(frame['type'] as string))
      if (end !== -1) return this.#frames.splice(0, end + 1)
      if (this.#socket.readyState === WebSocket.CLOSED) throw new Error('the connection is closed')
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
  }

  closed(): Promise<[code: number]> {
    return once(this.#socket, 'close') as Promise<[number]>
  }

  terminate(): void {
    this.#socket.terminate()
  }
}

async function connect(url: string, options: ClientOptions = {}, path = '/v1/responses'): Promise<Client> {
  const socket = new WebSocket(url.replace('http', 'ws') + path, options)
  opened.unshift(socket)
  const client = new Client(socket)
  await once(socket, 'open')
  return client
}

/** The answer to a request for a WebSocket that is not let in. */
async function refused(url: string, options: ClientOptions = {}): Promise<{ status: number; body: JsonObject }> {
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/responses`, options)
  const [request, response] = (await once(socket, 'unexpected-response')) as [ClientRequest, IncomingMessage]
  let text = ''
  for await (const piece of response) text += String(piece)
  request.destroy()
  return { status: response.statusCode ?? 0, body: JSON.parse(text) as JsonObject }
}

const types = (frames: JsonObject[]): unknown[] => frames.map(({ type }) => type)
const responseOf = (frames: JsonObject[]): JsonObject => frames.at(-1)?.['response'] as JsonObject
const idOf = (frames: JsonObject[]): string => responseOf(frames)['id'] as string

describe('a call', () => {
  test.each(['/v1/responses', '/openai/v1/responses?model=x'])('is answered as a stream at %s', async (path) => {
    const { url } = await open()
    const client = await connect(url, {}, path)
    const frames = await client.create({ input: 'Hello?' })
    expect(types(frames)).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ])
    expect(frames.map(({ sequence_number }) => sequence_number)).toEqual(frames.map((_, index) => index))
    expect(responseOf(frames)).toMatchObject({ status: 'completed', usage: { total_tokens: 15 } })
  })

  test('waits for the one before', async () => {
    const { url, upstream } = await open()
    const client = await connect(url)
    client.send({ type: 'response.create', model: 'm', input: 'One?' })
    client.send({ type: 'response.create', model: 'm', input: 'Two?' })
    const first = await client.until(/completed/)
    const second = await client.until(/completed/)
    expect(idOf(first)).not.toBe(idOf(second))
    expect(upstream.flights.map(({ body }) => (body['messages'] as JsonObject[])[0]?.['content'])).toEqual([
      'One?',
      'Two?',
    ])
  })

  test('goes to a provider that speaks Responses as a stream over HTTP', async () => {
    const { url, upstream } = await open()
    const response = {
      id: 'resp_theirs',
      object: 'response',
      status: 'completed',
      output: [
        {
          id: 'msg_1',
          type: 'message',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
        },
      ],
      usage: { input_tokens: 1, output_tokens: 1, total_tokens: 2 },
    }
    upstream.otherwise = (flight) =>
      flight
        .stream(
          { type: 'response.created', response: { ...response, status: 'in_progress', output: [] } },
          { type: 'response.output_text.delta', item_id: 'msg_1', output_index: 0, content_index: 0, delta: 'Hi' },
          { type: 'response.completed', response },
        )
        .end()
    const client = await connect(url, { headers: { 'openai-beta': 'responses_websockets=2026-02-06' } })
    const first = await client.create({ model: 'native', input: 'One?', store: false })
    expect(responseOf(first)).toEqual(response)
    const { body, request } = upstream.last
    expect(body).toEqual({ model: 'native', input: 'One?', store: false, stream: true })
    expect(request.headers['openai-beta']).toBeUndefined()
    // It keeps nothing, so the connection does.
    await client.create({ model: 'native', input: 'Two?', store: false, previous_response_id: 'resp_theirs' })
    expect(upstream.last.body['previous_response_id']).toBeUndefined()
    expect(upstream.last.body['input']).toMatchObject([{ content: 'One?' }, { id: 'msg_1' }, { content: 'Two?' }])
    // What it keeps is its own business.
    await client.create({ model: 'native', input: 'Three?', previous_response_id: 'resp_other' })
    expect(upstream.last.body).toMatchObject({ input: 'Three?', previous_response_id: 'resp_other' })
  })

  test('is aborted when the client leaves', async () => {
    const { url, upstream } = await open()
    const client = await connect(url)
    const asked = new Promise<FakeFlight>(
      (resolve) => (upstream.otherwise = (flight) => resolve(flight.stream(chunk('Hel')))),
    )
    client.send({ type: 'response.create', model: 'm', input: 'Hello?' })
    const flight = await asked
    await client.until(/output_text\.delta/)
    const aborted = new Promise<void>((resolve) => {
      const abort = flight.abort.bind(flight)
      flight.abort = (reason) => {
        abort(reason)
        resolve()
      }
    })
    client.terminate()
    await aborted
  })
})

describe('previous_response_id', () => {
  test('Codex: what was not generated and what is not stored is known on this connection', async () => {
    const { url, upstream, gateway } = await open()
    const client = await connect(url)
    const warm = await client.create({
      input: [{ type: 'message', role: 'developer', content: 'Rules.' }],
      store: false,
      generate: false,
    })
    expect(types(warm)).toEqual(['response.created', 'response.in_progress', 'response.completed'])
    expect(responseOf(warm)).toMatchObject({
      output: [],
      usage: { input_tokens: 0, output_tokens: 0, total_tokens: 0 },
    })
    expect(upstream.flights).toEqual([])
    const first = await client.create({ input: 'One?', store: false, previous_response_id: idOf(warm) })
    expect(responseOf(first)['previous_response_id']).toBe(idOf(warm))
    const second = await client.create({ input: 'Two?', store: false, previous_response_id: idOf(first) })
    expect(responseOf(second)['status']).toBe('completed')
    expect((upstream.last.body['messages'] as JsonObject[]).map(({ content }) => content)).toEqual([
      'Rules.',
      'One?',
      'Hello world!',
      'Two?',
    ])
    // And nowhere else.
    const other = await connect(url)
    const lost = await other.create({ input: 'Three?', store: false, previous_response_id: idOf(second) })
    expect(lost).toMatchObject([{ type: 'error', status: 400, error: { code: 'previous_response_not_found' } }])
    const reply = await gateway.fastify.inject({ url: `/v1/responses/${idOf(second)}`, headers: { host: 'localhost' } })
    expect(reply.statusCode).toBe(404)
  })

  test('what is stored is known to all of the caller', async () => {
    const { url, upstream } = await open()
    const first = await (await connect(url)).create({ input: 'One?' })
    const second = await (await connect(url)).create({ input: 'Two?', previous_response_id: idOf(first) })
    expect(responseOf(second)['status']).toBe('completed')
    expect(upstream.last.body['messages']).toHaveLength(3)
  })
})

describe('an error is a frame, and the connection goes on', () => {
  test.each<[name: string, frame: unknown, status: number, code: string]>([
    ['no JSON', '{', 400, 'invalid_json'],
    ['no object', '[]', 400, 'invalid_json'],
    ['a type nobody knows', { type: 'response.steer' }, 400, 'unsupported_operation'],
    ['no model', { type: 'response.create', input: 'x' }, 400, 'invalid_request'],
    ['an unknown model', { type: 'response.create', model: 'no-such', input: 'x' }, 404, 'model_not_found'],
    ['what cannot be read', { type: 'response.create', model: 'm', input: 3 }, 400, 'invalid_request'],
  ])('%s', async (_name, frame, status, code) => {
    const { url } = await open()
    const client = await connect(url)
    client.send(frame)
    expect(await client.until(/error/)).toMatchObject([
      { type: 'error', status, error: { code, message: expect.any(String) } },
    ])
    expect(responseOf(await client.create({ input: 'Hello?' }))['status']).toBe('completed')
  })

  test("the provider's", async () => {
    const { url, upstream } = await open()
    upstream.plays.push((flight) => flight.json({ error: { message: 'Slow down.', code: 'rate_limit_exceeded' } }, 429))
    const client = await connect(url)
    const frames = await client.create({ input: 'Hello?' })
    expect(frames).toMatchObject([
      { type: 'error', status: 429, error: { message: expect.stringContaining('Slow down.') } },
    ])
  })

  test('in the middle of an answer', async () => {
    const { url, upstream } = await open()
    upstream.plays.push((flight) => flight.stream(chunk('Hel')).end())
    const client = await connect(url)
    client.send({ type: 'response.create', model: 'm', input: 'Hello?' })
    const frames = await client.until(/failed/)
    expect(types(frames.slice(-2))).toEqual(['error', 'response.failed'])
    expect(responseOf(await client.create({ input: 'Hello?' }))['status']).toBe('completed')
  })

  test('too many frames at once', async () => {
    const { url, upstream } = await open()
    upstream.otherwise = undefined
    const client = await connect(url)
    for (let sent = 0; sent < 18; sent += 1) client.send({ type: 'response.create', model: 'm', input: 'x' })
    expect(await client.until(/error/)).toMatchObject([{ status: 429, error: { code: 'rate_limit_exceeded' } }])
  })
})

describe('not let in', () => {
  const auth = { keys: [{ name: 'a', key: 'key-of-a-0000000000' }], anonymous: false }

  test.each<[name: string, config: object, options: ClientOptions, status: number, code: string]>([
    ['without a key', { auth }, {}, 401, 'invalid_api_key'],
    ['a web page', {}, { origin: 'http://evil.example' }, 403, 'origin_not_allowed'],
    ['another host', {}, { headers: { host: 'evil.example' } }, 403, 'host_not_allowed'],
  ])('%s', async (_name, config, options, status, code) => {
    const { url } = await open(config)
    expect(await refused(url, options)).toMatchObject({ status, body: { error: { code } } })
  })

  test('with a key', async () => {
    const { url } = await open({ auth })
    const client = await connect(url, { headers: { authorization: 'Bearer key-of-a-0000000000' } })
    expect(responseOf(await client.create({ input: 'Hello?' }))['status']).toBe('completed')
  })

  test('a GET that is none gets 426, at which Codex falls back at once', async () => {
    const { gateway } = await open()
    const reply = await gateway.fastify.inject({ url: '/v1/responses', headers: { host: 'localhost' } })
    expect(reply.statusCode).toBe(426)
    expect(reply.headers['upgrade']).toBe('websocket')
    expect(reply.json()).toMatchObject({ error: { code: 'upgrade_required' } })
  })

  test('requests to upgrade to anything else are served as if they did not ask', async () => {
    const { url } = await open()
    const asked = httpRequest(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { connection: 'Upgrade, HTTP2-Settings', upgrade: 'h2c', 'http2-settings': '' },
    })
    asked.end(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: 'Hi' }] }))
    const [response] = (await once(asked, 'response')) as [IncomingMessage]
    response.resume()
    expect(response.statusCode).toBe(200)
  })
})

describe('the gateway stops', () => {
  test('an idle connection is closed', async () => {
    const { url, gateway } = await open()
    const client = await connect(url)
    const [[code]] = await Promise.all([client.closed(), gateway.close()])
    expect(code).toBe(1001)
  })

  test('a running answer is told to its end', async () => {
    const { url, gateway, upstream } = await open()
    const client = await connect(url)
    const asked = new Promise<FakeFlight>(
      (resolve) => (upstream.otherwise = (flight) => resolve(flight.stream(chunk('Hel')))),
    )
    client.send({ type: 'response.create', model: 'm', input: 'Hello?' })
    const flight = await asked
    await client.until(/output_text\.delta/)
    const closing = gateway.close()
    flight.data(`data: ${JSON.stringify(chunk({}, 'stop'))}\n\ndata: [DONE]\n\n`).end()
    expect(responseOf(await client.until(/completed/))['status']).toBe('completed')
    await Promise.all([client.closed(), closing])
  })
})

test("OpenAI's own SDK speaks to it", async () => {
  const { url } = await open()
  const socket = new ResponsesWS(new OpenAI({ baseURL: `${url}/v1`, apiKey: 'k' }))
  const text: string[] = []
  socket.on('response.output_text.delta', ({ delta }) => void text.push(delta))
  const completed = new Promise<string>((resolve, reject) => {
    socket.on('response.completed', ({ response }) => resolve(response.id))
    socket.on('error', reject)
  })
  socket.send({ type: 'response.create', model: 'm', input: 'ping' })
  expect(await completed).toMatch(/^resp_/)
  expect(text.join('')).toBe('Hello world!')
  socket.close()
})

test('a frame nested a hundred thousand deep is the client’s mistake, not ours', async () => {
  const { url } = await open()
  const client = await connect(url)
  const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`
  client.send(`{"type":"response.create","model":"m","input":${deep}}`)
  expect(await client.until(/^error$/)).toMatchObject([{ status: 400, error: { code: 'invalid_json' } }])
})

test('frames that wait for the running answer are no more than one request may be long', async () => {
  const { url, upstream } = await open({ server: { bodyLimit: '1MB' } })
  upstream.otherwise = () => undefined
  const client = await connect(url)
  const frame = { type: 'response.create', model: 'm', input: 'x'.repeat(600 * 1024) }
  for (let count = 0; count < 3; count += 1) client.send(frame)
  expect(await client.until(/^error$/)).toMatchObject([{ error: { code: 'rate_limit_exceeded' } }])
})

test('a ping is answered', async () => {
  const { url } = await open()
  const socket = new WebSocket(`${url.replace('http', 'ws')}/v1/responses`)
  opened.unshift(socket)
  await once(socket, 'open')
  socket.ping('here?')
  expect(String((await once(socket, 'pong'))[0])).toBe('here?')
})

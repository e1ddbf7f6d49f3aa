import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { stringify } from 'yaml'
import { afterEach, describe, expect, test } from 'vitest'
import { parseConfig } from '../../gateway/config/load.ts'
import type { LoadedConfig } from '../../gateway/config/types.ts'
import { createMemoryLedger } from '../../gateway/stores/ledger-memory.ts'
import type { AttemptRow } from '../../gateway/stores/ledger.ts'
import { createTestGateway, type TestGateway } from '../helpers/in-process.ts'
import { startUpstream } from '../helpers/upstream.ts'
import { chunk, FakeUpstream, hello, obliging, sse } from './pipeline/stage.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
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
  url: string
  rows: AttemptRow[]
  /** Resolves when the ledger has `count` rows. */
  committed: (count: number) => Promise<AttemptRow[]>
  post: (body: object, signal?: AbortSignal) => Promise<Response>
}

/** The gateway on a real socket, its provider in the test's hands, its ledger open to look into. */
async function listen(config: object = {}): Promise<Scene> {
  const upstream = new FakeUpstream()
  upstream.otherwise = obliging
  const rows: AttemptRow[] = []
  const waiting: { count: number; resolve: (rows: AttemptRow[]) => void }[] = []
  const memory = createMemoryLedger()
  const ledger = {
    ...memory,
    append: async (more: AttemptRow[]) => {
      await memory.append(more)
      rows.push(...more)
      for (const { count, resolve } of waiting) if (rows.length >= count) resolve(rows)
    },
  }
  const gateway = await createTestGateway({ providers: [provider], ...config }, { upstream, ledger })
  const url = await gateway.listen({ host: '127.0.0.1', port: 0 })
  closing.push(() => gateway.close())
  return {
    gateway,
    upstream,
    url,
    rows,
    committed: (count) => {
      if (rows.length >= count) return Promise.resolve(rows)
      return new Promise((resolve) => waiting.push({ count, resolve }))
    },
    post: (body, signal) =>
      fetch(`${url}/v1/chat/completions`, {
        method: 'POST',
        body: JSON.stringify(body),
        ...(signal === undefined ? {} : { signal }),
      }),
  }
}

/** Resolves with the flight once the gateway has asked its provider. */
function asked(upstream: FakeUpstream): Promise<FakeUpstream['last']> {
  return new Promise((resolve) => upstream.plays.push(resolve))
}

const streaming = { ...hello, stream: true }

function load(config: object): LoadedConfig {
  const text = stringify({ logging: { level: 'silent' }, ...config })
  return parseConfig(text, { file: 'gateway.yaml', env: {} })
}

describe('on a socket', () => {
  test('whole and streamed answers', async () => {
    const { url, post } = await listen()
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
    expect(await (await post(hello)).json()).toMatchObject({ choices: [{ message: { content: 'Hello world!' } }] })
    expect(await (await post(streaming)).text()).toBe(
      sse(chunk('Hello'), chunk(' world!'), chunk({}, 'stop'), '[DONE]'),
    )
  })

  test('the first piece arrives while the provider still thinks about the second', async () => {
    const { upstream, post } = await listen()
    const provides = asked(upstream)
    const replying = post(streaming)
    const flight = await provides
    flight.stream(chunk('Hello'))
    const reply = await replying
    const reader = (reply.body as ReadableStream<Uint8Array>).getReader()
    const { value } = await reader.read()
    expect(Buffer.from(value ?? []).toString()).toBe(sse(chunk('Hello')))
    flight.data(sse(chunk({}, 'stop'), '[DONE]')).end()
    let rest = ''
    for (let piece = await reader.read(); !piece.done; piece = await reader.read())
      rest += Buffer.from(piece.value).toString()
    expect(rest).toBe(sse(chunk({}, 'stop'), '[DONE]'))
  })

  test('the call is in the ledger before the last byte leaves', async () => {
    const { post, rows } = await listen()
    for (const [index, body] of [hello, streaming].entries()) {
      await (await post(body)).text()
      expect(rows).toHaveLength(index + 1)
      expect(rows[index]).toMatchObject({ outcome: 'ok', final: true, provider: 'p', inputTokens: 10, outputTokens: 5 })
    }
  })

  test('a client that hangs up: the provider is told at once, what it made is in the ledger', async () => {
    const { upstream, post, committed } = await listen()
    const provides = asked(upstream)
    const controller = new AbortController()
    const replying = post(streaming, controller.signal)
    const flight = await provides
    flight.stream(chunk('Hello'))
    await replying
    controller.abort()
    const [row] = await committed(1)
    expect(flight.aborted).toBeInstanceOf(Error)
    expect(row).toMatchObject({ outcome: 'aborted', final: true, estimated: true, outputTokens: 2 })
  })

  test('a client that hangs up before the answer', async () => {
    const { upstream, post, committed } = await listen()
    const provides = asked(upstream)
    const controller = new AbortController()
    const replying = post(hello, controller.signal).catch(() => {})
    const flight = await provides
    controller.abort()
    expect((await committed(1))[0]).toMatchObject({ outcome: 'aborted' })
    expect(flight.aborted).toBeInstanceOf(Error)
    await replying
  })

  test('a client that hangs up in the middle of its request is no call', async () => {
    const { url, gateway, upstream } = await listen()
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    socket.write('POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 100\r\n\r\n{"model":')
    const [, response] = (await once(gateway.fastify.server, 'request')) as [unknown, NodeJS.EventEmitter]
    socket.destroy()
    await once(response, 'close')
    expect(upstream.flights).toHaveLength(0)
  })

  test('keep-alive goes on after refusals', async () => {
    const { url } = await listen({ server: { bodyLimit: 1000 } })
    const socket = connect(Number(new URL(url).port), '127.0.0.1')
    closing.push(async () => void socket.destroy())
    let read = ''
    socket.setEncoding('utf8').on('data', (text: string) => (read += text))
    const bodies = ['{}', JSON.stringify({ model: 'x'.repeat(2000) }), JSON.stringify(hello)]
    for (const [index, body] of bodies.entries()) {
      socket.write(
        `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      )
      while ((read.match(/HTTP\/1\.1 /g) ?? []).length <= index) await once(socket, 'data')
    }
    expect(read.match(/HTTP\/1\.1 \d+/g)).toEqual(['HTTP/1.1 400', 'HTTP/1.1 413', 'HTTP/1.1 200'])
  })

  test('through real connections to a provider', async () => {
    const scripted = await startUpstream()
    closing.push(() => scripted.close())
    const gateway = await createTestGateway({ providers: [{ ...provider, baseUrl: `${scripted.url}/v1` }] })
    closing.push(() => gateway.close())
    const reply = await gateway.fastify.inject({
      method: 'POST',
      url: '/v1/chat/completions',
      headers: { host: 'localhost', 'content-type': 'application/json' },
      payload: JSON.stringify(streaming),
    })
    expect(reply.body).toMatch(/Hello.*data: \[DONE\]\n\n$/s)
    expect(scripted.requests[0]).toMatchObject({
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer sk-secret-of-p' },
    })
  })
})

describe('reload', () => {
  test('new calls by the new configuration, running ones by their old', async () => {
    const { gateway, upstream, post } = await listen()
    const provides = asked(upstream)
    const running = post(streaming)
    const flight = await provides
    gateway.reload(load({ providers: [{ ...provider, name: 'q', models: ['n'] }], server: { bodyLimit: 200 } }))
    expect((await post(hello)).status).toBe(404)
    expect((await post({ ...hello, model: 'n' })).headers.get('x-gateway-provider')).toBe('q')
    expect((await post({ model: 'n', messages: ['x'.repeat(200)] })).status).toBe(413)
    flight.stream(chunk('Hello'), chunk({}, 'stop'), '[DONE]').end()
    const reply = await running
    expect(reply.headers.get('x-gateway-provider')).toBe('p')
    expect(await reply.text()).toContain('[DONE]')
  })

  test('limits and cache live on', async () => {
    const config = {
      providers: [provider],
      cache: { enabled: true },
      rateLimit: { enabled: true, global: { requests: 2, window: '1m' } },
    }
    const { gateway, post } = await listen(config)
    await (await post(hello)).text()
    gateway.reload(load(config))
    expect((await post(hello)).headers.get('x-cache')).toBe('HIT')
    expect((await post(hello)).status).toBe(429)
  })
})

describe('close', () => {
  test('lets running streams end', async () => {
    const { gateway, upstream, post, url } = await listen()
    const provides = asked(upstream)
    const replying = post(streaming)
    const flight = await provides
    flight.stream(chunk('Hello'))
    const reply = await replying
    const closed = gateway.close()
    closing.length = 0
    await expect(fetch(`${url}/health`)).rejects.toThrow()
    flight.data(sse(chunk({}, 'stop'), '[DONE]')).end()
    expect(await reply.text()).toBe(sse(chunk('Hello'), chunk({}, 'stop'), '[DONE]'))
    await closed
  })

  test('a connection that never asked anything does not hold up the end', async () => {
    const { gateway, url } = await listen({ server: { drainTimeout: '60s' } })
    const spare = connect(Number(new URL(url).port), '127.0.0.1')
    await once(spare, 'connect')
    // The server has seen it, too.
    await fetch(`${url}/health`)
    const ended = once(spare, 'close')
    spare.on('error', () => {}).resume()
    closing.length = 0
    await gateway.close()
    await ended
  })

  test('ends those that are not done in time, in their dialect', async () => {
    const { gateway, upstream, post, rows } = await listen({ server: { drainTimeout: '50ms' } })
    const streams = asked(upstream)
    const replying = post(streaming)
    ;(await streams).stream(chunk('Hello'))
    const reply = await replying
    const hangs = asked(upstream)
    const waiting = post(hello)
    await hangs
    closing.length = 0
    await gateway.close()
    expect(await reply.text()).toMatch(/Hello.*\n\ndata: \{"error":.*shutting_down.*\n\ndata: \[DONE\]\n\n$/s)
    expect((await waiting).status).toBe(503)
    expect(rows).toHaveLength(2)
  })

  test('a call that comes too late is told so, in its dialect; whoever watches is answered', async () => {
    const { gateway, upstream, post, url } = await listen()
    const provides = asked(upstream)
    const replying = post(streaming)
    const flight = await provides
    flight.stream(chunk('Hello'))
    const reply = await replying
    const requests = [
      `POST /v1/chat/completions HTTP/1.1\r\nhost: localhost\r\ncontent-length: 2\r\n\r\n{}`,
      'GET /ready HTTP/1.1\r\nhost: localhost\r\n\r\n',
    ]
    // Begun before, so that the connection is not idle, but not a request yet.
    const connected = []
    for (const request of requests) {
      const socket = connect(Number(new URL(url).port), '127.0.0.1')
      const [accepted] = (await once(gateway.fastify.server, 'connection')) as [Socket]
      socket.write(request.slice(0, 10))
      while (accepted.bytesRead < 10) await new Promise((resolve) => setImmediate(resolve))
      connected.push({ socket, rest: request.slice(10) })
    }
    closing.length = 0
    const closed = gateway.close()
    const texts = connected.map(async ({ socket, rest }) => {
      socket.write(rest)
      return (await readText(socket)).toLowerCase()
    })
    const [call, ready] = (await Promise.all(texts)) as [string, string]
    expect(call).toMatch(/^http\/1\.1 503 .*connection: close.*"code":"shutting_down"/s)
    expect(ready).toMatch(/^http\/1\.1 503 .*"status":"not_ready","reasons":\["shutting down"/s)
    flight.data(sse(chunk({}, 'stop'), '[DONE]')).end()
    expect(await reply.text()).toContain('[DONE]')
    await closed
  })
})

test('nothing is opened before listen', async () => {
  const gateway = await createTestGateway()
  expect(gateway.fastify.server.listening).toBe(false)
  await gateway.close()
})

test('a port that is taken rejects', async () => {
  const other = createServer()
  other.listen(0, '127.0.0.1')
  await once(other, 'listening')
  closing.push(() => new Promise((resolve) => other.close(resolve)))
  const gateway = await createTestGateway()
  closing.push(() => gateway.close())
  const { port } = other.address() as AddressInfo
  await expect(gateway.listen({ host: '127.0.0.1', port })).rejects.toMatchObject({ code: 'EADDRINUSE' })
})

test.each([
  ['no HTTP', 'nonsense\r\n\r\n', 400],
  ['two lengths', 'POST / HTTP/1.1\r\nhost: localhost\r\ncontent-length: 1\r\ntransfer-encoding: chunked\r\n\r\n', 400],
  ['a large head', `GET / HTTP/1.1\r\nhost: localhost\r\nx-a: ${'a'.repeat(20_000)}\r\n\r\n`, 431],
])('what is no request is refused in OpenAI’s form: %s', async (_what, bytes, status) => {
  const { url } = await listen()
  const socket = connect(Number(new URL(url).port), '127.0.0.1')
  socket.write(bytes)
  const reply = await readText(socket)
  expect(reply).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  expect(JSON.parse(reply.split('\r\n\r\n')[1] ?? '')).toMatchObject({ error: { type: 'invalid_request_error' } })
})

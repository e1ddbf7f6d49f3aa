import { once } from 'node:events'
import { request, type IncomingMessage } from 'node:http'
import { connect, type Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { afterEach, describe, expect, test } from 'vitest'
import {
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
  world.upstream.answer = json({
    text: 'hello',
    usage: { type: 'tokens', input_tokens: 14, input_token_details: { audio_tokens: 14 }, output_tokens: 2 },
  })
  return world
}

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

const boundary = 'test-boundary-1'
const formType = `multipart/form-data; boundary=${boundary}`

function field(name: string, value: string): Buffer {
  return Buffer.from(`--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`)
}

function fileHead(name = 'file'): Buffer {
  return Buffer.from(
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\n`,
  )
}

const lineEnd = Buffer.from('\r\n')
const formEnd = Buffer.from(`--${boundary}--\r\n`)
const sound = Buffer.from(Array.from({ length: 3000 }, (_, index) => index % 256))

function form(...fields: Buffer[]): Buffer {
  return Buffer.concat([...fields, formEnd])
}

const soundPart = Buffer.concat([fileHead(), sound, lineEnd])

function post(
  body: Buffer | AsyncGenerator<Buffer>,
  headers: Record<string, string> = {},
): RequestInit & { duplex: 'half' } {
  return {
    method: 'POST',
    headers: { 'content-type': formType, ...headers },
    body: Buffer.isBuffer(body) ? new Uint8Array(body) : (ReadableStream.from(body) as ReadableStream<Uint8Array>),
    duplex: 'half',
  }
}

const path = '/v1/audio/transcriptions'
const aliases = { routing: { modelMappings: { ears: { provider: 'openai', model: 'gpt-4o-transcribe' } } } }

/** Two providers that could both be meant. */
const two = (url: string): object[] => [
  openai(url),
  openai(`${url}/second`, { name: 'groq', type: 'groq', models: ['whisper-large'] }),
]

describe('the model', () => {
  test.each([
    ['before the file', form(field('model', 'ears'), soundPart, field('language', 'en'))],
    ['behind the file', form(soundPart, field('language', 'en'), field('model', 'ears'))],
  ])('%s: renamed, all else untouched, its length known', async (_name, body) => {
    const world = await open({ config: aliases })
    const reply = await world.ask(path, post(body, { authorization: 'Bearer sk-client' }))
    expect(await reply.json()).toMatchObject({ text: 'hello' })
    expect(reply.headers.get('x-gateway-model')).toBe('gpt-4o-transcribe')
    const expected = body.toString('latin1').replace('ears', 'gpt-4o-transcribe')
    const [asked] = world.upstream.requests
    expect(asked?.body.toString('latin1')).toBe(expected)
    expect(asked).toMatchObject({
      path: '/v1/audio/transcriptions',
      headers: {
        'content-type': formType,
        'content-length': String(expected.length),
        authorization: `Bearer ${upstreamKey}`,
      },
    })
    expect(await world.committed(1)).toMatchObject([
      {
        dialect: 'openai-audio',
        requestedModel: 'ears',
        alias: 'ears',
        model: 'gpt-4o-transcribe',
        inputTokens: 14,
        outputTokens: 2,
        costNanoUsd: 14 * 6000 + 2 * 10_000,
      },
    ])
  })

  test('decides between providers, also when it comes behind a file that is held back', async () => {
    const world = await open({ providers: two, config: aliases })
    const large = Buffer.alloc(3 * 1024 * 1024, 'a\r\n--test-')
    const body = form(fileHead(), large, lineEnd, field('model', 'whisper-large'))
    const reply = await world.ask(path, post(body))
    expect(reply.headers.get('x-gateway-provider')).toBe('groq')
    const [asked] = world.upstream.requests
    expect(asked?.path).toBe('/second/v1/audio/transcriptions')
    expect(asked?.body.equals(body)).toBe(true)
    expect(asked?.headers['content-length']).toBe(String(body.length))
  })

  test('behind a large file, its provider known: the row has it all the same', async () => {
    const world = await open({ providers: two, config: aliases })
    const body = form(fileHead(), Buffer.alloc(300_000), lineEnd, field('model', 'openai/ears'))
    const reply = await world.ask(path, post(body, { 'x-gateway-provider': 'openai' }))
    expect(reply.status).toBe(200)
    expect(world.upstream.requests[0]?.headers['transfer-encoding']).toBe('chunked')
    expect(world.upstream.requests[0]?.body.toString('latin1')).toBe(
      body.toString('latin1').replace('openai/ears', 'ears'),
    )
    expect(reply.headers.get('x-gateway-model')).toBe('ears')
    expect(await world.committed(1)).toMatchObject([{ requestedModel: 'openai/ears', model: 'ears' }])
  })

  test('is missing', async () => {
    const world = await open()
    const reply = await world.ask(path, post(form(soundPart)))
    expect(reply.status).toBe(400)
    expect(await reply.json()).toMatchObject({ error: { type: 'invalid_request_error', param: 'model' } })
    expect(world.upstream.requests).toEqual([])
    expect(await world.committed(1)).toMatchObject([{ outcome: 'refused', status: 400, costNanoUsd: 0 }])
  })

  test('may be missing where the provider has one of its own', async () => {
    const world = await open()
    const body = form(Buffer.concat([fileHead('image'), sound, lineEnd]))
    expect((await world.ask('/v1/images/variations', post(body))).status).toBe(200)
    expect(world.upstream.requests[0]?.body.equals(body)).toBe(true)
  })

  test('leads elsewhere when the form has set out: broken off', async () => {
    const world = await open({
      providers: two,
      config: {
        routing: { modelMappings: { ears: { provider: 'groq', model: 'whisper-large' } }, defaultProvider: 'groq' },
      },
    })
    const body = form(fileHead(), Buffer.alloc(300_000), lineEnd, field('model', 'x'.repeat(1001)))
    const reply = await world.ask(path, post(body, { 'x-gateway-provider': 'openai' }))
    expect(reply.status).toBe(400)
    await world.upstream.until(({ cut }) => cut === 1)
    expect(world.upstream.requests).toEqual([])
  })
})

describe('rights and limits', () => {
  const keys = {
    auth: { anonymous: false, keys: [{ name: 'app', key: 'sk-app-key-123456', models: ['whisper-1'] }] },
  }
  const large = (model: string): Buffer => form(fileHead(), Buffer.alloc(300_000), lineEnd, field('model', model))
  const app = { authorization: 'Bearer sk-app-key-123456' }

  test('a key may use its models, wherever the field stands', async () => {
    const world = await open({ config: keys })
    expect((await world.ask(path, post(large('whisper-1'), app))).status).toBe(200)
    const reply = await world.ask(path, post(large('gpt-4o-transcribe'), app))
    expect(reply.status).toBe(403)
    expect(await reply.json()).toMatchObject({ error: { code: 'model_not_allowed' } })
    expect(world.upstream.requests).toHaveLength(1)
    expect(world.upstream.cut).toBe(0)
  })

  test('without a key nothing is read', async () => {
    const world = await open({ config: keys })
    const reply = await world.ask(path, post(large('whisper-1')))
    expect(reply.status).toBe(401)
    expect(await world.committed(1)).toMatchObject([
      { outcome: 'refused', status: 401, requestedModel: 'audio/transcriptions' },
    ])
  })

  test('a model with a limit of its own', async () => {
    const world = await open({ config: { rateLimit: { enabled: true, perModel: { 'whisper-1': { requests: 1 } } } } })
    expect((await world.ask(path, post(large('whisper-1')))).status).toBe(200)
    const reply = await world.ask(path, post(large('whisper-1')))
    expect(reply.status).toBe(429)
    expect(world.upstream.requests).toHaveLength(1)
  })

  test('larger than any file may be', async () => {
    const world = await open()
    const { host } = new URL(world.url)
    const socket = connect(Number(host.split(':')[1]), '127.0.0.1')
    socket.write(
      `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: ${formType}\r\nContent-Length: 900000000\r\n\r\n`,
    )
    const [answer] = (await once(socket, 'data')) as [Buffer]
    socket.destroy()
    expect(String(answer)).toMatch(/^HTTP\/1.1 413 /)
    expect(String(answer)).toContain('"code":"body_too_large"')
  })

  test('a form that is none', async () => {
    const world = await open()
    const reply = await world.ask(path, post(Buffer.from('{"model":"whisper-1"}')))
    expect(reply.status).toBe(400)
    expect(await reply.json()).toMatchObject({ error: { message: expect.stringMatching(/does not begin/) as string } })
  })
})

describe('on the way', () => {
  /** 64 MB, and how far it got. */
  function generated(): { body: AsyncGenerator<Buffer>; made: () => number } {
    let made = 0
    async function* body(): AsyncGenerator<Buffer> {
      yield fileHead()
      for (let index = 0; index < 1024; index += 1) {
        made += 65_536
        yield Buffer.alloc(65_536, index % 256)
      }
      yield Buffer.concat([lineEnd, field('model', 'whisper-1'), formEnd])
    }
    return { body: body(), made: () => made }
  }

  /** By a client that keeps nothing itself: `fetch` does. */
  async function send(world: ForwardWorld, body: AsyncGenerator<Buffer>): Promise<number | undefined> {
    const outgoing = request(`${world.url}${path}`, { method: 'POST', headers: { 'content-type': formType } })
    const answered = once(outgoing, 'response') as Promise<[IncomingMessage]>
    await pipeline(body, outgoing)
    const [reply] = await answered
    reply.resume()
    return reply.statusCode
  }

  /** What is kept, not what waits to be collected. Bytes. */
  function kept(): number {
    // The second one waits for what the first one gave back.
    collectGarbage()
    collectGarbage()
    return process.memoryUsage().arrayBuffers
  }

  test('64 MB: the provider has most of it before its end, and nobody keeps it', async () => {
    const world = await open()
    world.upstream.collects = false
    const { body, made } = generated()
    const atStart = kept()
    let got = 0
    let widest = 0
    let most = 0
    world.upstream.arriving = (incoming) => {
      let next = 0
      incoming.on('data', (chunk: Buffer) => {
        got += chunk.length
        widest = Math.max(widest, made() - got)
        if (got < next) return
        next = got + 8 * 1024 * 1024
        most = Math.max(most, kept() - atStart)
      })
    }
    expect(await send(world, body)).toBe(200)
    expect(got).toBeGreaterThan(64 * 1024 * 1024)
    // What is on its way lies in the buffers of two sockets.
    expect(widest).toBeLessThan(32 * 1024 * 1024)
    expect(most).toBeLessThan(8 * 1024 * 1024)
  })

  test('64 MB that must wait for their model wait on disk', async () => {
    const world = await open({ providers: two })
    world.upstream.collects = false
    const { body } = generated()
    const atStart = kept()
    let got = 0
    let most = 0
    world.upstream.arriving = (incoming) => {
      most = kept() - atStart
      incoming.on('data', (chunk: Buffer) => (got += chunk.length))
    }
    expect(await send(world, body)).toBe(200)
    expect(got).toBeGreaterThan(64 * 1024 * 1024)
    expect(most).toBeLessThan(8 * 1024 * 1024)
  })

  test('a provider that reads slowly slows the client', async () => {
    const world = await open()
    world.upstream.collects = false
    const { body, made } = generated()
    const stalled = new Promise<number>((resolve) => {
      world.upstream.arriving = (incoming) => {
        incoming.pause()
        let last = -1
        const look = setInterval(() => {
          const isStalled = made() === last
          last = made()
          if (!isStalled) return
          clearInterval(look)
          resolve(last)
          incoming.resume()
        }, 200)
      }
    })
    const reply = world.ask(path, post(body))
    expect(await stalled).toBeLessThan(48 * 1024 * 1024)
    expect((await reply).status).toBe(200)
    expect(made()).toBe(64 * 1024 * 1024)
  })

  test('as slow as its provider: the time for reading requests is for those that should be there at once', async () => {
    const world = await open()
    const { server } = world.gateway.fastify
    const connected = once(server, 'connection') as Promise<[Socket]>
    const timeOut = async (): Promise<void> => {
      const [socket] = await connected
      server.emit('clientError', Object.assign(new Error('timeout'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' }), socket)
    }
    async function* body(): AsyncGenerator<Buffer> {
      yield fileHead()
      yield Buffer.alloc(300_000)
      await world.upstream.until(() => arrived)
      await timeOut()
      yield Buffer.concat([lineEnd, field('model', 'whisper-1'), formEnd])
    }
    let arrived = false
    world.upstream.arriving = () => (arrived = true)
    expect((await world.ask(path, post(body()))).status).toBe(200)
    await timeOut()
    const [socket] = await connected
    expect(socket.writable).toBe(false)
  })

  test('a client that hangs up: the provider hears of it and is not blamed', async () => {
    const world = await open()
    const controller = new AbortController()
    async function* body(): AsyncGenerator<Buffer> {
      yield fileHead()
      yield Buffer.alloc(300_000)
      await new Promise(() => undefined)
    }
    world.upstream.arriving = () => controller.abort()
    await expect(world.ask(path, { ...post(body()), signal: controller.signal })).rejects.toThrow(/abort/i)
    await world.upstream.until(({ cut }) => cut === 1)
    expect(await world.committed(1)).toMatchObject([{ outcome: 'aborted' }])
  })

  test('the time of the call is over while its model is waited for', async () => {
    const world = await open({ providers: two })
    async function* body(): AsyncGenerator<Buffer> {
      yield fileHead()
      yield Buffer.alloc(300_000)
      await new Promise(() => undefined)
    }
    const reply = await world.ask(path, post(body(), { 'x-gateway-timeout': '0.1' }))
    expect(reply.status).toBe(408)
    expect(await world.committed(1)).toMatchObject([{ outcome: 'refused', errorCode: 'request_timeout' }])
  })

  test('a provider that refuses at once: the client reads why, though it still sends', async () => {
    const world = await open()
    world.upstream.arriving = (_incoming, response) => {
      response.writeHead(401, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: { message: 'Incorrect API key', type: 'x', code: 'invalid_api_key' } }))
    }
    world.upstream.answer = () => undefined
    const reply = await world.ask(
      path,
      post(form(fileHead(), Buffer.alloc(400_000), lineEnd, field('model', 'whisper-1'))),
    )
    expect(reply.status).toBe(401)
    expect(await reply.json()).toMatchObject({ error: { message: 'Incorrect API key' } })
  })

  test('a form that turns out broken on its way never arrives whole', async () => {
    const world = await open()
    const body = Buffer.concat([fileHead(), Buffer.alloc(300_000), lineEnd, Buffer.from(`--${boundary}oops`)])
    const reply = await world.ask(path, post(body))
    expect(reply.status).toBe(400)
    await world.upstream.until(({ cut }) => cut === 1)
    expect(world.upstream.requests).toEqual([])
  })
})

describe('files', () => {
  test('go to the provider as they came', async () => {
    const world = await open({ providers: two, config: { routing: { defaultProvider: 'groq' } } })
    world.upstream.answer = json({ id: 'file-1', object: 'file' })
    const body = form(field('purpose', 'batch'), soundPart)
    const reply = await world.ask('/v1/files?provider=openai', post(body))
    expect(await reply.json()).toEqual({ id: 'file-1', object: 'file' })
    expect(reply.headers.get('x-gateway-provider')).toBe('openai')
    expect(world.upstream.requests[0]).toMatchObject({
      path: '/v1/files',
      headers: { 'content-length': String(body.length) },
    })
    expect(world.upstream.requests[0]?.body.equals(body)).toBe(true)
    expect(await world.committed(1)).toMatchObject([{ dialect: 'files', model: 'files', costNanoUsd: 0 }])
  })
})

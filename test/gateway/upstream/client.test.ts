import { once } from 'node:events'
import { createServer as createHttpServer, type RequestListener, type Server } from 'node:http'
import { connect, createServer, type AddressInfo, type Server as NetServer } from 'node:net'
import { text as readText } from 'node:stream/consumers'
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { createUpstream, type NetworkSettings } from '../../../gateway/upstream/client.ts'
import type { Upstream } from '../../../gateway/upstream/upstream.ts'
import { sendTo } from './collect.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => void (await Promise.all(closing.splice(0).map((close) => close()))))

async function listen(server: Server | NetServer, host = '127.0.0.1'): Promise<number> {
  server.listen(0, host)
  await once(server, 'listening')
  closing.unshift(async () => {
    if ('closeAllConnections' in server) server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return (server.address() as AddressInfo).port
}

async function serve(listener: RequestListener): Promise<string> {
  return `http://127.0.0.1:${await listen(createHttpServer(listener))}`
}

function open(settings: NetworkSettings = {}, env: Record<string, string> = {}): Upstream {
  const upstream = createUpstream(settings, env)
  closing.unshift(() => upstream.close())
  return upstream
}

describe('a request', () => {
  test('goes out as it is, and its answer comes back', async () => {
    let seen: object = {}
    const origin = await serve((request, response) => {
      void readText(request).then((body) => {
        seen = {
          method: request.method,
          url: request.url,
          body,
          header: request.headers['x-a'],
          accepts: request.headers['accept-encoding'],
        }
        response.writeHead(201, { 'X-B': 'c' }).end('done')
      })
    })
    const request = { origin, path: '/v1/x?y=1', headers: { 'x-a': 'b' }, body: Buffer.from('{"é":1}') }
    const received = await sendTo(open(), request).done
    expect(seen).toEqual({ method: 'POST', url: '/v1/x?y=1', body: '{"é":1}', header: 'b', accepts: undefined })
    expect(received).toMatchObject({ status: 201, headers: { 'x-b': 'c' }, text: 'done', error: undefined, ends: 1 })
  })

  test('early hints are not the answer', async () => {
    const origin = await serve((_request, response) => {
      response.writeEarlyHints({ link: '</a>; rel=preload' })
      response.end('done')
    })
    expect(await sendTo(open(), { origin }).done).toMatchObject({ status: 200, text: 'done' })
  })

  test('connections are used again', async () => {
    const ports: (number | undefined)[] = []
    const origin = await serve((request, response) => {
      ports.push(request.socket.remotePort)
      response.end()
    })
    const upstream = open()
    await sendTo(upstream, { origin }).done
    await new Promise((resolve) => setImmediate(resolve))
    await sendTo(upstream, { origin }).done
    expect(new Set(ports).size).toBe(1)
  })

  test('as many at once as there are', async () => {
    let running = 0
    const all = Promise.withResolvers<void>()
    const origin = await serve((_request, response) => {
      running += 1
      if (running === 20) all.resolve()
      void all.promise.then(() => response.end('x'))
    })
    const upstream = open()
    const received = await Promise.all(Array.from({ length: 20 }, () => sendTo(upstream, { origin }).done))
    expect(received.every(({ text }) => text === 'x')).toBe(true)
  })

  test('what cannot be sent arrives as an error, never as an exception', async () => {
    const received = await sendTo(open(), { path: 'no slash' }).done
    expect(received).toMatchObject({ status: undefined, ends: 1, error: expect.any(Error) })
  })

  test('nobody there', async () => {
    const probe = createServer()
    const port = await listen(probe)
    probe.close()
    const received = await sendTo(open(), { origin: `http://127.0.0.1:${port}` }).done
    expect(received.error).toMatchObject({ code: 'ECONNREFUSED' })
  })

  test('cut off in the middle', async () => {
    const origin = await serve((_request, response) => {
      response.write('half')
      setImmediate(() => response.destroy())
    })
    const received = await sendTo(open(), { origin }).done
    expect(received).toMatchObject({ ends: 1, error: expect.any(Error) })
  })
})

describe('abort', () => {
  test('before the answer ends the connection', async () => {
    const gone = Promise.withResolvers<void>()
    const asked = Promise.withResolvers<void>()
    const origin = await serve((request) => {
      request.socket.once('close', () => gone.resolve())
      asked.resolve()
    })
    const { flight, done } = sendTo(open(), { origin })
    await asked.promise
    flight.abort(new Error('enough'))
    expect(await done).toMatchObject({ status: undefined, error: { message: 'enough' }, ends: 1 })
    await gone.promise
  })

  test('in the middle of the answer tells at once, and once', async () => {
    const origin = await serve((_request, response) => void response.write('half'))
    const { flight, done, begun } = sendTo(open(), { origin })
    await begun
    flight.abort(new Error('enough'))
    flight.abort(new Error('again'))
    expect(await done).toMatchObject({ text: 'half', error: { message: 'enough' }, ends: 1 })
  })

  test('before it is connected: the request is never sent', async () => {
    let asked = 0
    const origin = await serve((_request, response) => {
      asked += 1
      response.end()
    })
    const upstream = open()
    const { flight, done } = sendTo(upstream, { origin })
    flight.abort(new Error('enough'))
    expect(await done).toMatchObject({ error: { message: 'enough' }, ends: 1 })
    await sendTo(upstream, { origin }).done
    expect(asked).toBe(1)
  })

  test('after the answer is nothing', async () => {
    const origin = await serve((_request, response) => void response.end('x'))
    const { flight, done } = sendTo(open(), { origin })
    const received = await done
    flight.abort(new Error('late'))
    expect(received).toMatchObject({ error: undefined, ends: 1 })
  })
})

test('a paused flight holds the provider back', async () => {
  const size = 64 * 1024 * 1024
  let left = size
  const full = Promise.withResolvers<void>()
  const origin = await serve((_request, response) => {
    const write = (): void => {
      while (left > 0) {
        left -= 65_536
        if (!response.write(Buffer.alloc(65_536))) {
          full.resolve()
          response.once('drain', write)
          return
        }
      }
      response.end()
    }
    write()
  })
  let read = 0
  const { flight, done, begun } = sendTo(open(), { origin }, { onData: (chunk) => void (read += chunk.length) })
  await begun
  flight.pause()
  await full.promise
  expect(left).toBeGreaterThan(size / 2)
  const before = read
  flight.resume()
  expect((await done).error).toBeUndefined()
  expect(before).toBeLessThan(size / 2)
  expect(read).toBe(size)
})

describe('compressed answers are unpacked', () => {
  const plain = `data: ${'Hello wörld '.repeat(2000)}\n\n`
  test.each([
    ['gzip', gzipSync(plain)],
    ['x-gzip', gzipSync(plain)],
    ['GZIP', gzipSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['deflate', deflateSync(plain)],
    ['zstd', zstdCompressSync(plain)],
    ['identity', Buffer.from(plain)],
  ])('%s', async (encoding, body) => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding, 'content-type': 'text/event-stream' })
      response.write(body.subarray(0, 20))
      setImmediate(() => response.end(body.subarray(20)))
    })
    const received = await sendTo(open(), { origin }).done
    expect(received).toMatchObject({ status: 200, text: plain, error: undefined, ends: 1 })
    expect(received.headers['content-type']).toBe('text/event-stream')
    if (encoding !== 'identity') expect(received.headers).not.toHaveProperty('content-encoding')
  })

  test('errors too', async () => {
    const origin = await serve((_request, response) => {
      response.writeHead(503, { 'content-encoding': 'gzip' }).end(gzipSync('{"error":1}'))
    })
    expect(await sendTo(open(), { origin }).done).toMatchObject({ status: 503, text: '{"error":1}' })
  })

  test('each piece as soon as it can be', async () => {
    const { createGzip, constants } = await import('node:zlib')
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' })
      const zip = createGzip({ flush: constants.Z_SYNC_FLUSH })
      zip.pipe(response)
      zip.write('data: first\n\n')
    })
    const { flight, begun, done } = sendTo(open(), { origin })
    expect((await begun).toString()).toBe('data: first\n\n')
    flight.abort(new Error('enough'))
    expect(await done).toMatchObject({ ends: 1, error: { message: 'enough' } })
  })

  test.each([
    ['garbage', 'gzip', Buffer.from('this is not gzip')],
    ['cut off', 'gzip', gzipSync(plain).subarray(0, 100)],
    ['an encoding nobody knows', 'rot13', Buffer.from('uryyb')],
  ])('%s is an error, once', async (_what, encoding, body) => {
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': encoding }).end(body)
    })
    expect(await sendTo(open(), { origin }).done).toMatchObject({ ends: 1, error: expect.any(Error) })
  })

  test('a reader that pauses is not overrun by the unpacking', async () => {
    const size = 32 * 1024 * 1024
    const big = gzipSync(Buffer.alloc(size, 'x'), { level: 0 })
    const origin = await serve((_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(big)
    })
    let read = 0
    const sending = sendTo(open(), { origin }, { onData: (chunk) => void (read += chunk.length) })
    await sending.begun
    sending.flight.pause()
    // The unpacking goes on in threads: look for as long as it takes to see it run away.
    const until = performance.now() + 200
    while (performance.now() < until && read < 1024 * 1024) await new Promise((resolve) => setImmediate(resolve))
    expect(read).toBeLessThan(1024 * 1024)
    sending.flight.resume()
    await sending.done
    expect(read).toBe(size)
  })
})

describe('proxy', () => {
  /** Answers plain requests itself, and CONNECT with a tunnel to `target`, whatever was asked for. */
  async function startProxy(target?: number) {
    const asked: string[] = []
    const server = createHttpServer((request, response) => {
      asked.push(`${request.method} ${request.url}`)
      response.end('from the proxy')
    })
    server.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`)
      if (target === undefined) {
        socket.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
        return
      }
      const through = connect(target, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n')
        through.pipe(socket)
        socket.pipe(through)
      })
      through.on('error', () => socket.destroy())
      socket.on('error', () => through.destroy())
      socket.on('close', () => through.destroy())
    })
    return { asked, url: `http://127.0.0.1:${await listen(server)}` }
  }

  test('HTTP_PROXY for http', async () => {
    const proxy = await startProxy()
    const received = await sendTo(open({}, { HTTP_PROXY: proxy.url }), {
      origin: 'http://provider.test',
      path: '/v1/x',
    }).done
    expect(received.text).toBe('from the proxy')
    expect(proxy.asked).toEqual(['POST http://provider.test/v1/x'])
  })

  test.each([['HTTPS_PROXY'], ['https_proxy']])('%s for https: a tunnel, whatever lies behind it', async (name) => {
    const behind = await listen(createServer((socket) => socket.end('not TLS')))
    const proxy = await startProxy(behind)
    const received = await sendTo(open({}, { [name]: proxy.url }), { origin: 'https://provider.test' }).done
    expect(proxy.asked).toEqual(['CONNECT provider.test:443'])
    expect(received).toMatchObject({ ends: 1, error: expect.any(Error) })
  })

  test('network.proxy wins over the environment', async () => {
    const proxy = await startProxy()
    const upstream = open({ proxy: proxy.url }, { HTTP_PROXY: 'http://127.0.0.1:9', NO_PROXY: '' })
    expect((await sendTo(upstream, { origin: 'http://provider.test' }).done).text).toBe('from the proxy')
  })

  test.each([['127.0.0.1'], ['localhost'], ['127.0.0.2']])(
    'a server on this machine (%s) is asked directly',
    async (host) => {
      const proxy = await startProxy()
      const direct = createHttpServer((_request, response) => void response.end('direct'))
      const port = await listen(direct, host === 'localhost' ? '127.0.0.1' : host)
      const received = await sendTo(open({ proxy: proxy.url }), { origin: `http://${host}:${port}` }).done
      expect(received.text).toBe('direct')
      expect(proxy.asked).toEqual([])
    },
  )

  test.each([
    [{ noProxy: ['provider.test'] }, {}],
    [{}, { NO_PROXY: 'other.test, provider.test' }],
    [{}, { no_proxy: '.test' }],
  ])('%j %j: not for these', async (settings, env) => {
    const proxy = await startProxy()
    const upstream = open(settings, { HTTP_PROXY: proxy.url, ...env })
    // The name leads nowhere: that it was looked up at all shows that nobody asked the proxy.
    const received = await sendTo(upstream, { origin: 'http://provider.test' }).done
    expect(received.error).toBeInstanceOf(Error)
    expect(proxy.asked).toEqual([])
  })

  test('a proxy that refuses is an error', async () => {
    const proxy = await startProxy()
    const received = await sendTo(open({ proxy: proxy.url }), { origin: 'https://provider.test' }).done
    expect(received).toMatchObject({ ends: 1, error: expect.any(Error) })
  })
})

test('certificates that cannot be read are a mistake of the configuration', () => {
  expect(() => createUpstream({ caFile: '/nowhere/ca.pem' }, {})).toThrow(
    expect.objectContaining({
      name: 'ConfigError',
      message: expect.stringContaining('network.caFile: cannot be read'),
    }),
  )
})

test('close waits for what runs', async () => {
  const asked = Promise.withResolvers<void>()
  const answer = Promise.withResolvers<void>()
  const origin = await serve((_request, response) => {
    asked.resolve()
    void answer.promise.then(() => response.end('done'))
  })
  const upstream = createUpstream({}, {})
  const { done } = sendTo(upstream, { origin })
  await asked.promise
  const closed = upstream.close()
  answer.resolve()
  expect((await done).text).toBe('done')
  await closed
})

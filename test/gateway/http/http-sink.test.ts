import { once } from 'node:events'
import { createServer, type Server, type ServerResponse } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { HttpSink, type HttpSinkSettings } from '../../../gateway/http/http-sink.ts'

let server: Server
let sockets: Socket[]
beforeEach(() => {
  sockets = []
  server = createServer()
  server.listen(0, '127.0.0.1')
})
afterEach(async () => {
  vi.useRealTimers()
  for (const socket of sockets) socket.destroy()
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
})

interface Scene {
  sink: HttpSink
  response: ServerResponse
  client: Socket
  /** Everything the client reads until the connection ends. */
  read: () => Promise<string>
}

async function open(settings: Partial<HttpSinkSettings> = {}, version = '1.1'): Promise<Scene> {
  if (!server.listening) await once(server, 'listening')
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1')
  sockets.push(client)
  client.pause()
  client.write(`GET / HTTP/${version}\r\nhost: x\r\nconnection: close\r\n\r\n`)
  const [, response] = (await once(server, 'request')) as [unknown, ServerResponse]
  const sink = new HttpSink(response, { headers: {}, writeTimeoutMs: 60_000, ...settings })
  const read = async (): Promise<string> => {
    const chunks: Buffer[] = []
    client.on('data', (chunk: Buffer) => chunks.push(chunk))
    client.on('error', () => {})
    client.resume()
    await once(client, 'close')
    return Buffer.concat(chunks).toString()
  }
  return { sink, response, client, read }
}

const bytes = (text: string): Buffer => Buffer.from(text)
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

function split(reply: string): { head: string; body: string } {
  const at = reply.indexOf('\r\n\r\n')
  return { head: reply.slice(0, at).toLowerCase(), body: reply.slice(at + 4) }
}

describe('a stream', () => {
  test('what one tick brings is one chunk, the end one write', async () => {
    const { sink, read } = await open({ headers: { 'access-control-allow-origin': '*' } })
    sink.head({ status: 200, headers: { 'content-type': 'text/event-stream' } })
    expect(sink.headSent).toBe(true)
    expect(sink.write(bytes('data: a\n\n'))).toBe(true)
    sink.write(bytes('data: b\n\n'))
    await nextTurn()
    sink.write(bytes('data: c\n\n'))
    sink.end(bytes('data: [DONE]\n\n'))
    const { head, body } = split(await read())
    expect(head).toContain('transfer-encoding: chunked')
    expect(head).toContain('content-type: text/event-stream')
    expect(head).toContain('access-control-allow-origin: *')
    expect(body).toBe('12\r\ndata: a\n\ndata: b\n\n\r\n17\r\ndata: c\n\ndata: [DONE]\n\n\r\n0\r\n\r\n')
  })

  test('that ends with nothing', async () => {
    const { sink, read } = await open()
    sink.head({ status: 200, headers: {} })
    sink.write(bytes('a'))
    await nextTurn()
    sink.end(new Uint8Array())
    expect(split(await read()).body).toBe('1\r\na\r\n0\r\n\r\n')
  })

  test('the head leaves before the first bytes', async () => {
    const { sink, client } = await open()
    sink.head({ status: 200, headers: {} })
    client.resume()
    const [first] = (await once(client, 'data')) as [Buffer]
    expect(first.toString()).toMatch(/^HTTP\/1\.1 200 OK\r\n/)
    sink.end(new Uint8Array())
  })

  test('to an HTTP/1.0 client: no chunks, the close is the end', async () => {
    const { sink, read } = await open({}, '1.0')
    sink.head({ status: 200, headers: {} })
    sink.write(bytes('data: a\n\n'))
    await nextTurn()
    sink.end(bytes('data: b\n\n'))
    const { head, body } = split(await read())
    expect(head).not.toContain('chunked')
    expect(body).toBe('data: a\n\ndata: b\n\n')
  })
})

test('a whole answer: its length, and no chunks', async () => {
  const { sink, read } = await open()
  sink.head({ status: 429, headers: { 'content-length': '5' } })
  sink.end(bytes('Hello'))
  const { head, body } = split(await read())
  expect(head).toMatch(/^http\/1\.1 429/)
  expect(head).not.toContain('chunked')
  expect(body).toBe('Hello')
})

test('only the first head counts', async () => {
  const { sink, read } = await open()
  sink.head({ status: 200, headers: { 'content-length': '0' } })
  sink.head({ status: 500, headers: {} })
  sink.end(new Uint8Array())
  expect(await read()).toMatch(/^HTTP\/1\.1 200/)
})

describe('a client that does not read', () => {
  const piece = Buffer.alloc(64 * 1024, 'x')

  /** Writes until the sink asks for a pause. */
  async function fill(sink: HttpSink): Promise<number> {
    let written = 0
    for (let count = 0; count < 2000; count += 1) {
      const goesOn = sink.write(piece)
      written += piece.length
      if (!goesOn) return written
      await nextTurn()
    }
    throw new Error('never full')
  }

  test('asks for a pause, and says when it reads again', async () => {
    const { sink, read } = await open()
    sink.head({ status: 200, headers: {} })
    const written = await fill(sink)
    const drained = new Promise<void>((resolve) => sink.onDrain(resolve))
    const reading = read()
    await drained
    expect(sink.write(bytes('last'))).toBe(true)
    sink.end(new Uint8Array())
    const { body } = split(await reading)
    expect(body.match(/x/g)).toHaveLength(written)
    expect(body.endsWith('4\r\nlast\r\n0\r\n\r\n')).toBe(true)
  })

  test('is let go after the write timeout', async () => {
    const { sink, response } = await open({ writeTimeoutMs: 5000 })
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    sink.head({ status: 200, headers: {} })
    await fill(sink)
    vi.advanceTimersByTime(4999)
    expect(response.destroyed).toBe(false)
    vi.advanceTimersByTime(1)
    expect(response.destroyed).toBe(true)
  })

  test('is let go also when all was written that there is', async () => {
    const { sink, response } = await open({ writeTimeoutMs: 30 })
    sink.head({ status: 200, headers: {} })
    sink.end(Buffer.alloc(32 * 1024 * 1024))
    await once(response, 'close')
    expect(response.writableFinished).toBe(false)
  })

  test('and goes: nothing is written any more, nothing thrown', async () => {
    const { sink, response, client } = await open()
    sink.head({ status: 200, headers: {} })
    client.destroy()
    await once(response, 'close')
    sink.write(bytes('a'))
    await nextTurn()
    expect(() => sink.end(bytes('b'))).not.toThrow()
  })

  test('and went before the head: none is sent', async () => {
    const { sink, response, client } = await open()
    client.destroy()
    await once(response, 'close')
    sink.head({ status: 200, headers: {} })
    expect(sink.headSent).toBe(false)
    expect(() => sink.end(bytes('b'))).not.toThrow()
  })
})

test('without a need to wait, drain is now', async () => {
  const { sink } = await open()
  let called = false
  sink.onDrain(() => (called = true))
  expect(called).toBe(true)
})

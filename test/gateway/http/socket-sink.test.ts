import { afterEach, describe, expect, test, vi } from 'vitest'
import type { WebSocket } from 'ws'
import { SocketSink } from '../../../gateway/http/socket-sink.ts'

afterEach(() => void vi.useRealTimers())

/** What is sent lies there until `flush`. */
class FakeSocket {
  bufferedAmount = 0
  terminated = false
  readonly sent: string[] = []
  #waiting: (() => void)[] = []

  send(frame: string, done: () => void): void {
    this.sent.push(frame)
    this.bufferedAmount += frame.length
    this.#waiting.push(done)
  }

  flush(): void {
    this.bufferedAmount = 0
    for (const done of this.#waiting.splice(0)) done()
  }

  terminate(): void {
    this.terminated = true
    this.flush()
  }
}

function open(): { socket: FakeSocket; sink: SocketSink } {
  const socket = new FakeSocket()
  return { socket, sink: new SocketSink(socket as unknown as WebSocket, 1000) }
}

const streamHead = () => ({ status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' } })
const event = (data: object | string) =>
  Buffer.from(`event: x\ndata: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`)

describe('a stream', () => {
  test('is a frame per event, whatever the cuts', () => {
    const { socket, sink } = open()
    sink.head(streamHead())
    const bytes = Buffer.concat([event({ type: 'a', text: 'é' }), event({ type: 'b' })])
    for (const byte of bytes) sink.write(Buffer.from([byte]))
    sink.end(event('[DONE]'))
    expect(socket.sent).toEqual(['{"type":"a","text":"é"}', '{"type":"b"}'])
  })

  test.each(['response.completed', 'response.incomplete', 'response.failed'])('%s is what it ended with', (type) => {
    const { sink } = open()
    sink.head(streamHead())
    // Without a name: some providers leave it out.
    sink.end(Buffer.from(`data: ${JSON.stringify({ type, response: { id: 'resp_1' } })}\n\n`))
    expect(sink.response).toEqual({ id: 'resp_1' })
  })
})

test('what is no stream is an error', () => {
  const { socket, sink } = open()
  sink.head({ status: 429, headers: { 'content-type': 'application/json' } })
  sink.end(Buffer.from('{"error":{"message":"No."}}'))
  expect(socket.sent).toEqual(['{"type":"error","status":429,"error":{"message":"No."}}'])
})

describe('a client that does not read', () => {
  const large = event({ type: 'a', text: 'x'.repeat(2 * 1024 * 1024) })

  test('stops the provider until it does', () => {
    const { socket, sink } = open()
    sink.head(streamHead())
    expect(sink.write(large)).toBe(false)
    const resumed = vi.fn<() => void>()
    sink.onDrain(resumed)
    expect(resumed).not.toHaveBeenCalled()
    socket.flush()
    expect(resumed).toHaveBeenCalledOnce()
    expect(sink.write(event({ type: 'b' }))).toBe(true)
  })

  test('is cut off after a while', () => {
    vi.useFakeTimers()
    const { socket, sink } = open()
    sink.head(streamHead())
    sink.write(large)
    const resumed = vi.fn<() => void>()
    sink.onDrain(resumed)
    vi.advanceTimersByTime(999)
    expect(socket.terminated).toBe(false)
    vi.advanceTimersByTime(1)
    expect(socket.terminated).toBe(true)
    // Nobody waits for ever.
    expect(resumed).toHaveBeenCalledOnce()
  })
})

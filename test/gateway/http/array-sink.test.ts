import { describe, expect, test } from 'vitest'
import { encodeStreamError } from '../../../gateway/dialects/gemini/client/errors.ts'
import { ArraySink } from '../../../gateway/http/array-sink.ts'
import { MemorySink } from '../pipeline/stage.ts'

const events = ['{"a":"ü \\n 🙂"}', '{"b":[1,2]}', '{"c":{}}']
const sse = Buffer.from(events.map((data) => `data: ${data}\n\n`).join(''))
const array = `[${events.join(',\n')}]\n`

function open(headers: Record<string, string> = { 'content-type': 'text/event-stream; charset=utf-8' }) {
  const inner = new MemorySink()
  const sink = new ArraySink(inner)
  return { inner, sink, head: (status = 200) => sink.head({ status, headers }) }
}

describe('a stream becomes one array', () => {
  test('cut at every byte', () => {
    for (let cut = 0; cut <= sse.length; cut += 1) {
      const { inner, sink, head } = open()
      head()
      sink.write(sse.subarray(0, cut))
      sink.write(sse.subarray(cut))
      sink.end(new Uint8Array())
      expect(inner.text + inner.endText).toBe(array)
    }
  })

  test('byte by byte', () => {
    const { inner, sink, head } = open()
    head()
    for (const byte of sse) sink.write(Uint8Array.of(byte))
    sink.end(new Uint8Array())
    expect(inner.text + inner.endText).toBe(array)
  })

  test('items leave as they come, the last with the end', () => {
    const { inner, sink, head } = open()
    head()
    sink.write(Buffer.from(`data: ${events[0]}\n\n`))
    expect(inner.text).toBe(`[${events[0]}`)
    sink.write(Buffer.from(`data: ${events[1]}\r\n\r\n`))
    expect(inner.text).toBe(`[${events[0]},\n${events[1]}`)
    sink.end(Buffer.from(`data: ${events[2]}\n\n`))
    expect(inner.endText).toBe(`,\n${events[2]}]\n`)
  })

  test('an error in the middle is an item', () => {
    const { inner, sink, head } = open()
    head()
    sink.write(Buffer.from(`data: ${events[0]}\n\n`))
    sink.end(Buffer.from(encodeStreamError({ status: 503, message: 'broke' })))
    expect(JSON.parse(inner.text + inner.endText)).toMatchObject([{}, { error: { code: 503, status: 'UNAVAILABLE' } }])
  })

  test('an empty stream is an empty array', () => {
    const { inner, sink, head } = open()
    head()
    sink.end(new Uint8Array())
    expect(JSON.parse(inner.text + inner.endText)).toEqual([])
  })

  test('comments are nothing', () => {
    const { inner, sink, head } = open()
    head()
    sink.write(Buffer.from(': keep-alive\n\n'))
    sink.end(sse)
    expect(inner.text + inner.endText).toBe(array)
  })

  test('the head says what it is, and not how long the events were', () => {
    const { inner, head } = open({ 'content-type': 'text/event-stream', 'content-length': '99', 'x-cache': 'HIT' })
    head()
    expect(inner.heads).toEqual([
      { status: 200, headers: { 'content-type': 'application/json; charset=UTF-8', 'x-cache': 'HIT' } },
    ])
  })
})

test('what is no stream passes as it is', () => {
  const headers = { 'content-type': 'application/json', 'content-length': '13' }
  const { inner, sink, head } = open(headers)
  head(429)
  sink.end(Buffer.from('{"error":{}}\n'))
  expect(inner.heads).toEqual([{ status: 429, headers }])
  expect(inner.endText).toBe('{"error":{}}\n')
})

test('the pause is the one of the sink below', () => {
  const { inner, sink, head } = open()
  expect(sink.headSent).toBe(false)
  head()
  expect(sink.headSent).toBe(true)
  inner.full = true
  expect(sink.write(sse)).toBe(false)
  let isResumed = false
  sink.onDrain(() => {
    isResumed = true
  })
  inner.drain()
  expect(isResumed).toBe(true)
  expect(sink.write(sse)).toBe(true)
})

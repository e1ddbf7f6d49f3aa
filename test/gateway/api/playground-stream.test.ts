import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createCoalescer, createPieceSink, readPiece, type Piece } from '../../../gateway/api/playground-stream.ts'

const delta = (members: object): string => JSON.stringify({ choices: [{ index: 0, delta: members }] })

test.each([
  ['text', delta({ content: 'Hi' }), { text: 'Hi', reasoning: '' }],
  ['thoughts', delta({ reasoning_content: 'hm' }), { text: '', reasoning: 'hm' }],
  ['thoughts as OpenRouter names them', delta({ content: '', reasoning: 'hm' }), { text: '', reasoning: 'hm' }],
  ['a role alone', delta({ role: 'assistant', content: '' }), undefined],
  ['nothing', delta({ content: null }), undefined],
  ['usage', JSON.stringify({ choices: [], usage: {} }), undefined],
  ['an error', JSON.stringify({ error: { message: 'no' } }), undefined],
  ['the end', '[DONE]', undefined],
])('an event of the stream: %s', (_name, data, piece) => {
  expect(readPiece(data)).toEqual(piece)
})

describe('the sink', () => {
  const bytes = Buffer.from(`data: ${delta({ content: 'Grüße' })}\n\ndata: ${delta({ content: '!' })}\n\n`)

  test('reads the pieces, wherever the bytes are cut', () => {
    const pieces: Piece[] = []
    const sink = createPieceSink((piece) => pieces.push(piece))
    sink.head({ status: 200, headers: {} })
    for (const byte of bytes) sink.write(Uint8Array.of(byte))
    sink.end(Buffer.from(`data: ${delta({ content: '?' })}`))
    expect(pieces.map(({ text }) => text)).toEqual(['Grüße', '!', '?'])
    expect(sink.headSent).toBe(true)
  })

  test('takes the body of an error for what it is', () => {
    const pieces: Piece[] = []
    const sink = createPieceSink((piece) => pieces.push(piece))
    expect(sink.headSent).toBe(false)
    sink.head({ status: 400, headers: {} })
    sink.write(bytes)
    sink.end(bytes)
    expect(pieces).toEqual([])
  })
})

describe('pieces are told together', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('so often and no more; nothing is told twice or after the end', () => {
    const told: Piece[] = []
    const coalescer = createCoalescer(50, (piece) => told.push(piece))
    coalescer.add({ text: 'a', reasoning: '' })
    coalescer.add({ text: 'b', reasoning: 'r' })
    expect(told).toEqual([])
    vi.advanceTimersByTime(50)
    expect(told).toEqual([{ text: 'ab', reasoning: 'r' }])
    vi.advanceTimersByTime(500)
    coalescer.add({ text: 'c', reasoning: '' })
    expect(coalescer.take()).toEqual({ text: 'c', reasoning: '' })
    vi.advanceTimersByTime(500)
    expect([told.length, vi.getTimerCount()]).toEqual([1, 0])
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chunkFrame, lastChunk } from '../../../gateway/http/chunked.ts'

const bytes = (text: string): Buffer => Buffer.from(text)

test.each([
  [[], '', ''],
  [[''], '', ''],
  [['Hello'], '', '5\r\nHello\r\n'],
  [['Hello', ' ', 'world'], '', 'b\r\nHello world\r\n'],
  [['é'], '', '2\r\né\r\n'],
  [['x'.repeat(255)], '', `ff\r\n${'x'.repeat(255)}\r\n`],
  [[], lastChunk, '0\r\n\r\n'],
  [['a'], lastChunk, '1\r\na\r\n0\r\n\r\n'],
] as const)('%j with %j', (pieces, trailer, frame) => {
  expect(chunkFrame(pieces.map(bytes), trailer).toString()).toBe(frame)
})

test('whatever is framed is read back', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 4 }), { maxLength: 4 }), (frames) => {
      const wire = Buffer.concat([...frames.map((pieces) => chunkFrame(pieces)), chunkFrame([], lastChunk)])
      expect(unframe(wire)).toEqual(Buffer.concat(frames.flat()))
    }),
  )
})

function unframe(wire: Buffer): Buffer {
  const chunks: Buffer[] = []
  let at = 0
  for (;;) {
    const end = wire.indexOf('\r\n', at)
    const size = Number.parseInt(wire.toString('latin1', at, end), 16)
    const start = end + 2
    expect(wire.toString('latin1', start + size, start + size + 2)).toBe('\r\n')
    if (size === 0) {
      expect(start + 2).toBe(wire.length)
      return Buffer.concat(chunks)
    }
    chunks.push(wire.subarray(start, start + size))
    at = start + size + 2
  }
}

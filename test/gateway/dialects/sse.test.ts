import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sseEvent, SseReader } from '../../../gateway/dialects/sse.ts'

type Read = [name: string | undefined, data: string][]

function read(...pieces: (string | Uint8Array)[]): Read {
  const events: Read = []
  const reader = new SseReader((name, data) => events.push([name, data]))
  for (const piece of pieces) reader.push(typeof piece === 'string' ? Buffer.from(piece) : piece)
  reader.end()
  return events
}

describe('reader', () => {
  const streams: [name: string, text: string, expected: Read][] = [
    ['one event', 'data: a\n\n', [[undefined, 'a']]],
    ['named', 'event: e\ndata: a\n\n', [['e', 'a']]],
    [
      'the name is for one event only',
      'event: e\ndata: a\n\ndata: b\n\n',
      [
        ['e', 'a'],
        [undefined, 'b'],
      ],
    ],
    [
      'CRLF',
      'event: e\r\ndata: a\r\n\r\ndata: b\r\n\r\n',
      [
        ['e', 'a'],
        [undefined, 'b'],
      ],
    ],
    [
      'CR alone',
      'data: a\r\rdata: b\r\r',
      [
        [undefined, 'a'],
        [undefined, 'b'],
      ],
    ],
    [
      'mixed line ends',
      'data: a\r\n\ndata: b\n\r\ndata: c\r\r\n',
      [
        [undefined, 'a'],
        [undefined, 'b'],
        [undefined, 'c'],
      ],
    ],
    ['no space after the colon', 'data:a\n\n', [[undefined, 'a']]],
    ['only one space goes', 'data:  a \n\n', [[undefined, ' a ']]],
    ['several data lines', 'data: a\ndata: b\n\n', [[undefined, 'a\nb']]],
    ['comments', ': OPENROUTER PROCESSING\n\ndata: a\n: x\n\n', [[undefined, 'a']]],
    ['unknown fields', 'id: 1\nretry: 5\nother: x\ndata: a\n\n', [[undefined, 'a']]],
    ['a field without a colon', 'data\n\n', [[undefined, '']]],
    ['a field that only begins like data', 'database: a\n\n', []],
    ['colons in the data', 'data: {"a":1}\n\n', [[undefined, '{"a":1}']]],
    ['a name without data is no event', 'event: ping\n\ndata: a\n\n', [[undefined, 'a']]],
    [
      'a last event without its blank line',
      'data: a\n\ndata: b',
      [
        [undefined, 'a'],
        [undefined, 'b'],
      ],
    ],
    ['a byte order mark', '\uFEFFdata: a\n\n', [[undefined, 'a']]],
    ['nothing', '', []],
    ['a lone CR at the end', 'data: a\n\r', [[undefined, 'a']]],
  ]

  test.each(streams)('%s', (_, text, expected) => {
    expect(read(text)).toEqual(expected)
  })

  test.each(streams)('%s, cut into single bytes', (_, text, expected) => {
    expect(read(...[...Buffer.from(text)].map((byte) => Uint8Array.of(byte)))).toEqual(expected)
  })

  test('a cut inside a character', () => {
    const bytes = Buffer.from('data: 🙂ü\n\n')
    for (let cut = 0; cut <= bytes.length; cut += 1)
      expect(read(bytes.subarray(0, cut), bytes.subarray(cut))).toEqual([[undefined, '🙂ü']])
  })

  test('an empty piece between CR and LF', () => {
    expect(read('data: a\r', '', '\n\r', '', '\n')).toEqual([[undefined, 'a']])
  })

  test('a view into a larger buffer', () => {
    const whole = new Uint8Array(Buffer.from('xxdata: a\n\nyy'))
    expect(read(whole.subarray(2, 11))).toEqual([[undefined, 'a']])
  })

  test('events come as soon as they are complete', () => {
    const seen: string[] = []
    const reader = new SseReader((_, data) => seen.push(data))
    reader.push(Buffer.from('data: a\n\ndata: b\n'))
    expect(seen).toEqual(['a'])
    reader.push(Buffer.from('\n'))
    expect(seen).toEqual(['a', 'b'])
  })

  test('whatever is written is read, however it is cut', () => {
    const line = fc.string({ unit: 'grapheme' }).filter((text) => !/[\r\n]/.test(text) && text !== '')
    const event = fc.record({ name: fc.option(line, { nil: undefined }), data: line })
    fc.assert(
      fc.property(
        fc.array(event, { maxLength: 5 }),
        fc.infiniteStream(fc.integer({ min: 1, max: 9 })),
        fc.boolean(),
        (events, sizes, isCrlf) => {
          const text = events.map(({ data, name }) => sseEvent(data, name)).join('')
          const bytes = Buffer.from(isCrlf ? text.replaceAll('\n', '\r\n') : text)
          const pieces: Uint8Array[] = []
          for (let start = 0; start < bytes.length; start += pieces.at(-1)?.length ?? 1)
            pieces.push(bytes.subarray(start, start + sizes.next().value))
          expect(read(...pieces)).toEqual(events.map(({ name, data }) => [name, data]))
        },
      ),
    )
  })
})

describe('writer', () => {
  test('one event', () => {
    expect(sseEvent('a')).toBe('data: a\n\n')
    expect(sseEvent('a', 'e')).toBe('event: e\ndata: a\n\n')
  })

  test.each([['a\nb'], ['a\rb'], ['a', 'e\nx'], ['a', 'e\rx']])('refuses line breaks: %j %j', (data, name?: string) => {
    expect(() => sseEvent(data, name)).toThrow(TypeError)
  })
})

test('a line of megabytes in many pieces is not copied with each of them', () => {
  const piece = Buffer.alloc(65_536, 'x')
  const started = performance.now()
  const events = read('data: ', ...Array.from({ length: 320 }, () => piece), '\n\n')
  expect(events[0]?.[1]).toHaveLength(320 * 65_536)
  // It was copied 320 times, 3 GB in all.
  expect(performance.now() - started).toBeLessThan(500)
})

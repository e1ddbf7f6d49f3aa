import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ProviderChat, ProviderSide } from '../../../gateway/dialects/dialect.ts'
import { PassStream, PassWhole, type PassStreamOptions } from '../../../gateway/pipeline/relay-pass.ts'
import { chunk, completion, dialect, sse, usageChunk } from './stage.ts'

const side = dialect().provider as ProviderSide
const chat = side.chat as ProviderChat

function play(parts: (string | Buffer)[], options: Partial<PassStreamOptions> = {}) {
  const written: Buffer[] = []
  const relay = new PassStream(
    { chat, hideUsage: true, collect: false, ...options },
    {
      write: (bytes) => void written.push(Buffer.from(bytes)),
    },
  )
  for (const part of parts) relay.push(Buffer.from(part))
  const tail = Buffer.from(relay.end()).toString()
  return { text: Buffer.concat(written).toString(), tail, seen: relay.seen }
}

const done = 'data: [DONE]\n\n'
const begun = [chunk({ role: 'assistant', content: '' }), chunk('Hello'), chunk(' wörld 😀')]
const body = sse(...begun, chunk({}, 'stop'))
const usage = sse(usageChunk)

describe('a good stream', () => {
  test('byte for byte, the sentinel held back, the usage taken out and read', () => {
    const { text, tail, seen } = play([body + usage + done])
    expect(text).toBe(body)
    expect(tail).toBe(done)
    expect(seen).toMatchObject({ content: true, finished: true, error: undefined, usage: { input: 10, output: 5 } })
  })

  test('a client that asked for usage gets it', () => {
    const { text, seen } = play([body + usage + done], { hideUsage: false })
    expect(text).toBe(body + usage)
    expect(seen.usage).toMatchObject({ input: 10, output: 5 })
  })

  test.each([
    ['in one piece', [body + usage + done]],
    ['event by event', [...begun.map((each) => sse(each)), sse(chunk({}, 'length')), usage, done]],
    ['the reason together with the usage', [sse(...begun), sse(chunk({}, 'length')) + usage, done]],
  ])('whose it is and why it ended: %s', (_how, parts) => {
    const { seen } = play(parts)
    expect(seen.about).toMatchObject({ id: expect.any(String) as string, model: expect.any(String) as string })
    expect(seen.finishes).toEqual([parts.length === 1 ? 'stop' : 'length'])
  })

  test('unknown members and events stay', () => {
    const odd = `: ping\n\n${sse(chunk('a', null, { obfuscation: 'xy', new_member: { deep: [1] } }))}event: custom\nid: 7\ndata: {"unknown":1}\n\n`
    const { text } = play([odd + body + done])
    expect(text).toBe(odd + body)
  })

  test('"usage":null in every chunk is no usage', () => {
    const noisy = sse(...begun.map((each) => ({ ...each, usage: null })), chunk({}, 'stop', { usage: null }))
    const { text, seen } = play([noisy, usage, done])
    expect(text).toBe(noisy)
    expect(seen.usage).toMatchObject({ input: 10 })
  })

  test('usage in the last chunk of text stays there and is read', () => {
    const last = sse(chunk({}, 'stop', { usage: usageChunk['usage'] ?? null }))
    const { text, seen } = play([sse(...begun), last, done])
    expect(text).toBe(sse(...begun) + last)
    expect(seen.usage).toMatchObject({ input: 10, output: 5 })
  })

  test('CRLF line ends', () => {
    const crLf = (text: string) => text.replaceAll('\n', '\r\n')
    const { text, tail, seen } = play([crLf(body), crLf(usage + done)])
    expect(text).toBe(crLf(body))
    expect(tail).toBe(crLf(done))
    expect(seen).toMatchObject({ finished: true, usage: { input: 10 } })
  })

  test('text that looks like the sentinel, an error or usage is text', () => {
    const tricky = sse(...begun, chunk('data: [DONE]\n\n'), chunk('"error":{"message":"x"}'), chunk('"usage":{}'))
    const { text, tail, seen } = play([tricky, sse(chunk({}, 'stop')), done])
    expect(text).toBe(tricky + sse(chunk({}, 'stop')))
    expect(tail).toBe(done)
    expect(seen.error).toBeUndefined()
  })

  test('what follows the sentinel is not sent', () => {
    for (const parts of [[body, done, sse(chunk('late'))], [body + done + done + sse(chunk('late'))]]) {
      const { text, tail } = play(parts)
      expect(text).toBe(body)
      expect(tail).toBe(done)
    }
  })

  test('tokens are estimated, one a chunk, where the provider tells none', () => {
    const long = sse(...begun, ...Array.from({ length: 50 }, () => chunk('x')), chunk({}, 'stop'))
    const { seen } = play([sse(...begun), long, done])
    expect(seen.usage).toBeUndefined()
    expect(seen.outputEstimate).toBeGreaterThan(50)
    expect(seen.outputEstimate).toBeLessThan(65)
  })

  test('collected, it is the whole reply', () => {
    const { seen } = play([body, usage, done], { collect: true })
    expect(seen.reply?.choices[0]?.parts).toEqual([{ type: 'text', text: 'Hello wörld 😀' }])
    expect(seen.reply?.usage).toMatchObject({ input: 10 })
  })
})

/** Everything must be the same however the bytes arrive. */
describe('whatever the cuts', () => {
  const crLf = (text: string) => text.replaceAll('\n', '\r\n')
  const error = { error: { message: 'Overloaded.', type: 'server_error', code: 'overloaded' } }
  const streams: [what: string, text: string][] = [
    ['with usage and sentinel', body + usage + done],
    ['without sentinel', body + usage],
    ['without usage', body + done],
    ['nothing but the finish at its end', body],
    ['CRLF', crLf(body + usage + done)],
    ['an error in the middle', sse(...begun, error)],
    ['cut off', sse(...begun)],
    ['cut off in an event', body.slice(0, -40)],
    ['the last blank line forgotten', `${body}${usage}data: [DONE]`],
    ['an event that is no JSON', sse(...begun, '{"id": "oops", ', chunk(' more'), chunk({}, 'stop')) + done],
    ['an event that is no JSON as the last', sse(...begun, '{"id": "oops", ')],
    ['comments and events without data', `: ping\n\nevent: custom\n\n${body}: pong\n\n${done}`],
    [
      'two choices',
      sse(...begun, { ...chunk('b'), choices: [{ index: 1, delta: { content: 'b' } }] }, chunk({}, 'stop')) + done,
    ],
  ]
  describe.each([{ collect: false }, { collect: true }])('collect: $collect', (options) => {
    test.each(streams)('%s', (_what, text) => {
      const bytes = Buffer.from(text)
      const whole = outcome(play([bytes], options))
      fc.assert(
        fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
          const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
          const parts = places.slice(1).map((end, index) => bytes.subarray(places[index], end))
          expect(outcome(play(parts, options))).toEqual(whole)
        }),
      )
    })

    test.each(streams)('%s, byte by byte', (_what, text) => {
      const bytes = Buffer.from(text)
      const parts = Array.from(bytes, (_, index) => bytes.subarray(index, index + 1))
      expect(outcome(play(parts, options))).toEqual(outcome(play([bytes], options)))
    })
  })

  function outcome({ text, tail, seen }: ReturnType<typeof play>): object {
    const { content, finished, usage: used, error: broken, reply } = seen
    const kept = broken === undefined ? reply : undefined
    return { all: text + tail, content, finished, usage: used, error: broken?.code ?? broken?.message, reply: kept }
  }
})

describe('the end', () => {
  test('without a sentinel, after a finish reason: good', () => {
    const { seen, tail } = play([sse(...begun), sse(chunk({}, 'stop')), usage])
    expect(seen).toMatchObject({ finished: true, error: undefined })
    expect(tail).toBe('')
  })

  test('without a finish reason: truncated', () => {
    const { seen, text, tail } = play([sse(...begun)])
    expect(seen.error).toMatchObject({ code: 'stream_truncated', retryable: true, status: 502 })
    expect(text).toBe(sse(...begun))
    expect(tail).toBe('')
  })

  test('in the middle of an event: the piece is not sent, so that the error after it can be read', () => {
    const { text, seen } = play([sse(...begun), 'data: {"id":"chatcmpl-1","choi'])
    expect(text).toBe(sse(...begun))
    expect(seen.error?.code).toBe('stream_truncated')
  })

  test('a last event without its blank line is sent with one', () => {
    const { text, tail, seen } = play([sse(...begun), sse(chunk({}, 'stop')).trimEnd()])
    expect(text + tail).toContain('"finish_reason":"stop"')
    expect((text + tail).endsWith('\n\n')).toBe(true)
    expect(seen.finished).toBe(true)
  })

  test('nothing at all: an error, whoever looks at it', () => {
    expect(play([]).seen).toMatchObject({ content: false, error: { retryable: true } })
    expect(play([done]).seen.content).toBe(false)
  })
})

describe('an error in the stream', () => {
  const error = { error: { message: 'Overloaded.', code: 503 } }

  test('as the first event: nothing of it is sent', () => {
    const { text, seen } = play([sse(error)])
    expect(text).toBe('')
    expect(seen).toMatchObject({ content: false, error: { message: 'Overloaded.', status: 503 } })
  })

  test.each([[true], [false]])(
    'in the middle: what came before is sent, the error is not (in one piece: %s)',
    (inOne) => {
      const parts = inOne ? [sse(...begun, error)] : [sse(...begun), sse(error)]
      const { text, tail, seen } = play(parts)
      expect(text).toBe(sse(...begun))
      expect(tail).toBe('')
      expect(seen).toMatchObject({ content: true, error: { message: 'Overloaded.' } })
    },
  )

  test('an event that is no JSON is not sent, nor anything after it', () => {
    const { text, seen } = play([sse(...begun), sse('{"id": "oops", ', chunk(' more'), chunk({}, 'stop')), done])
    expect(text).toBe(sse(...begun))
    expect(seen.error?.code).toBe('upstream_invalid_response')
  })

  test('a null error is none', () => {
    const { text, seen } = play([sse(...begun.map((each) => ({ ...each, error: null }))), sse(chunk({}, 'stop')), done])
    expect(seen.error).toBeUndefined()
    expect(text).toContain('Hello')
  })
})

describe('a whole answer', () => {
  function whole(text: string, of: ProviderSide = side) {
    const relay = new PassWhole(of)
    const half = Math.floor(text.length / 2)
    relay.push(Buffer.from(text).subarray(0, half))
    relay.push(Buffer.from(text).subarray(half))
    return { bytes: Buffer.from(relay.end()).toString(), seen: relay.seen }
  }

  test('byte for byte, with its usage read', () => {
    const text = JSON.stringify(completion('Hello!', { new_member: 1 }), null, 2)
    const { bytes, seen } = whole(text)
    expect(bytes).toBe(text)
    expect(Buffer.from(seen.whole as Uint8Array).toString()).toBe(text)
    expect(seen).toMatchObject({ content: true, finished: true, usage: { input: 10, output: 5 }, error: undefined })
  })

  test('embeddings', () => {
    const body = { object: 'list', data: [{ embedding: [1], index: 0 }], usage: { prompt_tokens: 4, total_tokens: 4 } }
    const { seen } = whole(JSON.stringify(body), dialect('openai-embeddings').provider)
    expect(seen).toMatchObject({ content: true, usage: { input: 4 } })
  })

  test('without usage its words are counted', () => {
    const { seen } = whole(JSON.stringify({ ...completion('x'.repeat(400)), usage: undefined }))
    expect(seen.usage).toBeUndefined()
    expect(seen.outputEstimate).toBe(100)
  })

  const failures: [what: string, text: string, error: object][] = [
    ['an error inside the 200', '{"error":{"message":"No.","code":429}}', { message: 'No.', status: 429 }],
    ['an error as text', '{"error":"out of memory"}', { message: 'out of memory' }],
    ['no JSON', '<html>login</html>', { code: 'upstream_invalid_response' }],
    ['a list', '[]', { code: 'upstream_invalid_response' }],
    ['cut off', '{"choices":[{"mess', { code: 'upstream_invalid_response' }],
  ]
  test.each(failures)('%s', (_what, text, error) => {
    const { bytes, seen } = whole(text)
    expect(bytes).toBe('')
    expect(seen.error).toMatchObject(error)
    expect(seen.whole).toBeUndefined()
  })

  test('nothing at all is no error of its own', () => {
    expect(whole('')).toMatchObject({ bytes: '', seen: { content: false, finished: false, error: undefined } })
  })

  test.each([['{"choices":[]}'], ['{"choices":[ ]}'], ['{"choices":null}'], ['{}'], ['{"data":[]}']])(
    '%s has no content',
    (text) => {
      expect(whole(text).seen).toMatchObject({ content: false, finished: true, error: undefined })
    },
  )

  test('a member named twice is read by the parser', () => {
    expect(whole('{"choices":[],"choices":[{}]}').seen.content).toBe(true)
  })
})

test('one event of 20 MB, in pieces, is put together once', () => {
  const long = sse(chunk('x'.repeat(20_000_000)))
  const pieces = Array.from({ length: Math.ceil(long.length / 65_536) }, (_, index) =>
    long.slice(index * 65_536, (index + 1) * 65_536),
  )
  const started = performance.now()
  const { text, seen } = play([sse(...begun), ...pieces, sse(chunk({}, 'stop')), done])
  // It took more than two seconds when it was joined and searched anew with every piece.
  expect(performance.now() - started).toBeLessThan(1000)
  expect(text.length).toBeGreaterThan(20_000_000)
  expect(seen).toMatchObject({ finished: true, error: undefined })
})

test('an answer whose counts are no counts is counted here', () => {
  const messages = dialect('anthropic-messages').provider as ProviderSide
  const relay = new PassWhole(messages)
  const usage = { input_tokens: -9, output_tokens: '7', cache_read_input_tokens: 4 }
  relay.push(Buffer.from(JSON.stringify({ content: [{ type: 'text', text: 'Hello there' }], usage })))
  relay.end()
  expect(relay.seen.outputEstimate).toBeGreaterThan(0)
})

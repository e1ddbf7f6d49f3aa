import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ClientChat, ProviderChat, ReplyAbout } from '../../../gateway/dialects/dialect.ts'
import { TranslateStream, TranslateWhole } from '../../../gateway/pipeline/relay-translate.ts'
import { chunk, completion, dialect, sse, usageChunk } from './stage.ts'

const client = dialect().client?.chat as ClientChat
const anthropic = dialect('anthropic-messages').provider?.chat as ProviderChat
const openai = dialect().provider?.chat as ProviderChat
const about: ReplyAbout = { id: 'chatcmpl-c1', model: 'claude', created: 1000, provider: 'p', includeUsage: false }

function event(name: string, more: object): string {
  return `event: ${name}\ndata: ${JSON.stringify({ type: name, ...more })}\n\n`
}

const opening =
  event('message_start', { message: { id: 'msg_1', model: 'claude', usage: { input_tokens: 10, output_tokens: 1 } } }) +
  event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } })
const words = (text: string) => event('content_block_delta', { index: 0, delta: { type: 'text_delta', text } })
const closing =
  event('content_block_stop', { index: 0 }) +
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 } }) +
  event('message_stop', {})
const answer = opening + words('Hello') + words(' wörld') + closing

function play(parts: (string | Buffer)[], options: { collect?: boolean; includeUsage?: boolean } = {}) {
  const { collect = false, includeUsage = false } = options
  const written: string[] = []
  const relay = new TranslateStream(
    { provider: anthropic, client, about: { ...about, includeUsage }, collect },
    { write: (bytes) => void written.push(Buffer.from(bytes).toString()) },
  )
  for (const part of parts) relay.push(Buffer.from(part))
  const tail = Buffer.from(relay.end()).toString()
  return { written, text: written.join(''), tail, seen: relay.seen }
}

function deltas(text: string): string {
  const data = text.split('\n\n').filter((each) => each.startsWith('data: {'))
  const chunks = data.map((each) => JSON.parse(each.slice(6)) as { choices: { delta?: { content?: string } }[] })
  return chunks.map(({ choices }) => choices[0]?.delta?.content ?? '').join('')
}

describe('a stream', () => {
  test('in the client’s dialect, the sentinel held back', () => {
    const { text, tail, seen } = play([answer])
    expect(deltas(text + tail)).toBe('Hello wörld')
    expect(text).not.toContain('[DONE]')
    expect(tail).toMatch(/data: \[DONE\]\n\n$/)
    expect(seen).toMatchObject({ content: true, finished: true, usage: { input: 10, output: 5 }, error: undefined })
    expect(text + tail).not.toContain('prompt_tokens')
  })

  test('usage where the client asked for it', () => {
    const { text, tail } = play([answer], { includeUsage: true })
    expect(text + tail).toContain('"prompt_tokens":10')
  })

  test('what one read brings leaves in one write', () => {
    expect(play([opening + words('a') + words('b') + words('c')]).written).toHaveLength(1)
    expect(play([opening, words('a'), ': ping\n\n', words('b')]).written).toHaveLength(2)
  })

  test('the same bytes whatever the cuts', () => {
    const bytes = Buffer.from(answer)
    const whole = play([bytes])
    fc.assert(
      fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
        const places = [0, ...cuts.toSorted((a, b) => a - b), bytes.length]
        const cut = play(places.slice(1).map((end, index) => bytes.subarray(places[index], end)))
        expect(cut.text + cut.tail).toBe(whole.text + whole.tail)
        expect(cut.seen).toEqual(whole.seen)
      }),
    )
  })

  test('collected for the cache', () => {
    expect(play([answer], { collect: true }).seen.reply?.choices[0]?.parts).toEqual([
      { type: 'text', text: 'Hello wörld' },
    ])
    expect(play([answer]).seen.reply).toBeUndefined()
  })

  test('an error is not told, only noted: before content and after', () => {
    const error = event('error', { error: { type: 'overloaded_error', message: 'Overloaded' } })
    const early = play([error])
    expect(early).toMatchObject({ text: '', tail: '', seen: { content: false, error: { message: 'Overloaded' } } })
    const late = play([opening + words('Hello') + error])
    expect(deltas(late.text)).toBe('Hello')
    expect(late.text).not.toContain('Overloaded')
    expect(late).toMatchObject({ tail: '', seen: { content: true, error: { message: 'Overloaded' } } })
  })

  test('cut off', () => {
    const { tail, seen } = play([opening + words('Hello')])
    expect(seen.error?.code).toBe('stream_truncated')
    expect(tail).toBe('')
  })
})

describe('held until complete', () => {
  function whole(provider: ProviderChat, form: { fromStream: boolean; toStream: boolean }, text: string) {
    const relay = new TranslateWhole(provider, client, about, form)
    relay.push(Buffer.from(text).subarray(0, 7))
    relay.push(Buffer.from(text).subarray(7))
    return { text: Buffer.from(relay.end()).toString(), seen: relay.seen }
  }
  const message = JSON.stringify({
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: 'claude',
    content: [{ type: 'text', text: 'Hello!' }],
    stop_reason: 'end_turn',
    usage: { input_tokens: 10, output_tokens: 5 },
  })

  test('whole to whole', () => {
    const { text, seen } = whole(anthropic, { fromStream: false, toStream: false }, message)
    expect(JSON.parse(text)).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { content: 'Hello!' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    })
    expect(Buffer.from(seen.whole as Uint8Array).toString()).toBe(text)
    expect(seen).toMatchObject({ content: true, finished: true, usage: { input: 10, output: 5 } })
  })

  test('stream to whole: a provider that streams unasked', () => {
    const stream = sse(chunk('Hello'), chunk('!'), chunk({}, 'stop'), usageChunk, '[DONE]')
    const { text, seen } = whole(openai, { fromStream: true, toStream: false }, stream)
    expect(JSON.parse(text)).toMatchObject({
      choices: [{ message: { content: 'Hello!' } }],
      usage: { prompt_tokens: 10 },
    })
    expect(seen.finished).toBe(true)
  })

  test('whole to stream: a provider that does not stream', () => {
    const { text, seen } = whole(openai, { fromStream: false, toStream: true }, JSON.stringify(completion('Hello!')))
    expect(deltas(text)).toBe('Hello!')
    expect(text).toMatch(/data: \[DONE\]\n\n$/)
    expect(seen.whole).toBeUndefined()
    expect(seen.reply?.choices).toHaveLength(1)
  })

  test('nothing at all is no error of its own', () => {
    const { text, seen } = whole(openai, { fromStream: false, toStream: false }, '')
    expect(seen).toMatchObject({ content: false, finished: false, error: undefined })
    expect(text).not.toContain('error')
  })

  const failures: [what: string, fromStream: boolean, text: string, error: object][] = [
    ['no JSON', false, '<html>', { code: 'upstream_invalid_response' }],
    ['an error inside', false, '{"error":{"message":"No."}}', { message: 'No.' }],
    ['an error inside a stream', true, 'data: {"error":{"message":"No."}}\n\n', { message: 'No.' }],
    ['a stream cut off', true, sse(chunk('Hel')), { code: 'stream_truncated' }],
  ]
  test.each(failures)('%s', (_what, fromStream, text, error) => {
    for (const toStream of [true, false]) {
      const result = whole(openai, { fromStream, toStream }, text)
      expect(result.text).toBe('')
      expect(result.seen.error).toMatchObject(error)
    }
  })
})

describe('memory', () => {
  const relay = () =>
    new TranslateStream({ provider: anthropic, client, about, collect: false }, { write: () => undefined })

  test('an event without an end is given up', () => {
    const stream = relay()
    stream.push(Buffer.from(opening + words('Hello')))
    const piece = Buffer.alloc(1024 * 1024, 'x')
    for (let count = 0; count < 33; count += 1) stream.push(piece)
    expect(stream.seen.error).toMatchObject({ code: 'upstream_invalid_response' })
  })

  test('a stream without an end is given up', () => {
    const stream = relay()
    stream.push(Buffer.from(opening))
    const thought = Buffer.from(words('x'.repeat(1024 * 1024)))
    for (let count = 0; count < 129; count += 1) stream.push(thought)
    expect(stream.seen.error).toMatchObject({ code: 'upstream_invalid_response', retryable: false })
  })
})

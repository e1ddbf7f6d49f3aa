import { describe, expect, test } from 'vitest'
import type { DialectId, ProviderChat } from '../../../gateway/dialects/dialect.ts'
import { TapStream } from '../../../gateway/pipeline/relay-tap.ts'
import { dialect } from './stage.ts'

function play(id: DialectId, parts: (string | Buffer)[], collect = false) {
  const written: Buffer[] = []
  const chat = dialect(id).provider?.chat as ProviderChat
  const relay = new TapStream({ chat, collect }, { write: (bytes) => void written.push(Buffer.from(bytes)) })
  for (const part of parts) relay.push(Buffer.from(part))
  const tail = Buffer.from(relay.end()).toString()
  return { text: Buffer.concat(written).toString(), tail, seen: relay.seen, written }
}

function event(data: { type: string; [member: string]: unknown }): string {
  return `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`
}

const started = [
  event({
    type: 'message_start',
    message: {
      id: 'msg_1',
      type: 'message',
      model: 'claude',
      content: [],
      usage: { input_tokens: 9, output_tokens: 1 },
    },
  }),
  event({ type: 'ping' }),
  event({ type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }),
  event({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Wörld 😀' } }),
].join('')
const ended = [
  event({ type: 'content_block_stop', index: 0 }),
  event({ type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 5 }, new_member: 1 }),
].join('')
const stop = event({ type: 'message_stop' })
const gemini = (part: object, more: object = {}): string =>
  `data: ${JSON.stringify({ candidates: [{ content: { role: 'model', parts: [part] }, ...more }], usageMetadata: { promptTokenCount: 4, candidatesTokenCount: 2 } })}\n\n`

describe('byte for byte', () => {
  test('Anthropic: the event that ends the answer waits', () => {
    const { text, tail, seen } = play('anthropic-messages', [started + ended + stop])
    expect(text).toBe(started + ended)
    expect(tail).toBe(stop)
    expect(seen).toMatchObject({ content: true, finished: true, error: undefined, usage: { input: 9, output: 5 } })
  })

  test('Gemini has no such event', () => {
    const all = gemini({ text: 'Hello' }) + gemini({ text: '!' }, { finishReason: 'STOP' })
    const { text, tail, seen } = play('gemini', [all])
    expect(text + tail).toBe(all)
    expect(seen).toMatchObject({ content: true, finished: true, usage: { input: 4, output: 2 } })
  })

  test('wherever the bytes are cut', () => {
    const all = Buffer.from(started + ended + stop)
    for (let cut = 1; cut < all.length; cut += 1) {
      const { text, tail, seen } = play('anthropic-messages', [all.subarray(0, cut), all.subarray(cut)])
      expect(text + tail).toBe(all.toString())
      expect(seen).toMatchObject({ finished: true, usage: { output: 5 } })
    }
  })

  test('what comes after the end is not handed on', () => {
    const { text, tail } = play('anthropic-messages', [started + ended + stop + event({ type: 'ping' })])
    expect(text + tail).toBe(started + ended + stop)
  })

  test('a whole event is not held back for the next one', () => {
    const chat = dialect('anthropic-messages').provider?.chat as ProviderChat
    const written: string[] = []
    const relay = new TapStream(
      { chat, collect: false },
      { write: (bytes) => void written.push(Buffer.from(bytes).toString()) },
    )
    relay.push(Buffer.from(`${started}event: content_block_de`))
    expect(written.join('')).toBe(started)
    expect(relay.seen.content).toBe(true)
  })

  test('collected, the answer is kept', () => {
    const { seen } = play('anthropic-messages', [started + ended + stop], true)
    expect(seen.reply?.choices[0]?.parts).toEqual([{ type: 'text', text: 'Wörld 😀' }])
  })
})

describe('a stream that fails', () => {
  const error = event({ type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } })

  test('what came before the error is handed on, the error is not', () => {
    const { text, tail, seen } = play('anthropic-messages', [started + error + ended + stop])
    expect(text).toBe(started)
    expect(tail).toBe('')
    expect(seen.error).toMatchObject({ message: 'Overloaded', status: 503 })
  })

  test.each([
    ['between events', started],
    ['inside one', `${started}event: content_block_delta\ndata: {"type":"content_bl`],
  ])('cut off %s', (_where, bytes) => {
    const { text, tail, seen } = play('anthropic-messages', [bytes])
    expect(text).toBe(started)
    expect(tail).toBe('')
    expect(seen.error).toMatchObject({ code: 'stream_truncated' })
  })

  test('cut off before its last blank line only: it is whole', () => {
    const { text, tail, seen } = play('anthropic-messages', [started + ended + stop.trimEnd()])
    expect(text).toBe(started + ended)
    expect(tail.trim()).toBe(stop.trim())
    expect(seen.error).toBeUndefined()
  })
})

test('the event that ends a message is added where the server forgot it: SDKs find no message without', () => {
  const { tail, seen, text } = play('anthropic-messages', [started, ended])
  expect(seen).toMatchObject({ finished: true, error: undefined })
  expect(text + tail).toBe(started + ended + 'event: message_stop\ndata: {"type":"message_stop"}\n\n')
})

import { describe, expect, test } from 'vitest'
import { collect, replay } from '../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../gateway/chat/event.ts'
import type { Json, JsonObject } from '../../../../gateway/chat/json.ts'
import type { ChatRequest } from '../../../../gateway/chat/request.ts'
import type { ReplyAbout } from '../../../../gateway/dialects/dialect.ts'
import { CompletionStreamEncoder, encodeWhole } from '../../../../gateway/dialects/openai-completions/encode.ts'
import { openaiCompletions } from '../../../../gateway/dialects/openai-completions/index.ts'
import { readCompletion } from '../../../../gateway/dialects/openai-completions/read.ts'
import { writeCompletion } from '../../../../gateway/dialects/openai-completions/write.ts'
import { checkEvents } from '../../../conformance/event-invariants.ts'
import { textCompletionShape } from '../../../conformance/openai-shapes.ts'

const about: ReplyAbout = { id: 'cmpl-1', model: 'm', created: 1, provider: 'p', includeUsage: true }
const hello: ChatRequest = {
  model: 'm',
  stream: false,
  messages: [{ role: 'user', parts: [{ type: 'text', text: 'hello' }] }],
}

describe('read', () => {
  test.each<[Json]>([['hello'], [['hello']]])('prompt %j', (prompt) => {
    expect(readCompletion({ model: 'm', prompt })).toEqual({ value: hello, warnings: [] })
  })

  test('knobs, and what is not carried', () => {
    const body = {
      model: 'm',
      prompt: 'hello',
      max_tokens: 5,
      temperature: 0,
      stop: 'x',
      n: 2,
      user: 'u',
      stream: true,
      logprobs: 3,
      best_of: 1,
      echo: false,
      suffix: null,
    }
    expect(readCompletion(body).value).toEqual({
      ...hello,
      stream: true,
      maxOutputTokens: 5,
      temperature: 0,
      stop: ['x'],
      count: 2,
      user: 'u',
      uncarried: ['logprobs'],
    })
  })

  const refused: [name: string, body: JsonObject, param: string, code: string][] = [
    ['no prompt', {}, 'prompt', 'invalid_request'],
    ['number', { prompt: 5 }, 'prompt', 'invalid_request'],
    ['tokens', { prompt: [1, 2] }, 'prompt', 'unsupported_content'],
    ['token arrays', { prompt: [[1], [2]] }, 'prompt', 'unsupported_content'],
    ['two prompts', { prompt: ['a', 'b'] }, 'prompt', 'unsupported_content'],
    ['no prompts', { prompt: [] }, 'prompt', 'invalid_request'],
    ['suffix', { prompt: 'a', suffix: 'b' }, 'suffix', 'unsupported_content'],
    ['echo', { prompt: 'a', echo: true }, 'echo', 'unsupported_content'],
    ['best_of', { prompt: 'a', best_of: 2 }, 'best_of', 'unsupported_content'],
    ['model', { prompt: 'a', model: null }, 'model', 'invalid_request'],
  ]

  test.each(refused)('refuses %s', (_, members, param, code) => {
    expect(() => readCompletion({ model: 'm', ...members })).toThrow(expect.objectContaining({ param, code }) as Error)
  })
})

const reply = {
  choices: [
    {
      parts: [
        { type: 'reasoning' as const, text: 'hidden' },
        { type: 'text' as const, text: 'a\nb' },
      ],
      annotations: [],
      finish: { unified: 'length' as const },
    },
    { parts: [{ type: 'refusal' as const, text: 'no' }], annotations: [], finish: { unified: 'tool-calls' as const } },
  ],
  usage: { input: 1, output: 2 },
}

test('whole answer', () => {
  const body = encodeWhole(reply, about)
  expect(textCompletionShape.safeParse(body).error).toBeUndefined()
  expect(body['choices']).toEqual([
    { text: 'a\nb', index: 0, logprobs: null, finish_reason: 'length' },
    { text: 'no', index: 1, logprobs: null, finish_reason: 'stop' },
  ])
  expect(body['usage']).toMatchObject({ prompt_tokens: 1, completion_tokens: 2 })
})

function stream(events: Iterable<ChatEvent>, members: Partial<ReplyAbout> = {}): string[] {
  const encoder = new CompletionStreamEncoder({ ...about, ...members })
  const text = [...events].map(encoder.encode).join('') + encoder.end()
  return text
    .trimEnd()
    .split('\n\n')
    .map((line) => line.replace(/^data: /, ''))
}

describe('stream', () => {
  test('chunks fit the shape and collect to the same', () => {
    const lines = stream(replay(reply, 1))
    expect(lines.at(-1)).toBe('[DONE]')
    const chunks = lines.slice(0, -1).map((line) => textCompletionShape.parse(JSON.parse(line)))
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 3 } })
    expect(chunks.slice(0, -1).every(({ usage }) => usage === null)).toBe(true)
    expect(
      chunks
        .flatMap(({ choices }) => choices)
        .filter(({ index }) => index === 0)
        .map(({ text }) => text)
        .join(''),
    ).toBe('a\nb')
  })

  test('no usage unless asked for', () => {
    expect(stream(replay(reply), { includeUsage: false }).join('')).not.toContain('usage')
  })

  test('an error is the last event before [DONE]', () => {
    const lines = stream(replay({ choices: [], error: { message: 'gone', status: 502, retryable: true } }))
    expect(lines.map((line) => line.slice(0, 8))).toEqual(['{"error"', '[DONE]'])
  })
})

test('text completion answers decode', () => {
  const events: ChatEvent[] = []
  const decoder = openaiCompletions.provider?.chat?.decodeStream((event) => events.push(event))
  const chunk = (text: string, finish_reason: string | null): string =>
    JSON.stringify({ id: 'c', model: 'm', choices: [{ text, index: 0, finish_reason }] })
  decoder?.event(undefined, chunk('a', null))
  decoder?.event(undefined, chunk('b', 'stop'))
  decoder?.event(undefined, '[DONE]')
  decoder?.end()
  expect(checkEvents(events)).toEqual([])
  expect(collect(events).choices[0]).toMatchObject({
    parts: [{ type: 'text', text: 'ab' }],
    finish: { unified: 'stop' },
  })
})

describe('write', () => {
  const target = { provider: 'p', model: 'm', facts: {} }

  test('one user message is a prompt', () => {
    expect(writeCompletion({ ...hello, maxOutputTokens: 5, stream: true }, target).value).toEqual({
      model: 'm',
      prompt: 'hello',
      max_tokens: 5,
      stream: true,
      stream_options: { include_usage: true },
    })
  })

  test('logprobs are told as lost', () => {
    const { value, warnings } = writeCompletion({ ...hello, logprobs: { top: 2 } }, target)
    expect(value).toEqual({ model: 'm', prompt: 'hello' })
    expect(warnings.map(({ feature }) => feature)).toEqual(['logprobs'])
  })

  test.each<[string, Partial<ChatRequest>, string]>([
    ['a conversation', { messages: [...hello.messages, ...hello.messages] }, 'messages'],
    ['a system message', { messages: [{ role: 'system', parts: [] }] }, 'messages'],
    ['tools', { tools: [{ name: 'f' }] }, 'tools'],
    [
      'an image',
      { messages: [{ role: 'user', parts: [{ type: 'image', source: { type: 'id', id: 'x' } }] }] },
      'messages[0].content[0]',
    ],
  ])('refuses %s', (_, members, param) => {
    expect(() => writeCompletion({ ...hello, ...members }, target)).toThrow(
      expect.objectContaining({ param, code: 'unsupported_content' }) as Error,
    )
  })
})

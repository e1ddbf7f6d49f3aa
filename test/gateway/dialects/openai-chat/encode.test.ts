import { describe, expect, test } from 'vitest'
import { collect, replay, type ChatReply } from '../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../gateway/chat/event.ts'
import type { ReplyAbout } from '../../../../gateway/dialects/dialect.ts'
import { ChatStreamEncoder } from '../../../../gateway/dialects/openai-chat/client/encode-stream.ts'
import { encodeWhole } from '../../../../gateway/dialects/openai-chat/client/encode-whole.ts'
import { assertChatStream, chatCompletionShape, type ChatChunk } from '../../../conformance/openai-shapes.ts'

const about: ReplyAbout = { id: 'fallback', model: 'asked', created: 7, provider: 'p', includeUsage: false }

const everything: ChatReply = {
  id: 'x',
  model: 'm-2026',
  created: 3,
  serviceTier: 'flex',
  fingerprint: 'fp',
  choices: [
    {
      parts: [
        { type: 'reasoning', text: 'think', signature: 's' },
        { type: 'reasoning', text: '', redacted: 'd' },
        { type: 'text', text: 'a "quoted"\nline \u2028 ü 🙂' },
        { type: 'tool-call', id: 'c1', name: 'f', arguments: '{"a":1}' },
        { type: 'tool-call', id: 'c2', name: 'g', arguments: '', signature: 'ts' },
      ],
      annotations: [{ url: 'https://a' }],
      finish: { unified: 'tool-calls', raw: 'tool_use' },
    },
    { parts: [{ type: 'refusal', text: 'no' }], annotations: [], finish: { unified: 'content-filter' } },
  ],
  usage: { input: 10, output: 5, cacheRead: 4, cacheWrite: 2, reasoning: 3 },
}

function stream(events: Iterable<ChatEvent>, members: Partial<ReplyAbout> = {}): string {
  const encoder = new ChatStreamEncoder({ ...about, ...members })
  return [...events].map(encoder.encode).join('') + encoder.end()
}

function chunks(events: Iterable<ChatEvent>, members: Partial<ReplyAbout> = {}): ChatChunk[] {
  return assertChatStream(stream(events, members)).chunks
}

function deltas(list: ChatChunk[], index = 0): object[] {
  return list.flatMap(({ choices }) => choices.filter((choice) => choice.index === index).map(({ delta }) => delta))
}

const origin = { provider: 'p', model: 'asked' }

describe('stream', () => {
  test('byte for byte', () => {
    const events: ChatEvent[] = [
      { type: 'start', id: 'x', model: 'm', created: 3 },
      { type: 'text-start', block: 0, choice: 0 },
      { type: 'text-delta', block: 0, choice: 0, text: 'Hi' },
      { type: 'text-end', block: 0, choice: 0 },
      { type: 'finish', choice: 0, reason: { unified: 'stop' } },
    ]
    const head =
      'data: {"id":"x","object":"chat.completion.chunk","created":3,"model":"m","choices":[{"index":0,"delta":'
    expect(stream(events)).toBe(
      `${head}{"role":"assistant","content":""},"logprobs":null,"finish_reason":null}]}\n\n` +
        `${head}{"content":"Hi"},"logprobs":null,"finish_reason":null}]}\n\n` +
        `${head}{},"logprobs":null,"finish_reason":"stop"}]}\n\n` +
        'data: [DONE]\n\n',
    )
  })

  test('everything, sliced small', () => {
    const list = chunks(replay(everything, 3))
    expect(list[0]).toMatchObject({
      id: 'x',
      model: 'm-2026',
      created: 3,
      service_tier: 'flex',
      system_fingerprint: 'fp',
    })
    const merged = deltas(list) as Record<string, string>[]
    expect(merged.map(({ content }) => content ?? '').join('')).toBe('a "quoted"\nline \u2028 ü 🙂')
    expect(merged.map(({ reasoning_content }) => reasoning_content ?? '').join('')).toBe('think')
    expect(merged.flatMap(({ reasoning_details }) => reasoning_details ?? [])).toEqual([
      { type: 'reasoning.text', text: 'think', signature: 's', ...origin },
      { type: 'reasoning.encrypted', data: 'd', ...origin },
    ])
    expect(merged.flatMap(({ annotations }) => annotations ?? [])).toEqual([
      { type: 'url_citation', url_citation: { url: 'https://a', title: 'https://a', start_index: 0, end_index: 0 } },
    ])
    expect(deltas(list, 1)).toEqual([{ role: 'assistant', content: '' }, { refusal: 'no' }, {}])
    expect(
      list.flatMap(({ choices }) => choices.map(({ finish_reason }) => finish_reason)).filter((word) => word !== null),
    ).toEqual(['tool_calls', 'content_filter'])
  })

  test('tool calls: named once, counted from 0, {} for no arguments, signed where they open', () => {
    const calls = deltas(chunks(replay(everything))).flatMap(
      (delta) => (delta as { tool_calls?: object[] }).tool_calls ?? [],
    )
    expect(calls).toEqual([
      { index: 0, id: 'c1', type: 'function', function: { name: 'f', arguments: '' } },
      { index: 0, function: { arguments: '{"a":1}' } },
      {
        index: 1,
        id: 'c2',
        type: 'function',
        function: { name: 'g', arguments: '' },
        // `@ai-sdk/openai-compatible` reads it nowhere else.
        extra_content: { google: { thought_signature: 'ts' }, gateway: origin },
      },
      { index: 1, function: { arguments: '{}' } },
    ])
  })

  test('a signature that comes late has a piece of its own, with the function that SDKs ask for', () => {
    const sent = stream([
      { type: 'tool-start', block: 0, choice: 0, id: 'c1', name: 'f' },
      { type: 'tool-delta', block: 0, choice: 0, arguments: '{}' },
      { type: 'tool-end', block: 0, choice: 0, signature: 'late' },
    ])
    expect(sent).toContain('"tool_calls":[{"index":0,"function":{"arguments":""},"extra_content":{"google"')
  })

  test('calls of custom tools have their text again, once it is whole', () => {
    const request = { model: 'm', messages: [], stream: true, tools: [{ name: 'sql', custom: {} }, { name: 'f' }] }
    const events: ChatEvent[] = [
      { type: 'tool-start', block: 0, choice: 0, id: 'c1', name: 'sql' },
      { type: 'tool-delta', block: 0, choice: 0, arguments: '{"input":"SELECT ' },
      { type: 'tool-start', block: 1, choice: 0, id: 'c2', name: 'f' },
      { type: 'tool-delta', block: 1, choice: 0, arguments: '{}' },
      { type: 'tool-delta', block: 0, choice: 0, arguments: '\\"x\\""}' },
      { type: 'tool-end', block: 0, choice: 0 },
      { type: 'tool-end', block: 1, choice: 0 },
      { type: 'finish', choice: 0, reason: { unified: 'tool-calls' } },
    ]
    const sent = stream(events, { request })
    expect(sent).toContain('"tool_calls":[{"index":0,"id":"c1","type":"custom","custom":{"name":"sql","input":""}}]')
    expect(sent).toContain('"tool_calls":[{"index":0,"custom":{"input":"SELECT \\"x\\""}}]')
    expect(sent).toContain('"tool_calls":[{"index":1,"function":{"arguments":"{}"}}]')
    expect(encodeWhole(collect(events), { ...about, request })).toMatchObject({
      choices: [
        {
          message: {
            tool_calls: [
              { id: 'c1', type: 'custom', custom: { name: 'sql', input: 'SELECT "x"' } },
              { id: 'c2', type: 'function' },
            ],
          },
        },
      ],
    })
  })

  test('signatures of custom calls are told in whole answers as in streams', () => {
    const request = { model: 'm', messages: [], stream: true, tools: [{ name: 'sql', custom: {} }] }
    const events: ChatEvent[] = [
      { type: 'start' },
      { type: 'tool-start', block: 0, choice: 0, id: 'c1', name: 'sql', signature: 's' },
      { type: 'tool-end', block: 0, choice: 0, signature: 's' },
    ]
    const whole = JSON.stringify(encodeWhole(collect(events), { ...about, request }))
    expect(whole).toContain('"extra_content":{"google":{"thought_signature":"s"}')
  })

  test('what the provider does by itself is not told', () => {
    expect(stream([{ type: 'activity' }])).toBe('data: [DONE]\n\n')
  })

  test('calls are counted for each choice', () => {
    const call = (block: number, choice: number): ChatEvent[] => [
      { type: 'tool-start', block, choice, id: `c${block}`, name: 'f' },
      { type: 'tool-end', block, choice },
    ]
    const events: ChatEvent[] = [
      { type: 'start' },
      ...call(0, 0),
      ...call(1, 1),
      ...call(2, 0),
      { type: 'finish', choice: 0, reason: { unified: 'tool-calls' } },
      { type: 'finish', choice: 1, reason: { unified: 'tool-calls' } },
    ]
    const indexes = (choice: number): number[] =>
      deltas(chunks(events), choice)
        .flatMap((delta) => (delta as { tool_calls?: { id?: string; index: number }[] }).tool_calls ?? [])
        .filter(({ id }) => id !== undefined)
        .map(({ index }) => index)
    expect([indexes(0), indexes(1)]).toEqual([[0, 1], [0]])
  })

  test('usage only where asked for', () => {
    expect(chunks(replay(everything)).every((chunk) => !('usage' in chunk))).toBe(true)
    const list = chunks(replay(everything), { includeUsage: true })
    expect(list.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
    })
    expect(list.at(-1)?.usage).toMatchObject({
      prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
      completion_tokens_details: { reasoning_tokens: 3 },
    })
  })

  test('no usage chunk where none is known', () => {
    const { usage: _, ...unknown } = everything
    expect(chunks(replay(unknown), { includeUsage: true }).every(({ usage }) => usage === null)).toBe(true)
  })

  test('fallbacks for what the provider did not tell', () => {
    const [first] = chunks([{ type: 'start' }, { type: 'finish', choice: 0, reason: { unified: 'stop' } }])
    expect(first).toMatchObject({ id: 'fallback', model: 'asked', created: 7 })
  })

  test('hidden reasoning; encrypted reasoning shows nothing and stays', () => {
    const text = stream(replay(everything), { includeReasoning: false })
    expect(text).not.toContain('think')
    expect(text).toContain('"data":"d"')
    assertChatStream(text)
  })

  test('logprobs', () => {
    const logprobs = { content: [{ token: 'a', logprob: -1 }] }
    const events = replay({
      choices: [{ parts: [{ type: 'text', text: 'a' }], annotations: [], logprobs, finish: { unified: 'stop' } }],
    })
    expect(chunks(events).flatMap(({ choices }) => choices.map((choice) => choice.logprobs))).toContainEqual(logprobs)
  })

  test('a refusal told at the finish', () => {
    const events: ChatEvent[] = [
      { type: 'start' },
      { type: 'finish', choice: 0, reason: { unified: 'content-filter' }, refusal: 'no' },
    ]
    expect(deltas(chunks(events))).toEqual([{ role: 'assistant', content: '' }, { refusal: 'no' }, {}])
  })

  test('an error ends the stream well formed, without usage', () => {
    const { choices } = everything
    const broken: ChatReply = {
      choices: choices.map(({ parts, annotations }) => ({ parts, annotations })),
      usage: { input: 1 },
      error: { message: 'gone', status: 502, code: 'stream_truncated', retryable: true },
    }
    const { error, chunks: list } = assertChatStream(stream(replay(broken), { includeUsage: true }))
    expect(error).toEqual({ message: 'gone', type: 'server_error', param: null, code: 'stream_truncated' })
    expect(list.some(({ usage }) => usage !== null)).toBe(false)
  })

  test.each([
    ['stop', 'stop'],
    ['length', 'length'],
    ['tool-calls', 'tool_calls'],
    ['content-filter', 'content_filter'],
    ['error', 'stop'],
    ['other', 'stop'],
  ] as const)('finish %s -> %s', (unified, word) => {
    const list = chunks([{ type: 'start' }, { type: 'finish', choice: 0, reason: { unified } }])
    expect(list.at(-1)?.choices[0]?.finish_reason).toBe(word)
    expect(
      encodeWhole(collect(replay({ choices: [{ parts: [], annotations: [], finish: { unified } }] })), about),
    ).toMatchObject({ choices: [{ finish_reason: word }] })
  })
})

describe('whole', () => {
  test('everything', () => {
    const body = encodeWhole(everything, about)
    expect(chatCompletionShape.safeParse(body).error).toBeUndefined()
    expect(body).toEqual({
      id: 'x',
      object: 'chat.completion',
      created: 3,
      model: 'm-2026',
      service_tier: 'flex',
      system_fingerprint: 'fp',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: 'a "quoted"\nline \u2028 ü 🙂',
            refusal: null,
            annotations: [
              {
                type: 'url_citation',
                url_citation: { url: 'https://a', title: 'https://a', start_index: 0, end_index: 0 },
              },
            ],
            tool_calls: [
              { id: 'c1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
              {
                id: 'c2',
                type: 'function',
                function: { name: 'g', arguments: '{}' },
                extra_content: { google: { thought_signature: 'ts' }, gateway: origin },
              },
            ],
            reasoning_content: 'think',
            reasoning_details: [
              { type: 'reasoning.text', text: 'think', signature: 's', ...origin },
              { type: 'reasoning.encrypted', data: 'd', ...origin },
            ],
          },
          logprobs: null,
          finish_reason: 'tool_calls',
        },
        {
          index: 1,
          message: { role: 'assistant', content: null, refusal: 'no' },
          logprobs: null,
          finish_reason: 'content_filter',
        },
      ],
      usage: {
        prompt_tokens: 10,
        completion_tokens: 5,
        total_tokens: 15,
        prompt_tokens_details: { cached_tokens: 4, cache_write_tokens: 2 },
        completion_tokens_details: { reasoning_tokens: 3 },
      },
    })
  })

  test('content is null beside calls alone, and text otherwise', () => {
    const of = (parts: ChatReply['choices'][number]['parts']): unknown =>
      (
        encodeWhole({ choices: [{ parts, annotations: [] }] }, about)['choices'] as { message: { content: unknown } }[]
      )[0]?.message.content
    expect(of([{ type: 'tool-call', id: 'c', name: 'f', arguments: '{}' }])).toBeNull()
    expect(of([])).toBe('')
    expect(
      of([
        { type: 'text', text: 'a' },
        { type: 'tool-call', id: 'c', name: 'f', arguments: '{}' },
        { type: 'text', text: 'b' },
      ]),
    ).toBe('ab')
  })

  test('what is not known is absent', () => {
    const body = encodeWhole({ choices: [] }, about)
    expect(body).toEqual({ id: 'fallback', object: 'chat.completion', created: 7, model: 'asked', choices: [] })
  })

  test('hidden reasoning', () => {
    const text = JSON.stringify(encodeWhole(everything, { ...about, includeReasoning: false }))
    expect(text).not.toContain('think')
    expect(text).toContain('"data":"d"')
  })
})

import { describe, expect, test } from 'vitest'
import { collect, type ChatReply } from '../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../gateway/chat/event.ts'
import type { Json, JsonObject } from '../../../../gateway/chat/json.ts'
import { decodeStream } from '../../../../gateway/dialects/openai-chat/provider/decode-stream.ts'
import { decodeWhole } from '../../../../gateway/dialects/openai-chat/provider/decode-whole.ts'
import { checkEvents } from '../../../conformance/event-invariants.ts'

const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 5, model: 'm' }

function delta(members: JsonObject, finish: string | null = null): JsonObject {
  return { ...head, choices: [{ index: 0, delta: members, finish_reason: finish }] }
}

/** Every string is one event's data; checks the rules on the way. */
function run(...chunks: (JsonObject | string)[]): ChatEvent[] {
  const events: ChatEvent[] = []
  const decoder = decodeStream((event) => events.push(event))
  for (const chunk of chunks) decoder.event(undefined, typeof chunk === 'string' ? chunk : JSON.stringify(chunk))
  decoder.end()
  expect(checkEvents(events)).toEqual([])
  return events
}

function reply(...chunks: (JsonObject | string)[]): ChatReply {
  return collect(run(...chunks))
}

function whole(body: Json): ChatReply {
  const events: ChatEvent[] = []
  decodeWhole(body, (event) => events.push(event))
  expect(checkEvents(events)).toEqual([])
  return collect(events)
}

function calls(...pieces: JsonObject[]): object[] {
  const chunks = pieces.map((piece) => delta({ tool_calls: [piece] }))
  const { choices } = reply(...chunks, delta({}, 'tool_calls'), '[DONE]')
  return (choices[0]?.parts ?? []).map((part) =>
    part.type === 'tool-call' ? [part.id, part.name, part.arguments] : [part],
  )
}

describe('the common stream', () => {
  test('OpenAI, with usage at the end', () => {
    const usage = {
      prompt_tokens: 3,
      completion_tokens: 2,
      total_tokens: 5,
      prompt_tokens_details: { cached_tokens: 1 },
    }
    const events = run(
      {
        ...delta({ role: 'assistant', content: '', refusal: null }),
        service_tier: 'default',
        system_fingerprint: 'fp',
      },
      delta({ content: 'Hel' }),
      delta({ content: 'lo' }),
      delta({}, 'stop'),
      { ...head, choices: [], usage, service_tier: 'default' },
      '[DONE]',
    )
    expect(events).toEqual([
      { type: 'start', id: 'chatcmpl-1', model: 'm', created: 5, serviceTier: 'default', fingerprint: 'fp' },
      { type: 'text-start', block: 0, choice: 0 },
      { type: 'text-delta', block: 0, choice: 0, text: 'Hel' },
      { type: 'text-delta', block: 0, choice: 0, text: 'lo' },
      { type: 'usage', usage: { input: 3, cacheRead: 1, output: 2, serviceTier: 'default', raw: usage } },
      { type: 'text-end', block: 0, choice: 0 },
      { type: 'finish', choice: 0, reason: { unified: 'stop', raw: 'stop' } },
    ])
  })

  test('several choices, interleaved', () => {
    const at = (index: number, content: string, finish: string | null = null): JsonObject => ({
      ...head,
      choices: [{ index, delta: { content }, finish_reason: finish }],
    })
    const { choices } = reply(at(1, 'b'), at(0, 'a'), at(1, 'B', 'length'), at(0, 'A', 'stop'), '[DONE]')
    expect(choices.map(({ parts }) => parts)).toEqual([[{ type: 'text', text: 'aA' }], [{ type: 'text', text: 'bB' }]])
    expect(choices.map(({ finish }) => finish?.raw)).toEqual(['stop', 'length'])
  })

  test('an absurd choice index costs no memory', () => {
    const { choices } = reply(
      { ...head, choices: [{ index: 2 ** 40, delta: { content: 'a' }, finish_reason: 'stop' }] },
      '[DONE]',
    )
    expect(choices).toHaveLength(1)
  })

  test('logprobs', () => {
    const logprobs = { content: [{ token: 'a', logprob: -1 }] }
    const chunk = { ...head, choices: [{ index: 0, delta: { content: 'a' }, logprobs, finish_reason: 'stop' }] }
    expect(reply(chunk, '[DONE]').choices[0]?.logprobs).toEqual(logprobs)
  })

  test('refusal', () => {
    const { choices } = reply(delta({ refusal: 'I ' }), delta({ refusal: 'cannot' }), delta({}, 'stop'), '[DONE]')
    expect(choices[0]?.parts).toEqual([{ type: 'refusal', text: 'I cannot' }])
  })

  test('annotations, where 0 to 0 means unknown', () => {
    const annotations = [
      { type: 'url_citation', url_citation: { url: 'https://a', title: 'A', start_index: 1, end_index: 4 } },
      { type: 'url_citation', url_citation: { url: 'https://b', start_index: 0, end_index: 0 } },
      { type: 'file_citation', file_id: 'f' },
    ]
    expect(reply(delta({ content: 'x', annotations }), delta({}, 'stop')).choices[0]?.annotations).toEqual([
      { url: 'https://a', title: 'A', start: 1, end: 4 },
      { url: 'https://b' },
    ])
  })

  test.each<[string | null, string]>([
    ['stop', 'stop'],
    ['length', 'length'],
    ['model_length', 'length'],
    ['tool_calls', 'tool-calls'],
    ['function_call', 'tool-calls'],
    ['content_filter', 'content-filter'],
    ['error', 'error'],
    ['insufficient_system_resource', 'error'],
    ['toString', 'other'],
    [null, 'stop'],
  ])('finish %s -> %s', (raw, unified) => {
    expect(reply(delta({ content: 'a' }), delta({}, raw), '[DONE]').choices[0]?.finish?.unified).toBe(unified)
  })
})

describe('quirks', () => {
  test('Azure: a first chunk without choices, id and model', () => {
    const filter = { choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: [] }
    const events = run(
      filter,
      delta({ role: 'assistant', content: '' }),
      delta({ content: 'a' }),
      delta({}, 'stop'),
      '[DONE]',
    )
    expect(events[0]).toEqual({ type: 'start', id: 'chatcmpl-1', model: 'm', created: 5 })
  })

  test('ids that stay empty (Alibaba)', () => {
    const events = run({ ...delta({ content: 'a' }, 'stop'), id: '' }, '[DONE]')
    expect(events[0]).toEqual({ type: 'start', model: 'm', created: 5 })
  })

  test('xAI counts reasoning beside completion tokens', () => {
    const usage = {
      prompt_tokens: 12,
      completion_tokens: 1,
      total_tokens: 303,
      completion_tokens_details: { reasoning_tokens: 290 },
    }
    expect(reply(delta({ content: 'a' }, 'stop'), { ...head, choices: [], usage }).usage).toMatchObject({
      input: 12,
      output: 291,
      reasoning: 290,
    })
  })

  const usages: [name: string, usage: JsonObject, expected: object][] = [
    [
      'OpenAI',
      { prompt_tokens: 1, completion_tokens: 9, total_tokens: 10, completion_tokens_details: { reasoning_tokens: 4 } },
      { input: 1, output: 9, reasoning: 4 },
    ],
    [
      'cache writes (gpt-5.6)',
      { prompt_tokens: 9, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 2, cache_write_tokens: 3 } },
      { input: 9, cacheRead: 2, cacheWrite: 3 },
    ],
    [
      'audio',
      {
        prompt_tokens: 9,
        completion_tokens: 8,
        prompt_tokens_details: { audio_tokens: 2 },
        completion_tokens_details: { audio_tokens: 3 },
      },
      { inputAudio: 2, outputAudio: 3 },
    ],
    [
      'DeepSeek',
      { prompt_tokens: 9, completion_tokens: 1, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 1 },
      { input: 9, cacheRead: 8 },
    ],
    ['Moonshot', { prompt_tokens: 9, completion_tokens: 1, cached_tokens: 7 }, { cacheRead: 7 }],
    [
      'LiteLLM',
      { prompt_tokens: 9, completion_tokens: 1, cache_read_input_tokens: 4, cache_creation_input_tokens: 5 },
      { cacheRead: 4, cacheWrite: 5 },
    ],
    [
      'Perplexity',
      { prompt_tokens: 3, completion_tokens: 7, total_tokens: 10, reasoning_tokens: 70, num_search_queries: 5 },
      { output: 77, reasoning: 70, webSearches: 5 },
    ],
    [
      'OpenRouter: more reasoning than output',
      {
        prompt_tokens: 43,
        completion_tokens: 10,
        total_tokens: 53,
        completion_tokens_details: { reasoning_tokens: 11 },
      },
      { output: 10, reasoning: 10 },
    ],
    [
      'OpenRouter searches',
      { prompt_tokens: 3, completion_tokens: 7, server_tool_use_details: { web_search_requests: 2 } },
      { webSearches: 2 },
    ],
    ['null details', { prompt_tokens: 3, completion_tokens: 0, prompt_tokens_details: null }, { input: 3, output: 0 }],
    ['names of Responses', { input_tokens: 3, output_tokens: 4 }, { input: 3, output: 4 }],
  ]

  test.each(usages)('usage of %s', (_, usage, expected) => {
    expect(reply(delta({ content: 'a' }, 'stop'), { ...head, choices: [], usage }, '[DONE]').usage).toMatchObject({
      ...expected,
      raw: usage,
    })
  })

  test.each<JsonObject>([
    {},
    { prompt_tokens: null },
    { prompt_tokens: -1 },
    { prompt_tokens: 1.5 },
    { prompt_tokens: '3' },
  ])('usage %j tells nothing', (usage) => {
    expect(reply(delta({ content: 'a' }, 'stop'), { ...head, choices: [], usage }, '[DONE]').usage).toBeUndefined()
  })

  test('usage in the finish chunk (Mistral, Groq), in x_groq, in the choice (Moonshot)', () => {
    const usage = { prompt_tokens: 1, completion_tokens: 2 }
    const expected = { input: 1, output: 2 }
    expect(reply(delta({ content: 'a' }), { ...delta({}, 'stop'), usage }).usage).toMatchObject(expected)
    expect(reply(delta({ content: 'a' }), { ...delta({}, 'stop'), x_groq: { usage } }).usage).toMatchObject(expected)
    const inChoice = { ...head, choices: [{ index: 0, delta: {}, finish_reason: 'stop', usage }] }
    expect(reply(delta({ content: 'a' }), inChoice).usage).toMatchObject(expected)
  })

  test('Perplexity: cumulative usage on every chunk, sources once, done object', () => {
    const citations = ['https://a', 'https://b']
    const chunk = (content: string, completion: number): JsonObject => ({
      ...delta({ content }),
      usage: { prompt_tokens: 1, completion_tokens: completion },
      citations,
      search_results: [{ title: 'B', url: 'https://b' }],
    })
    const done = {
      ...chunk('', 3),
      object: 'chat.completion.done',
      choices: [{ index: 0, delta: { content: '' }, message: { content: 'xy' }, finish_reason: 'stop' }],
    }
    const { usage, choices } = reply(chunk('x', 1), chunk('y', 3), done)
    expect(usage).toMatchObject({ input: 1, output: 3 })
    expect(choices[0]?.parts).toEqual([{ type: 'text', text: 'xy' }])
    expect(choices[0]?.annotations).toEqual([{ url: 'https://b', title: 'B' }, { url: 'https://a' }])
  })

  test('OpenRouter: finish repeated and early, text after it', () => {
    const { choices } = reply(
      delta({ content: 'a' }, 'length'),
      delta({ content: 'b' }, 'length'),
      delta({ content: '' }, null),
      '[DONE]',
    )
    expect(choices).toEqual([
      { parts: [{ type: 'text', text: 'ab' }], annotations: [], finish: { unified: 'length', raw: 'length' } },
    ])
  })

  test('"stop" after a call is tool-calls', () => {
    const call = { index: 0, id: 'c', function: { name: 'f', arguments: '{}' } }
    expect(reply(delta({ tool_calls: [call] }), delta({}, 'stop')).choices[0]?.finish).toEqual({
      unified: 'tool-calls',
      raw: 'stop',
    })
  })

  test('nothing after [DONE] counts', () => {
    expect(reply(delta({ content: 'a' }, 'stop'), '[DONE]', delta({ content: 'b' })).choices[0]?.parts).toEqual([
      { type: 'text', text: 'a' },
    ])
  })

  test('spoken answers are their transcript', () => {
    const message = { role: 'assistant', content: null, audio: { id: 'a', data: 'AAAA', transcript: 'beep' } }
    expect(whole({ ...head, choices: [{ index: 0, message, finish_reason: 'stop' }] }).choices[0]?.parts).toEqual([
      { type: 'text', text: 'beep' },
    ])
  })
})

describe('tool calls', () => {
  const fn = (name?: string, args?: Json): JsonObject => ({
    function: { ...(name === undefined ? {} : { name }), ...(args === undefined ? {} : { arguments: args }) },
  })

  test('OpenAI: id and name once, arguments in pieces, two calls', () => {
    expect(
      calls(
        { index: 0, id: 'a', type: 'function', ...fn('f', '') },
        { index: 0, ...fn(undefined, '{"x"') },
        { index: 0, ...fn(undefined, ':1}') },
        { index: 1, id: 'b', type: 'function', ...fn('g', '') },
        { index: 1, ...fn(undefined, '{}') },
      ),
    ).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'g', '{}'],
    ])
  })

  test('pieces of parallel calls that interleave', () => {
    expect(
      calls(
        { index: 0, id: 'a', ...fn('f', '{"x"') },
        { index: 1, id: 'b', ...fn('g', '{"y"') },
        { index: 0, ...fn(undefined, ':1}') },
        { index: 1, ...fn(undefined, ':2}') },
      ),
    ).toEqual([
      ['a', 'f', '{"x":1}'],
      ['b', 'g', '{"y":2}'],
    ])
  })

  test('Mistral: no index, whole arguments', () => {
    expect(calls({ id: 'a', ...fn('f', '{}') }, { id: 'b', ...fn('f', '{"x":1}') })).toEqual([
      ['a', 'f', '{}'],
      ['b', 'f', '{"x":1}'],
    ])
  })

  test('no index, later pieces without id go to the last call', () => {
    expect(calls({ id: 'a', ...fn('f', '{"x"') }, fn(undefined, ':1}'))).toEqual([['a', 'f', '{"x":1}']])
  })

  test('index 0 for every call, with ids (Gemini, Ollama)', () => {
    expect(
      calls(
        { index: 0, id: 'a', ...fn('f', '{}') },
        { index: 0, id: 'b', ...fn('g', '{"x"') },
        { index: 0, ...fn(undefined, ':1}') },
      ),
    ).toEqual([
      ['a', 'f', '{}'],
      ['b', 'g', '{"x":1}'],
    ])
  })

  test('index 0 for every call, with empty ids', () => {
    const result = calls({ index: 0, id: '', ...fn('f', '{}') }, { index: 0, id: '', ...fn('f', '{"x":1}') })
    expect(result).toEqual([
      ['call_chatcmpl-1_0_0', 'f', '{}'],
      ['call_chatcmpl-1_0_1', 'f', '{"x":1}'],
    ])
  })

  test('Alibaba: later pieces with id ""', () => {
    expect(
      calls({ index: 0, id: 'a', ...fn('f', '') }, { index: 0, id: '', type: 'function', ...fn(undefined, '{}') }),
    ).toEqual([['a', 'f', '{}']])
  })

  test('name "" later, id and name repeated', () => {
    expect(
      calls(
        { index: 0, id: 'a', ...fn('f', '{') },
        { index: 0, ...fn('', '"x":') },
        { index: 0, id: 'a', ...fn('f', '1}') },
      ),
    ).toEqual([['a', 'f', '{"x":1}']])
  })

  test('another id without a name is the same call (random ids per piece)', () => {
    expect(calls({ index: 0, id: 'a', ...fn('f', '{') }, { index: 0, id: 'z', ...fn(undefined, '}') })).toEqual([
      ['a', 'f', '{}'],
    ])
  })

  test('an index that begins at 1 (Anthropic’s block number)', () => {
    expect(calls({ index: 1, id: 'a', ...fn('f', '') }, { index: 1, ...fn(undefined, '{}') })).toEqual([
      ['a', 'f', '{}'],
    ])
  })

  test('a name that comes late', () => {
    expect(calls({ index: 0, id: 'a', ...fn(undefined, '{"x"') }, { index: 0, ...fn('f', ':1}') })).toEqual([
      ['a', 'f', '{"x":1}'],
    ])
  })

  test('arguments as an object', () => {
    expect(calls({ index: 0, id: 'a', ...fn('f', { x: 1 }) })).toEqual([['a', 'f', '{"x":1}']])
  })

  test('legacy function_call', () => {
    const { choices } = reply(
      delta({ function_call: { name: 'f', arguments: '' } }),
      delta({ function_call: { arguments: '{}' } }),
      delta({}, 'function_call'),
    )
    expect(choices[0]?.parts).toEqual([{ type: 'tool-call', id: 'call_chatcmpl-1_0_0', name: 'f', arguments: '{}' }])
    expect(choices[0]?.finish?.unified).toBe('tool-calls')
  })

  test('Google’s thought signature, with the call or after it', () => {
    const extra_content = { google: { thought_signature: 's' } }
    const call = { index: 0, id: 'a', ...fn('f', '{}') }
    for (const pieces of [[{ ...call, extra_content }], [call, { index: 0, extra_content }]]) {
      const chunks = pieces.map((piece) => delta({ tool_calls: [piece] }))
      expect(reply(...chunks, delta({}, 'stop')).choices[0]?.parts).toEqual([
        { type: 'tool-call', id: 'a', name: 'f', arguments: '{}', signature: 's' },
      ])
    }
  })
})

describe('reasoning', () => {
  const parts = (...deltas: JsonObject[]): unknown =>
    reply(...deltas.map((members) => delta(members)), delta({}, 'stop')).choices[0]?.parts

  test.each(['reasoning_content', 'reasoning'])('%s, then text', (name) => {
    expect(parts({ [name]: 'a', content: null }, { [name]: 'b' }, { [name]: null, content: 'c' })).toEqual([
      { type: 'reasoning', text: 'ab' },
      { type: 'text', text: 'c' },
    ])
  })

  test('Mistral: chunks of thinking in content', () => {
    expect(
      parts(
        { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'a' }] }] },
        {
          content: [
            { type: 'thinking', thinking: 'b' },
            { type: 'text', text: 'c' },
            { type: 'reference', reference_ids: [1] },
          ],
        },
      ),
    ).toEqual([
      { type: 'reasoning', text: 'ab' },
      { type: 'text', text: 'c' },
    ])
  })

  test('OpenRouter: text twice, counted once; signature; encrypted', () => {
    const detail = (text: string, signature?: string): JsonObject => ({
      type: 'reasoning.text',
      text,
      ...(signature === undefined ? {} : { signature }),
      index: 0,
    })
    expect(
      parts(
        { reasoning: 'a', reasoning_details: [detail('a')] },
        { reasoning: 'b', reasoning_details: [detail('b')] },
        { reasoning: null, reasoning_details: [detail('', 's')] },
        { reasoning_details: [{ type: 'reasoning.summary', summary: 'sum' }] },
        { reasoning_details: [{ type: 'reasoning.encrypted', data: 'd' }] },
        { content: 'c' },
      ),
    ).toEqual([
      { type: 'reasoning', text: 'ab', signature: 's' },
      { type: 'reasoning', text: 'sum' },
      { type: 'reasoning', text: '', redacted: 'd' },
      { type: 'text', text: 'c' },
    ])
  })

  test('our own stream: the closing detail repeats the text', () => {
    expect(
      parts(
        { reasoning_content: 'a' },
        { reasoning_content: 'b' },
        { reasoning_details: [{ type: 'reasoning.text', text: 'ab', signature: 's' }] },
        { content: 'c' },
      ),
    ).toEqual([
      { type: 'reasoning', text: 'ab', signature: 's' },
      { type: 'text', text: 'c' },
    ])
  })

  test('LiteLLM: whole answer with two signed blocks', () => {
    const thinking_blocks = [
      { type: 'thinking', thinking: 'a', signature: 's1' },
      { type: 'thinking', thinking: 'b', signature: 's2' },
      { type: 'redacted_thinking', data: 'd' },
    ]
    const message = { role: 'assistant', content: 'c', reasoning_content: 'ab', thinking_blocks }
    expect(whole({ ...head, choices: [{ index: 0, message, finish_reason: 'stop' }] }).choices[0]?.parts).toEqual([
      { type: 'reasoning', text: 'a', signature: 's1' },
      { type: 'reasoning', text: 'b', signature: 's2' },
      { type: 'reasoning', text: '', redacted: 'd' },
      { type: 'text', text: 'c' },
    ])
  })
})

describe('broken streams', () => {
  test('no finish and no [DONE]', () => {
    expect(reply(delta({ content: 'a' })).error).toMatchObject({
      code: 'stream_truncated',
      status: 502,
      retryable: true,
    })
  })

  test('one of two choices does not finish', () => {
    expect(
      reply(delta({ content: 'a' }, 'stop'), { ...head, choices: [{ index: 1, delta: { content: 'b' } }] }).error?.code,
    ).toBe('stream_truncated')
  })

  test('an end without finish but with [DONE] is a stop', () => {
    expect(reply(delta({ content: 'a' }), '[DONE]').choices[0]?.finish).toEqual({ unified: 'stop' })
  })

  test('an end with finish but without [DONE] is complete', () => {
    expect(reply(delta({ content: 'a' }, 'stop')).error).toBeUndefined()
  })

  test('cut inside the last event', () => {
    expect(reply(delta({ content: 'a' }), '{"id":"chatc').error?.code).toBe('stream_truncated')
  })

  test('garbage in the middle', () => {
    const { error, choices } = reply(delta({ content: 'a' }), '{"id":', delta({ content: 'b' }), '[DONE]')
    expect(error?.code).toBe('upstream_invalid_response')
    expect(choices[0]?.parts).toEqual([{ type: 'text', text: 'a' }])
  })

  test('nothing but [DONE]', () => {
    expect(reply('[DONE]').error).toMatchObject({ code: 'upstream_empty_response', retryable: true })
  })

  test('empty data lines mean nothing', () => {
    expect(reply('', delta({ content: 'a' }, 'stop'), '', '[DONE]').error).toBeUndefined()
  })

  const errors: [name: string, chunk: JsonObject, expected: object][] = [
    [
      'OpenAI',
      { error: { message: 'm', type: 'server_error', param: null, code: null } },
      { message: 'm', type: 'server_error', status: 500, retryable: true },
    ],
    [
      'quota',
      { error: { message: 'm', type: 'insufficient_quota', code: 'insufficient_quota' } },
      { code: 'insufficient_quota', status: 429, retryable: false },
    ],
    [
      'rate limit',
      { error: { message: 'm', code: 'rate_limit_exceeded' } },
      { code: 'rate_limit_exceeded', status: 429, retryable: true },
    ],
    [
      'OpenRouter, numeric code and usage',
      {
        ...delta({ content: '' }, 'error'),
        error: { code: 502, message: 'Provider returned error', metadata: { raw: 'down' } },
        usage: { prompt_tokens: 1, completion_tokens: 0 },
      },
      { message: 'Provider returned error: down', status: 502, retryable: true },
    ],
    [
      'vLLM',
      { object: 'error', error: { message: 'm', type: 'BadRequestError', code: 400 } },
      { type: 'BadRequestError', status: 400, retryable: false },
    ],
    [
      'Groq',
      { error: { message: 'm', type: 'invalid_request_error', code: 'tool_use_failed', status_code: 400 } },
      { code: 'tool_use_failed', status: 400, retryable: false },
    ],
    ['text alone', { error: 'boom' }, { message: 'boom', status: 502, retryable: true }],
    [
      'in a choice',
      { ...head, choices: [{ index: 0, delta: {}, error: { code: 429, message: 'm' } }] },
      { status: 429, retryable: true },
    ],
    ['no words', { error: {} }, { message: 'The provider reported an error in its answer.', status: 502 }],
  ]

  test.each(errors)('error inside a 200: %s', (_, chunk, expected) => {
    const { error, choices } = reply(delta({ content: 'a' }), chunk, delta({ content: 'b' }), '[DONE]')
    expect(error).toMatchObject(expected)
    expect(choices[0]?.parts).toEqual([{ type: 'text', text: 'a' }])
    expect(whole(chunk).error).toMatchObject(expected)
  })

  test('an SSE event named error', () => {
    const events: ChatEvent[] = []
    decodeStream((event) => events.push(event)).event('error', '{"message":"m","type":"overloaded_error"}')
    expect(events).toEqual([
      { type: 'error', error: { message: 'm', type: 'overloaded_error', status: 503, retryable: true } },
    ])
  })

  test.each<Json>(['text', null, []])('a whole answer that is %j', (body) => {
    expect(whole(body).error?.code).toBe('upstream_invalid_response')
  })

  test('a whole answer without choices', () => {
    expect(whole({ ...head, choices: [] }).error?.code).toBe('upstream_empty_response')
  })
})

test('a whole answer', () => {
  const message = {
    role: 'assistant',
    content: 'c',
    tool_calls: [
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: 'b', function: { name: 'f', arguments: '{}' } },
    ],
  }
  expect(
    whole({
      ...head,
      choices: [{ index: 0, message, finish_reason: 'tool_calls' }],
      usage: { prompt_tokens: 1, completion_tokens: 2 },
    }),
  ).toMatchObject({
    id: 'chatcmpl-1',
    choices: [{ parts: [{ text: 'c' }, { id: 'a' }, { id: 'b' }], finish: { unified: 'tool-calls' } }],
    usage: { input: 1, output: 2 },
  })
})

import { describe, expect, test } from 'vitest'
import { collect, type ChatReply } from '../../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import type { Json, JsonObject } from '../../../../../gateway/chat/json.ts'
import { decodeStream } from '../../../../../gateway/dialects/openai-responses/provider/decode-stream.ts'
import { decodeWhole } from '../../../../../gateway/dialects/openai-responses/provider/decode-whole.ts'
import { checkEvents } from '../../../../conformance/event-invariants.ts'

const response = { id: 'resp_1', object: 'response', created_at: 5, model: 'm', status: 'in_progress', output: [] }
const created = event('created', { response: { ...response, service_tier: 'auto' } })
const usage = {
  input_tokens: 9,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 2 },
}

function event(type: string, members: JsonObject): JsonObject {
  return { type: `response.${type}`, ...members }
}

function completed(members: JsonObject = {}): JsonObject {
  return event('completed', { response: { ...response, status: 'completed', usage, ...members } })
}

function done(index: number, item: JsonObject): JsonObject {
  return event('output_item.done', { output_index: index, item })
}

function added(index: number, item: JsonObject): JsonObject {
  return event('output_item.added', { output_index: index, item })
}

function textDelta(text: string, members: JsonObject = {}): JsonObject {
  return event('output_text.delta', { output_index: 0, content_index: 0, delta: text, ...members })
}

function run(...events: (JsonObject | string)[]): ChatEvent[] {
  const told: ChatEvent[] = []
  const decoder = decodeStream((each) => told.push(each))
  for (const each of events) decoder.event(undefined, typeof each === 'string' ? each : JSON.stringify(each))
  decoder.end()
  expect(checkEvents(told)).toEqual([])
  return told
}

function reply(...events: (JsonObject | string)[]): ChatReply {
  return collect(run(...events))
}

function whole(body: Json): ChatReply {
  const told: ChatEvent[] = []
  decodeWhole(body, (each) => told.push(each))
  expect(checkEvents(told)).toEqual([])
  return collect(told)
}

const message = { type: 'message', content: [{ type: 'output_text', text: 'Hello', annotations: [] }] }
const call = { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"a":1}' }

test('the events of a small stream, one by one', () => {
  const item = { type: 'message', id: 'msg', content: [] }
  expect(
    run(
      created,
      event('in_progress', { response }),
      added(0, item),
      event('content_part.added', { output_index: 0, content_index: 0, part: { type: 'output_text', text: '' } }),
      textDelta('Hel'),
      textDelta('lo', { logprobs: [{ token: 'lo', logprob: 0 }] }),
      event('output_text.done', { output_index: 0, content_index: 0, text: 'Hello' }),
      done(0, message),
      completed({ service_tier: 'flex' }),
    ),
  ).toEqual([
    { type: 'start', id: 'resp_1', model: 'm', created: 5 },
    { type: 'text-start', block: 0, choice: 0 },
    { type: 'text-delta', block: 0, choice: 0, text: 'Hel' },
    { type: 'text-delta', block: 0, choice: 0, text: 'lo', logprobs: { content: [{ token: 'lo', logprob: 0 }] } },
    { type: 'text-end', block: 0, choice: 0 },
    { type: 'usage', usage: { input: 9, cacheRead: 4, output: 5, reasoning: 2, serviceTier: 'flex', raw: usage } },
    { type: 'finish', choice: 0, reason: { unified: 'stop', raw: 'completed' } },
  ])
})

describe('servers that say less', () => {
  const text = [{ type: 'text', text: 'Hello' }]
  const parts = [{ type: 'tool-call', id: 'c1', name: 'f', arguments: '{"a":1}' }]

  test.each<[string, JsonObject[], unknown[]]>([
    ['items without deltas', [created, added(0, { type: 'message' }), done(0, message)], text],
    ['items without a beginning', [created, done(0, message)], text],
    ['no created event', [textDelta('Hello'), done(0, message)], text],
    ['deltas without any item', [created, textDelta('Hel'), textDelta('lo')], text],
    [
      'text whole, then the item',
      [created, event('output_text.done', { output_index: 0, text: 'Hello' }), done(0, message)],
      text,
    ],
    [
      'no indexes, only ids',
      [
        created,
        event('output_text.delta', { item_id: 'i', delta: 'Hello' }),
        event('output_item.done', { item: { ...message, id: 'i' } }),
      ],
      text,
    ],
    ['a call without deltas', [created, added(0, { ...call, arguments: '' }), done(0, call)], parts],
    ['a call without a beginning', [created, done(0, call)], parts],
    ['a call whole from the beginning', [created, added(0, call), done(0, call)], parts],
    [
      'deltas before the call is known',
      [created, event('function_call_arguments.delta', { output_index: 0, delta: '{"a"' }), done(0, call)],
      parts,
    ],
    ['an item told twice', [created, done(0, call), done(0, call)], parts],
  ])('%s', (_name, events, expected) => {
    expect(reply(...events, completed()).choices[0]?.parts).toEqual(expected)
  })

  test('everything in the last event', () => {
    expect(reply(created, completed({ output: [message, call] })).choices[0]).toMatchObject({
      parts: [...text, ...parts],
      finish: { unified: 'tool-calls' },
    })
  })

  test('what was told is not told again at the end', () => {
    expect(reply(created, textDelta('Hello'), completed({ output: [message] })).choices[0]?.parts).toEqual(text)
  })

  test('[DONE] behind the end, and names of events alone', () => {
    const told: ChatEvent[] = []
    const decoder = decodeStream((each) => told.push(each))
    decoder.event('response.output_text.delta', '{"output_index":0,"delta":"Hello"}')
    decoder.event('response.completed', JSON.stringify({ response: { ...response, status: 'completed' } }))
    decoder.event(undefined, '[DONE]')
    decoder.end()
    expect(collect(told).choices[0]).toMatchObject({ parts: text, finish: { unified: 'stop' } })
  })
})

describe('calls', () => {
  test('two that interleave', () => {
    const piece = (index: number, delta: string): JsonObject =>
      event('function_call_arguments.delta', { output_index: index, delta })
    const second = { ...call, call_id: 'c2', name: 'g', arguments: '{"b":2}' }
    expect(
      reply(
        created,
        added(0, { ...call, arguments: '' }),
        added(1, { ...second, arguments: '' }),
        piece(0, '{"a"'),
        piece(1, '{"b"'),
        piece(0, ':1}'),
        piece(1, ':2}'),
        event('function_call_arguments.done', { output_index: 0, arguments: '{"a":1}' }),
        done(0, call),
        done(1, second),
        completed(),
      ).choices[0]?.parts,
    ).toEqual([
      { type: 'tool-call', id: 'c1', name: 'f', arguments: '{"a":1}' },
      { type: 'tool-call', id: 'c2', name: 'g', arguments: '{"b":2}' },
    ])
  })

  test('free text is JSON, as early as it comes', () => {
    const item = { type: 'custom_tool_call', call_id: 'c', name: 'sql', input: '' }
    const piece = (delta: string): JsonObject => event('custom_tool_call_input.delta', { output_index: 0, delta })
    const input = 'SELECT "🙂"\n'
    const events = run(
      created,
      added(0, item),
      piece('SELECT "\ud83d'),
      piece('\ude42"\n'),
      done(0, { ...item, input }),
      completed(),
    )
    const pieces = events.flatMap((each) => (each.type === 'tool-delta' ? [each.arguments] : []))
    expect(pieces.length).toBe(4)
    expect(JSON.parse(pieces.join(''))).toEqual({ input })
    expect(collect(events).choices[0]?.finish?.unified).toBe('tool-calls')
  })

  test('free text without deltas, and none at all', () => {
    const item = { type: 'custom_tool_call', call_id: 'c', name: 'sql', input: '' }
    expect(reply(created, done(0, { ...item, input: 'x' }), completed()).choices[0]?.parts).toMatchObject([
      { arguments: '{"input":"x"}' },
    ])
    expect(reply(created, added(0, item), done(0, item), completed()).choices[0]?.parts).toMatchObject([
      { arguments: '{"input":""}' },
    ])
  })
})

describe('thinking', () => {
  const item = { type: 'reasoning', summary: [], encrypted_content: 'OLD' }
  const summary = (index: number, delta: string): JsonObject =>
    event('reasoning_summary_text.delta', { output_index: 0, summary_index: index, delta })

  test('a summary in parts, signed by what comes at the end', () => {
    const finished = { ...item, encrypted_content: 'NEW', summary: [{ text: 'ab' }, { text: 'c' }] }
    expect(
      reply(
        created,
        added(0, item),
        summary(0, 'a'),
        summary(0, 'b'),
        summary(1, 'c'),
        done(0, finished),
        textDelta('x', { output_index: 1 }),
        completed(),
      ).choices[0]?.parts,
    ).toEqual([
      { type: 'reasoning', text: 'ab\n\nc', signature: 'NEW' },
      { type: 'text', text: 'x' },
    ])
  })

  test.each<[string, JsonObject, unknown[]]>([
    ['encrypted alone', { ...item, encrypted_content: 'E' }, [{ type: 'reasoning', text: '', redacted: 'E' }]],
    ['neither', { type: 'reasoning', summary: [], encrypted_content: null }, []],
    [
      'of an open model',
      { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] },
      [{ type: 'reasoning', text: 'hm' }],
    ],
  ])('%s', (_name, finished, expected) => {
    const both = [
      reply(created, done(0, finished), textDelta('x', { output_index: 1 }), completed()),
      whole({
        ...response,
        status: 'completed',
        output: [finished, { type: 'message', content: [{ type: 'output_text', text: 'x' }] }],
      }),
    ]
    for (const { choices } of both) expect(choices[0]?.parts).toEqual([...expected, { type: 'text', text: 'x' }])
  })

  test('of an open model, in deltas', () => {
    const piece = event('reasoning_text.delta', { output_index: 0, content_index: 0, delta: 'hm' })
    const finished = { type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'hm' }] }
    expect(
      reply(created, piece, done(0, finished), textDelta('x', { output_index: 1 }), completed()).choices[0]?.parts,
    ).toEqual([
      { type: 'reasoning', text: 'hm' },
      { type: 'text', text: 'x' },
    ])
  })
})

describe('what else an answer holds', () => {
  test('citations count from the beginning of the answer, each once', () => {
    const cite = (url: string, from: number): JsonObject => ({
      type: 'url_citation',
      url,
      title: 't',
      start_index: from,
      end_index: from + 1,
    })
    const first = { type: 'message', content: [{ type: 'output_text', text: 'abc', annotations: [] }] }
    const second = {
      type: 'message',
      content: [
        {
          type: 'output_text',
          text: 'def',
          annotations: [cite('https://a', 0), cite('https://b', 1), { type: 'file_citation', file_id: 'f' }],
        },
      ],
    }
    const expected = [
      { url: 'https://a', title: 't', start: 3, end: 4 },
      { url: 'https://b', title: 't', start: 4, end: 5 },
    ]
    const streamed = reply(
      created,
      textDelta('abc'),
      done(0, first),
      textDelta('def', { output_index: 1 }),
      event('output_text.annotation.added', { output_index: 1, content_index: 0, annotation: cite('https://a', 0) }),
      done(1, second),
      completed(),
    )
    expect(streamed.choices[0]?.annotations).toEqual(expected)
    expect(whole({ ...response, output: [first, second] }).choices[0]?.annotations).toEqual(expected)
  })

  test('refusals', () => {
    const part = { type: 'refusal', refusal: 'I cannot.' }
    const item = { type: 'message', content: [part] }
    const piece = (delta: string): JsonObject => event('refusal.delta', { output_index: 0, content_index: 0, delta })
    const streamed = reply(
      created,
      piece('I '),
      piece('cannot.'),
      event('refusal.done', { output_index: 0, content_index: 0, refusal: 'I cannot.' }),
      done(0, item),
      completed(),
    )
    for (const { choices } of [
      streamed,
      reply(created, done(0, item), completed()),
      whole({ ...response, output: [item] }),
    ])
      expect(choices[0]).toMatchObject({ parts: [{ type: 'refusal', text: 'I cannot.' }], finish: { unified: 'stop' } })
  })

  test('tools the provider runs, compaction and the unknown show nothing, but are not nothing', () => {
    const types = ['web_search_call', 'code_interpreter_call', 'mcp_call', 'compaction', 'from_the_future']
    const events = run(
      created,
      ...types.flatMap((type, index) => [added(index, { type }), done(index, { type })]),
      completed(),
    )
    expect(events.filter(({ type }) => type === 'activity').length).toBe(10)
    expect(collect(events).choices).toEqual([
      { parts: [], annotations: [], finish: { unified: 'stop', raw: 'completed' } },
    ])
  })

  test('searches are counted, by the provider or by what it did', () => {
    const search = { type: 'web_search_call', action: { type: 'search' } }
    const page = { type: 'web_search_call', action: { type: 'open_page' } }
    const output = [search, page, search]
    expect(whole({ ...response, usage, output }).usage?.webSearches).toBe(2)
    expect(
      whole({ ...response, usage, output, tool_usage: { web_search: { num_requests: 5 } } }).usage?.webSearches,
    ).toBe(5)
  })
})

describe('ends', () => {
  test.each<[string, JsonObject, object]>([
    [
      'length',
      { status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } },
      { unified: 'length', raw: 'max_output_tokens' },
    ],
    [
      'filter',
      { status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
      { unified: 'content-filter', raw: 'content_filter' },
    ],
    [
      'something new',
      { status: 'incomplete', incomplete_details: { reason: 'bored' } },
      { unified: 'other', raw: 'bored' },
    ],
    ['stop', { status: 'completed', incomplete_details: null }, { unified: 'stop', raw: 'completed' }],
  ])('%s', (_name, members, finish) => {
    const type = members['status'] === 'incomplete' ? 'incomplete' : 'completed'
    const last = event(type, { response: { ...response, usage, ...members } })
    expect(reply(created, textDelta('x'), last)).toMatchObject({ choices: [{ finish }], usage: { output: 5 } })
    expect(whole({ ...response, ...members, output: [message] }).choices[0]?.finish).toEqual(finish)
  })

  const words = { message: 'Slow down', code: 'rate_limit_exceeded' }

  test.each<[string, JsonObject[], object]>([
    [
      'a flat error',
      [{ type: 'error', ...words, param: null, sequence_number: 2 }],
      { ...words, status: 429, retryable: true },
    ],
    [
      'a nested one',
      [{ type: 'error', error: { type: 'x', ...words } }],
      { type: 'x', ...words, status: 429, retryable: true },
    ],
    [
      'response.failed',
      [event('failed', { response: { ...response, status: 'failed', error: words } })],
      { ...words, status: 429, retryable: true },
    ],
    [
      'error, then failed',
      [{ type: 'error', error: words }, event('failed', { response: { ...response, error: { message: 'no' } } })],
      { ...words, status: 429, retryable: true },
    ],
    [
      'what the client sent is wrong',
      [
        event('failed', {
          response: { ...response, status: 'failed', error: { code: 'invalid_prompt', message: 'No' } },
        }),
      ],
      { code: 'invalid_prompt', message: 'No', status: 400, retryable: false },
    ],
    [
      'failed without a word',
      [event('failed', { response: { ...response, status: 'failed', error: null } })],
      { code: 'server_error', message: 'The provider gave the answer up.', status: 500, retryable: true },
    ],
    ['a proxy’s error', [{ error: words }], { ...words, status: 429, retryable: true }],
  ])('%s', (_name, events, error) => {
    const failed = reply(created, textDelta('half'), ...events)
    expect(failed.error).toEqual(error)
    expect(failed.choices[0]).toMatchObject({ parts: [{ text: 'half' }] })
    expect(failed.choices[0]?.finish).toBeUndefined()
  })

  test.each<[string, (JsonObject | string)[], string]>([
    ['no last event', [created, textDelta('x')], 'stream_truncated'],
    ['nothing at all', [], 'stream_truncated'],
    ['cut within an event', [created, '{"type":"respon'], 'stream_truncated'],
    ['garbage that goes on', [created, 'garbage', completed()], 'upstream_invalid_response'],
  ])('%s', (_name, events, code) => {
    expect(reply(...events).error).toMatchObject({ code, status: 502, retryable: true })
  })

  test.each<[string, Json, string]>([
    ['no object', 'Bad gateway', 'upstream_invalid_response'],
    ['another kind of answer', { choices: [] }, 'upstream_invalid_response'],
    ['an error inside a 200', { error: words }, 'rate_limit_exceeded'],
    ['one that failed', { ...response, status: 'failed', error: words }, 'rate_limit_exceeded'],
  ])('whole: %s', (_name, body, code) => {
    expect(whole(body).error?.code).toBe(code)
  })
})

test('20 000 citations that come one by one are read in time', () => {
  const events: ChatEvent[] = []
  const decoder = decodeStream((told) => events.push(told))
  const annotation = { type: 'url_citation', url: 'https://a', title: 'A', start_index: 0, end_index: 1 }
  const cited = event('output_text.annotation.added', { output_index: 0, content_index: 0, annotation })
  const text = event('output_text.delta', { output_index: 0, content_index: 0, delta: 'x' })
  for (const each of [created, text, ...Array.from({ length: 20_000 }, () => cited), completed()])
    decoder.event(undefined, JSON.stringify(each))
  expect(events.filter(({ type }) => type === 'annotation')).toHaveLength(20_000)
})

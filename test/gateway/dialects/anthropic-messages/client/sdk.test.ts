import Anthropic from '@anthropic-ai/sdk'
import { describe, expect, test } from 'vitest'
import { collect, type ChatReply, replay } from '../../../../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../../../../gateway/chat/event.ts'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { ChatRequest } from '../../../../../gateway/chat/request.ts'
import { seal } from '../../../../../gateway/chat/seal.ts'
import { encodeWhole } from '../../../../../gateway/dialects/anthropic-messages/client/encode-whole.ts'
import { encodeError, encodeStreamError } from '../../../../../gateway/dialects/anthropic-messages/client/errors.ts'
import { readRequest } from '../../../../../gateway/dialects/anthropic-messages/client/read.ts'
import { about, origin, streamed } from './messages-stream.ts'

const hello = { model: 'm', max_tokens: 9, messages: [{ role: 'user' as const, content: 'hello' }] }

/** The official SDK, whose every call is answered with this. `bodies` gets what it sends. */
function sdk(body: string | JsonObject, { status = 200, bodies = [] as JsonObject[] } = {}): Anthropic {
  const answer = typeof body === 'string' ? body : JSON.stringify(body)
  const type = typeof body === 'string' ? 'text/event-stream' : 'application/json'
  return new Anthropic({
    apiKey: 'test',
    maxRetries: 0,
    fetch: async (_url, init) => {
      bodies.push(JSON.parse(typeof init?.body === 'string' ? init.body : '{}') as JsonObject)
      return new Response(answer, { status, headers: { 'content-type': type, 'request-id': 'r' } })
    },
  })
}

const reply: ChatReply = {
  id: 'msg_1',
  model: 'm-2026',
  choices: [
    {
      parts: [
        { type: 'reasoning', text: 'Think 🙂', signature: 's' },
        { type: 'reasoning', text: '', redacted: 'd' },
        { type: 'text', text: 'Look: "ü"\n' },
        { type: 'tool-call', id: 'c1', name: 'weather', arguments: '{"city":"Bern","deep":{"a":[1,2]}}' },
        { type: 'tool-call', id: 'c2', name: 'now', arguments: '' },
      ],
      annotations: [],
      finish: { unified: 'tool-calls' },
    },
  ],
  usage: { input: 10, cacheRead: 4, output: 5, reasoning: 2 },
}

const content = [
  { type: 'thinking', thinking: 'Think 🙂', signature: seal({ ...origin, signature: 's' }) },
  { type: 'redacted_thinking', data: seal({ ...origin, redacted: 'd' }) },
  { type: 'text', text: 'Look: "ü"\n' },
  { type: 'tool_use', id: 'c1', name: 'weather', input: { city: 'Bern', deep: { a: [1, 2] } } },
  { type: 'tool_use', id: 'c2', name: 'now', input: {} },
]

const message = {
  id: 'msg_1',
  role: 'assistant',
  model: 'm-2026',
  stop_reason: 'tool_use',
  stop_sequence: null,
  usage: {
    input_tokens: 6,
    cache_read_input_tokens: 4,
    output_tokens: 5,
    output_tokens_details: { thinking_tokens: 2 },
  },
}

describe('an answer', () => {
  test('whole', async () => {
    const read = await sdk(encodeWhole(reply, about)).messages.create(hello)
    expect(read).toMatchObject(message)
    expect(read.content).toEqual(content)
    expect(read._request_id).toBe('r')
  })

  test.each([1, 3, 1000])('streamed in pieces of %i, as one message', async (pieces) => {
    const read = await sdk(streamed(replay(reply, pieces)))
      .messages.stream(hello)
      .finalMessage()
    expect(read).toMatchObject(message)
    expect(JSON.parse(JSON.stringify(read.content))).toEqual(content)
  })

  test('streamed, event by event', async () => {
    const stream = sdk(streamed(replay(reply, 4))).messages.stream(hello)
    const seen: Record<string, string> = {}
    const add = (kind: string, piece: string): void => void (seen[kind] = (seen[kind] ?? '') + piece)
    stream
      .on('text', (piece) => add('text', piece))
      .on('thinking', (piece) => add('thinking', piece))
      .on('signature', (signature) => add('signature', signature))
      .on('inputJson', (piece) => add('json', piece))
    await stream.done()
    expect(seen).toEqual({
      text: 'Look: "ü"\n',
      thinking: 'Think 🙂',
      signature: seal({ ...origin, signature: 's' }),
      json: '{"city":"Bern","deep":{"a":[1,2]}}{}',
    })
  })

  test('calls that came interleaved', async () => {
    const call = (block: number, event: object): ChatEvent => ({ block, choice: 0, ...event }) as ChatEvent
    const events: ChatEvent[] = [
      { type: 'start' },
      call(0, { type: 'tool-start', id: 'a', name: 'f' }),
      call(1, { type: 'tool-start', id: 'b', name: 'g' }),
      ...['{"x":', '1', '}'].flatMap((json) =>
        [0, 1].map((block) => call(block, { type: 'tool-delta', arguments: json })),
      ),
      call(0, { type: 'tool-end' }),
      call(1, { type: 'tool-end' }),
      { type: 'finish', choice: 0, reason: { unified: 'tool-calls' } },
    ]
    const read = await sdk(streamed(events)).messages.stream(hello).finalMessage()
    expect(read.content).toMatchObject([
      { id: 'a', name: 'f', input: { x: 1 } },
      { id: 'b', name: 'g', input: { x: 1 } },
    ])
  })

  test('sources', async () => {
    const cited: ChatReply = {
      choices: [{ parts: [{ type: 'text', text: 'a' }], annotations: [{ url: 'https://a', title: 'A' }] }],
    }
    const citations = [{ type: 'web_search_result_location', url: 'https://a', title: 'A' }]
    const read = await sdk(streamed(replay(cited)))
      .messages.stream(hello)
      .finalMessage()
    expect(read.content).toMatchObject([{ text: 'a', citations }])
    expect((await sdk(encodeWhole(cited, about)).messages.create(hello)).content).toMatchObject([
      { text: 'a', citations },
    ])
  })
})

test('what the SDK sends back is what was answered', async () => {
  const answered = await sdk(streamed(replay(reply, 5)))
    .messages.stream(hello)
    .finalMessage()
  const bodies: JsonObject[] = []
  const results = [{ type: 'tool_result' as const, tool_use_id: 'c1', content: 'sunny' }]
  const messages = [
    ...hello.messages,
    { role: 'assistant' as const, content: answered.content },
    { role: 'user' as const, content: results },
  ]
  await sdk(encodeWhole(reply, about), { bodies }).messages.create({ ...hello, messages })
  const request: ChatRequest = readRequest(bodies[0] ?? {}).value
  const [thinking, redacted, text, call, empty] = reply.choices[0]?.parts ?? []
  expect(request.messages.slice(1)).toEqual([
    {
      role: 'assistant',
      parts: [{ ...thinking, origin }, { ...redacted, origin }, text, call, { ...empty, arguments: '{}' }],
    },
    { role: 'tool', callId: 'c1', parts: [{ type: 'text', text: 'sunny' }] },
  ])
})

test('its structured output', async () => {
  const bodies: JsonObject[] = []
  const text: ChatReply = { choices: [{ parts: [{ type: 'text', text: '{"a":1}' }], annotations: [] }] }
  const schema = { type: 'object', properties: { a: { type: 'number' } }, required: ['a'], additionalProperties: false }
  const format = { type: 'json_schema' as const, schema }
  const read = await sdk(encodeWhole(text, about), { bodies }).messages.parse({ ...hello, output_config: { format } })
  expect(read.parsed_output).toEqual({ a: 1 })
  expect(readRequest(bodies[0] ?? {}).value.output).toEqual({
    type: 'json-schema',
    name: 'answer',
    schema,
    strict: true,
  })
})

describe('errors', () => {
  const classes: [status: number, expected: new (...given: never[]) => Error, type: string][] = [
    [400, Anthropic.BadRequestError, 'invalid_request_error'],
    [401, Anthropic.AuthenticationError, 'authentication_error'],
    [403, Anthropic.PermissionDeniedError, 'permission_error'],
    [404, Anthropic.NotFoundError, 'not_found_error'],
    [429, Anthropic.RateLimitError, 'rate_limit_error'],
    [500, Anthropic.InternalServerError, 'api_error'],
    [529, Anthropic.InternalServerError, 'overloaded_error'],
  ]
  test.each(classes)('%i', async (status, expected, type) => {
    const failed = sdk(encodeError({ status, message: 'words' }, 'r'), { status }).messages.create(hello)
    const error = await failed.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(expected)
    expect(error).toMatchObject({ status, type, apiMessage: 'words', requestID: 'r' })
  })

  test('within a stream, after what came before it', async () => {
    const begun = streamed(replay({ choices: [{ parts: [{ type: 'text', text: 'half' }], annotations: [] }] }))
    const broken = begun.slice(0, begun.indexOf('event: content_block_stop'))
    const stream = sdk(
      broken + encodeStreamError({ status: 503, message: 'words', code: 'overloaded' }, 'r'),
    ).messages.stream(hello)
    let text = ''
    stream.on('text', (piece) => (text += piece))
    const error: unknown = await stream.finalMessage().catch((reason: unknown) => reason)
    expect(text).toBe('half')
    expect(error).toBeInstanceOf(Anthropic.APIError)
    expect(error).toMatchObject({ type: 'overloaded_error', apiMessage: 'words' })
  })
})

test('the events that went in', () => {
  // The reply above is what its events come to: else the tests of this file prove less than they say.
  expect(collect(replay(reply, 2))).toEqual(reply)
})

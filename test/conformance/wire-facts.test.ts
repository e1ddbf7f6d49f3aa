import { afterEach, describe, expect, test } from 'vitest'
import { collect } from '../../gateway/chat/collect.ts'
import type { ChatEvent } from '../../gateway/chat/event.ts'
import type { FinishReason } from '../../gateway/chat/finish.ts'
import { asString, type Json, type JsonObject } from '../../gateway/chat/json.ts'
import { findDialect } from '../../gateway/dialects/index.ts'
import type { DialectId, ProviderChat, UpstreamError } from '../../gateway/dialects/dialect.ts'
import { ChatStreamEncoder } from '../../gateway/dialects/openai-chat/client/encode-stream.ts'
import { encodeWhole } from '../../gateway/dialects/openai-chat/client/encode-whole.ts'
import { readChat } from '../../gateway/dialects/openai-chat/client/read.ts'
import { modelFacts } from '../../gateway/models/catalog.ts'
import { createTestGateway } from '../helpers/in-process.ts'
import { endsEarly, raw, status } from '../helpers/upstream-faults.ts'
import type { Play, RecordedRequest } from '../helpers/upstream-exchange.ts'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'

/**
 * "Wire-level details that are easily got wrong" (reference/gateways.md, section D), line by line, each test named for
 * its fact: through the dialects where they alone decide, through the whole gateway where the pipeline has a part.
 */

const openai = 'openai-chat'
const anthropic = 'anthropic-messages'
const gemini = 'gemini'

// --- The three directions, without a gateway around them.

function chatOf(dialect: DialectId): ProviderChat {
  const chat = findDialect(dialect)?.provider?.chat
  if (chat === undefined) throw new Error(`${dialect} has no provider side`)
  return chat
}

const hello: JsonObject = { role: 'user', content: 'Hi' }

/** An OpenAI client's request, as the target's provider gets it. */
function carry(dialect: DialectId, members: JsonObject, model = 'some-model'): { body: JsonObject; warned: string[] } {
  const read = readChat({ model, messages: [hello], ...members })
  const target = { provider: 'p', model, facts: modelFacts(model) }
  const written = chatOf(dialect).write(read.value, target)
  return { body: written.value, warned: [...read.warnings, ...written.warnings].map(({ feature }) => feature) }
}

const about = { id: 'chatcmpl-ours', model: 'asked', created: 7, provider: 'p', includeUsage: true }

/** A provider's whole answer, as an OpenAI client gets it; an error inside it is its only member. */
function whole(dialect: DialectId, body: Json): JsonObject {
  const events: ChatEvent[] = []
  chatOf(dialect).decodeWhole(body, (event) => events.push(event))
  const failed = events.find((event) => event.type === 'error')
  return failed === undefined ? encodeWhole(collect(events), about) : { error: { ...failed.error } }
}

/** A provider's stream, as the chunks that an OpenAI client gets, and the sentinel as text. */
function streamed(dialect: DialectId, events: (JsonObject | string)[]): (JsonObject | string)[] {
  const encoder = new ChatStreamEncoder(about)
  let sse = ''
  const decoder = chatOf(dialect).decodeStream((event) => {
    sse += encoder.encode(event)
  })
  for (const event of events) {
    if (typeof event === 'string') decoder.event(undefined, event)
    else decoder.event(asString(event['type']), JSON.stringify(event))
  }
  decoder.end()
  return chunksOf(sse + encoder.end())
}

function chunksOf(sse: string): (JsonObject | string)[] {
  const lines = sse.split('\n\n').filter((event) => event !== '')
  return lines.map((event) => {
    const data = event.replace(/^data: /, '')
    return data === '[DONE]' ? data : (JSON.parse(data) as JsonObject)
  })
}

interface Chunk {
  choices: { delta: JsonObject; finish_reason: string | null }[]
  usage?: JsonObject | null
  error?: JsonObject
}

/** What a client makes of the chunks. */
function summary(chunks: (JsonObject | string)[]): { text: string; finish: string | undefined; usage: unknown } {
  const bodies = chunks.filter((chunk): chunk is JsonObject => typeof chunk !== 'string') as unknown as Chunk[]
  const choices = bodies.flatMap((chunk) => chunk.choices ?? [])
  return {
    text: choices.map(({ delta }) => asString(delta['content']) ?? '').join(''),
    finish: choices.map((choice) => choice.finish_reason).findLast((finish) => finish !== null) ?? undefined,
    usage: bodies.map((chunk) => chunk.usage).findLast((usage) => usage !== null && usage !== undefined),
  }
}

function calls(chunks: (JsonObject | string)[]): { id: unknown; name: unknown; arguments: string }[] {
  const found: { id: unknown; name: unknown; arguments: string }[] = []
  for (const chunk of chunks as unknown as Chunk[])
    for (const { delta } of chunk.choices ?? [])
      for (const call of (delta['tool_calls'] ?? []) as { index: number; id?: string; function: JsonObject }[]) {
        const known = (found[call.index] ??= { id: call.id, name: call.function['name'], arguments: '' })
        known.arguments += asString(call.function['arguments']) ?? ''
      }
  return found
}

function failure(dialect: DialectId, code: number, body: unknown, headers: Record<string, string> = {}): UpstreamError {
  const error = findDialect(dialect)?.provider?.readError({ status: code, headers, body: JSON.stringify(body) })
  if (error === undefined) throw new Error(`${dialect} has no provider side`)
  return error
}

// --- Wire shapes.

function chunk(delta: JsonObject, finish: string | null = null, more: JsonObject = {}): JsonObject {
  const choices = [{ index: 0, delta, finish_reason: finish }]
  return { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm', choices, ...more }
}

function completion(message: JsonObject, finish: string, more: JsonObject = {}): JsonObject {
  const choices = [{ index: 0, message: { role: 'assistant', content: null, ...message }, finish_reason: finish }]
  return { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm', choices, ...more }
}

function message(stopReason: string, more: JsonObject = {}): JsonObject {
  const content = [{ type: 'text', text: 'Hi' }]
  return { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content, stop_reason: stopReason, ...more }
}

const messageStart: JsonObject = {
  type: 'message_start',
  message: { id: 'msg_1', model: 'm', content: [], usage: { input_tokens: 43, output_tokens: 1 } },
}

function messageEnd(stopReason: string, usage: JsonObject, more: JsonObject = {}): JsonObject[] {
  return [{ type: 'message_delta', delta: { stop_reason: stopReason, ...more }, usage }, { type: 'message_stop' }]
}

function block(index: number, content: JsonObject, ...deltas: JsonObject[]): JsonObject[] {
  return [
    { type: 'content_block_start', index, content_block: content },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
    { type: 'content_block_stop', index },
  ]
}

function candidate(parts: Json[], finish?: string, more: JsonObject = {}): JsonObject {
  const ending = finish === undefined ? {} : { finishReason: finish }
  return { responseId: 'r1', candidates: [{ content: { role: 'model', parts }, ...ending }], ...more }
}

const weather = { type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }
const called = (id: string, json = '{}'): JsonObject => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id, type: 'function', function: { name: 'weather', arguments: json } }],
})
const result = (id: string, content = 'sunny'): JsonObject => ({ role: 'tool', tool_call_id: id, content })

// --- Requests.

interface Carried {
  to: DialectId
  model?: string
  members: JsonObject
  /** A part of the body. */
  body?: JsonObject
  /** Members that may not be in the body. */
  absent?: string[]
  warned?: string[]
}

const requests: Record<string, Carried> = {
  'D.1 max_tokens -> max_completion_tokens: reasoning models refuse the old name': {
    to: openai,
    members: { max_tokens: 9 },
    body: { max_completion_tokens: 9 },
    absent: ['max_tokens'],
  },
  'D.1 a stream asks for usage': {
    to: openai,
    members: { stream: true },
    body: { stream: true, stream_options: { include_usage: true } },
  },
  'D.1 response_format json_schema.name: at most 64 of [a-zA-Z0-9_-]': {
    to: openai,
    members: { response_format: { type: 'json_schema', json_schema: { name: `a b.${'x'.repeat(80)}`, schema: {} } } },
    body: { response_format: { json_schema: { name: `a_b_${'x'.repeat(60)}` } } },
  },
  'D.1 assistant content is null beside tool_calls': {
    to: openai,
    members: { messages: [hello, called('c1'), result('c1')] },
    body: { messages: [{}, { content: null, tool_calls: [{ id: 'c1' }] }, { role: 'tool', content: 'sunny' }] },
  },
  'D.1 tool messages take text parts only: an image goes into a user message behind': {
    to: openai,
    members: {
      messages: [
        hello,
        called('c1'),
        {
          role: 'tool',
          tool_call_id: 'c1',
          content: [
            { type: 'text', text: 'seen' },
            { type: 'image_url', image_url: { url: 'https://x.test/a.png' } },
          ],
        },
      ],
    },
    body: {
      messages: [{}, {}, { role: 'tool', content: 'seen' }, { role: 'user', content: [{}, { type: 'image_url' }] }],
    },
  },
  'D.1 reasoning_effort takes all seven words': {
    to: openai,
    members: { reasoning_effort: 'max' },
    body: { reasoning_effort: 'max' },
  },
  'D.4 max_tokens is required: the model’s most, where the client names none': {
    to: anthropic,
    model: 'claude-sonnet-4-5',
    members: {},
    body: { max_tokens: 64_000 },
  },
  'D.4 max_tokens 0 warms the cache': { to: anthropic, members: { max_tokens: 0 }, body: { max_tokens: 0 } },
  'D.4 system and developer messages go to the top': {
    to: anthropic,
    members: { messages: [{ role: 'system', content: 'A' }, hello, { role: 'developer', content: 'B' }] },
    body: { system: [{ text: 'A' }, { text: 'B' }], messages: [{ role: 'user' }] },
  },
  'D.4 consecutive turns of one role merge': {
    to: anthropic,
    members: { messages: [hello, { role: 'user', content: 'again' }] },
    body: { messages: [{ role: 'user', content: [{ text: 'Hi' }, { text: 'again' }] }] },
  },
  'D.4 the first turn is the user’s': {
    to: anthropic,
    members: { messages: [{ role: 'assistant', content: 'Yes?' }, hello] },
    body: { messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }] },
    warned: ['messages'],
  },
  'D.4 all tool_results in the next single user message, before text': {
    to: anthropic,
    members: {
      messages: [
        hello,
        {
          role: 'assistant',
          content: null,
          tool_calls: ['a', 'b'].map((id) => ({ id, type: 'function', function: { name: 'weather', arguments: '' } })),
        },
        result('a'),
        { role: 'user', content: 'And now?' },
        result('b'),
      ],
    },
    body: {
      messages: [
        {},
        {
          role: 'assistant',
          content: [
            { type: 'tool_use', id: 'a', input: {} },
            { type: 'tool_use', id: 'b', input: {} },
          ],
        },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'a' },
            { type: 'tool_result', tool_use_id: 'b' },
            { type: 'text', text: 'And now?' },
          ],
        },
      ],
    },
  },
  'D.4 tool_choice required -> any, with disable_parallel_tool_use = !parallel_tool_calls': {
    to: anthropic,
    members: { tools: [weather], tool_choice: 'required', parallel_tool_calls: false },
    body: { tool_choice: { type: 'any', disable_parallel_tool_use: true } },
  },
  'D.4 tool_choice none -> none': {
    to: anthropic,
    members: { tools: [weather], tool_choice: 'none' },
    body: { tool_choice: { type: 'none' } },
  },
  'D.4 tool_choice function -> tool': {
    to: anthropic,
    members: { tools: [weather], tool_choice: { type: 'function', function: { name: 'weather' } } },
    body: { tool_choice: { type: 'tool', name: 'weather' } },
  },
  'D.4 strict tools': {
    to: anthropic,
    members: { tools: [{ type: 'function', function: { ...weather.function, strict: true } }] },
    body: { tools: [{ name: 'weather', strict: true }] },
  },
  'D.4 stop_sequences: no empty or white-space ones': {
    to: anthropic,
    members: { stop: ['END', ' \n', ''] },
    body: { stop_sequences: ['END'] },
    warned: ['stop'],
  },
  'D.4 temperature 0 to 1: clamped': {
    to: anthropic,
    members: { temperature: 1.6 },
    body: { temperature: 1 },
    warned: ['temperature'],
  },
  'D.4 temperature and top_p exclude each other': {
    to: anthropic,
    members: { temperature: 0.5, top_p: 0.9 },
    body: { temperature: 0.5 },
    absent: ['top_p'],
    warned: ['top_p'],
  },
  'D.4 no logprobs, seed, penalties: dropped and told': {
    to: anthropic,
    members: { logprobs: true, seed: 1, presence_penalty: 1, frequency_penalty: 1 },
    absent: ['logprobs', 'seed', 'presence_penalty', 'frequency_penalty'],
    warned: ['seed', 'presence_penalty', 'frequency_penalty', 'logprobs'],
  },
  'D.4 sampling refused: opus-4-7': {
    to: anthropic,
    model: 'claude-opus-4-7',
    members: { temperature: 0.5, top_k: 3 },
    absent: ['temperature', 'top_k'],
    warned: ['temperature', 'top_k'],
  },
  'D.4 budget-style thinking refused: haiku-5-5 gets adaptive and an effort': {
    to: anthropic,
    model: 'claude-haiku-5-5',
    members: { thinking: { type: 'enabled', budget_tokens: 5000 } },
    body: { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    warned: ['thinking.budget_tokens'],
  },
  'D.4 thinking cannot be disabled: sonnet-5-5': {
    to: anthropic,
    model: 'claude-sonnet-5-5',
    members: { reasoning_effort: 'none' },
    body: { output_config: { effort: 'low' } },
    absent: ['thinking'],
    warned: ['reasoning_effort'],
  },
  'D.4 forced tool_choice refused: opus-5-5': {
    to: anthropic,
    model: 'claude-opus-5-5',
    members: { tools: [weather], tool_choice: 'required' },
    body: { tool_choice: { type: 'auto' } },
    warned: ['tool_choice'],
  },
  'D.4 budget_tokens at least 1024': {
    to: anthropic,
    model: 'claude-sonnet-4-5',
    members: { thinking: { type: 'enabled', budget_tokens: 10 }, max_tokens: 4000 },
    body: { thinking: { type: 'enabled', budget_tokens: 1024 }, max_tokens: 4000 },
  },
  'D.4 budget_tokens less than max_tokens, which is raised': {
    to: anthropic,
    model: 'claude-sonnet-4-5',
    members: { reasoning_effort: 'medium', max_tokens: 2000 },
    body: { thinking: { budget_tokens: 4096 }, max_tokens: 6096 },
    warned: ['max_tokens'],
  },
  'D.4 cache_control ephemeral with its ttl': {
    to: anthropic,
    members: {
      messages: [
        {
          role: 'user',
          content: [{ type: 'text', text: 'long', cache_control: { type: 'ephemeral', ttl: '1h' } }],
        },
      ],
    },
    body: { messages: [{ content: [{ cache_control: { type: 'ephemeral', ttl: '1h' } }] }] },
  },
  'D.4 output_config.format json_schema': {
    to: anthropic,
    model: 'claude-sonnet-4-5',
    members: {
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object', properties: {} } } },
    },
    body: { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
  },
  'D.5 the system message is systemInstruction, roles are user and model': {
    to: gemini,
    members: { messages: [{ role: 'system', content: 'A' }, hello, { role: 'assistant', content: 'Yes' }, hello] },
    body: {
      systemInstruction: { parts: [{ text: 'A' }] },
      contents: [{ role: 'user' }, { role: 'model' }, { role: 'user' }],
    },
  },
  'D.5 tool results have role user and their function’s name': {
    to: gemini,
    members: { messages: [hello, called('c1'), result('c1')] },
    body: {
      contents: [
        {},
        { role: 'model', parts: [{ functionCall: { id: 'c1', name: 'weather', args: {} } }] },
        { role: 'user', parts: [{ functionResponse: { id: 'c1', name: 'weather', response: { result: 'sunny' } } }] },
      ],
    },
  },
  'D.5 parametersJsonSchema takes JSON Schema whole': {
    to: gemini,
    members: {
      tools: [
        { type: 'function', function: { name: 'w', parameters: { $schema: 'x', type: 'object', $defs: { a: {} } } } },
      ],
    },
    body: {
      tools: [{ functionDeclarations: [{ parametersJsonSchema: { $schema: 'x', type: 'object', $defs: { a: {} } } }] }],
    },
  },
  'D.5 responseJsonSchema takes JSON Schema whole': {
    to: gemini,
    members: {
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'n', schema: { type: 'object', additionalProperties: false } },
      },
    },
    body: {
      generationConfig: {
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'object', additionalProperties: false },
      },
    },
  },
  'D.5 n -> candidateCount, seed and logprobs where they exist': {
    to: gemini,
    members: { n: 2, seed: 5, logprobs: true, top_logprobs: 3 },
    body: { generationConfig: { candidateCount: 2, seed: 5, responseLogprobs: true, logprobs: 3 } },
  },
  'D.5 no safetySettings of our own: the default stays': { to: gemini, members: {}, absent: ['safetySettings'] },
  'D.7 effort none -> thinking disabled (Anthropic)': {
    to: anthropic,
    model: 'claude-opus-4-8',
    members: { reasoning_effort: 'none' },
    body: { thinking: { type: 'disabled' } },
  },
  'D.7 effort none -> MINIMAL (Gemini 3)': {
    to: gemini,
    model: 'gemini-3-flash-preview',
    members: { reasoning_effort: 'none' },
    body: { generationConfig: { thinkingConfig: { thinkingLevel: 'MINIMAL' } } },
  },
  'D.7 effort high -> thinkingLevel HIGH (Gemini 3)': {
    to: gemini,
    model: 'gemini-3-flash-preview',
    members: { reasoning_effort: 'high' },
    body: { generationConfig: { thinkingConfig: { thinkingLevel: 'HIGH', includeThoughts: true } } },
  },
  'D.7 effort -> a budget (Gemini 2.5)': {
    to: gemini,
    model: 'gemini-2.5-flash',
    members: { reasoning_effort: 'medium' },
    body: { generationConfig: { thinkingConfig: { thinkingBudget: 8192 } } },
  },
  'D.7 effort xhigh -> Anthropic effort xhigh': {
    to: anthropic,
    model: 'claude-opus-4-8',
    members: { reasoning_effort: 'xhigh' },
    body: { thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } },
  },
  'D.7 image data: URI -> source base64 (Anthropic)': {
    to: anthropic,
    members: {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } }] }],
    },
    body: {
      messages: [{ content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } }] }],
    },
  },
  'D.7 image URL -> source url (Anthropic)': {
    to: anthropic,
    members: {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x.test/a.png' } }] }],
    },
    body: { messages: [{ content: [{ type: 'image', source: { type: 'url', url: 'https://x.test/a.png' } }] }] },
  },
  'D.7 image data: URI -> inlineData (Gemini)': {
    to: gemini,
    members: {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } }] }],
    },
    body: { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBO' } }] }] },
  },
  'D.7 file -> document (Anthropic)': {
    to: anthropic,
    members: {
      messages: [
        {
          role: 'user',
          content: [{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0' } }],
        },
      ],
    },
    body: {
      messages: [
        { content: [{ type: 'document', source: { media_type: 'application/pdf', data: 'JVBERi0' }, title: 'a.pdf' }] },
      ],
    },
  },
  'D.7 file -> inlineData application/pdf (Gemini)': {
    to: gemini,
    members: {
      messages: [
        {
          role: 'user',
          content: [{ type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,JVBERi0' } }],
        },
      ],
    },
    body: { contents: [{ parts: [{ inlineData: { mimeType: 'application/pdf', data: 'JVBERi0' } }] }] },
  },
  'D.7 service_tier priority -> auto (Anthropic)': {
    to: anthropic,
    members: { service_tier: 'priority' },
    body: { service_tier: 'auto' },
  },
  'D.7 service_tier flex -> flex (Gemini)': {
    to: gemini,
    members: { service_tier: 'flex' },
    body: { serviceTier: 'flex' },
  },
}

test.each(Object.entries(requests))('%s', (_fact, { to, model, members, body, absent = [], warned = [] }) => {
  const carried = carry(to, members, model)
  if (body !== undefined) expect(carried.body).toMatchObject(body)
  for (const member of absent) expect(carried.body).not.toHaveProperty(member)
  expect(carried.warned.toSorted()).toEqual(warned.toSorted())
})

test('D.4 tool ids match ^[a-zA-Z0-9_-]+$, alike in call and result', () => {
  const { body } = carry(anthropic, { messages: [hello, called('call:1/ä'), result('call:1/ä')] })
  const [, assistant, user] = body['messages'] as { content: { id: string; tool_use_id: string }[] }[]
  expect(assistant?.content[0]?.id).toMatch(/^[a-zA-Z0-9_-]+$/)
  expect(user?.content[0]?.tool_use_id).toBe(assistant?.content[0]?.id)
})

test('D.5 a foreign call to Gemini 3: the dummy signature, on the first of parallel calls only', () => {
  const tool_calls = ['a', 'b'].map((id) => ({ id, type: 'function', function: { name: 'weather', arguments: '' } }))
  const messages = [hello, { role: 'assistant', content: null, tool_calls }, result('a'), result('b')]
  const { body } = carry(gemini, { messages }, 'gemini-3-pro-preview')
  const [, turn] = body['contents'] as { parts: JsonObject[] }[]
  expect(turn?.parts.map((part) => part['thoughtSignature'])).toEqual(['skip_thought_signature_validator', undefined])
})

test('D.4 at most 4 cache breakpoints', () => {
  const part = { type: 'text', text: 'long', cache_control: { type: 'ephemeral' } }
  const { body, warned } = carry(anthropic, {
    messages: [{ role: 'user', content: Array.from({ length: 6 }, () => part) }],
  })
  expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(4)
  expect(warned).toEqual(['cache_control'])
})

test('D.4 n above 1 is refused: it would change the shape of the answer', () => {
  expect(() => carry(anthropic, { n: 2 })).toThrow(/one answer per call/)
})

const maxOutputs: [model: string, tokens: number][] = [
  ['claude-opus-5-5', 128_000],
  ['claude-haiku-5-5', 128_000],
  ['claude-opus-4-5', 64_000],
  ['claude-opus-4-1-20250805', 32_000],
  ['claude-opus-4-20250514', 32_000],
]

test.each(maxOutputs)('D.4 max output of %s is %i', (model, tokens) => {
  expect(carry(anthropic, {}, model).body['max_tokens']).toBe(tokens)
})

const modelRules: [rule: string, models: string[], broken: (model: string) => boolean][] = [
  [
    'sampling is rejected',
    'opus-4-7 opus-4-8 opus-5 opus-5-5 sonnet-5 sonnet-5-5 haiku-5-5 fable-5 fable-5-1'.split(' '),
    (model) => 'temperature' in carry(anthropic, { temperature: 0.5 }, model).body,
  ],
  [
    'budget-style thinking is rejected',
    'sonnet-5-5 opus-5-5 haiku-5-5 fable-5 fable-5-2'.split(' '),
    (model) => JSON.stringify(carry(anthropic, { reasoning: { max_tokens: 2000 } }, model)).includes('"enabled"'),
  ],
  [
    'thinking cannot be disabled',
    'sonnet-5-5 opus-5-5 fable-5 fable-5-1'.split(' '),
    (model) => 'thinking' in carry(anthropic, { reasoning_effort: 'none' }, model).body,
  ],
  [
    'forced tool_choice is rejected',
    'sonnet-5-5 opus-5-5 fable-5-1 fable-5-2'.split(' '),
    (model) => {
      const forced = { tools: [weather], tool_choice: 'required' }
      return JSON.stringify(carry(anthropic, forced, model).body['tool_choice']) !== '{"type":"auto"}'
    },
  ],
]

test.each(modelRules)('D.4 %s by the models of the list', (_rule, models, broken) => {
  expect(models.filter((model) => broken(`claude-${model}`))).toEqual([])
})

// --- Finish reasons.

const finishes: [dialect: DialectId, raw: string, word: string][] = [
  [openai, 'stop', 'stop'],
  [openai, 'length', 'length'],
  [openai, 'tool_calls', 'tool_calls'],
  [openai, 'content_filter', 'content_filter'],
  [openai, 'function_call', 'tool_calls'],
  [anthropic, 'end_turn', 'stop'],
  [anthropic, 'stop_sequence', 'stop'],
  [anthropic, 'pause_turn', 'stop'],
  [anthropic, 'max_tokens', 'length'],
  [anthropic, 'model_context_window_exceeded', 'length'],
  [anthropic, 'tool_use', 'tool_calls'],
  [anthropic, 'refusal', 'content_filter'],
  [gemini, 'STOP', 'stop'],
  [gemini, 'MAX_TOKENS', 'length'],
  [gemini, 'SAFETY', 'content_filter'],
  [gemini, 'RECITATION', 'content_filter'],
  [gemini, 'BLOCKLIST', 'content_filter'],
  [gemini, 'PROHIBITED_CONTENT', 'content_filter'],
  [gemini, 'SPII', 'content_filter'],
  [gemini, 'IMAGE_SAFETY', 'content_filter'],
]

const answers: Record<string, (raw: string) => JsonObject> = {
  [openai]: (raw) => completion({ content: 'Hi' }, raw),
  [anthropic]: (raw) => message(raw),
  [gemini]: (raw) => candidate([{ text: 'Hi' }], raw),
}

test.each(finishes)('D.1/4/5/7 %s %s -> %s', (dialect, raw, word) => {
  const body = answers[dialect]?.(raw) ?? {}
  expect(whole(dialect, body)).toMatchObject({ choices: [{ finish_reason: word }] })
  // "other" is told as stop too, and means something else.
  expect(finishOf(dialect, body)).toEqual({ unified: word.replace('_', '-'), raw })
})

function finishOf(dialect: DialectId, body: Json): FinishReason | undefined {
  const events: ChatEvent[] = []
  chatOf(dialect).decodeWhole(body, (event) => events.push(event))
  return events.find((event) => event.type === 'finish')?.reason
}

test.each(['MALFORMED_FUNCTION_CALL', 'UNEXPECTED_TOOL_CALL', 'TOO_MANY_TOOL_CALLS', 'MALFORMED_RESPONSE'])(
  'D.5 %s -> error',
  (raw) => expect(finishOf(gemini, candidate([], raw))).toEqual({ unified: 'error', raw }),
)

test.each(['LANGUAGE', 'OTHER', 'CONTINUATION', 'NO_IMAGE'])('D.5 %s ends the answer without failing it', (raw) => {
  const chunks = streamed(gemini, [candidate([{ text: 'Hi' }], raw)])
  expect(summary(chunks)).toMatchObject({ text: 'Hi', finish: 'stop' })
  expect(chunks.at(-1)).toBe('[DONE]')
})

// --- Answers.

interface Answered {
  from: DialectId
  /** One body, or the events of a stream. */
  body: JsonObject | (JsonObject | string)[]
  text?: string
  finish?: string
  usage?: JsonObject
  error?: JsonObject
  calls?: JsonObject[]
}

const words = (text: string): JsonObject[] => block(0, { type: 'text', text: '' }, { type: 'text_delta', text })
const fragment = (partial: string): JsonObject => ({ type: 'input_json_delta', partial_json: partial })
const toolUse: JsonObject = { type: 'tool_use', id: 'toolu_1', name: 'weather', input: {} }
const piece = (index: number | undefined, more: JsonObject): JsonObject => ({
  tool_calls: [{ ...(index === undefined ? {} : { index }), ...more }],
})

const replies: Record<string, Answered> = {
  'D.1 tool call pieces: only index, then fragments': {
    from: openai,
    body: [
      chunk({ role: 'assistant', content: null }),
      chunk(piece(0, { id: 'c1', type: 'function', function: { name: 'weather', arguments: '' } })),
      chunk(piece(0, { function: { arguments: '{"a":' } })),
      chunk(piece(0, { function: { arguments: '1}' } })),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ],
    finish: 'tool_calls',
    calls: [{ id: 'c1', name: 'weather', arguments: '{"a":1}' }],
  },
  'D.1 the last chunk has usage and no choices, earlier ones usage: null': {
    from: openai,
    body: [
      chunk({ content: 'Hi' }, null, { usage: null }),
      chunk({}, 'stop', { usage: null }),
      { ...chunk({}), choices: [], usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 } },
      '[DONE]',
    ],
    text: 'Hi',
    finish: 'stop',
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  },
  'D.1 usage may be missing': { from: openai, body: [chunk({ content: 'Hi' }, 'stop'), '[DONE]'], text: 'Hi' },
  'D.1 cached is part of prompt, reasoning of completion': {
    from: openai,
    body: completion({ content: 'Hi' }, 'stop', {
      usage: {
        prompt_tokens: 100,
        completion_tokens: 50,
        total_tokens: 150,
        prompt_tokens_details: { cached_tokens: 80, cache_write_tokens: 10, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 40, accepted_prediction_tokens: 0 },
      },
    }),
    usage: {
      prompt_tokens: 100,
      completion_tokens: 50,
      total_tokens: 150,
      prompt_tokens_details: { cached_tokens: 80, cache_write_tokens: 10 },
      completion_tokens_details: { reasoning_tokens: 40 },
    },
  },
  'D.1 a real body of 2026-10: refusal null, annotations [], fingerprint null, no logprobs': {
    from: openai,
    body: {
      ...completion({ content: 'Hi', refusal: null, annotations: [] }, 'stop'),
      service_tier: 'default',
      system_fingerprint: null,
    },
    text: 'Hi',
    finish: 'stop',
  },
  'D.3 the first chunk has empty id and model and no choices': {
    from: openai,
    body: [
      { choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: [{}] },
      chunk({ content: 'Hi' }, 'stop', { usage: null }),
      '[DONE]',
    ],
    text: 'Hi',
    finish: 'stop',
  },
  'D.3 an error inside a 200 stream': {
    from: openai,
    body: [chunk({ content: 'Hi' }), { error: { code: 'content_filter', message: 'Filtered.', status: 400 } }],
    error: { message: 'Filtered.', code: 'content_filter' },
  },
  'D.4 input_tokens excludes cached ones: prompt_tokens is the sum of the three': {
    from: anthropic,
    body: message('end_turn', {
      usage: {
        input_tokens: 10,
        cache_creation_input_tokens: 200,
        cache_read_input_tokens: 3000,
        output_tokens: 50,
        output_tokens_details: { thinking_tokens: 30 },
        inference_geo: 'us',
        service_tier: 'standard',
      },
    }),
    usage: {
      prompt_tokens: 3210,
      completion_tokens: 50,
      total_tokens: 3260,
      prompt_tokens_details: { cached_tokens: 3000, cache_write_tokens: 200 },
      completion_tokens_details: { reasoning_tokens: 30 },
    },
  },
  'D.4 null keys: container, stop_details, diagnostics': {
    from: anthropic,
    body: message('end_turn', { container: null, stop_details: null, diagnostics: null, stop_sequence: null }),
    text: 'Hi',
    finish: 'stop',
  },
  'D.4 ping anywhere, no [DONE]': {
    from: anthropic,
    body: [
      { type: 'ping' },
      messageStart,
      { type: 'ping' },
      ...words('Hi').flatMap((event) => [event, { type: 'ping' }]),
      ...messageEnd('end_turn', { output_tokens: 5 }),
    ],
    text: 'Hi',
    finish: 'stop',
  },
  'D.4 partial_json "" of a tool without arguments is {}': {
    from: anthropic,
    body: [messageStart, ...block(0, toolUse, fragment('')), ...messageEnd('tool_use', { output_tokens: 5 })],
    finish: 'tool_calls',
    calls: [{ id: 'toolu_1', name: 'weather', arguments: '{}' }],
  },
  'D.4 partial_json fragments': {
    from: anthropic,
    body: [
      messageStart,
      ...block(0, toolUse, fragment(''), fragment('{"a"'), fragment(':1}')),
      ...messageEnd('tool_use', { output_tokens: 5 }),
    ],
    calls: [{ id: 'toolu_1', name: 'weather', arguments: '{"a":1}' }],
  },
  'D.4 message_delta may change input_tokens: the last that is not null counts': {
    from: anthropic,
    body: [
      messageStart,
      ...words('Hi'),
      ...messageEnd('end_turn', { input_tokens: 61, cache_read_input_tokens: null, output_tokens: 2 }),
    ],
    usage: { prompt_tokens: 61, completion_tokens: 2 },
  },
  'D.4 a refusal stream has no content block': {
    from: anthropic,
    body: [messageStart, { type: 'ping' }, ...messageEnd('refusal', { output_tokens: 0 })],
    text: '',
    finish: 'content_filter',
  },
  'D.4 an error event any time': {
    from: anthropic,
    body: [messageStart, ...words('Hi'), { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
    error: { message: 'Overloaded', code: 'overloaded' },
  },
  'D.5 STOP with a function call anywhere in the stream -> tool_calls': {
    from: gemini,
    body: [
      candidate([{ functionCall: { id: 'f1', name: 'weather', args: { a: 1 } } }]),
      candidate([{ text: '' }], 'STOP'),
    ],
    finish: 'tool_calls',
    calls: [{ id: 'f1', name: 'weather', arguments: '{"a":1}' }],
  },
  'D.5 functionCall.id is optional': {
    from: gemini,
    body: [candidate([{ functionCall: { name: 'weather' } }], 'STOP')],
    calls: [{ id: expect.stringMatching(/^call_/) as unknown as string, name: 'weather', arguments: '{}' }],
  },
  'D.5 a blocked prompt has no candidates': {
    from: gemini,
    body: { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 4 } },
    text: '',
    finish: 'content_filter',
  },
  'D.5 completion = candidates + thoughts (2 + 125 = 127), prompt includes cached': {
    from: gemini,
    body: candidate([{ text: 'Hi' }], 'STOP', {
      usageMetadata: {
        promptTokenCount: 20,
        cachedContentTokenCount: 15,
        candidatesTokenCount: 2,
        thoughtsTokenCount: 125,
        totalTokenCount: 147,
      },
    }),
    usage: {
      prompt_tokens: 20,
      completion_tokens: 127,
      total_tokens: 147,
      prompt_tokens_details: { cached_tokens: 15 },
      completion_tokens_details: { reasoning_tokens: 125 },
    },
  },
  'D.5 toolUsePromptTokenCount is extra': {
    from: gemini,
    body: candidate([{ text: 'Hi' }], 'STOP', {
      usageMetadata: { promptTokenCount: 20, toolUsePromptTokenCount: 30, candidatesTokenCount: 1 },
    }),
    usage: { prompt_tokens: 50, completion_tokens: 1 },
  },
  'D.5 usage is cumulative in each chunk: the last counts': {
    from: gemini,
    body: [
      candidate([{ text: 'H' }], undefined, { usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 1 } }),
      candidate([{ text: 'i' }], 'STOP', { usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 2 } }),
    ],
    text: 'Hi',
    usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
  },
  'D.5 streamed arguments whose terminal call is missing': {
    from: gemini,
    body: [
      candidate([{ functionCall: { id: 'f1', name: 'weather', willContinue: true } }]),
      candidate([
        {
          functionCall: {
            partialArgs: [{ jsonPath: '$.city', stringValue: 'Par', willContinue: true }],
            willContinue: true,
          },
        },
      ]),
      candidate([{ functionCall: { partialArgs: [{ jsonPath: '$.city', stringValue: 'is' }], willContinue: true } }]),
      candidate([], 'STOP'),
    ],
    calls: [{ id: 'f1', name: 'weather', arguments: '{"city":"Paris"}' }],
  },
  'D.6 xAI: completion_tokens excludes reasoning (12 + 1 + 290 = 303)': {
    from: openai,
    body: completion({ content: 'Hi' }, 'stop', {
      usage: {
        prompt_tokens: 12,
        completion_tokens: 1,
        total_tokens: 303,
        completion_tokens_details: { reasoning_tokens: 290 },
        cost_in_usd_ticks: 1_234_000,
      },
    }),
    usage: { completion_tokens: 291, total_tokens: 303, completion_tokens_details: { reasoning_tokens: 290 } },
  },
  'D.6 xAI: chunks without a finish_reason key until the end': {
    from: openai,
    body: [{ ...chunk({}), choices: [{ index: 0, delta: { content: 'Hi' } }] }, chunk({}, 'stop'), '[DONE]'],
    text: 'Hi',
    finish: 'stop',
  },
  'D.6 Mistral: tool calls without index and type, whole arguments in one chunk': {
    from: openai,
    body: [
      chunk(
        {
          tool_calls: [
            { id: 'aaaaaaaaa', function: { name: 'weather', arguments: '{"a":1}' } },
            { id: 'bbbbbbbbb', function: { name: 'weather', arguments: '{"a":2}' } },
          ],
        },
        'tool_calls',
      ),
      '[DONE]',
    ],
    calls: [
      { id: 'aaaaaaaaa', name: 'weather', arguments: '{"a":1}' },
      { id: 'bbbbbbbbb', name: 'weather', arguments: '{"a":2}' },
    ],
  },
  'D.6 Mistral: content is a list of chunks, thinking among them': {
    from: openai,
    body: completion(
      {
        content: [
          { type: 'thinking', thinking: [{ type: 'text', text: 'hm' }] },
          { type: 'text', text: 'Hi' },
        ],
      },
      'stop',
    ),
    text: 'Hi',
  },
  'D.6 Groq: usage in the finish chunk, plus x_groq': {
    from: openai,
    body: [
      chunk({ content: 'Hi' }),
      chunk({}, 'stop', { x_groq: { id: 'req', usage: { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 } } }),
      '[DONE]',
    ],
    text: 'Hi',
    usage: { prompt_tokens: 4, completion_tokens: 2 },
  },
  'D.6 DeepSeek: prompt_cache_hit_tokens': {
    from: openai,
    body: completion({ content: 'Hi', reasoning_content: 'hm' }, 'stop', {
      usage: { prompt_tokens: 10, completion_tokens: 2, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 2 },
    }),
    usage: { prompt_tokens: 10, prompt_tokens_details: { cached_tokens: 8 } },
  },
  'D.6 Alibaba: a later id "" does not overwrite the id': {
    from: openai,
    body: [
      chunk(piece(0, { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"a"' } })),
      chunk(piece(0, { id: '', type: 'function', function: { name: '', arguments: ':1}' } })),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ],
    calls: [{ id: 'c1', name: 'weather', arguments: '{"a":1}' }],
  },
  'D.6 Moonshot: no object key, usage in the finish chunk': {
    from: openai,
    body: [
      { id: 'c', model: 'kimi', choices: [{ index: 0, delta: { reasoning_content: 'hm' } }] },
      { id: 'c', model: 'kimi', choices: [{ index: 0, delta: { content: 'Hi' } }] },
      {
        id: 'c',
        model: 'kimi',
        choices: [{ index: 0, delta: {}, finish_reason: 'stop' }],
        usage: { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 },
      },
      '[DONE]',
    ],
    text: 'Hi',
    usage: { prompt_tokens: 4, completion_tokens: 2 },
  },
  'D.6 Perplexity: cumulative usage on every chunk, chat.completion.done': {
    from: openai,
    body: [
      chunk({ content: 'H' }, null, { usage: { prompt_tokens: 4, completion_tokens: 1, total_tokens: 5 } }),
      chunk({ content: 'i' }, null, { usage: { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 } }),
      {
        ...chunk({ content: '' }, 'stop', { usage: { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 } }),
        object: 'chat.completion.done',
      },
      '[DONE]',
    ],
    text: 'Hi',
    usage: { total_tokens: 6 },
  },
  'D.6 OpenRouter: a 200 with an error in the body': {
    from: openai,
    body: { error: { code: 402, message: 'Insufficient credits', metadata: { provider_name: 'X' } } },
    error: { message: 'Insufficient credits', status: 402 },
  },
  'D.6 OpenRouter: an error chunk in the middle, with finish_reason error': {
    from: openai,
    body: [
      chunk({ content: 'Hi' }),
      { ...chunk({ content: '' }, 'error'), error: { code: 502, message: 'Provider disconnected' } },
    ],
    error: { message: 'Provider disconnected' },
  },
  'D.6 vLLM: reasoning in `reasoning`, usage continuous': {
    from: openai,
    body: [
      chunk({ reasoning: 'hm' }, null, { usage: { prompt_tokens: 4, completion_tokens: 1, total_tokens: 5 } }),
      chunk({ content: 'Hi' }, 'stop', { usage: { prompt_tokens: 4, completion_tokens: 3, total_tokens: 7 } }),
      '[DONE]',
    ],
    text: 'Hi',
    usage: { completion_tokens: 3 },
  },
}

test.each(Object.entries(replies))('%s', (_fact, { from, body, text, finish, usage, error, calls: expected }) => {
  const isStream = Array.isArray(body)
  const chunks = isStream ? streamed(from, body) : [whole(from, body)]
  if (error !== undefined)
    expect(chunks).toContainEqual(expect.objectContaining({ error: expect.objectContaining(error) }))
  if (expected !== undefined) expect(calls(chunks)).toEqual(expected)
  const told = isStream ? summary(chunks) : summary(asChunks(chunks[0] as JsonObject))
  if (text !== undefined) expect(told.text).toBe(text)
  if (finish !== undefined) expect(told.finish).toBe(finish)
  if (usage !== undefined) expect(told.usage).toMatchObject(usage)
})

function asChunks({ choices, usage = null }: JsonObject): JsonObject[] {
  const list = (choices ?? []) as { message: JsonObject; finish_reason: string }[]
  return [{ choices: list.map(({ message: delta, finish_reason }) => ({ delta, finish_reason })), usage }]
}

test('D.1 our stream: role first, empty delta at the finish, usage null until the last chunk, [DONE]', () => {
  const chunks = streamed(anthropic, [messageStart, ...words('Hi'), ...messageEnd('end_turn', { output_tokens: 2 })])
  expect(chunks).toMatchObject([
    { choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }], usage: null },
    { choices: [{ delta: { content: 'Hi' }, finish_reason: null }], usage: null },
    { choices: [{ delta: {}, finish_reason: 'stop' }], usage: null },
    { choices: [], usage: { prompt_tokens: 43, completion_tokens: 2 } },
    '[DONE]',
  ])
})

test('D.1 our tool calls: id, type and name once, then fragments of the same index', () => {
  const chunks = streamed(anthropic, [
    messageStart,
    ...block(0, toolUse, fragment('{"a"'), fragment(':1}')),
    ...messageEnd('tool_use', { output_tokens: 5 }),
  ])
  const deltas = (chunks as unknown as Chunk[]).flatMap((each) => each.choices ?? []).map(({ delta }) => delta)
  expect(deltas.filter((delta) => 'tool_calls' in delta)).toEqual([
    { tool_calls: [{ index: 0, id: 'toolu_1', type: 'function', function: { name: 'weather', arguments: '' } }] },
    { tool_calls: [{ index: 0, function: { arguments: '{"a"' } }] },
    { tool_calls: [{ index: 0, function: { arguments: ':1}' } }] },
  ])
})

test('D.4 thinking and its signature go back byte-exact to where they came from, and nowhere else', () => {
  const signed: JsonObject = { type: 'thinking', thinking: 'hm', signature: 'EqQB+/==' }
  const answer = whole(anthropic, message('tool_use', { content: [signed, { ...toolUse, input: { a: 1 } }] }))
  const history = (answer['choices'] as JsonObject[])[0]?.['message'] as JsonObject
  const messages = [hello, history, result('toolu_1')]
  expect(carry(anthropic, { messages }, 'asked').body).toMatchObject({ messages: [{}, { content: [signed, {}] }, {}] })
  expect(JSON.stringify(carry(anthropic, { messages }, 'another').body)).not.toContain('EqQB')
  expect(JSON.stringify(carry(openai, { messages }, 'another').body)).not.toContain('EqQB')
})

test('D.5 thoughtSignature: to the client in extra_content.google, and back exactly', () => {
  const call = { functionCall: { id: 'f1', name: 'weather', args: {} }, thoughtSignature: 'CoQB+/==' }
  const answer = whole(gemini, candidate([{ text: 'hm', thought: true }, call], 'STOP'))
  expect(answer).toMatchObject({
    choices: [
      {
        message: {
          reasoning_content: 'hm',
          tool_calls: [{ id: 'f1', extra_content: { google: { thought_signature: 'CoQB+/==' } } }],
        },
      },
    ],
  })
  const history = (answer['choices'] as JsonObject[])[0]?.['message'] as JsonObject
  const { body } = carry(gemini, { messages: [hello, history, result('f1')] }, 'asked')
  expect(body).toMatchObject({ contents: [{}, { parts: [call] }, {}] })
})

test('D.7 a refusal: OpenAI’s message.refusal, not its content', () => {
  const details = { type: 'refusal', category: 'cyber', explanation: 'I may not.' }
  const refused = message('refusal', { content: [], stop_details: details })
  expect(whole(anthropic, refused)).toMatchObject({
    choices: [{ message: { content: null, refusal: 'I may not.' }, finish_reason: 'content_filter' }],
  })
  expect(whole(openai, completion({ refusal: 'I may not.' }, 'stop'))).toMatchObject({
    choices: [{ message: { content: null, refusal: 'I may not.' }, finish_reason: 'stop' }],
  })
})

// --- Errors of providers.

interface Told {
  from: DialectId
  code: number
  body: unknown
  headers?: Record<string, string>
  error: Partial<UpstreamError>
}

const openaiError = (more: JsonObject): JsonObject => ({
  error: { message: 'm', type: 'invalid_request_error', param: null, code: null, ...more },
})
const anthropicError = (type: string, more: JsonObject = {}): JsonObject => ({
  type: 'error',
  error: { type, message: 'm', ...more },
  request_id: 'req_1',
})
const google = (statusWord: string, code: number, details: JsonObject[] = []): JsonObject => ({
  error: { code, message: 'm', status: statusWord, details },
})

const errors: Record<string, Told> = {
  'D.1 unsupported_parameter keeps param and code': {
    from: openai,
    code: 400,
    body: openaiError({ param: 'max_tokens', code: 'unsupported_parameter' }),
    error: { status: 400, param: 'max_tokens', code: 'unsupported_parameter', retryable: false, fallback: false },
  },
  'D.1 429 insufficient_quota: not again': {
    from: openai,
    code: 429,
    body: openaiError({ type: 'insufficient_quota', code: 'insufficient_quota' }),
    error: { status: 429, code: 'insufficient_quota', retryable: false },
  },
  'D.1 429 rate_limit_exceeded: again': {
    from: openai,
    code: 429,
    body: openaiError({ type: 'requests', code: 'rate_limit_exceeded' }),
    error: { retryable: true },
  },
  'D.1 503 overloaded: again': {
    from: openai,
    code: 503,
    body: openaiError({ type: 'server_error', code: 'overloaded' }),
    error: { retryable: true, fallback: true },
  },
  'D.1 x-should-retry: false is obeyed': {
    from: openai,
    code: 500,
    body: openaiError({}),
    headers: { 'x-should-retry': 'false' },
    error: { retryable: false },
  },
  'D.1 x-should-retry: true is obeyed': {
    from: openai,
    code: 400,
    body: openaiError({}),
    headers: { 'x-should-retry': 'true' },
    error: { retryable: true },
  },
  'D.1 retry-after as an HTTP date': {
    from: openai,
    code: 429,
    body: openaiError({}),
    headers: { 'retry-after': 'Tue, 24 Nov 2026 08:00:09 GMT', date: 'Tue, 24 Nov 2026 08:00:00 GMT' },
    error: { retryAfterMs: 9000 },
  },
  'D.3 retry-after-ms beside retry-after: the exact one': {
    from: openai,
    code: 429,
    body: openaiError({ code: 'rate_limit_exceeded' }),
    headers: { 'retry-after-ms': '1250', 'retry-after': '2' },
    error: { retryAfterMs: 1250 },
  },
  'D.3 content filter of the prompt': {
    from: openai,
    code: 400,
    body: {
      error: {
        message: 'Filtered.',
        code: 'content_filter',
        status: 400,
        innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: { hate: { filtered: true } } },
      },
    },
    error: { status: 400, code: 'content_filter', message: 'Filtered.', retryable: false },
  },
  'D.4 529 -> 503': {
    from: anthropic,
    code: 529,
    body: anthropicError('overloaded_error'),
    error: { status: 503, retryable: true, fallback: true },
  },
  'D.4 invalid_request_error 400': {
    from: anthropic,
    code: 400,
    body: anthropicError('invalid_request_error'),
    error: { status: 400, type: 'invalid_request_error', retryable: false, fallback: false },
  },
  'D.4 authentication_error 401': {
    from: anthropic,
    code: 401,
    body: anthropicError('authentication_error'),
    error: { status: 401, code: 'invalid_api_key', retryable: false },
  },
  'D.4 billing_error 402': {
    from: anthropic,
    code: 402,
    body: anthropicError('billing_error'),
    error: { status: 402, code: 'insufficient_quota', retryable: false },
  },
  'D.4 permission_error 403': {
    from: anthropic,
    code: 403,
    body: anthropicError('permission_error'),
    error: { status: 403, retryable: false, fallback: false },
  },
  'D.4 not_found_error 404': {
    from: anthropic,
    code: 404,
    body: anthropicError('not_found_error'),
    error: { status: 404, code: 'model_not_found', retryable: false, fallback: false },
  },
  'D.4 conflict_error 409': {
    from: anthropic,
    code: 409,
    body: anthropicError('conflict_error'),
    error: { status: 409, retryable: true },
  },
  'D.4 request_too_large 413': {
    from: anthropic,
    code: 413,
    body: anthropicError('request_too_large'),
    error: { status: 413, retryable: false },
  },
  'D.4 rate_limit_error 429, retry-after in seconds': {
    from: anthropic,
    code: 429,
    body: anthropicError('rate_limit_error'),
    headers: { 'retry-after': '7' },
    error: { status: 429, code: 'rate_limit_exceeded', retryable: true, retryAfterMs: 7000 },
  },
  'D.4 429 enforced_spend_limit_reached: not again': {
    from: anthropic,
    code: 429,
    body: anthropicError('rate_limit_error', { details: { error_code: 'enforced_spend_limit_reached' } }),
    error: { status: 429, retryable: false },
  },
  'D.4 api_error 500': {
    from: anthropic,
    code: 500,
    body: anthropicError('api_error'),
    error: { status: 500, type: 'server_error', retryable: true },
  },
  'D.4 the recorded 400, its keys in another order': {
    from: anthropic,
    code: 400,
    body: {
      error: { message: "This model does not support effort level 'xhigh'.", type: 'invalid_request_error' },
      request_id: 'req_1',
      type: 'error',
    },
    error: { status: 400, message: "This model does not support effort level 'xhigh'." },
  },
  'D.5 429 with RetryInfo and no Retry-After': {
    from: gemini,
    code: 429,
    body: google('RESOURCE_EXHAUSTED', 429, [
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' },
    ]),
    error: { status: 429, retryable: true, retryAfterMs: 34_400 },
  },
  'D.5 stream errors come as a JSON array': {
    from: gemini,
    code: 503,
    body: [google('UNAVAILABLE', 503)],
    error: { status: 503, message: 'm', retryable: true },
  },
  'D.6 Groq: tool_use_failed': {
    from: openai,
    code: 400,
    body: openaiError({ code: 'tool_use_failed', failed_generation: '<x>' }),
    error: { status: 400, code: 'tool_use_failed', retryable: false },
  },
  'D.6 Groq: 498 is flex capacity': { from: openai, code: 498, body: openaiError({}), error: { retryable: true } },
  'D.6 Cohere: { id, message }': {
    from: openai,
    code: 400,
    body: { id: 'x', message: 'bad model' },
    error: { message: 'bad model', retryable: false },
  },
  'D.6 OpenRouter: numeric code, the upstream’s words in metadata.raw': {
    from: openai,
    code: 429,
    body: {
      error: {
        code: 429,
        message: 'Provider returned error',
        metadata: { raw: 'slow down please', provider_name: 'X' },
      },
    },
    headers: { 'retry-after': '3' },
    error: { message: 'Provider returned error: slow down please', retryable: true, retryAfterMs: 3000 },
  },
  'D.6 Voyage: { detail }': {
    from: 'openai-embeddings',
    code: 400,
    body: { detail: 'too many texts' },
    error: { message: 'too many texts' },
  },
  'D.7 context length, by code (OpenAI): another target': {
    from: openai,
    code: 400,
    body: openaiError({ code: 'context_length_exceeded' }),
    error: { code: 'context_length_exceeded', retryable: false, fallback: true },
  },
  'D.7 "prompt is too long" (Anthropic): another target': {
    from: anthropic,
    code: 400,
    body: anthropicError('invalid_request_error', { message: 'prompt is too long: 210000 tokens > 200000 maximum' }),
    error: { code: 'context_length_exceeded', retryable: false, fallback: true },
  },
  'D.7 "input token count … exceeds" (Gemini): another target': {
    from: gemini,
    code: 400,
    body: {
      error: { code: 400, message: 'The input token count (9) exceeds the maximum (8).', status: 'INVALID_ARGUMENT' },
    },
    error: { code: 'context_length_exceeded', retryable: false, fallback: true },
  },
}

test.each(Object.entries(errors))('%s', (_fact, { from, code, body, headers, error }) => {
  expect(failure(from, code, body, headers)).toMatchObject(error)
})

test.each([
  ['INVALID_ARGUMENT', 400],
  ['FAILED_PRECONDITION', 400],
  ['UNAUTHENTICATED', 401],
  ['PERMISSION_DENIED', 403],
  ['NOT_FOUND', 404],
  ['ABORTED', 409],
  ['RESOURCE_EXHAUSTED', 429],
  ['CANCELLED', 499],
  ['INTERNAL', 500],
  ['UNAVAILABLE', 503],
  ['DEADLINE_EXCEEDED', 504],
])('D.5 %s inside a 200 means %i', (word, code) => {
  expect(whole(gemini, google(word, 0))).toMatchObject({ error: { status: code } })
})

// --- Through the whole gateway.

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Reply {
  status: number
  headers: Record<string, unknown>
  body: string
}

interface Scene {
  upstream: Upstream
  ask: (members?: JsonObject, path?: string) => Promise<Reply>
  /** The last request as it arrived. */
  sent: () => RecordedRequest
}

async function open(provider: JsonObject & { name: string; base?: string }, ...plays: Play[]): Promise<Scene> {
  const upstream = await startUpstream()
  const { base = '/v1', ...config } = provider
  const providers = [{ apiKey: 'sk-x', baseUrl: upstream.url + base, maxRetries: 0, ...config }]
  const gateway = await createTestGateway({ providers })
  closing.push(
    () => upstream.close(),
    () => gateway.close(),
  )
  upstream.script(...plays)
  return {
    upstream,
    ask: async (members = {}, url = '/v1/chat/completions') => {
      const payload = { model: 'gpt-4o', messages: [hello], ...members }
      const reply = await gateway.fastify.inject({ method: 'POST', url, payload })
      return { status: reply.statusCode, headers: reply.headers, body: reply.body }
    },
    sent: () => upstream.requests.at(-1) as RecordedRequest,
  }
}

const sse = (...events: (JsonObject | string)[]): string =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('')

describe('through the gateway', () => {
  test('D.1 what is new or unknown passes through untouched', async () => {
    const { ask, sent } = await open({ name: 'openai' })
    const members = {
      reasoning_effort: 'xhigh',
      verbosity: 'low',
      service_tier: 'fast',
      prompt_cache_key: 'k',
      prompt_cache_options: { ttl: '30m', mode: 'explicit' },
      safety_identifier: 'u',
      moderation: { model: 'x' },
      top_logprobs: 20,
      n: 1,
      max_tokens: 5,
      messages: [
        { role: 'developer', content: 'Be kind.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi', prompt_cache_breakpoint: true }] },
      ],
    }
    expect((await ask(members)).status).toBe(200)
    expect(sent().body).toEqual({ model: 'gpt-4o', ...members })
  })

  test('D.1 include_usage is forced upstream, its chunk hidden from a client that did not ask', async () => {
    const { ask, sent } = await open({ name: 'openai' })
    const { body } = await ask({ stream: true, stream_options: { include_obfuscation: false } })
    expect(sent().body['stream_options']).toEqual({ include_obfuscation: false, include_usage: true })
    expect(body).not.toContain('"choices":[]')
    expect(body).not.toContain('prompt_tokens')
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  test('D.1 a client that asked gets the usage chunk', async () => {
    const { ask } = await open({ name: 'openai' })
    const { body } = await ask({ stream: true, stream_options: { include_usage: true } })
    expect(chunksOf(body).at(-2)).toMatchObject({ choices: [], usage: { prompt_tokens: 10 } })
  })

  test('D.1 all four keys of an error, the provider’s own', async () => {
    const words = { message: 'No such parameter.', type: 'invalid_request_error', param: 'max_tokens' }
    const body = { error: { ...words, code: 'unsupported_parameter' } }
    const { ask } = await open({ name: 'openai' }, status(400, { body }))
    expect(JSON.parse((await ask()).body)).toEqual(body)
  })

  test('D.1 all four keys of an error that is our own', async () => {
    const { ask } = await open({ name: 'openai', models: ['gpt-4o'] })
    const { error } = JSON.parse((await ask({ model: 'claude' })).body) as { error: object }
    expect(Object.keys(error).toSorted()).toEqual(['code', 'message', 'param', 'type'])
  })

  test('D.1 request id, organisation and rate-limit headers reach the client', async () => {
    const headers = {
      'x-request-id': 'req_1',
      'openai-processing-ms': '12',
      'openai-organization': 'org',
      'openai-version': '2020-10-01',
      'x-ratelimit-remaining-requests': '9',
      'x-ratelimit-reset-requests': '6m0s',
    }
    const { ask } = await open(
      { name: 'openai' },
      status(200, { body: completion({ content: 'Hi' }, 'stop'), headers }),
    )
    expect((await ask()).headers).toMatchObject(headers)
  })

  test('D.1 retry-after: 86400 does not send a client to sleep for a day', async () => {
    const { ask } = await open({ name: 'openai' }, status(429, { headers: { 'retry-after': '86400' } }))
    const { status: code, headers } = await ask()
    expect(code).toBe(429)
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60)
    expect(Number(headers['retry-after-ms'])).toBeLessThanOrEqual(60_000)
  })

  test('D.1 x-should-retry: false where an SDK would ask again in vain', async () => {
    const { ask } = await open(
      { name: 'openai' },
      status(429, { code: 'insufficient_quota', type: 'insufficient_quota' }),
    )
    const { status: code, headers } = await ask()
    expect(code).toBe(429)
    expect(headers['x-should-retry']).toBe('false')
  })

  test('D.1 an interrupted stream ends with an error in the client’s dialect', async () => {
    const { ask } = await open({ name: 'openai' }, endsEarly(3))
    const chunks = chunksOf((await ask({ stream: true })).body)
    expect(chunks.at(-2)).toMatchObject({ error: { code: 'stream_truncated', param: null } })
    expect(chunks.at(-1)).toBe('[DONE]')
  })

  test('D.1 legacy completions and embeddings go to their own paths', async () => {
    const { ask, sent } = await open({ name: 'openai' })
    await ask({ prompt: 'Hi' }, '/v1/completions')
    expect(sent().path).toBe('/v1/completions')
    await ask({ input: 'Hi' }, '/v1/embeddings')
    expect(sent().path).toBe('/v1/embeddings')
  })

  test('D.3 classic: deployment and api-version in the path, key in api-key alone', async () => {
    const azure = { name: 'azure', base: '', apiVersion: '2024-10-21', deployments: { 'gpt-4o': 'my dep' } }
    const { ask, sent } = await open(azure)
    expect((await ask()).status).toBe(200)
    expect(sent().path).toBe('/openai/deployments/my%20dep/chat/completions?api-version=2024-10-21')
    expect(sent().headers['api-key']).toBe('sk-x')
    expect(sent().headers['authorization']).toBeUndefined()
  })

  test.each(['', '/openai/v1', '/openai/v1/', '/openai'])(
    'D.3 v1 at "%s": no api-version, model = deployment',
    async (base) => {
      const { ask, sent } = await open({ name: 'azure', base, deployments: { 'gpt-4o': 'dep' } })
      await ask()
      expect(sent().path).toBe('/openai/v1/chat/completions')
      expect(sent().body['model']).toBe('dep')
    },
  )

  test('D.3 Entra: a Bearer token in place of the key', async () => {
    const entra = { name: 'azure', base: '', apiKey: undefined as never, headers: { authorization: 'Bearer entra' } }
    const { ask, sent } = await open(entra)
    expect((await ask()).status).toBe(200)
    expect(sent().headers['authorization']).toBe('Bearer entra')
    expect(sent().headers['api-key']).toBeUndefined()
  })

  test('D.3 a client never sees the first chunk whose id and model are empty', async () => {
    const { ask } = await open({ name: 'azure', base: '' })
    const [first] = chunksOf((await ask({ stream: true })).body)
    expect(first).toMatchObject({ id: 'chatcmpl-fake', model: 'gpt-4o', choices: [{ delta: { role: 'assistant' } }] })
  })

  test('D.3 extras of whole answers pass through', async () => {
    const body = completion({ content: 'Hi' }, 'stop', {
      routing: { serving_pipereplica: 'a' },
      prompt_filter_results: [{ jailbreak: { detected: false } }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, latency_checkpoint: { engine_ttft_ms: 3 } },
    })
    const { ask } = await open({ name: 'azure', base: '' }, status(200, { body }))
    expect(JSON.parse((await ask()).body)).toEqual(body)
  })

  test('D.3 an error as the first event of a 200 is an error status', async () => {
    const play = raw(sse({ error: { code: 'rate_limit_exceeded', message: 'Slow down.', status: 429 } }))
    const { ask } = await open({ name: 'azure', base: '' }, play)
    const { status: code, body } = await ask({ stream: true })
    expect(code).toBe(429)
    expect(JSON.parse(body)).toMatchObject({ error: { message: 'Slow down.' } })
  })

  test('D.4 version pinned to 2023-06-01, key in x-api-key', async () => {
    const { ask, sent } = await open({ name: 'anthropic', base: '' })
    expect((await ask({ model: 'claude-sonnet-4-5', temperature: 0.3 })).status).toBe(200)
    expect(sent().path).toBe('/v1/messages')
    expect(sent().headers).toMatchObject({ 'anthropic-version': '2023-06-01', 'x-api-key': 'sk-x' })
    expect(sent().headers['authorization']).toBeUndefined()
    expect(sent().body['temperature']).toBe(0.3)
  })

  test('D.4 529 reaches an OpenAI client as 503', async () => {
    const { ask } = await open({ name: 'anthropic', base: '' }, status(529))
    const { status: code, body } = await ask({ model: 'claude-sonnet-4-5' })
    expect(code).toBe(503)
    expect(JSON.parse(body)).toMatchObject({ error: { type: 'server_error', param: null } })
  })

  test('D.4 retry-after: 86400 of Anthropic is capped too', async () => {
    const { ask } = await open({ name: 'anthropic', base: '' }, status(429, { headers: { 'retry-after': '86400' } }))
    expect(Number((await ask({ model: 'claude-sonnet-4-5' })).headers['retry-after'])).toBeLessThanOrEqual(60)
  })

  test('D.5 the key goes in x-goog-api-key, never in the query; streams ask for SSE', async () => {
    const { ask, sent } = await open({ name: 'google', base: '/v1beta' })
    await ask({ model: 'gemini-2.5-flash' })
    expect(sent().path).toBe('/v1beta/models/gemini-2.5-flash:generateContent')
    expect(sent().headers['x-goog-api-key']).toBe('sk-x')
    await ask({ model: 'gemini-2.5-flash', stream: true })
    expect(sent().path).toBe('/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse')
  })

  test('D.5 a stream that comes as a JSON array is read all the same', async () => {
    const array = JSON.stringify([candidate([{ text: 'H' }]), candidate([{ text: 'i' }], 'STOP')])
    const { ask } = await open({ name: 'google', base: '/v1beta' }, raw(array, { contentType: 'application/json' }))
    const { body } = await ask({ model: 'gemini-2.5-flash', stream: true })
    expect(summary(chunksOf(body))).toMatchObject({ text: 'Hi', finish: 'stop' })
  })

  test('D.5 RetryInfo becomes retry-after', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }]
    const play = status(429, { body: google('RESOURCE_EXHAUSTED', 429, details) })
    const { ask } = await open({ name: 'google', base: '/v1beta' }, play)
    expect((await ask({ model: 'gemini-2.5-flash' })).headers).toMatchObject({
      'retry-after': '35',
      'retry-after-ms': '34400',
    })
  })

  test.each([[false], [true]])('D.5 MALFORMED_FUNCTION_CALL alone is a failure (stream %s)', async (stream) => {
    const body = candidate([], 'MALFORMED_FUNCTION_CALL')
    const play = stream ? raw(sse(body)) : status(200, { body })
    const { ask } = await open({ name: 'google', base: '/v1beta' }, play)
    expect((await ask({ model: 'gemini-2.5-flash', stream })).status).toBe(502)
  })

  test('D.1 developer -> system for upstreams that are not OpenAI', async () => {
    const { ask, sent } = await open({ name: 'groq', base: '/openai/v1' })
    await ask({ messages: [{ role: 'developer', content: 'Be kind.' }, hello] })
    expect(sent().body['messages']).toEqual([{ role: 'system', content: 'Be kind.' }, hello])
  })

  test('D.1 servers that know only max_tokens get that', async () => {
    const { ask, sent } = await open({ name: 'deepseek', base: '' })
    await ask({ max_completion_tokens: 9 })
    expect(sent().body).toMatchObject({ max_tokens: 9 })
    expect(sent().body).not.toHaveProperty('max_completion_tokens')
  })

  test('D.6 Mistral: ids of 9 letters and digits, no stream_options', async () => {
    const { ask, sent } = await open({ name: 'mistral' })
    await ask({ stream: true, messages: [hello, called('call_with_a_long_id'), result('call_with_a_long_id')] })
    const [, assistant, tool] = sent().body['messages'] as { tool_calls: { id: string }[]; tool_call_id: string }[]
    expect(tool?.tool_call_id).toMatch(/^[a-zA-Z0-9]{9}$/)
    expect(assistant?.tool_calls[0]?.id).toBe(tool?.tool_call_id)
    expect(sent().body).not.toHaveProperty('stream_options')
  })

  test('D.6 Groq: the finish chunk that has the usage is not hidden with it', async () => {
    const usage = { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 }
    const play = raw(sse(chunk({ content: 'Hi' }), chunk({}, 'stop', { x_groq: { usage }, usage }), '[DONE]'))
    const { ask } = await open({ name: 'groq', base: '/openai/v1' }, play)
    expect(summary(chunksOf((await ask({ stream: true })).body)).finish).toBe('stop')
  })

  test('D.6 OpenRouter: comments before and between are no events', async () => {
    const comment = ': OPENROUTER PROCESSING\n\n'
    const play = raw(comment + sse(chunk({ content: 'Hi' })) + comment + sse(chunk({}, 'stop'), '[DONE]'))
    const { ask } = await open({ name: 'openrouter', base: '/api/v1' }, play)
    const { status: code, body } = await ask({ stream: true })
    expect(code).toBe(200)
    expect(body).toContain('"content":"Hi"')
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  test('D.6 vLLM: nothing of ours that it does not know', async () => {
    const { ask, sent } = await open({ name: 'vllm' })
    await ask({ 'x-gateway': { cache: false } })
    expect(sent().body).toEqual({ model: 'gpt-4o', messages: [hello] })
  })

  test('D.7 Gemini fetches no https image: the gateway does, and not from private addresses', async () => {
    const { ask, upstream } = await open({ name: 'google', base: '/v1beta' })
    const image = { type: 'image_url', image_url: { url: 'https://169.254.169.254/latest/meta-data' } }
    const reply = await ask({ model: 'gemini-2.5-flash', messages: [{ role: 'user', content: [image] }] })
    expect(reply.status).toBe(400)
    expect(JSON.parse(reply.body)).toMatchObject({ error: { message: expect.stringContaining('private address') } })
    expect(upstream.requests).toHaveLength(0)
  })
})

describe('D.7 which errors lead to another target', () => {
  async function fallsBack(play: Play, stream = false): Promise<boolean> {
    const [first, second] = [await startUpstream(), await startUpstream()]
    const common = { type: 'openai', apiKey: 'sk-x', maxRetries: 0, models: ['gpt-4o'] }
    const gateway = await createTestGateway({
      providers: [
        { ...common, name: 'first', baseUrl: `${first.url}/v1` },
        { ...common, name: 'second', baseUrl: `${second.url}/v1` },
      ],
      routing: { fallbackChain: ['first', 'second'] },
    })
    closing.push(
      () => first.close(),
      () => second.close(),
      () => gateway.close(),
    )
    first.script(play)
    second.script(text('From the second.'))
    const payload = { model: 'gpt-4o', messages: [hello], stream }
    const reply = await gateway.fastify.inject({ method: 'POST', url: '/v1/chat/completions', payload })
    expect(second.requests).toHaveLength(reply.statusCode === 200 ? 1 : 0)
    return reply.headers['x-gateway-provider'] === 'second'
  }

  const tooLong = { message: 'Too long.', type: 'invalid_request_error', code: 'context_length_exceeded' }

  test.each<[what: string, play: Play, isFallback: boolean]>([
    ['408', status(408), true],
    ['425', status(425), true],
    ['429', status(429), true],
    ['500', status(500), true],
    ['503', status(503), true],
    ['529', status(529), true],
    ['network', (exchange) => exchange.sever('reset'), true],
    ['context length', status(400, { body: { error: tooLong } }), true],
    ['400', status(400), false],
    ['401', status(401), false],
    ['403', status(403), false],
    ['404', status(404), false],
    ['422', status(422), false],
  ])('%s: %s', async (_what, play, isFallback) => {
    expect(await fallsBack(play)).toBe(isFallback)
  })

  test.each([[false], [true]])('context length said inside a 200 (stream %s)', async (stream) => {
    const body = { error: tooLong }
    expect(await fallsBack(stream ? raw(sse(body)) : status(200, { body }), stream)).toBe(true)
  })
})

import { expect, test } from 'vitest'
import type { ChatEvent } from '../../../gateway/chat/event.ts'
import type { FinishReason } from '../../../gateway/chat/finish.ts'
import { type Json, type JsonObject } from '../../../gateway/chat/json.ts'
import type { DialectId } from '../../../gateway/dialects/dialect.ts'
import {
  openai,
  anthropic,
  gemini,
  chatOf,
  hello,
  carry,
  whole,
  streamed,
  type Chunk,
  summary,
  calls,
  chunk,
  completion,
  message,
  messageStart,
  messageEnd,
  block,
  candidate,
  result,
} from './wire.ts'

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

test.each(finishes)('%s %s -> %s', (dialect, raw, word) => {
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
  'Gemini: %s -> error',
  (raw) => expect(finishOf(gemini, candidate([], raw))).toEqual({ unified: 'error', raw }),
)

test.each(['LANGUAGE', 'OTHER', 'CONTINUATION', 'NO_IMAGE'])('Gemini: %s ends the answer without failing it', (raw) => {
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
  'OpenAI: tool call pieces: only index, then fragments': {
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
  'OpenAI: the last chunk has usage and no choices, earlier ones usage: null': {
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
  'OpenAI: usage may be missing': { from: openai, body: [chunk({ content: 'Hi' }, 'stop'), '[DONE]'], text: 'Hi' },
  'OpenAI: cached is part of prompt, reasoning of completion': {
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
  'OpenAI: a real body of 2026-10: refusal null, annotations [], fingerprint null, no logprobs': {
    from: openai,
    body: {
      ...completion({ content: 'Hi', refusal: null, annotations: [] }, 'stop'),
      service_tier: 'default',
      system_fingerprint: null,
    },
    text: 'Hi',
    finish: 'stop',
  },
  'Azure: the first chunk has empty id and model and no choices': {
    from: openai,
    body: [
      { choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: [{}] },
      chunk({ content: 'Hi' }, 'stop', { usage: null }),
      '[DONE]',
    ],
    text: 'Hi',
    finish: 'stop',
  },
  'Azure: an error inside a 200 stream': {
    from: openai,
    body: [chunk({ content: 'Hi' }), { error: { code: 'content_filter', message: 'Filtered.', status: 400 } }],
    error: { message: 'Filtered.', code: 'content_filter' },
  },
  'Anthropic: input_tokens excludes cached ones: prompt_tokens is the sum of the three': {
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
  'Anthropic: null keys: container, stop_details, diagnostics': {
    from: anthropic,
    body: message('end_turn', { container: null, stop_details: null, diagnostics: null, stop_sequence: null }),
    text: 'Hi',
    finish: 'stop',
  },
  'Anthropic: ping anywhere, no [DONE]': {
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
  'Anthropic: partial_json "" of a tool without arguments is {}': {
    from: anthropic,
    body: [messageStart, ...block(0, toolUse, fragment('')), ...messageEnd('tool_use', { output_tokens: 5 })],
    finish: 'tool_calls',
    calls: [{ id: 'toolu_1', name: 'weather', arguments: '{}' }],
  },
  'Anthropic: partial_json fragments': {
    from: anthropic,
    body: [
      messageStart,
      ...block(0, toolUse, fragment(''), fragment('{"a"'), fragment(':1}')),
      ...messageEnd('tool_use', { output_tokens: 5 }),
    ],
    calls: [{ id: 'toolu_1', name: 'weather', arguments: '{"a":1}' }],
  },
  'Anthropic: message_delta may change input_tokens: the last that is not null counts': {
    from: anthropic,
    body: [
      messageStart,
      ...words('Hi'),
      ...messageEnd('end_turn', { input_tokens: 61, cache_read_input_tokens: null, output_tokens: 2 }),
    ],
    usage: { prompt_tokens: 61, completion_tokens: 2 },
  },
  'Anthropic: a refusal stream has no content block': {
    from: anthropic,
    body: [messageStart, { type: 'ping' }, ...messageEnd('refusal', { output_tokens: 0 })],
    text: '',
    finish: 'content_filter',
  },
  'Anthropic: an error event any time': {
    from: anthropic,
    body: [messageStart, ...words('Hi'), { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }],
    error: { message: 'Overloaded', code: 'overloaded' },
  },
  'Gemini: STOP with a function call anywhere in the stream -> tool_calls': {
    from: gemini,
    body: [
      candidate([{ functionCall: { id: 'f1', name: 'weather', args: { a: 1 } } }]),
      candidate([{ text: '' }], 'STOP'),
    ],
    finish: 'tool_calls',
    calls: [{ id: 'f1', name: 'weather', arguments: '{"a":1}' }],
  },
  'Gemini: functionCall.id is optional': {
    from: gemini,
    body: [candidate([{ functionCall: { name: 'weather' } }], 'STOP')],
    calls: [{ id: expect.stringMatching(/^call_/) as unknown as string, name: 'weather', arguments: '{}' }],
  },
  'Gemini: a blocked prompt has no candidates': {
    from: gemini,
    body: { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' }, usageMetadata: { promptTokenCount: 4 } },
    text: '',
    finish: 'content_filter',
  },
  'Gemini: completion = candidates + thoughts (2 + 125 = 127), prompt includes cached': {
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
  'Gemini: toolUsePromptTokenCount is extra': {
    from: gemini,
    body: candidate([{ text: 'Hi' }], 'STOP', {
      usageMetadata: { promptTokenCount: 20, toolUsePromptTokenCount: 30, candidatesTokenCount: 1 },
    }),
    usage: { prompt_tokens: 50, completion_tokens: 1 },
  },
  'Gemini: usage is cumulative in each chunk: the last counts': {
    from: gemini,
    body: [
      candidate([{ text: 'H' }], undefined, { usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 1 } }),
      candidate([{ text: 'i' }], 'STOP', { usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 2 } }),
    ],
    text: 'Hi',
    usage: { prompt_tokens: 9, completion_tokens: 2, total_tokens: 11 },
  },
  'Gemini: streamed arguments whose terminal call is missing': {
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
  'xAI: completion_tokens excludes reasoning (12 + 1 + 290 = 303)': {
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
  'xAI: chunks without a finish_reason key until the end': {
    from: openai,
    body: [{ ...chunk({}), choices: [{ index: 0, delta: { content: 'Hi' } }] }, chunk({}, 'stop'), '[DONE]'],
    text: 'Hi',
    finish: 'stop',
  },
  'Mistral: tool calls without index and type, whole arguments in one chunk': {
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
  'Mistral: content is a list of chunks, thinking among them': {
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
  'Groq: usage in the finish chunk, plus x_groq': {
    from: openai,
    body: [
      chunk({ content: 'Hi' }),
      chunk({}, 'stop', { x_groq: { id: 'req', usage: { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 } } }),
      '[DONE]',
    ],
    text: 'Hi',
    usage: { prompt_tokens: 4, completion_tokens: 2 },
  },
  'DeepSeek: prompt_cache_hit_tokens': {
    from: openai,
    body: completion({ content: 'Hi', reasoning_content: 'hm' }, 'stop', {
      usage: { prompt_tokens: 10, completion_tokens: 2, prompt_cache_hit_tokens: 8, prompt_cache_miss_tokens: 2 },
    }),
    usage: { prompt_tokens: 10, prompt_tokens_details: { cached_tokens: 8 } },
  },
  'Alibaba: a later id "" does not overwrite the id': {
    from: openai,
    body: [
      chunk(piece(0, { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"a"' } })),
      chunk(piece(0, { id: '', type: 'function', function: { name: '', arguments: ':1}' } })),
      chunk({}, 'tool_calls'),
      '[DONE]',
    ],
    calls: [{ id: 'c1', name: 'weather', arguments: '{"a":1}' }],
  },
  'Moonshot: no object key, usage in the finish chunk': {
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
  'Perplexity: cumulative usage on every chunk, chat.completion.done': {
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
  'OpenRouter: a 200 with an error in the body': {
    from: openai,
    body: { error: { code: 402, message: 'Insufficient credits', metadata: { provider_name: 'X' } } },
    error: { message: 'Insufficient credits', status: 402 },
  },
  'OpenRouter: an error chunk in the middle, with finish_reason error': {
    from: openai,
    body: [
      chunk({ content: 'Hi' }),
      { ...chunk({ content: '' }, 'error'), error: { code: 502, message: 'Provider disconnected' } },
    ],
    error: { message: 'Provider disconnected' },
  },
  'vLLM: reasoning in `reasoning`, usage continuous': {
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

test('OpenAI: our stream: role first, empty delta at the finish, usage null until the last chunk, [DONE]', () => {
  const chunks = streamed(anthropic, [messageStart, ...words('Hi'), ...messageEnd('end_turn', { output_tokens: 2 })])
  expect(chunks).toMatchObject([
    { choices: [{ delta: { role: 'assistant', content: '' }, finish_reason: null }], usage: null },
    { choices: [{ delta: { content: 'Hi' }, finish_reason: null }], usage: null },
    { choices: [{ delta: {}, finish_reason: 'stop' }], usage: null },
    { choices: [], usage: { prompt_tokens: 43, completion_tokens: 2 } },
    '[DONE]',
  ])
})

test('OpenAI: our tool calls: id, type and name once, then fragments of the same index', () => {
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

test('Anthropic: thinking and its signature go back byte-exact to where they came from, and nowhere else', () => {
  const signed: JsonObject = { type: 'thinking', thinking: 'hm', signature: 'EqQB+/==' }
  const answer = whole(anthropic, message('tool_use', { content: [signed, { ...toolUse, input: { a: 1 } }] }))
  const history = (answer['choices'] as JsonObject[])[0]?.['message'] as JsonObject
  const messages = [hello, history, result('toolu_1')]
  expect(carry(anthropic, { messages }, 'asked').body).toMatchObject({ messages: [{}, { content: [signed, {}] }, {}] })
  expect(JSON.stringify(carry(anthropic, { messages }, 'another').body)).not.toContain('EqQB')
  expect(JSON.stringify(carry(openai, { messages }, 'another').body)).not.toContain('EqQB')
})

test('Gemini: thoughtSignature: to the client in extra_content.google, and back exactly', () => {
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

test('a refusal: OpenAI’s message.refusal, not its content', () => {
  const details = { type: 'refusal', category: 'cyber', explanation: 'I may not.' }
  const refused = message('refusal', { content: [], stop_details: details })
  expect(whole(anthropic, refused)).toMatchObject({
    choices: [{ message: { content: null, refusal: 'I may not.' }, finish_reason: 'content_filter' }],
  })
  expect(whole(openai, completion({ refusal: 'I may not.' }, 'stop'))).toMatchObject({
    choices: [{ message: { content: null, refusal: 'I may not.' }, finish_reason: 'stop' }],
  })
})

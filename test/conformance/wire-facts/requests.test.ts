import { expect, test } from 'vitest'
import { type JsonObject } from '../../../gateway/chat/json.ts'
import type { DialectId } from '../../../gateway/dialects/dialect.ts'
import { openai, anthropic, gemini, hello, carry, weather, called, result } from './wire.ts'

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
  'OpenAI: max_tokens -> max_completion_tokens: reasoning models refuse the old name': {
    to: openai,
    members: { max_tokens: 9 },
    body: { max_completion_tokens: 9 },
    absent: ['max_tokens'],
  },
  'OpenAI: a stream asks for usage': {
    to: openai,
    members: { stream: true },
    body: { stream: true, stream_options: { include_usage: true } },
  },
  'OpenAI: response_format json_schema.name: at most 64 of [a-zA-Z0-9_-]': {
    to: openai,
    members: { response_format: { type: 'json_schema', json_schema: { name: `a b.${'x'.repeat(80)}`, schema: {} } } },
    body: { response_format: { json_schema: { name: `a_b_${'x'.repeat(60)}` } } },
  },
  'OpenAI: assistant content is null beside tool_calls': {
    to: openai,
    members: { messages: [hello, called('c1'), result('c1')] },
    body: { messages: [{}, { content: null, tool_calls: [{ id: 'c1' }] }, { role: 'tool', content: 'sunny' }] },
  },
  'OpenAI: tool messages take text parts only: an image goes into a user message behind': {
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
  'OpenAI: reasoning_effort takes all seven words': {
    to: openai,
    members: { reasoning_effort: 'max' },
    body: { reasoning_effort: 'max' },
  },
  'Anthropic: max_tokens is required: the model’s most, where the client names none': {
    to: anthropic,
    model: 'claude-sonnet-4-5',
    members: {},
    body: { max_tokens: 64_000 },
  },
  'Anthropic: max_tokens 0 warms the cache': { to: anthropic, members: { max_tokens: 0 }, body: { max_tokens: 0 } },
  'Anthropic: system and developer messages go to the top': {
    to: anthropic,
    members: { messages: [{ role: 'system', content: 'A' }, hello, { role: 'developer', content: 'B' }] },
    body: { system: [{ text: 'A' }, { text: 'B' }], messages: [{ role: 'user' }] },
    warned: ['messages[2]'],
  },
  'Anthropic: consecutive turns of one role merge': {
    to: anthropic,
    members: { messages: [hello, { role: 'user', content: 'again' }] },
    body: { messages: [{ role: 'user', content: [{ text: 'Hi' }, { text: 'again' }] }] },
  },
  'Anthropic: the first turn is the user’s': {
    to: anthropic,
    members: { messages: [{ role: 'assistant', content: 'Yes?' }, hello] },
    body: { messages: [{ role: 'user' }, { role: 'assistant' }, { role: 'user' }] },
    warned: ['messages'],
  },
  'Anthropic: all tool_results in the next single user message, before text': {
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
  'Anthropic: tool_choice required -> any, with disable_parallel_tool_use = !parallel_tool_calls': {
    to: anthropic,
    members: { tools: [weather], tool_choice: 'required', parallel_tool_calls: false },
    body: { tool_choice: { type: 'any', disable_parallel_tool_use: true } },
  },
  'Anthropic: tool_choice none -> none': {
    to: anthropic,
    members: { tools: [weather], tool_choice: 'none' },
    body: { tool_choice: { type: 'none' } },
  },
  'Anthropic: tool_choice function -> tool': {
    to: anthropic,
    members: { tools: [weather], tool_choice: { type: 'function', function: { name: 'weather' } } },
    body: { tool_choice: { type: 'tool', name: 'weather' } },
  },
  'Anthropic: strict tools': {
    to: anthropic,
    members: { tools: [{ type: 'function', function: { ...weather.function, strict: true } }] },
    body: { tools: [{ name: 'weather', strict: true }] },
  },
  'Anthropic: stop_sequences: no empty or white-space ones': {
    to: anthropic,
    members: { stop: ['END', ' \n', ''] },
    body: { stop_sequences: ['END'] },
    warned: ['stop'],
  },
  'Anthropic: temperature 0 to 1: clamped': {
    to: anthropic,
    members: { temperature: 1.6 },
    body: { temperature: 1 },
    warned: ['temperature'],
  },
  'Anthropic: temperature and top_p exclude each other': {
    to: anthropic,
    members: { temperature: 0.5, top_p: 0.9 },
    body: { temperature: 0.5 },
    absent: ['top_p'],
    warned: ['top_p'],
  },
  'Anthropic: no logprobs, seed, penalties: dropped and told': {
    to: anthropic,
    members: { logprobs: true, seed: 1, presence_penalty: 1, frequency_penalty: 1 },
    absent: ['logprobs', 'seed', 'presence_penalty', 'frequency_penalty'],
    warned: ['seed', 'presence_penalty', 'frequency_penalty', 'logprobs'],
  },
  'Anthropic: sampling refused: opus-4-7': {
    to: anthropic,
    model: 'claude-opus-4-7',
    members: { temperature: 0.5, top_k: 3 },
    absent: ['temperature', 'top_k'],
    warned: ['temperature', 'top_k'],
  },
  'Anthropic: budget-style thinking refused: haiku-5-5 gets adaptive and an effort': {
    to: anthropic,
    model: 'claude-haiku-5-5',
    members: { thinking: { type: 'enabled', budget_tokens: 5000 } },
    body: { thinking: { type: 'adaptive' }, output_config: { effort: 'high' } },
    warned: ['thinking.budget_tokens'],
  },
  'Anthropic: thinking cannot be disabled: sonnet-5-5': {
    to: anthropic,
    model: 'claude-sonnet-5-5',
    members: { reasoning_effort: 'none' },
    body: { output_config: { effort: 'low' } },
    absent: ['thinking'],
    warned: ['reasoning_effort'],
  },
  'Anthropic: forced tool_choice refused: opus-5-5': {
    to: anthropic,
    model: 'claude-opus-5-5',
    members: { tools: [weather], tool_choice: 'required' },
    body: { tool_choice: { type: 'auto' } },
    warned: ['tool_choice'],
  },
  'Anthropic: budget_tokens at least 1024': {
    to: anthropic,
    model: 'claude-sonnet-4-5',
    members: { thinking: { type: 'enabled', budget_tokens: 10 }, max_tokens: 4000 },
    body: { thinking: { type: 'enabled', budget_tokens: 1024 }, max_tokens: 4000 },
  },
  'Anthropic: budget_tokens less than max_tokens, which is raised': {
    to: anthropic,
    model: 'claude-sonnet-4-5',
    members: { reasoning_effort: 'medium', max_tokens: 2000 },
    body: { thinking: { budget_tokens: 4096 }, max_tokens: 6096 },
    warned: ['max_tokens'],
  },
  'Anthropic: cache_control ephemeral with its ttl': {
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
  'Anthropic: output_config.format json_schema': {
    to: anthropic,
    model: 'claude-sonnet-4-5',
    members: {
      response_format: { type: 'json_schema', json_schema: { name: 'n', schema: { type: 'object', properties: {} } } },
    },
    body: { output_config: { format: { type: 'json_schema', schema: { type: 'object' } } } },
  },
  'Gemini: the system message is systemInstruction, roles are user and model': {
    to: gemini,
    members: { messages: [{ role: 'system', content: 'A' }, hello, { role: 'assistant', content: 'Yes' }, hello] },
    body: {
      systemInstruction: { parts: [{ text: 'A' }] },
      contents: [{ role: 'user' }, { role: 'model' }, { role: 'user' }],
    },
  },
  'Gemini: tool results have role user and their function’s name': {
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
  'Gemini: parametersJsonSchema takes JSON Schema whole': {
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
  'Gemini: responseJsonSchema takes JSON Schema whole': {
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
  'Gemini: n -> candidateCount, seed and logprobs where they exist': {
    to: gemini,
    members: { n: 2, seed: 5, logprobs: true, top_logprobs: 3 },
    body: { generationConfig: { candidateCount: 2, seed: 5, responseLogprobs: true, logprobs: 3 } },
  },
  'Gemini: no safetySettings of our own: the default stays': { to: gemini, members: {}, absent: ['safetySettings'] },
  'effort none -> thinking disabled (Anthropic)': {
    to: anthropic,
    model: 'claude-opus-4-8',
    members: { reasoning_effort: 'none' },
    body: { thinking: { type: 'disabled' } },
  },
  'effort none -> MINIMAL (Gemini 3)': {
    to: gemini,
    model: 'gemini-3-flash-preview',
    members: { reasoning_effort: 'none' },
    body: { generationConfig: { thinkingConfig: { thinkingLevel: 'MINIMAL' } } },
  },
  'effort high -> thinkingLevel HIGH (Gemini 3)': {
    to: gemini,
    model: 'gemini-3-flash-preview',
    members: { reasoning_effort: 'high' },
    body: { generationConfig: { thinkingConfig: { thinkingLevel: 'HIGH', includeThoughts: true } } },
  },
  'effort -> a budget (Gemini 2.5)': {
    to: gemini,
    model: 'gemini-2.5-flash',
    members: { reasoning_effort: 'medium' },
    body: { generationConfig: { thinkingConfig: { thinkingBudget: 8192 } } },
  },
  'effort xhigh -> Anthropic effort xhigh': {
    to: anthropic,
    model: 'claude-opus-4-8',
    members: { reasoning_effort: 'xhigh' },
    body: { thinking: { type: 'adaptive' }, output_config: { effort: 'xhigh' } },
  },
  'image data: URI -> source base64 (Anthropic)': {
    to: anthropic,
    members: {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } }] }],
    },
    body: {
      messages: [{ content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'iVBO' } }] }],
    },
  },
  'image URL -> source url (Anthropic)': {
    to: anthropic,
    members: {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'https://x.test/a.png' } }] }],
    },
    body: { messages: [{ content: [{ type: 'image', source: { type: 'url', url: 'https://x.test/a.png' } }] }] },
  },
  'image data: URI -> inlineData (Gemini)': {
    to: gemini,
    members: {
      messages: [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,iVBO' } }] }],
    },
    body: { contents: [{ parts: [{ inlineData: { mimeType: 'image/png', data: 'iVBO' } }] }] },
  },
  'file -> document (Anthropic)': {
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
  'file -> inlineData application/pdf (Gemini)': {
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
  'service_tier priority -> auto (Anthropic)': {
    to: anthropic,
    members: { service_tier: 'priority' },
    body: { service_tier: 'auto' },
  },
  'service_tier flex -> flex (Gemini)': {
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

test('Anthropic: tool ids match ^[a-zA-Z0-9_-]+$, alike in call and result', () => {
  const { body } = carry(anthropic, { messages: [hello, called('call:1/ä'), result('call:1/ä')] })
  const [, assistant, user] = body['messages'] as { content: { id: string; tool_use_id: string }[] }[]
  expect(assistant?.content[0]?.id).toMatch(/^[a-zA-Z0-9_-]+$/)
  expect(user?.content[0]?.tool_use_id).toBe(assistant?.content[0]?.id)
})

test('Gemini: a foreign call to Gemini 3: the dummy signature, on the first of parallel calls only', () => {
  const tool_calls = ['a', 'b'].map((id) => ({ id, type: 'function', function: { name: 'weather', arguments: '' } }))
  const messages = [hello, { role: 'assistant', content: null, tool_calls }, result('a'), result('b')]
  const { body } = carry(gemini, { messages }, 'gemini-3-pro-preview')
  const [, turn] = body['contents'] as { parts: JsonObject[] }[]
  expect(turn?.parts.map((part) => part['thoughtSignature'])).toEqual(['skip_thought_signature_validator', undefined])
})

test('Anthropic: at most 4 cache breakpoints', () => {
  const part = { type: 'text', text: 'long', cache_control: { type: 'ephemeral' } }
  const { body, warned } = carry(anthropic, {
    messages: [{ role: 'user', content: Array.from({ length: 6 }, () => part) }],
  })
  expect(JSON.stringify(body).match(/cache_control/g)).toHaveLength(4)
  expect(warned).toEqual(['cache_control'])
})

test('Anthropic: n above 1 is refused: it would change the shape of the answer', () => {
  expect(() => carry(anthropic, { n: 2 })).toThrow(/one answer per call/)
})

const maxOutputs: [model: string, tokens: number][] = [
  ['claude-opus-5-5', 128_000],
  ['claude-haiku-5-5', 128_000],
  ['claude-opus-4-5', 64_000],
  ['claude-opus-4-1-20250805', 32_000],
  ['claude-opus-4-20250514', 32_000],
]

test.each(maxOutputs)('Anthropic: max output of %s is %i', (model, tokens) => {
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

test.each(modelRules)('Anthropic: %s by the models of the list', (_rule, models, broken) => {
  expect(models.filter((model) => broken(`claude-${model}`))).toEqual([])
})

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { ChatRequest } from '../../../../../gateway/chat/request.ts'
import { read, refusal } from './reading.ts'

const hello = { role: 'user', parts: [{ type: 'text', text: 'Hello' }] }

describe('knobs', () => {
  test.each<[name: string, members: JsonObject, expected: Partial<ChatRequest>]>([
    ['nothing', {}, {}],
    [
      'instructions',
      { instructions: 'Be short.' },
      {
        messages: [{ role: 'system', parts: [{ type: 'text', text: 'Be short.' }] }, hello as never],
      },
    ],
    ['no instructions', { instructions: '' }, {}],
    [
      'sampling',
      { max_output_tokens: 9, temperature: 0, top_p: 0.5 },
      { maxOutputTokens: 9, temperature: 0, topP: 0.5 },
    ],
    ['stream', { stream: true }, { stream: true }],
    ['logprobs', { top_logprobs: 3 }, { logprobs: { top: 3 } }],
    ['logprobs included', { include: ['message.output_text.logprobs'] }, { logprobs: {} }],
    ['plain text', { text: { format: { type: 'text' } } }, { output: { type: 'text' } }],
    ['JSON', { text: { format: { type: 'json_object' } } }, { output: { type: 'json' } }],
    [
      'a schema',
      { text: { format: { type: 'json_schema', name: 'n', schema: { type: 'object' }, strict: true } } },
      {
        output: { type: 'json-schema', name: 'n', schema: { type: 'object' }, strict: true },
      },
    ],
    ['verbosity', { text: { verbosity: 'low' } }, { verbosity: 'low' }],
    [
      'reasoning',
      { reasoning: { effort: 'high', summary: 'auto', context: 'all_turns' } },
      {
        reasoning: { effort: 'high', summary: 'auto' },
      },
    ],
    ['the old name of summary', { reasoning: { generate_summary: 'concise' } }, { reasoning: { summary: 'concise' } }],
    ['who asks', { safety_identifier: 's', user: 'u' }, { user: 's' }],
    ['a cache key', { prompt_cache_key: 'k', service_tier: 'flex' }, { promptCacheKey: 'k', serviceTier: 'flex' }],
    [
      'what says how the answer is kept',
      {
        store: true,
        include: ['reasoning.encrypted_content'],
        metadata: { a: 'b' },
        client_metadata: { c: 'd' },
        stream_options: { include_obfuscation: false },
        truncation: 'disabled',
        background: false,
        prompt_cache_retention: '24h',
      },
      {},
    ],
    // LlamaIndex TS 0.12 sends these.
    [
      'null everywhere',
      {
        include: null,
        truncation: null,
        previous_response_id: null,
        metadata: {},
        user: '',
        instructions: null,
        tools: null,
        tool_choice: null,
        reasoning: null,
        text: null,
        temperature: null,
        conversation: null,
        prompt: null,
        background: null,
        store: null,
        top_logprobs: null,
        stream: null,
      },
      {},
    ],
    [
      'members nobody knows',
      { truncation: 'auto', max_tool_calls: 3, tomorrow: true },
      {
        uncarried: ['truncation', 'max_tool_calls', 'tomorrow'],
      },
    ],
  ])('%s', (_name, members, expected) => {
    expect(read(members).value).toEqual({ model: 'm', messages: [hello], stream: false, ...expected })
    expect(read(members).warnings).toEqual([])
  })

  test('an effort of tomorrow is reported', () => {
    const { value, warnings } = read({ reasoning: { effort: 'ultra' } })
    expect(value.reasoning).toBeUndefined()
    expect(warnings).toEqual([{ feature: 'reasoning.effort', reason: "'ultra' is not known here" }])
  })
})

describe('refused', () => {
  test.each<[name: string, members: JsonObject, code: string, param: string]>([
    [
      'an earlier response that nobody has',
      { previous_response_id: 'resp_1' },
      'previous_response_not_found',
      'previous_response_id',
    ],
    ['background', { background: true }, 'unsupported_content', 'background'],
    ['a conversation', { conversation: 'conv_1' }, 'unsupported_content', 'conversation'],
    ['a prompt', { prompt: { id: 'pmpt_1' } }, 'unsupported_content', 'prompt'],
    ['no input', { input: null }, 'invalid_request', 'input'],
    ['an empty input', { input: [] }, 'invalid_request', 'input'],
    ['a wrong input', { input: 3 }, 'invalid_request', 'input'],
    ['an item that is none', { input: ['x'] }, 'invalid_request', 'input[0]'],
    ['a role nobody has', { input: [{ role: 'tool', content: 'x' }] }, 'invalid_request', 'input[0].role'],
    [
      'a part nobody knows',
      { input: [{ role: 'user', content: [{ type: 'input_video' }] }] },
      'unsupported_content',
      'input[0].content[0]',
    ],
    [
      'an image for the system',
      { input: [{ role: 'system', content: [{ type: 'input_image', file_id: 'f' }] }] },
      'unsupported_content',
      'input[0].content[0]',
    ],
    ['an item elsewhere', { input: [{ type: 'item_reference', id: 'msg_1' }] }, 'invalid_request', 'input[0]'],
    ['an item elsewhere, without a type', { input: [{ id: 'msg_1' }] }, 'invalid_request', 'input[0]'],
    ['a call without an id', { input: [{ type: 'function_call', name: 'f' }] }, 'invalid_request', 'input[0].call_id'],
    ['a format nobody knows', { text: { format: { type: 'xml' } } }, 'invalid_request', 'text.format.type'],
    ['a function without a name', { tools: [{ type: 'function' }] }, 'invalid_request', 'tools[0].name'],
    ['a choice nobody knows', { tool_choice: 'perhaps' }, 'invalid_request', 'tool_choice'],
  ])('%s', (_name, members, code, param) => {
    expect(refusal(members)).toMatchObject({ code, param })
  })
})

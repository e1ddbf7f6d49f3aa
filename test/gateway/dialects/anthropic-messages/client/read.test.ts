import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { ChatRequest } from '../../../../../gateway/chat/request.ts'
import { read, text, warned } from './reading.ts'

test('a plain request has nothing it was not given', () => {
  expect(read({})).toEqual({
    value: { model: 'm', stream: false, messages: [{ role: 'user', parts: [text('hello')] }] },
    warnings: [],
  })
})

test('null means absent everywhere', () => {
  const names = [
    ...['stream', 'tools', 'tool_choice', 'max_tokens', 'temperature', 'top_p', 'top_k', 'stop_sequences', 'thinking'],
    ...[
      'output_config',
      'output_format',
      'metadata',
      'service_tier',
      'cache_control',
      'system',
      'container',
      'unknown',
    ],
  ]
  expect(read(Object.fromEntries(names.map((name) => [name, null])))).toEqual(read({}))
  const inner = { thinking: { type: 'adaptive', display: null }, output_config: { effort: null, format: null } }
  expect(read({ ...inner, metadata: { user_id: null }, tool_choice: { type: null } })).toEqual(
    read({ thinking: { type: 'adaptive' } }),
  )
})

const schema = { type: 'object', properties: { a: { type: 'string' } }, required: ['a'], additionalProperties: false }
const open = { type: 'object', properties: { a: { type: 'string' } }, additionalProperties: false }
const answer = { type: 'json-schema', name: 'answer', schema } as const

describe('members', () => {
  const members: [name: string, body: JsonObject, expected: Partial<ChatRequest>][] = [
    ['stream', { stream: true }, { stream: true }],
    ['max_tokens', { max_tokens: 5 }, { maxOutputTokens: 5 }],
    ['max_tokens that only warm the cache', { max_tokens: 0 }, { maxOutputTokens: 0 }],
    ['sampling', { temperature: 0, top_p: 0, top_k: 4 }, { temperature: 0, topP: 0, topK: 4 }],
    ['stop_sequences', { stop_sequences: ['x'] }, { stop: ['x'] }],
    ['service_tier', { service_tier: 'standard_only' }, { serviceTier: 'standard_only' }],
    ['user', { metadata: { user_id: 'u' } }, { user: 'u' }],
    [
      'thinking with a budget',
      { thinking: { type: 'enabled', budget_tokens: 1024 } },
      { reasoning: { budgetTokens: 1024 } },
    ],
    ['thinking off', { thinking: { type: 'disabled' } }, { reasoning: { effort: 'none' } }],
    [
      'thinking off, whatever the effort',
      { thinking: { type: 'disabled' }, output_config: { effort: 'max' } },
      { reasoning: { effort: 'none' } },
    ],
    ['thinking as it likes', { thinking: { type: 'adaptive' } }, { reasoning: { adaptive: true } }],
    [
      'thinking unseen',
      { thinking: { type: 'adaptive', display: 'omitted' } },
      { reasoning: { adaptive: true, visible: false } },
    ],
    [
      'thinking seen',
      { thinking: { type: 'enabled', budget_tokens: 9, display: 'summarized' } },
      { reasoning: { budgetTokens: 9, visible: true } },
    ],
    ['effort', { output_config: { effort: 'xhigh' } }, { reasoning: { effort: 'xhigh' } }],
    [
      'effort and thinking',
      { thinking: { type: 'adaptive' }, output_config: { effort: 'low' } },
      { reasoning: { adaptive: true, effort: 'low' } },
    ],
    ['format', { output_config: { format: { type: 'json_schema', schema } } }, { output: { ...answer, strict: true } }],
    ['older format', { output_format: { type: 'json_schema', schema: open } }, { output: { ...answer, schema: open } }],
  ]
  test.each(members)('%s', (_name, body, expected) => {
    expect(read(body)).toEqual({ value: { ...read({}).value, ...expected }, warnings: [] })
  })

  test.each<[schema: JsonObject, strict: true | undefined]>([
    [{ type: 'object', properties: { a: open }, required: ['a'], additionalProperties: false }, undefined],
    [{ type: 'object', properties: { a: schema }, required: ['a'] }, undefined],
    [{ type: 'array', items: schema }, true],
    [{ anyOf: [schema, open] }, undefined],
  ])("strict only where OpenAI's rules allow it: %j", (given, strict) => {
    const { output } = read({ output_config: { format: { type: 'json_schema', schema: given } } }).value
    expect(output).toEqual({ ...answer, schema: given, ...(strict === undefined ? {} : { strict }) })
  })
})

describe('what is not carried', () => {
  test('is named', () => {
    const body = {
      context_management: { edits: [{ type: 'clear_thinking_20251015' }] },
      container: 'c',
      mcp_servers: [{}],
      speed: 'fast',
      betas: ['b'],
      new_member: 1,
    }
    expect(read(body).value.uncarried).toEqual(Object.keys(body))
  })

  test('harmless members are not', () => {
    expect(read({ speed: 'standard', mcp_servers: [], container: {}, 'x-gateway': { cache: false } })).toEqual(read({}))
  })

  const newer: [name: string, body: JsonObject, feature: string][] = [
    ['thinking', { thinking: { type: 'dreaming' } }, 'thinking.type'],
    ['thinking between tools', { thinking: { type: 'between_tools' } }, 'thinking.type'],
    ['effort', { output_config: { effort: 'most' } }, 'output_config.effort'],
    ['format', { output_config: { format: { type: 'grammar' } } }, 'output_config.format'],
    ['tool choice', { tool_choice: { type: 'some' } }, 'tool_choice'],
  ]
  test.each(newer)('a new kind of %s is not refused', (_name, body, feature) => {
    expect(warned(read(body))).toEqual([feature])
  })
})

describe('refused', () => {
  const refused: [body: JsonObject, param: string][] = [
    [{ model: undefined }, 'model'],
    [{ model: '' }, 'model'],
    [{ messages: undefined }, 'messages'],
    [{ messages: [] }, 'messages'],
    [{ messages: 'x' }, 'messages'],
    [{ messages: ['x'] }, 'messages[0]'],
    [{ messages: [{ role: 'tool', content: '' }] }, 'messages[0].role'],
    [{ messages: [{ role: 'user' }] }, 'messages[0].content'],
    [{ messages: [{ role: 'user', content: 1 }] }, 'messages[0].content'],
    [{ messages: [{ role: 'user', content: [{ text: 'x' }] }] }, 'messages[0].content[0].type'],
    [{ messages: [{ role: 'user', content: [{ type: 'image' }] }] }, 'messages[0].content[0].source'],
    [{ system: [{ type: 'image', source: { type: 'url', url: 'https://a' } }] }, 'system[0]'],
    [{ max_tokens: '5' }, 'max_tokens'],
    [{ stop_sequences: [1] }, 'stop_sequences[0]'],
    [{ tools: [{}] }, 'tools[0].name'],
    [{ tool_choice: 'auto' }, 'tool_choice'],
    [{ thinking: { type: 'enabled', budget_tokens: 'x' } }, 'thinking.budget_tokens'],
  ]
  test.each(refused)('%j', (body, param) => {
    expect(() => read(body)).toThrow(expect.objectContaining({ name: 'GatewayError', param }))
  })
})

import { describe, expect, test } from 'vitest'
import type { ChatRequest, HostedTool, JsonObject, Tool } from '../../../../../gateway/chat/request.ts'
import type { ModelFacts } from '../../../../../gateway/models/facts.ts'
import { hello, warned, written } from './written.ts'

const tools: Tool[] = [
  { name: 'a', description: 'Does a.', parameters: { type: 'object', properties: { x: { type: 'string' } } } },
  { name: 'b' },
]

test('definitions', () => {
  expect(written({ tools }).value['tools']).toEqual([
    { name: 'a', description: 'Does a.', input_schema: { type: 'object', properties: { x: { type: 'string' } } } },
    { name: 'b', input_schema: { type: 'object', properties: {} } },
  ])
})

test('a schema without a type gets the one it must have', () => {
  const loss = written({ tools: [{ name: 'a', parameters: { properties: {} } }] })
  expect(loss.value['tools']).toEqual([{ name: 'a', input_schema: { type: 'object', properties: {} } }])
})

interface Choice {
  name: string
  request: Partial<ChatRequest>
  facts?: ModelFacts
  choice: JsonObject | undefined
  warnings?: string[]
}

const choices: Choice[] = [
  { name: 'nothing asked', request: {}, choice: undefined },
  { name: 'auto', request: { toolChoice: { type: 'auto' } }, choice: { type: 'auto' } },
  { name: 'none', request: { toolChoice: { type: 'none' }, parallelToolCalls: false }, choice: { type: 'none' } },
  { name: 'required', request: { toolChoice: { type: 'required' } }, choice: { type: 'any' } },
  { name: 'one tool', request: { toolChoice: { type: 'tool', name: 'a' } }, choice: { type: 'tool', name: 'a' } },
  {
    name: 'one call at a time',
    request: { parallelToolCalls: false },
    choice: { type: 'auto', disable_parallel_tool_use: true },
  },
  {
    name: 'one call at a time, required',
    request: { toolChoice: { type: 'required' }, parallelToolCalls: false },
    choice: { type: 'any', disable_parallel_tool_use: true },
  },
  { name: 'parallel calls are the default', request: { parallelToolCalls: true }, choice: undefined },
  {
    name: 'no forcing where the model refuses it',
    request: { toolChoice: { type: 'required' }, parallelToolCalls: false },
    facts: { forcedToolChoice: false },
    choice: { type: 'auto', disable_parallel_tool_use: true },
    warnings: ['tool_choice'],
  },
  {
    name: 'no forcing while thinking',
    request: { toolChoice: { type: 'tool', name: 'a' }, reasoning: { effort: 'low' } },
    facts: { thinking: 'adaptive' },
    choice: { type: 'auto' },
    warnings: ['tool_choice'],
  },
  {
    name: 'forcing with thinking off',
    request: { toolChoice: { type: 'tool', name: 'a' }, reasoning: { effort: 'none' } },
    facts: { thinking: 'adaptive' },
    choice: { type: 'tool', name: 'a' },
  },
]

test.each(choices)('tool_choice: $name', ({ request, facts, choice, warnings = [] }) => {
  const loss = written({ tools, ...request }, facts)
  expect(loss.value['tool_choice']).toEqual(choice)
  expect(warned(loss)).toEqual(warnings)
})

test('without tools there is no tool_choice', () => {
  const loss = written({ toolChoice: { type: 'auto' }, parallelToolCalls: false })
  expect(loss.value).not.toHaveProperty('tool_choice')
  expect(loss.value).not.toHaveProperty('tools')
})

test('of allowed tools, only those are shown', () => {
  const loss = written({ tools, toolChoice: { type: 'required', tools: ['b'] } })
  expect(loss.value['tools']).toMatchObject([{ name: 'b' }])
  expect(loss.value['tools']).toHaveLength(1)
  expect(loss.value['tool_choice']).toEqual({ type: 'any' })
})

const unknownTool: HostedTool = { name: 'computer_20250124' }
test.each<[string, Partial<ChatRequest>]>([
  ['no tools', {}],
  ['only a tool that Anthropic does not have', { hostedTools: [unknownTool] }],
])('a conversation with calls but %s any more defines them and forbids them', (_name, request) => {
  const call = { type: 'tool-call', id: 'c', name: 'weather', arguments: '{}' } as const
  const loss = written({
    ...request,
    messages: [
      hello,
      { role: 'assistant', parts: [call] },
      { role: 'tool', callId: 'c', parts: [{ type: 'text', text: '1' }] },
    ],
  })
  expect(loss.value['tools']).toEqual([{ name: 'weather', input_schema: { type: 'object' } }])
  expect(loss.value['tool_choice']).toEqual({ type: 'none' })
})

describe('strict tools', () => {
  const strict: Tool = {
    name: 'a',
    strict: true,
    parameters: { type: 'object', properties: { x: { type: 'integer', minimum: 1 } }, additionalProperties: false },
  }

  test('are strict, in the schema that can be enforced', () => {
    const loss = written({ tools: [strict] })
    expect(loss.value['tools']).toEqual([
      {
        name: 'a',
        strict: true,
        input_schema: {
          type: 'object',
          properties: { x: { type: 'integer', description: '{minimum: 1}' } },
          additionalProperties: false,
        },
      },
    ])
    expect(warned(loss)).toEqual(['tools.a.parameters'])
  })

  test('are plain where the model cannot enforce them', () => {
    const loss = written({ tools: [strict] }, { structuredOutput: false })
    expect(loss.value['tools']).toEqual([{ name: 'a', input_schema: strict.parameters }])
    expect(warned(loss)).toEqual(['tools.a.strict'])
  })
})

describe('custom tools', () => {
  test('are functions of one text', () => {
    const loss = written({ tools: [{ name: 'sql', description: 'd', custom: {} }] })
    expect(loss.value['tools']).toMatchObject([
      {
        name: 'sql',
        description: 'd',
        input_schema: { properties: { input: { type: 'string' } }, required: ['input'] },
      },
    ])
    expect(warned(loss)).toEqual([])
  })

  test('whose grammar nobody checks', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'x' }
    expect(warned(written({ tools: [{ name: 'sql', custom: { format } }] }))).toEqual(['tools.sql.format'])
  })
})

describe('tools that Anthropic runs', () => {
  test('with what can be said of them', () => {
    const userLocation = { type: 'approximate', city: 'Bern' }
    const loss = written({
      tools: [{ name: 'b' }],
      hostedTools: [
        { kind: 'web-search', name: 'web_search', maxUses: 3, allowedDomains: ['a.b'], userLocation },
        { kind: 'web-fetch', name: 'f', blockedDomains: ['c.d'], userLocation },
        { kind: 'code-execution', name: 'c', maxUses: 1 },
      ],
    })
    expect(loss.value['tools']).toEqual([
      { name: 'b', input_schema: { type: 'object', properties: {} } },
      {
        type: 'web_search_20250305',
        name: 'web_search',
        max_uses: 3,
        allowed_domains: ['a.b'],
        user_location: userLocation,
      },
      { type: 'web_fetch_20250910', name: 'web_fetch', blocked_domains: ['c.d'] },
      { type: 'code_execution_20250825', name: 'code_execution' },
    ])
    expect(warned(loss)).toEqual([])
  })

  test('alone may be used', () => {
    const loss = written({ hostedTools: [{ kind: 'web-search', name: 'w' }], toolChoice: { type: 'auto' } })
    expect(loss.value['tool_choice']).toEqual({ type: 'auto' })
  })

  test('what Anthropic has not, or takes not together, is told', () => {
    const loss = written({
      hostedTools: [
        { name: 'x_search' },
        { kind: 'web-search', name: 'w', allowedDomains: ['a'], blockedDomains: ['b'] },
      ],
    })
    expect(loss.value['tools']).toEqual([{ type: 'web_search_20250305', name: 'web_search', allowed_domains: ['a'] }])
    expect(warned(loss)).toEqual(['tools.x_search', 'tools.w.blocked_domains'])
  })
})

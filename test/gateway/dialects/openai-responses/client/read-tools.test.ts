import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { ChatRequest } from '../../../../../gateway/chat/request.ts'
import { read } from './reading.ts'

const inputParameter = {
  type: 'object',
  properties: { input: { type: 'string', description: expect.any(String) } },
  required: ['input'],
  additionalProperties: false,
}
const lark = { type: 'grammar', syntax: 'lark', definition: 'start: "x"' }

describe('tools', () => {
  test.each<[name: string, tools: JsonObject[], expected: Partial<ChatRequest>]>([
    [
      'a function',
      [{ type: 'function', name: 'f', description: 'd', strict: null, parameters: { type: 'object' } }],
      {
        tools: [{ name: 'f', description: 'd', parameters: { type: 'object' } }],
      },
    ],
    [
      'a function without anything',
      [{ type: 'function', name: 'f', parameters: null, strict: true }],
      {
        tools: [{ name: 'f', strict: true }],
      },
    ],
    [
      'free text',
      [{ type: 'custom', name: 'say' }],
      {
        tools: [
          {
            name: 'say',
            custom: {},
            description: 'Its whole input is free text, given as the string "input".',
            parameters: inputParameter,
          },
        ],
      },
    ],
    [
      'free text by a grammar',
      [{ type: 'custom', name: 'apply_patch', description: 'Edits.', format: lark }],
      {
        tools: [
          {
            name: 'apply_patch',
            custom: { format: lark },
            description:
              'Edits.\n\nIts whole input is free text, given as the string "input". The text must match this lark grammar:\nstart: "x"',
            parameters: inputParameter,
          },
        ],
      },
    ],
    [
      'a namespace',
      [{ type: 'namespace', name: 'agents', description: '', tools: [{ type: 'function', name: 'spawn' }] }],
      {
        tools: [{ name: 'spawn', namespace: { name: 'agents', tool: 'spawn' } }],
      },
    ],
    [
      'the same name in three places',
      [
        { type: 'namespace', name: 'a', tools: [{ type: 'function', name: 'f' }] },
        { type: 'namespace', name: 'b', tools: [{ type: 'function', name: 'f' }] },
        { type: 'function', name: 'f' },
      ],
      {
        tools: [
          { name: 'a__f', namespace: { name: 'a', tool: 'f' } },
          { name: 'b__f', namespace: { name: 'b', tool: 'f' } },
          { name: 'f' },
        ],
      },
    ],
    [
      'a name that a namespace would make',
      [
        { type: 'namespace', name: 'a', tools: [{ type: 'function', name: 'f' }] },
        { type: 'function', name: 'f' },
        { type: 'function', name: 'a__f' },
      ],
      {
        tools: [{ name: 'a__f_2', namespace: { name: 'a', tool: 'f' } }, { name: 'f' }, { name: 'a__f' }],
      },
    ],
    [
      'a tool twice is one tool',
      [
        { type: 'function', name: 'f', description: 'old' },
        { type: 'function', name: 'f', description: 'new' },
      ],
      {
        tools: [{ name: 'f', description: 'new' }],
      },
    ],
    [
      'hosted ones',
      [
        {
          type: 'web_search',
          external_web_access: true,
          filters: { allowed_domains: ['a.org'] },
          user_location: { type: 'approximate', country: 'DE' },
        },
        { type: 'web_search_preview' },
        { type: 'code_interpreter', container: { type: 'auto' } },
        { type: 'tool_search' },
        { type: 'local_shell' },
      ],
      {
        hostedTools: [
          {
            kind: 'web-search',
            name: 'web_search',
            allowedDomains: ['a.org'],
            userLocation: { type: 'approximate', country: 'DE' },
          },
          { kind: 'web-search', name: 'web_search_preview' },
          { kind: 'code-execution', name: 'code_interpreter' },
          { name: 'tool_search' },
          { name: 'local_shell' },
        ],
      },
    ],
  ])('%s', (_name, tools, expected) => {
    const { value, warnings } = read({ tools })
    expect({ tools: value.tools, hostedTools: value.hostedTools }).toEqual({
      tools: undefined,
      hostedTools: undefined,
      ...expected,
    })
    expect(warnings).toEqual([])
  })

  test('Codex gives GPT models its tools as an item', () => {
    const { value, warnings } = read({
      input: [
        {
          type: 'additional_tools',
          role: 'developer',
          tools: [
            {
              type: 'namespace',
              name: 'functions',
              description: '',
              tools: [
                { type: 'custom', name: 'exec', format: lark },
                { type: 'function', name: 'wait' },
              ],
            },
            { type: 'namespace', name: 'clock', tools: [{ type: 'function', name: 'sleep' }] },
          ],
        },
        { role: 'user', content: 'Hi' },
      ],
    })
    expect(value.tools).toMatchObject([
      { name: 'exec', custom: { format: lark }, namespace: { name: 'functions', tool: 'exec' } },
      { name: 'wait', namespace: { name: 'functions', tool: 'wait' } },
      { name: 'sleep', namespace: { name: 'clock', tool: 'sleep' } },
    ])
    expect(value.messages).toHaveLength(1)
    expect(warnings).toEqual([])
  })

  test('calls in the history have the names of the tools', () => {
    const { value } = read({
      tools: [
        { type: 'namespace', name: 'a', tools: [{ type: 'function', name: 'f' }] },
        { type: 'namespace', name: 'b', tools: [{ type: 'function', name: 'f' }] },
      ],
      input: [{ type: 'function_call', call_id: 'c', name: 'f', namespace: 'b', arguments: '{}' }],
    })
    expect(value.messages[0]?.parts[0]).toMatchObject({ name: 'b__f' })
  })
})

describe('tool_choice', () => {
  const tools = [
    { type: 'function', name: 'f' },
    { type: 'custom', name: 'g' },
    { type: 'namespace', name: 'n', tools: [{ type: 'function', name: 'f' }] },
  ]

  test.each<[choice: string | JsonObject, expected: ChatRequest['toolChoice'], warned?: true]>([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'required' }],
    [
      { type: 'function', name: 'f' },
      { type: 'tool', name: 'f' },
    ],
    [
      { type: 'function', name: 'f', namespace: 'n' },
      { type: 'tool', name: 'n__f' },
    ],
    [
      { type: 'custom', name: 'g' },
      { type: 'tool', name: 'g' },
    ],
    [
      {
        type: 'allowed_tools',
        mode: 'required',
        tools: [{ type: 'function', name: 'f' }, { type: 'image_generation' }],
      },
      { type: 'required', tools: ['f'] },
    ],
    [{ type: 'allowed_tools', tools: [{ type: 'image_generation' }] }, { type: 'auto' }, true],
    [{ type: 'web_search_preview' }, { type: 'auto' }, true],
  ])('%j', (tool_choice, expected, warned) => {
    const { value, warnings } = read({ tools, tool_choice })
    expect(value.toolChoice).toEqual(expected)
    expect(warnings.map(({ feature }) => feature)).toEqual(warned === true ? ['tool_choice'] : [])
  })
})

test('20 000 groups with a tool of one name are told apart, in time', () => {
  const tools = Array.from({ length: 20_000 }, (_, index) => ({
    type: 'namespace',
    name: `${'group'.repeat(13)}${index}`,
    tools: [{ type: 'function', name: 'f' }],
  }))
  const names = read({ tools }).value.tools?.map(({ name }) => name)
  expect(new Set(names).size).toBe(20_000)
})

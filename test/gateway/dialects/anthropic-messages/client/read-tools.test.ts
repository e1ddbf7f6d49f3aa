import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { ChatRequest, HostedTool, Tool } from '../../../../../gateway/chat/request.ts'
import { hello, read, text, warned } from './reading.ts'

const schema = { type: 'object', properties: { city: { type: 'string' } } }
const tool = { name: 'weather', input_schema: schema }

function offered(...tools: JsonObject[]): ChatRequest {
  return read({ tools }).value
}

describe("the client's own tools", () => {
  const cases: [name: string, wire: JsonObject, expected: Tool][] = [
    ['plain', tool, { name: 'weather', parameters: schema }],
    [
      'of type custom',
      { ...tool, type: 'custom', description: 'd' },
      { name: 'weather', description: 'd', parameters: schema },
    ],
    ['without a schema', { name: 'f' }, { name: 'f' }],
    [
      'with everything',
      {
        ...tool,
        strict: true,
        cache_control: { type: 'ephemeral' },
        defer_loading: true,
        eager_input_streaming: true,
        input_examples: [{}],
        new: 1,
      },
      { name: 'weather', parameters: schema, strict: true, cacheControl: {} },
    ],
  ]
  test.each(cases)('%s', (_name, wire, expected) => {
    expect(offered(wire).tools).toEqual([expected])
    expect(warned(read({ tools: [wire] }))).toEqual([])
  })

  test('that come up within the conversation', () => {
    const messages = [
      hello,
      {
        role: 'system',
        content: [
          text('new tool'),
          { type: 'tool_addition', tool: { type: 'tool_definition', definition: tool } },
          { type: 'tool_addition', tool: { type: 'tool_reference', name: 'known' } },
          { type: 'tool_removal', tool: { type: 'tool_reference', name: 'known' } },
        ],
      },
    ]
    const { value, warnings } = read({ messages, tools: [{ name: 'known' }] })
    expect(value.tools).toEqual([{ name: 'known' }, { name: 'weather', parameters: schema }])
    expect(value.messages[1]).toEqual({ role: 'system', parts: [text('new tool')] })
    expect(warnings).toEqual([])
  })

  const known: [type: string, name: string, required: string[] | undefined][] = [
    ['bash_20250124', 'bash', undefined],
    ['text_editor_20250728', 'str_replace_based_edit_tool', ['command', 'path']],
    ['text_editor_20241022', 'str_replace_editor', ['command', 'path']],
    ['memory_20250818', 'memory', ['command']],
  ]
  test.each(known)('%s has a schema that Anthropic only knows', (type, name, required) => {
    const [given] = offered({ type, name, cache_control: { type: 'ephemeral' } }).tools ?? []
    expect(given).toMatchObject({ name, cacheControl: {}, parameters: { type: 'object', properties: { command: {} } } })
    expect(given?.parameters?.['required']).toEqual(required)
  })
})

describe("the provider's tools", () => {
  const userLocation = { type: 'approximate', city: 'Bern' }
  const cases: [wire: JsonObject, expected: HostedTool][] = [
    [
      {
        type: 'web_search_20250305',
        name: 'web_search',
        max_uses: 8,
        allowed_domains: ['a.b'],
        user_location: userLocation,
      },
      { kind: 'web-search', name: 'web_search_20250305', maxUses: 8, allowedDomains: ['a.b'], userLocation },
    ],
    [
      { type: 'web_fetch_20260318', name: 'web_fetch', blocked_domains: ['a.b'], allowed_domains: null },
      { kind: 'web-fetch', name: 'web_fetch_20260318', blockedDomains: ['a.b'] },
    ],
    [
      { type: 'code_execution_20250825', name: 'code_execution' },
      { kind: 'code-execution', name: 'code_execution_20250825' },
    ],
    [{ type: 'computer_20250124', name: 'computer', display_width_px: 1 }, { name: 'computer_20250124' }],
    [{ type: 'tool_search_tool_bm25_20251119', name: 'x' }, { name: 'tool_search_tool_bm25_20251119' }],
    [{ type: 'mcp_toolset', mcp_server_name: 's' }, { name: 'mcp_toolset' }],
    [{ type: 'constructor' }, { name: 'constructor' }],
  ]
  test.each(cases)('%j', (wire, expected) => {
    expect(offered(wire)).toMatchObject({ hostedTools: [expected] })
    expect(offered(wire)).not.toHaveProperty('tools')
  })
})

describe('choice', () => {
  const search = { type: 'web_search_20250305', name: 'web_search' }
  const cases: [name: string, members: JsonObject, expected: Partial<ChatRequest>][] = [
    ['auto', { tool_choice: { type: 'auto' } }, { toolChoice: { type: 'auto' } }],
    ['any', { tool_choice: { type: 'any' } }, { toolChoice: { type: 'required' } }],
    ['none', { tool_choice: { type: 'none' } }, { toolChoice: { type: 'none' } }],
    [
      'a tool',
      { tool_choice: { type: 'tool', name: 'weather' }, tools: [tool] },
      { toolChoice: { type: 'tool', name: 'weather' } },
    ],
    [
      "the provider's only tool",
      { tool_choice: { type: 'tool', name: 'web_search' }, tools: [search] },
      { toolChoice: { type: 'required' } },
    ],
    [
      'one at a time',
      { tool_choice: { type: 'auto', disable_parallel_tool_use: true } },
      { toolChoice: { type: 'auto' }, parallelToolCalls: false },
    ],
    [
      'many at a time',
      { tool_choice: { type: 'any', disable_parallel_tool_use: false } },
      { toolChoice: { type: 'required' }, parallelToolCalls: true },
    ],
  ]
  test.each(cases)('%s', (_name, members, expected) => {
    const { toolChoice, parallelToolCalls } = read(members).value
    expect({ toolChoice, parallelToolCalls }).toEqual({
      toolChoice: undefined,
      parallelToolCalls: undefined,
      ...expected,
    })
  })

  test("one of the provider's among others cannot be forced", () => {
    const loss = read({ tool_choice: { type: 'tool', name: 'web_search' }, tools: [search, tool] })
    expect(loss.value.toolChoice).toBeUndefined()
    expect(warned(loss)).toEqual(['tool_choice'])
  })
})

import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../../gateway/chat/json.ts'
import type { ChatRequest, Message, Reasoning } from '../../../../../gateway/chat/request.ts'
import { writeResponses } from '../../../../../gateway/dialects/openai-responses/provider/write.ts'
import { GatewayError } from '../../../../../gateway/errors.ts'
import type { ModelFacts } from '../../../../../gateway/models/facts.ts'

const hello: Message[] = [{ role: 'user', parts: [{ type: 'text', text: 'Hello' }] }]
const own = { provider: 'openai', model: 'm' }

function write(request: Partial<ChatRequest>, facts: ModelFacts = {}): { body: JsonObject; lost: string[] } {
  const whole: ChatRequest = { model: 'alias', messages: hello, stream: false, ...request }
  const before = structuredClone(whole)
  const { value, warnings } = writeResponses(whole, { ...own, facts })
  expect(whole).toEqual(before)
  return { body: JSON.parse(JSON.stringify(value)) as JsonObject, lost: warnings.map(({ feature }) => feature) }
}

function input(...messages: Message[]): Json | undefined {
  return write({ messages }).body['input']
}

const bare = { model: 'm', input: [{ role: 'user', content: 'Hello' }], store: false }

test('a bound below what OpenAI takes is raised, which is told', () => {
  expect(write({ maxOutputTokens: 1 })).toEqual({
    body: { ...bare, max_output_tokens: 16 },
    lost: ['max_output_tokens'],
  })
})

test('marks of tools for prompt caching are told to be lost', () => {
  expect(write({ tools: [{ name: 'f', cacheControl: {} }] }).lost).toEqual(['cache_control'])
})

test('a bare request, stored by nobody', () => {
  expect(write({})).toEqual({ body: bare, lost: [] })
  expect(write({ stream: true }).body).toEqual({ ...bare, stream: true })
})

describe('knobs', () => {
  test.each<[string, Partial<ChatRequest>, JsonObject]>([
    ['bound', { maxOutputTokens: 100 }, { max_output_tokens: 100 }],
    ['the least bound', { maxOutputTokens: 16 }, { max_output_tokens: 16 }],
    ['sampling', { temperature: 0, topP: 0.5 }, { temperature: 0, top_p: 0.5 }],
    ['logprobs', { logprobs: { top: 2 } }, { include: ['message.output_text.logprobs'], top_logprobs: 2 }],
    ['tier', { serviceTier: 'flex' }, { service_tier: 'flex' }],
    ['cache key', { promptCacheKey: 'k' }, { prompt_cache_key: 'k' }],
    ['user', { user: 'u' }, { safety_identifier: 'u' }],
    ['verbosity', { verbosity: 'low' }, { text: { verbosity: 'low' } }],
    ['json', { output: { type: 'json' } }, { text: { format: { type: 'json_object' } } }],
    [
      'schema',
      { output: { type: 'json-schema', name: 'a b', schema: { type: 'object' }, strict: true } },
      { text: { format: { type: 'json_schema', name: 'a_b', schema: { type: 'object' }, strict: true } } },
    ],
    ['one answer', { count: 1 }, {}],
  ])('%s', (_name, request, members) => {
    expect(write(request)).toEqual({ body: { ...bare, ...members }, lost: [] })
  })

  test('a user id that is too long is hashed, always to the same', () => {
    const { body } = write({ user: 'user_'.repeat(30) })
    expect(body['safety_identifier']).toMatch(/^[0-9a-f]{64}$/)
    expect(write({ user: 'user_'.repeat(30) }).body).toEqual(body)
  })

  test.each<[string, Partial<ChatRequest>, string]>([
    ['top_k', { topK: 1 }, 'top_k'],
    ['stop', { stop: ['x'] }, 'stop'],
    ['seed', { seed: 0 }, 'seed'],
    ['penalties', { presencePenalty: 1 }, 'presence_penalty'],
    ['n', { count: 2 }, 'n'],
    ['what the client’s dialect alone has', { uncarried: ['logit_bias'] }, 'logit_bias'],
  ])('%s is reported', (_name, request, feature) => {
    expect(write(request)).toEqual({ body: bare, lost: [feature] })
  })

  test('a model that refuses sampling', () => {
    expect(write({ temperature: 1 }, { sampling: false })).toEqual({ body: bare, lost: ['temperature'] })
  })
})

describe('reasoning', () => {
  const include = ['reasoning.encrypted_content']

  test.each<[string, Reasoning | undefined, ModelFacts, JsonObject, string[]?]>([
    ['not asked of an unknown model', undefined, {}, {}],
    ['not asked of one that thinks', undefined, { thinking: 'level' }, { include }],
    ['an effort', { effort: 'high' }, {}, { reasoning: { effort: 'high' }, include }],
    [
      'an effort to be seen',
      { effort: 'low', visible: true },
      {},
      { reasoning: { effort: 'low', summary: 'auto' }, include },
    ],
    ['a summary of a kind', { summary: 'concise' }, {}, { reasoning: { summary: 'concise' }, include }],
    ['a summary nobody wants', { summary: 'auto', visible: false }, { thinking: 'level' }, { include }],
    ['a budget', { budgetTokens: 5000 }, {}, { reasoning: { effort: 'medium', summary: 'auto' }, include }],
    ['adaptive', { adaptive: true }, {}, { reasoning: { summary: 'auto' }, include }],
    [
      'adaptive, hidden (Claude Code)',
      { adaptive: true, visible: false, effort: 'high' },
      {},
      { reasoning: { effort: 'high' }, include },
    ],
    ['off', { effort: 'none' }, { thinking: 'level' }, { reasoning: { effort: 'none' } }],
    ['off where there is none', { effort: 'none' }, { thinking: 'none' }, {}],
    ['asked of a model that cannot', { effort: 'high', visible: true }, { thinking: 'none' }, {}, ['reasoning_effort']],
    ['adaptive of a model that cannot', { adaptive: true }, { thinking: 'none' }, {}, ['reasoning_effort']],
  ])('%s', (_name, reasoning, facts, members, lost = []) => {
    const request = reasoning === undefined ? {} : { reasoning }
    expect(write(request, facts)).toEqual({ body: { ...bare, ...members }, lost })
  })
})

describe('tools', () => {
  test('functions are lenient unless told, custom ones keep their grammar', () => {
    const { body } = write({
      tools: [
        { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
        { name: 'g' },
        { name: 'c', custom: { format: { type: 'grammar', syntax: 'lark', definition: 'x' } } },
      ],
      toolChoice: { type: 'tool', name: 'c' },
      parallelToolCalls: false,
    })
    expect(body).toEqual({
      ...bare,
      tools: [
        { type: 'function', name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
        { type: 'function', name: 'g', parameters: { type: 'object', properties: {} }, strict: false },
        { type: 'custom', name: 'c', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
      ],
      tool_choice: { type: 'custom', name: 'c' },
      parallel_tool_calls: false,
    })
  })

  test('no choice without tools', () => {
    expect(write({ tools: [], toolChoice: { type: 'auto' }, parallelToolCalls: true }).body).toEqual(bare)
  })

  test.each<[string, ChatRequest['toolChoice'], Json]>([
    ['auto', { type: 'auto' }, 'auto'],
    ['none', { type: 'none' }, 'none'],
    ['required', { type: 'required' }, 'required'],
    ['one', { type: 'tool', name: 'f' }, { type: 'function', name: 'f' }],
    ['one the provider runs', { type: 'tool', name: 'w' }, { type: 'web_search' }],
    [
      'some',
      { type: 'required', tools: ['f', 'c'] },
      {
        type: 'allowed_tools',
        mode: 'required',
        tools: [
          { type: 'function', name: 'f' },
          { type: 'custom', name: 'c' },
        ],
      },
    ],
  ])('choice: %s', (_name, toolChoice, expected) => {
    const tools = [{ name: 'f' }, { name: 'c', custom: {} }]
    const { body } = write({
      tools,
      hostedTools: [{ kind: 'web-search', name: 'w' }],
      ...(toolChoice && { toolChoice }),
    })
    expect(body['tool_choice']).toEqual(expected)
  })

  test('a model that decides itself', () => {
    const asked = { tools: [{ name: 'f' }], toolChoice: { type: 'required' } } as const
    const { body, lost } = write({ ...asked, tools: [...asked.tools] }, { forcedToolChoice: false })
    expect([body['tool_choice'], lost]).toEqual(['auto', ['tool_choice']])
  })

  test('tools that the provider runs', () => {
    const userLocation = { type: 'approximate', city: 'Bern' }
    const search = {
      kind: 'web-search',
      name: 'web_search_20250305',
      maxUses: 3,
      allowedDomains: ['a.b'],
      userLocation,
    } as const
    expect(write({ hostedTools: [{ ...search, allowedDomains: [...search.allowedDomains] }] })).toEqual({
      body: {
        ...bare,
        tools: [{ type: 'web_search', filters: { allowed_domains: ['a.b'] }, user_location: userLocation }],
        max_tool_calls: 3,
      },
      lost: [],
    })
    expect(
      write({
        hostedTools: [
          { kind: 'code-execution', name: 'c' },
          { kind: 'web-search', name: 'w', blockedDomains: ['x'], maxUses: 1 },
          { kind: 'web-fetch', name: 'f' },
          { name: 'computer_20250124' },
        ],
      }),
    ).toEqual({
      body: { ...bare, tools: [{ type: 'code_interpreter', container: { type: 'auto' } }, { type: 'web_search' }] },
      lost: ['tools.w.blocked_domains', 'tools.f', 'tools.computer_20250124', 'max_uses'],
    })
  })
})

describe('messages', () => {
  const text = (value: string) => [{ type: 'text', text: value }] as { type: 'text'; text: string }[]

  test('system messages ahead are the instructions, others keep their place', () => {
    const { body } = write({
      messages: [
        { role: 'system', parts: text('one') },
        { role: 'system', parts: text('two') },
        { role: 'system', developer: true, parts: text('three') },
        ...hello,
        { role: 'system', parts: text('four') },
      ],
    })
    expect(body['instructions']).toBe('one\n\ntwo')
    expect(body['input']).toEqual([
      { role: 'developer', content: 'three' },
      { role: 'user', content: 'Hello' },
      { role: 'system', content: 'four' },
    ])
  })

  test('system messages alone are the input', () => {
    expect(write({ messages: [{ role: 'system', parts: text('one') }] }).body).toEqual({
      ...bare,
      input: [{ role: 'system', content: 'one' }],
    })
  })

  test('what a user sends', () => {
    const base64 = (mediaType: string, data: string) => ({ type: 'base64', mediaType, data }) as const
    expect(
      input({
        role: 'user',
        parts: [
          { type: 'text', text: 'a' },
          { type: 'image', source: base64('image/png', 'AA=='), detail: 'low' },
          { type: 'image', source: { type: 'url', url: 'https://i' } },
          { type: 'image', source: { type: 'id', id: 'file-1' } },
          { type: 'file', source: base64('application/pdf', 'BB=='), filename: 'b.pdf' },
          { type: 'file', source: base64('text/plain', Buffer.from('hi').toString('base64')), filename: 'c.txt' },
          { type: 'file', source: base64('image/gif', 'CC==') },
          { type: 'file', source: { type: 'url', url: 'https://f' } },
          { type: 'file', source: { type: 'id', id: 'file-2' } },
        ],
      }),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'input_text', text: 'a' },
          { type: 'input_image', image_url: 'data:image/png;base64,AA==', detail: 'low' },
          { type: 'input_image', image_url: 'https://i', detail: 'auto' },
          { type: 'input_image', file_id: 'file-1', detail: 'auto' },
          { type: 'input_file', filename: 'b.pdf', file_data: 'data:application/pdf;base64,BB==' },
          { type: 'input_text', text: 'c.txt:\n\nhi' },
          { type: 'input_image', image_url: 'data:image/gif;base64,CC==', detail: 'auto' },
          { type: 'input_file', file_url: 'https://f' },
          { type: 'input_file', file_id: 'file-2' },
        ],
      },
    ])
  })

  test('audio is refused by name', () => {
    const act = (): unknown => input({ role: 'user', parts: [{ type: 'audio', format: 'wav', data: 'A' }] })
    expect(act).toThrow(GatewayError)
    expect(act).toThrow(expect.objectContaining({ code: 'unsupported_content', param: 'messages[0].content[0]' }))
  })

  test('an answer is the items it was made of, in their order', () => {
    expect(
      write({
        tools: [{ name: 'f' }, { name: 'c', custom: {} }],
        messages: [
          {
            role: 'assistant',
            parts: [
              { type: 'reasoning', text: 'hm', signature: 'E1', origin: own },
              { type: 'text', text: 'a' },
              { type: 'text', text: 'b' },
              { type: 'reasoning', text: '', redacted: 'E2', origin: own },
              { type: 'tool-call', id: '1', name: 'f', arguments: '{"x":1}' },
              { type: 'tool-call', id: '2', name: 'c', arguments: '{"input":"SELECT"}' },
              { type: 'tool-call', id: '3', name: 'f', arguments: 'cut o' },
            ],
          },
          { role: 'tool', callId: '1', parts: text('one'), isError: true },
          {
            role: 'tool',
            callId: '2',
            parts: [...text('two'), { type: 'image', source: { type: 'url', url: 'https://i' } }],
          },
          { role: 'tool', callId: '3', parts: [] },
        ],
      }),
    ).toMatchObject({
      body: {
        input: [
          { type: 'reasoning', summary: [{ type: 'summary_text', text: 'hm' }], encrypted_content: 'E1' },
          { role: 'assistant', content: 'ab' },
          { type: 'reasoning', summary: [], encrypted_content: 'E2' },
          { type: 'function_call', call_id: '1', name: 'f', arguments: '{"x":1}' },
          { type: 'custom_tool_call', call_id: '2', name: 'c', input: 'SELECT' },
          { type: 'function_call', call_id: '3', name: 'f', arguments: '{}' },
          { type: 'function_call_output', call_id: '1', output: 'one' },
          {
            type: 'custom_tool_call_output',
            call_id: '2',
            output: [
              { type: 'input_text', text: 'two' },
              { type: 'input_image', image_url: 'https://i', detail: 'auto' },
            ],
          },
          { type: 'function_call_output', call_id: '3', output: '' },
        ],
      },
      lost: ['messages[0].tool_calls', 'messages[1].is_error'],
    })
  })

  test.each<[string, object]>([
    ['another provider’s', { signature: 's', origin: { provider: 'anthropic', model: 'm' } }],
    ['another model’s', { signature: 's', origin: { provider: 'openai', model: 'n' } }],
    ['nobody knows whose', { signature: 's', origin: { provider: '', model: '' } }],
    ['told by nobody', { signature: 's' }],
    ['without a signature', { origin: own }],
  ])('thinking that cannot go back is left out: %s', (_name, members) => {
    const parts = [{ type: 'reasoning', text: 'hm', ...members }, ...text('a')] as never
    expect(input({ role: 'assistant', parts })).toEqual([{ role: 'assistant', content: 'a' }])
  })

  test('thinking that nothing follows, and an answer without anything, are left out', () => {
    const thought = { type: 'reasoning', text: 'hm', signature: 's', origin: own } as const
    expect(
      input(...hello, { role: 'assistant', parts: [...text('a'), thought] }, { role: 'assistant', parts: [] }),
    ).toEqual([
      { role: 'user', content: 'Hello' },
      { role: 'assistant', content: 'a' },
    ])
  })

  test('refusals', () => {
    expect(input({ role: 'assistant', parts: [...text('a'), { type: 'refusal', text: 'no' }] })).toEqual([
      {
        type: 'message',
        role: 'assistant',
        status: 'completed',
        content: [
          { type: 'output_text', text: 'a', annotations: [] },
          { type: 'refusal', refusal: 'no' },
        ],
      },
    ])
  })

  test('marks and names are told, once', () => {
    const marked = { type: 'text', text: 'a', cacheControl: {} } as const
    const messages: Message[] = [
      { role: 'user', name: 'Ann', parts: [marked, marked] },
      { role: 'user', name: 'Bob', parts: [marked] },
    ]
    expect(write({ messages }).lost).toEqual(['cache_control', 'messages[].name'])
  })
})

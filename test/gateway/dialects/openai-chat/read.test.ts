import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../gateway/chat/json.ts'
import type { ChatRequest } from '../../../../gateway/chat/request.ts'
import { readChat } from '../../../../gateway/dialects/openai-chat/client/read.ts'

const hello: JsonObject = { role: 'user', content: 'hello' }

function read(members: JsonObject): ChatRequest {
  return readChat({ model: 'm', messages: [hello], ...members }).value
}

function text(value: string): object {
  return { type: 'text', text: value }
}

describe('members', () => {
  test('a plain request has nothing it was not given', () => {
    expect(readChat({ model: 'm', messages: [hello] })).toEqual({
      value: { model: 'm', stream: false, messages: [{ role: 'user', parts: [text('hello')] }] },
      warnings: [],
    })
  })

  test('null means absent everywhere', () => {
    const names = [
      ...['stream', 'tools', 'tool_choice', 'parallel_tool_calls', 'functions', 'function_call', 'max_tokens'],
      ...['max_completion_tokens', 'temperature', 'top_p', 'top_k', 'stop', 'seed', 'presence_penalty', 'logprobs'],
      ...['frequency_penalty', 'top_logprobs', 'n', 'response_format', 'reasoning_effort', 'reasoning', 'thinking'],
      ...['include_reasoning', 'verbosity', 'service_tier', 'user', 'safety_identifier', 'logit_bias', 'unknown'],
    ]
    expect(read(Object.fromEntries(names.map((name) => [name, null])))).toEqual(read({}))
  })

  const members: [name: string, body: JsonObject, expected: Partial<ChatRequest>][] = [
    ['stream', { stream: true }, { stream: true }],
    ['max_tokens', { max_tokens: 5 }, { maxOutputTokens: 5 }],
    ['max_completion_tokens counts', { max_tokens: 5, max_completion_tokens: 6 }, { maxOutputTokens: 6 }],
    ['zero is not absent', { temperature: 0, top_p: 0, seed: 0 }, { temperature: 0, topP: 0, seed: 0 }],
    ['top_k', { top_k: 4 }, { topK: 4 }],
    ['stop string', { stop: 'x' }, { stop: ['x'] }],
    ['stop array', { stop: ['x', 'y'] }, { stop: ['x', 'y'] }],
    ['penalties', { presence_penalty: 1, frequency_penalty: -1 }, { presencePenalty: 1, frequencyPenalty: -1 }],
    ['logprobs', { logprobs: true, top_logprobs: 3 }, { logprobs: { top: 3 } }],
    ['logprobs without top', { logprobs: true }, { logprobs: {} }],
    ['logprobs false', { logprobs: false }, {}],
    ['n', { n: 2 }, { count: 2 }],
    ['effort', { reasoning_effort: 'xhigh' }, { reasoning: { effort: 'xhigh' } }],
    [
      'OpenRouter effort',
      { reasoning: { effort: 'low', exclude: true } },
      { reasoning: { effort: 'low', visible: false } },
    ],
    ['OpenRouter budget', { reasoning: { max_tokens: 2000 } }, { reasoning: { budgetTokens: 2000 } }],
    ['OpenRouter on', { reasoning: { enabled: true } }, { reasoning: { effort: 'medium' } }],
    ['OpenRouter off', { reasoning: { enabled: false } }, { reasoning: { effort: 'none' } }],
    ['include_reasoning', { include_reasoning: false }, { reasoning: { visible: false } }],
    ['thinking budget', { thinking: { type: 'enabled', budget_tokens: 1024 } }, { reasoning: { budgetTokens: 1024 } }],
    ['thinking off', { thinking: { type: 'disabled' } }, { reasoning: { effort: 'none' } }],
    ['verbosity', { verbosity: 'low' }, { verbosity: 'low' }],
    ['service_tier', { service_tier: 'flex' }, { serviceTier: 'flex' }],
    ['user', { user: 'u' }, { user: 'u' }],
    ['safety_identifier counts', { user: 'u', safety_identifier: 's' }, { user: 's' }],
    ['text format', { response_format: { type: 'text' } }, { output: { type: 'text' } }],
    ['json_object', { response_format: { type: 'json_object' } }, { output: { type: 'json' } }],
    [
      'json_schema',
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'n', description: 'd', strict: true, schema: { type: 'object' } },
        },
      },
      { output: { type: 'json-schema', name: 'n', description: 'd', strict: true, schema: { type: 'object' } } },
    ],
    [
      'uncarried',
      { logit_bias: { '1': 2 }, prediction: { type: 'content' }, metadata: { a: 'b' } },
      { uncarried: ['logit_bias', 'prediction', 'metadata'] },
    ],
    [
      'unknown',
      { web_search_model: { a: 1 }, prompt_cache_retention: '24h', other: 1 },
      { uncarried: ['web_search_model', 'prompt_cache_retention', 'other'] },
    ],
    ['prompt cache key', { prompt_cache_key: 'k' }, { promptCacheKey: 'k' }],
    [
      'web search by its options',
      {
        web_search_options: {
          search_context_size: 'medium',
          user_location: { type: 'approximate', approximate: { city: 'Bern', country: 'CH' } },
        },
      },
      {
        hostedTools: [
          {
            kind: 'web-search',
            name: 'web_search_options',
            userLocation: { type: 'approximate', city: 'Bern', country: 'CH' },
          },
        ],
      },
    ],
    [
      'tools of the server',
      { tools: [{ type: 'openrouter:web_search' }, { type: 'x_search' }] },
      { tools: [], hostedTools: [{ kind: 'web-search', name: 'openrouter:web_search' }, { name: 'x_search' }] },
    ],
    [
      'custom tools',
      {
        tools: [
          { type: 'custom', custom: { name: 'a', description: 'd' } },
          {
            type: 'custom',
            custom: { name: 'b', format: { type: 'grammar', grammar: { syntax: 'lark', definition: 'x' } } },
          },
        ],
        tool_choice: { type: 'custom', custom: { name: 'a' } },
      },
      {
        tools: [
          { name: 'a', description: 'd', custom: {} },
          { name: 'b', custom: { format: { type: 'grammar', syntax: 'lark', definition: 'x' } } },
        ],
        toolChoice: { type: 'tool', name: 'a' },
      },
    ],
    ['store true', { store: true }, { uncarried: ['store'] }],
    ['audio', { modalities: ['text', 'audio'] }, { uncarried: ['modalities'] }],
    [
      'harmless',
      { store: false, stream_options: { include_usage: true }, 'x-gateway': {}, modalities: ['text'], metadata: {} },
      {},
    ],
  ]

  test.each(members)('%s', (_, body, expected) => {
    expect(read(body)).toEqual({ ...read({}), ...expected })
  })
})

describe('tools', () => {
  const tool = {
    type: 'function',
    function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true },
  }

  test('function tools', () => {
    const { tools, parallelToolCalls } = read({
      tools: [
        { ...tool, cache_control: { type: 'ephemeral', ttl: '1h' } },
        { type: 'function', function: { name: 'g' } },
      ],
      parallel_tool_calls: false,
    })
    expect(tools).toEqual([
      { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true, cacheControl: { ttl: '1h' } },
      { name: 'g' },
    ])
    expect(parallelToolCalls).toBe(false)
  })

  test.each<[Json, ChatRequest['toolChoice']]>([
    ['auto', { type: 'auto' }],
    ['none', { type: 'none' }],
    ['required', { type: 'required' }],
    ['any', { type: 'required' }],
    [
      { type: 'function', function: { name: 'f' } },
      { type: 'tool', name: 'f' },
    ],
    [
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'required', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
      { type: 'required', tools: ['f'] },
    ],
  ])('tool_choice %j', (choice, expected) => {
    expect(read({ tools: [tool], tool_choice: choice }).toolChoice).toEqual(expected)
  })

  test('legacy functions, with the call and its result paired', () => {
    const { value, warnings } = readChat({
      model: 'm',
      functions: [{ name: 'f', parameters: { type: 'object' } }],
      function_call: { name: 'f' },
      messages: [
        hello,
        { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
        { role: 'function', name: 'f', content: 'done' },
      ],
    })
    expect(value.tools).toEqual([{ name: 'f', parameters: { type: 'object' } }])
    expect(value.toolChoice).toEqual({ type: 'tool', name: 'f' })
    expect(value.messages.slice(1)).toEqual([
      { role: 'assistant', parts: [{ type: 'tool-call', id: 'call_1', name: 'f', arguments: '{}' }] },
      { role: 'tool', callId: 'call_1', name: 'f', parts: [text('done')] },
    ])
    expect(warnings.map(({ feature }) => feature)).toEqual(['functions'])
  })
})

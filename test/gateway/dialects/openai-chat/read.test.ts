import { describe, expect, test } from 'vitest'
import type { Json, JsonObject } from '../../../../gateway/chat/json.ts'
import type { ChatRequest } from '../../../../gateway/chat/request.ts'
import { readChat } from '../../../../gateway/dialects/openai-chat/client/read.ts'
import { GatewayError } from '../../../../gateway/errors.ts'

const hello: JsonObject = { role: 'user', content: 'hello' }

function read(members: JsonObject): ChatRequest {
  return readChat({ model: 'm', messages: [hello], ...members }).value
}

function readOne(message: JsonObject): ChatRequest['messages'][number] | undefined {
  return read({ messages: [message] }).messages[0]
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
      { web_search_options: { a: 1 }, prompt_cache_key: 'k', other: 1 },
      { uncarried: ['web_search_options', 'prompt_cache_key', 'other'] },
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

describe('messages', () => {
  const png = 'iVBORw0KGgo='
  const messages: [name: string, message: JsonObject, expected: object][] = [
    ['system', { role: 'system', content: 's' }, { role: 'system', parts: [text('s')] }],
    [
      'developer',
      { role: 'developer', content: [text('d')] as Json[] },
      { role: 'system', developer: true, parts: [text('d')] },
    ],
    ['user with name', { role: 'user', name: 'n', content: '' }, { role: 'user', name: 'n', parts: [text('')] }],
    [
      'images',
      {
        role: 'user',
        content: [
          { type: 'image_url', image_url: { url: `data:image/png;base64,${png}`, detail: 'low' } },
          { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
          { type: 'image_url', image_url: 'https://example.com/b.png' },
        ],
      },
      {
        role: 'user',
        parts: [
          { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: png }, detail: 'low' },
          { type: 'image', source: { type: 'url', url: 'https://example.com/a.png' } },
          { type: 'image', source: { type: 'url', url: 'https://example.com/b.png' } },
        ],
      },
    ],
    [
      'files and audio',
      {
        role: 'user',
        content: [
          { type: 'file', file: { file_data: 'data:application/pdf;base64,AAAA', filename: 'a.pdf' } },
          { type: 'file', file: { file_data: 'AAAA' } },
          { type: 'file', file: { file_data: 'AAAA', filename: 'a.TXT' } },
          { type: 'file', file: { file_id: 'file-1' } },
          { type: 'file', file: { file_data: 'data:,a%20b' } },
          { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } },
        ],
      },
      {
        role: 'user',
        parts: [
          { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AAAA' }, filename: 'a.pdf' },
          { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'AAAA' } },
          { type: 'file', source: { type: 'base64', mediaType: 'text/plain', data: 'AAAA' }, filename: 'a.TXT' },
          { type: 'file', source: { type: 'id', id: 'file-1' } },
          { type: 'file', source: { type: 'base64', mediaType: 'text/plain', data: 'YSBi' } },
          { type: 'audio', data: 'AAAA', format: 'wav' },
        ],
      },
    ],
    [
      'cache marks of parts and messages',
      {
        role: 'user',
        cache_control: { type: 'ephemeral' },
        content: [{ ...text('a'), cache_control: { type: 'ephemeral', ttl: '5m' } }, text('b')] as Json[],
      },
      {
        role: 'user',
        parts: [
          { ...text('a'), cacheControl: { ttl: '5m' } },
          { ...text('b'), cacheControl: {} },
        ],
      },
    ],
    [
      'assistant with everything',
      {
        role: 'assistant',
        content: [text('t'), { type: 'refusal', refusal: 'r' }] as Json[],
        reasoning_content: 'think',
        tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{"a":1}' } }],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'think' },
          text('t'),
          { type: 'refusal', text: 'r' },
          { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":1}' },
        ],
      },
    ],
    [
      'assistant refusal',
      { role: 'assistant', content: null, refusal: 'no' },
      { role: 'assistant', parts: [{ type: 'refusal', text: 'no' }] },
    ],
    [
      'vLLM reasoning',
      { role: 'assistant', content: 'a', reasoning: 'r' },
      { role: 'assistant', parts: [{ type: 'reasoning', text: 'r' }, text('a')] },
    ],
    [
      'our signed reasoning, whose text counts once',
      {
        role: 'assistant',
        content: 'a',
        reasoning_content: 'onetwo',
        reasoning_details: [
          { type: 'reasoning.text', text: 'one', signature: 's1', provider: 'p', model: 'm' },
          { type: 'reasoning.text', text: 'two', signature: 's2', provider: 'p', model: 'm' },
          { type: 'reasoning.encrypted', data: 'd', provider: 'p', model: 'm' },
        ],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'one', signature: 's1', origin: { provider: 'p', model: 'm' } },
          { type: 'reasoning', text: 'two', signature: 's2', origin: { provider: 'p', model: 'm' } },
          { type: 'reasoning', text: '', redacted: 'd', origin: { provider: 'p', model: 'm' } },
          text('a'),
        ],
      },
    ],
    [
      'reasoning details collected piece by piece',
      {
        role: 'assistant',
        content: 'a',
        reasoning_details: [
          { type: 'reasoning.text', text: 'o' },
          { type: 'reasoning.text', text: 'ne' },
          { type: 'reasoning.text', text: '', signature: 's' },
          { type: 'reasoning.summary', summary: 'two' },
        ],
      },
      {
        role: 'assistant',
        parts: [{ type: 'reasoning', text: 'one', signature: 's' }, { type: 'reasoning', text: 'two' }, text('a')],
      },
    ],
    [
      'LiteLLM thinking blocks',
      {
        role: 'assistant',
        content: 'a',
        thinking_blocks: [
          { type: 'thinking', thinking: 'x', signature: 's' },
          { type: 'redacted_thinking', data: 'd' },
        ],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'x', signature: 's' },
          { type: 'reasoning', text: '', redacted: 'd' },
          text('a'),
        ],
      },
    ],
    [
      'Gemini signature with our origin',
      {
        role: 'assistant',
        tool_calls: [
          {
            id: 'c',
            type: 'function',
            function: { name: 'f', arguments: '' },
            extra_content: { google: { thought_signature: 's' }, gateway: { provider: 'p', model: 'm' } },
          },
        ],
      },
      {
        role: 'assistant',
        parts: [
          {
            type: 'tool-call',
            id: 'c',
            name: 'f',
            arguments: '',
            signature: 's',
            origin: { provider: 'p', model: 'm' },
          },
        ],
      },
    ],
    [
      'tool',
      { role: 'tool', tool_call_id: 'c', content: [text('x')] as Json[] },
      { role: 'tool', callId: 'c', parts: [text('x')] },
    ],
    [
      'tool with mark',
      { role: 'tool', tool_call_id: 'c', content: 'x', cache_control: { type: 'ephemeral' } },
      { role: 'tool', callId: 'c', parts: [text('x')], cacheControl: {} },
    ],
  ]

  test.each(messages)('%s', (_, message, expected) => {
    expect(readOne(message)).toEqual(expected)
  })

  test('the body is not changed', () => {
    const body = { model: 'm', messages: messages.map(([, message]) => message) }
    const before = structuredClone(body)
    readChat(body)
    expect(body).toEqual(before)
  })
})

describe('refusals name the member', () => {
  const user = (content: Json): JsonObject => ({ messages: [{ role: 'user', content }] })
  const refused: [name: string, body: JsonObject, param: string, code?: string][] = [
    ['no model', { model: null }, 'model'],
    ['no messages', { messages: null }, 'messages'],
    ['empty messages', { messages: [] }, 'messages'],
    ['messages not an array', { messages: 'hi' }, 'messages'],
    ['message not an object', { messages: ['hi'] }, 'messages[0]'],
    ['unknown role', { messages: [hello, { role: 'robot', content: '' }] }, 'messages[1].role'],
    ['prototype role', { messages: [{ role: 'constructor', content: '' }] }, 'messages[0].role'],
    ['null user content', user(null), 'messages[0].content'],
    ['number as content', user(5), 'messages[0].content'],
    ['text part without text', user([{ type: 'text' }]), 'messages[0].content[0].text'],
    [
      'unknown part',
      user([text('a') as JsonObject, { type: 'video_url' }]),
      'messages[0].content[1]',
      'unsupported_content',
    ],
    ['image without URL', user([{ type: 'image_url', image_url: {} }]), 'messages[0].content[0].image_url.url'],
    [
      'image that is no URL',
      user([{ type: 'image_url', image_url: { url: 'AAAA' } }]),
      'messages[0].content[0].image_url.url',
    ],
    [
      'image in system',
      { messages: [{ role: 'system', content: [{ type: 'image_url', image_url: 'https://a.b/c' }] }] },
      'messages[0].content[0]',
      'unsupported_content',
    ],
    ['tool without id', { messages: [{ role: 'tool', content: '' }] }, 'messages[0].tool_call_id'],
    [
      'call without id',
      { messages: [{ role: 'assistant', tool_calls: [{ function: { name: 'f' } }] }] },
      'messages[0].tool_calls[0].id',
    ],
    [
      'custom call',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'custom' }] }] },
      'messages[0].tool_calls[0]',
      'unsupported_content',
    ],
    [
      'earlier audio',
      { messages: [{ role: 'assistant', audio: { id: 'a' } }] },
      'messages[0].audio',
      'unsupported_content',
    ],
    [
      'custom tool',
      {
        tools: [
          { type: 'function', function: { name: 'f' } },
          { type: 'custom', custom: {} },
        ],
      },
      'tools[1]',
      'unsupported_content',
    ],
    ['tool without name', { tools: [{ type: 'function', function: {} }] }, 'tools[0].function.name'],
    ['unknown tool choice', { tool_choice: 'maybe' }, 'tool_choice'],
    ['temperature as text', { temperature: '1' }, 'temperature'],
    ['max_tokens as fraction', { max_tokens: 1.5 }, 'max_tokens'],
    ['stream as text', { stream: 'true' }, 'stream'],
    ['stop of numbers', { stop: [1] }, 'stop[0]'],
    ['unknown effort', { reasoning_effort: 'huge' }, 'reasoning_effort'],
    ['unknown nested effort', { reasoning: { effort: 'huge' } }, 'reasoning.effort'],
    ['unknown format', { response_format: { type: 'xml' } }, 'response_format.type'],
    ['format without schema', { response_format: { type: 'json_schema' } }, 'response_format.json_schema'],
  ]

  test.each(refused)('%s', (_, members, param, code = 'invalid_request') => {
    const act = (): unknown => read(members)
    expect(act).toThrow(GatewayError)
    expect(act).toThrow(expect.objectContaining({ param, code, status: 400 }) as Error)
  })

  test('with OpenAI’s wording', () => {
    expect(() => read(user(5))).toThrow(
      "Invalid type for 'messages[0].content': expected a string or an array of parts, but got an integer instead.",
    )
  })
})

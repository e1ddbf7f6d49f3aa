import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../gateway/chat/json.ts'
import type { ChatRequest, Message } from '../../../../gateway/chat/request.ts'
import type { WriteTarget } from '../../../../gateway/dialects/dialect.ts'
import { readChat } from '../../../../gateway/dialects/openai-chat/client/read.ts'
import { writeChat } from '../../../../gateway/dialects/openai-chat/provider/write.ts'
import { GatewayError } from '../../../../gateway/errors.ts'

const target: WriteTarget = { provider: 'p', model: 'm', facts: {} }
const hello: Message = { role: 'user', parts: [{ type: 'text', text: 'hello' }] }

function write(members: Partial<ChatRequest>, facts: WriteTarget['facts'] = {}): JsonObject {
  return writeChat({ model: 'asked', messages: [hello], stream: false, ...members }, { ...target, facts }).value
}

function features(members: Partial<ChatRequest>, facts: WriteTarget['facts'] = {}): string[] {
  const request = { model: 'asked', messages: [hello], stream: false, ...members }
  return writeChat(request, { ...target, facts }).warnings.map(({ feature }) => feature)
}

function messages(...list: Message[]): unknown {
  return write({ messages: list })['messages']
}

const plain = { model: 'm', messages: [{ role: 'user', content: 'hello' }] }

describe('knobs', () => {
  const knobs: [name: string, members: Partial<ChatRequest>, expected: JsonObject][] = [
    ['nothing', {}, {}],
    ['stream asks for usage', { stream: true }, { stream: true, stream_options: { include_usage: true } }],
    ['tokens', { maxOutputTokens: 0 }, { max_completion_tokens: 0 }],
    [
      'sampling',
      { temperature: 0, topP: 1, seed: 2, presencePenalty: 0, frequencyPenalty: 1 },
      { temperature: 0, top_p: 1, seed: 2, presence_penalty: 0, frequency_penalty: 1 },
    ],
    ['stop and n', { stop: ['a'], count: 2 }, { stop: ['a'], n: 2 }],
    ['logprobs', { logprobs: { top: 2 } }, { logprobs: true, top_logprobs: 2 }],
    ['effort', { reasoning: { effort: 'max', budgetTokens: 1 } }, { reasoning_effort: 'max' }],
    ['small budget', { reasoning: { budgetTokens: 1024 } }, { reasoning_effort: 'low' }],
    ['middle budget', { reasoning: { budgetTokens: 8192 } }, { reasoning_effort: 'medium' }],
    ['large budget', { reasoning: { budgetTokens: 32_000 } }, { reasoning_effort: 'high' }],
    ['only visibility', { reasoning: { visible: false } }, {}],
    [
      'others',
      { verbosity: 'low', serviceTier: 'flex', user: 'u' },
      { verbosity: 'low', service_tier: 'flex', user: 'u' },
    ],
    ['json', { output: { type: 'json' } }, { response_format: { type: 'json_object' } }],
    ['text', { output: { type: 'text' } }, { response_format: { type: 'text' } }],
    [
      'schema, its name made valid',
      { output: { type: 'json-schema', name: 'my answer!', schema: { type: 'object' }, strict: true } },
      {
        response_format: {
          type: 'json_schema',
          json_schema: { name: 'my_answer_', schema: { type: 'object' }, strict: true },
        },
      },
    ],
  ]

  test.each(knobs)('%s', (_, members, expected) => {
    expect(write(members)).toEqual({ ...plain, ...expected })
  })

  test('what is lost is told', () => {
    expect(features({ topK: 3, uncarried: ['logit_bias'] })).toEqual(['logit_bias', 'top_k'])
    expect(features({ temperature: 1 }, { sampling: false })).toEqual(['temperature'])
    expect(write({ temperature: 1, topP: 1 }, { sampling: false })).toEqual(plain)
    expect(features({ reasoning: { effort: 'high' } }, { thinking: 'none' })).toEqual(['reasoning_effort'])
    expect(features({ reasoning: { effort: 'none' } }, { thinking: 'none' })).toEqual([])
  })
})

describe('tools', () => {
  const tools = [{ name: 'f', description: 'd', parameters: { type: 'object' }, strict: true }, { name: 'g' }]

  test('with and without parameters', () => {
    expect(write({ tools, parallelToolCalls: false })).toMatchObject({
      tools: [
        { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true } },
        { type: 'function', function: { name: 'g', parameters: { type: 'object', properties: {} } } },
      ],
      parallel_tool_calls: false,
    })
  })

  test.each<[NonNullable<ChatRequest['toolChoice']>, unknown]>([
    [{ type: 'auto' }, 'auto'],
    [{ type: 'none' }, 'none'],
    [{ type: 'required' }, 'required'],
    [
      { type: 'tool', name: 'f' },
      { type: 'function', function: { name: 'f' } },
    ],
    [
      { type: 'auto', tools: ['f'] },
      {
        type: 'allowed_tools',
        allowed_tools: { mode: 'auto', tools: [{ type: 'function', function: { name: 'f' } }] },
      },
    ],
  ])('choice %j', (toolChoice, expected) => {
    expect(write({ tools, toolChoice })['tool_choice']).toEqual(expected)
  })

  test('custom tools are functions of one text; what the provider would run is lost', () => {
    const format = { type: 'grammar', syntax: 'lark', definition: 'x' }
    const members: Partial<ChatRequest> = {
      tools: [{ name: 'sql', description: 'd', custom: { format } }],
      hostedTools: [{ kind: 'web-search', name: 'web_search' }],
    }
    expect(write(members)['tools']).toMatchObject([
      { type: 'function', function: { name: 'sql', description: 'd', parameters: { required: ['input'] } } },
    ])
    expect(features(members)).toEqual(['tools.web_search', 'tools.sql.format'])
  })

  test('no choice without tools', () => {
    expect(write({ toolChoice: { type: 'auto' }, parallelToolCalls: true })).toEqual(plain)
  })

  test('a model that cannot be forced', () => {
    const members: Partial<ChatRequest> = { tools, toolChoice: { type: 'required' } }
    expect(write(members, { forcedToolChoice: false })['tool_choice']).toBe('auto')
    expect(features(members, { forcedToolChoice: false })).toEqual(['tool_choice'])
  })
})

describe('messages', () => {
  test('roles', () => {
    expect(
      messages(
        {
          role: 'system',
          parts: [
            { type: 'text', text: 'a' },
            { type: 'text', text: 'b' },
          ],
        },
        { role: 'system', developer: true, parts: [{ type: 'text', text: 'd' }] },
        { role: 'user', name: 'n', parts: [] },
      ),
    ).toEqual([
      { role: 'system', content: 'a\n\nb' },
      { role: 'developer', content: 'd' },
      { role: 'user', content: '', name: 'n' },
    ])
  })

  test('parts of a user', () => {
    const pdf = { type: 'base64', mediaType: 'application/pdf', data: 'AAAA' } as const
    const text = { type: 'base64', mediaType: 'text/plain', data: 'YSBi' } as const
    expect(
      messages({
        role: 'user',
        parts: [
          { type: 'text', text: 'a' },
          { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA' }, detail: 'low' },
          { type: 'image', source: { type: 'url', url: 'https://a' } },
          { type: 'file', source: pdf, filename: 'a.pdf' },
          { type: 'file', source: pdf },
          { type: 'file', source: text, filename: 'a.txt' },
          { type: 'file', source: { type: 'id', id: 'file-1' } },
          { type: 'audio', format: 'wav', data: 'AA' },
        ],
      }),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AA', detail: 'low' } },
          { type: 'image_url', image_url: { url: 'https://a' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
          { type: 'file', file: { filename: 'file.pdf', file_data: 'data:application/pdf;base64,AAAA' } },
          { type: 'text', text: 'a.txt:\n\na b' },
          { type: 'file', file: { file_id: 'file-1' } },
          { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } },
        ],
      },
    ])
  })

  test.each<[Extract<Message, { role: 'user' }>['parts'][number]]>([
    [{ type: 'image', source: { type: 'id', id: 'x' } }],
    [{ type: 'file', source: { type: 'url', url: 'https://a/b.pdf' } }],
  ])('content that cannot be carried is refused by name: %j', (part) => {
    const act = (): unknown => messages(hello, { role: 'user', parts: [{ type: 'text', text: 'a' }, part] })
    expect(act).toThrow(GatewayError)
    expect(act).toThrow(
      expect.objectContaining({ code: 'unsupported_content', param: 'messages[1].content[1]' }) as Error,
    )
  })

  test('calls and results; images of results follow the last result', () => {
    const image = { type: 'image', source: { type: 'url', url: 'https://a' } } as const
    expect(
      messages(
        {
          role: 'assistant',
          parts: [
            { type: 'tool-call', id: 'a', name: 'f', arguments: '' },
            { type: 'tool-call', id: 'b', name: 'f', arguments: '{"x":1}' },
          ],
        },
        { role: 'tool', callId: 'a', parts: [image] },
        { role: 'tool', callId: 'b', parts: [{ type: 'text', text: 'r' }] },
        hello,
      ),
    ).toEqual([
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
          { id: 'b', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'a', content: '(see the attachment below)' },
      { role: 'tool', tool_call_id: 'b', content: 'r' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Attached to the result of a:' },
          { type: 'image_url', image_url: { url: 'https://a' } },
        ],
      },
      { role: 'user', content: 'hello' },
    ])
  })

  test('thinking and signatures go only to where they came from', () => {
    const message = (provider: string, model: string): Message => ({
      role: 'assistant',
      parts: [
        { type: 'reasoning', text: 'r', signature: 's', origin: { provider, model } },
        { type: 'reasoning', text: '', redacted: 'd', origin: { provider, model } },
        { type: 'text', text: 't' },
        { type: 'tool-call', id: 'c', name: 'f', arguments: '{}', signature: 'ts', origin: { provider, model } },
      ],
    })
    const call = { id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }
    expect(messages(message('p', 'm'))).toEqual([
      {
        role: 'assistant',
        content: 't',
        tool_calls: [{ ...call, extra_content: { google: { thought_signature: 'ts' } } }],
        reasoning_details: [
          { type: 'reasoning.text', text: 'r', signature: 's' },
          { type: 'reasoning.encrypted', data: 'd' },
        ],
      },
    ])
    for (const other of [message('q', 'm'), message('p', 'n')])
      expect(messages(other)).toEqual([{ role: 'assistant', content: 't', tool_calls: [call] }])
  })

  test('plain thinking', () => {
    const part = { type: 'reasoning', text: 'r' } as const
    expect(messages({ role: 'assistant', parts: [{ ...part, origin: { provider: 'p', model: 'm' } }] })).toEqual([
      { role: 'assistant', content: '', reasoning_content: 'r' },
    ])
    expect(messages({ role: 'assistant', parts: [part] })).toEqual([{ role: 'assistant', content: '' }])
  })

  test('refusals', () => {
    expect(messages({ role: 'assistant', parts: [{ type: 'refusal', text: 'no' }] })).toEqual([
      { role: 'assistant', content: null, refusal: 'no' },
    ])
  })

  test('marks and failed calls are told, once for all marks', () => {
    const marked = { type: 'text', text: 'a', cacheControl: {} } as const
    expect(
      features({
        messages: [
          { role: 'system', parts: [marked] },
          { role: 'user', parts: [marked] },
        ],
      }),
    ).toEqual(['cache_control'])
    expect(features({ tools: [{ name: 'f', cacheControl: {} }] })).toEqual(['cache_control'])
    expect(features({ messages: [{ role: 'tool', callId: 'c', isError: true, parts: [] }] })).toEqual([
      'messages[0].is_error',
    ])
  })
})

test('arguments that a model did not finish are told to be lost', () => {
  const parts = ['cut o', '[]', '', ' '].map((json, index) => ({
    type: 'tool-call' as const,
    id: `c${index}`,
    name: 'f',
    arguments: json,
  }))
  expect(features({ messages: [hello, { role: 'assistant', parts }] })).toEqual([
    'messages[1].tool_calls',
    'messages[1].tool_calls',
  ])
})

test('what is written is read as the same', () => {
  const request: ChatRequest = {
    model: 'm',
    stream: true,
    messages: [
      { role: 'system', parts: [{ type: 'text', text: 's' }] },
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'u' },
          { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AA' } },
        ],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'text', text: 'a' },
          { type: 'tool-call', id: 'c', name: 'f', arguments: '{}' },
        ],
      },
      { role: 'tool', callId: 'c', parts: [{ type: 'text', text: 'r' }] },
    ],
    tools: [{ name: 'f', parameters: { type: 'object' } }],
    toolChoice: { type: 'required', tools: ['f'] },
    output: { type: 'json-schema', name: 'n', schema: { type: 'object' } },
    maxOutputTokens: 5,
    temperature: 0.5,
    stop: ['x'],
    reasoning: { effort: 'low' },
    logprobs: { top: 1 },
    count: 2,
    user: 'u',
  }
  expect(readChat(writeChat(request, target).value)).toEqual({ value: request, warnings: [] })
})

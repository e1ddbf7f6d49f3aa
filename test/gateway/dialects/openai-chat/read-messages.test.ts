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
      'a call of a custom tool',
      { role: 'assistant', tool_calls: [{ id: 'c', type: 'custom', custom: { name: 'sql', input: 'a"b' } }] },
      {
        role: 'assistant',
        parts: [{ type: 'tool-call', id: 'c', name: 'sql', arguments: '{"input":"a\\"b"}' }],
      },
    ],
    [
      'a signed call of a custom tool',
      {
        role: 'assistant',
        tool_calls: [
          {
            id: 'c',
            type: 'custom',
            custom: { name: 'sql', input: 'a' },
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
            name: 'sql',
            arguments: '{"input":"a"}',
            signature: 's',
            origin: { provider: 'p', model: 'm' },
          },
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
      'custom call without its input',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'custom' }] }] },
      'messages[0].tool_calls[0].custom',
    ],
    [
      'call of an unknown type',
      { messages: [{ role: 'assistant', tool_calls: [{ id: 'c', type: 'mcp' }] }] },
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
      'custom tool without name',
      {
        tools: [
          { type: 'function', function: { name: 'f' } },
          { type: 'custom', custom: {} },
        ],
      },
      'tools[1].custom.name',
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

test('thinking in 50 000 pieces is put together in time', () => {
  const piece = { type: 'reasoning.encrypted', data: 'x', provider: 'p', model: 'm' }
  const message = { role: 'assistant', reasoning_details: Array.from({ length: 50_000 }, () => piece) }
  expect(readOne(message)?.parts).toHaveLength(50_000)
})

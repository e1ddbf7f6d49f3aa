import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { AssistantPart, Message, UserPart } from '../../../../../gateway/chat/request.ts'
import { seal } from '../../../../../gateway/chat/seal.ts'
import { assistant, hello, messagesOf, read, text, user, warned } from './reading.ts'

const origin = { provider: 'p', model: 'x' }
const foreign = { provider: '', model: '' }
const ephemeral = { type: 'ephemeral' }
const image = { type: 'image', source: { type: 'url', url: 'https://a' } } as const

function base64(value: string): string {
  return Buffer.from(value).toString('base64')
}

describe('system', () => {
  const cases: [name: string, system: JsonObject['system'], expected: Message[]][] = [
    ['a string', 'be good', [{ role: 'system', parts: [text('be good')] }]],
    ['empty', '', []],
    [
      'blocks with marks',
      [
        { ...text('a'), cache_control: ephemeral },
        { ...text('b'), cache_control: { ...ephemeral, ttl: '1h' } },
      ],
      [
        {
          role: 'system',
          parts: [
            { ...text('a'), cacheControl: {} },
            { ...text('b'), cacheControl: { ttl: '1h' } },
          ],
        },
      ],
    ],
    [
      "without Claude Code's billing note",
      [text('x-anthropic-billing-header: cc_version=2.1'), text('b')],
      [{ role: 'system', parts: [text('b')] }],
    ],
  ]
  test.each(cases)('%s', (_name, system, expected) => {
    expect(read({ system }).value.messages.slice(0, -1)).toEqual(expected)
  })

  test('within the conversation it stays where it is', () => {
    const mid = { role: 'system', content: [{ ...text('now'), cache_control: ephemeral }] }
    expect(
      messagesOf(hello, mid, assistant(text('ok')), { role: 'system', content: 'then' }).map(({ role }) => role),
    ).toEqual(['user', 'system', 'assistant', 'system'])
    expect(messagesOf(hello, mid)[1]).toEqual({ role: 'system', parts: [{ ...text('now'), cacheControl: {} }] })
  })
})

describe('user blocks', () => {
  const data = 'JVBERi0='
  const cases: [name: string, block: JsonObject, parts: UserPart[]][] = [
    ['text', text('a'), [text('a')]],
    [
      'marked text',
      { ...text('a'), cache_control: { type: 'ephemeral', ttl: '5m' } },
      [{ ...text('a'), cacheControl: { ttl: '5m' } }],
    ],
    ['citations of earlier text go', { ...text('a'), citations: [{ type: 'char_location' }] }, [text('a')]],
    [
      'image',
      { type: 'image', source: { type: 'base64', media_type: 'image/PNG', data: 'aa' } },
      [{ type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'aa' } }],
    ],
    ['image by URL', { ...image, cache_control: ephemeral }, [{ ...image, cacheControl: {} }]],
    [
      'image by id',
      { type: 'image', source: { type: 'file', file_id: 'f' } },
      [{ type: 'image', source: { type: 'id', id: 'f' } }],
    ],
    [
      'PDF',
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data }, title: 'a.pdf' },
      [{ type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data }, filename: 'a.pdf' }],
    ],
    [
      'PDF by URL',
      { type: 'document', source: { type: 'url', url: 'https://a' }, citations: { enabled: true } },
      [{ type: 'file', source: { type: 'url', url: 'https://a' } }],
    ],
    [
      'document by id',
      { type: 'document', source: { type: 'file', file_id: 'f' } },
      [{ type: 'file', source: { type: 'id', id: 'f' } }],
    ],
    [
      'plain text',
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'ü' }, context: 'about' },
      [text('about'), { type: 'file', source: { type: 'base64', mediaType: 'text/plain', data: base64('ü') } }],
    ],
    [
      'document of blocks',
      {
        type: 'document',
        title: 't',
        source: { type: 'content', content: [text('a'), image] },
        cache_control: ephemeral,
      },
      [text('t'), text('a'), { ...image, cacheControl: {} }],
    ],
    ['document of one string', { type: 'document', source: { type: 'content', content: 'a' } }, [text('a')]],
    [
      'search result',
      { type: 'search_result', source: 'https://a', title: 'A', content: [text('a')] },
      [text('A\nhttps://a'), text('a')],
    ],
  ]
  test.each(cases)('%s', (_name, block, parts) => {
    expect(messagesOf(user(block))).toEqual([{ role: 'user', parts }])
  })

  test('blocks of tomorrow are left out and reported', () => {
    const loss = read({ messages: [user(text('a'), { type: 'hologram' })] })
    expect(loss.value.messages).toEqual([{ role: 'user', parts: [text('a')] }])
    expect(warned(loss)).toEqual(['messages[0].content[1]'])
  })

  const refused: [block: JsonObject, param: string][] = [
    [{ type: 'container_upload', file_id: 'f' }, 'messages[0].content[0]'],
    [{ type: 'image', source: { type: 'telepathy' } }, 'messages[0].content[0].source'],
  ]
  test.each(refused)('%j is content that nobody else takes', (block, param) => {
    expect(() => messagesOf(user(block))).toThrow(expect.objectContaining({ code: 'unsupported_content', param }))
  })
})

describe('tool results', () => {
  test('come first in their turn', () => {
    const turn = user(
      text('before'),
      { type: 'tool_result', tool_use_id: 'a', content: 'A' },
      text('after'),
      { type: 'tool_result', tool_use_id: 'b', content: [text('B'), image], is_error: true, cache_control: ephemeral },
      { type: 'tool_result', tool_use_id: 'c', is_error: false },
    )
    expect(messagesOf(turn)).toEqual([
      { role: 'tool', callId: 'a', parts: [text('A')] },
      { role: 'tool', callId: 'b', parts: [text('B'), image], isError: true, cacheControl: {} },
      { role: 'tool', callId: 'c', parts: [], isError: false },
      { role: 'user', parts: [text('before'), text('after')] },
    ])
  })

  test('tools that a search found', () => {
    const content = [{ type: 'tool_reference', tool_name: 'f' }]
    expect(messagesOf(user({ type: 'tool_result', tool_use_id: 'a', content }))).toEqual([
      { role: 'tool', callId: 'a', parts: [text('Tool found: f')] },
    ])
  })
})

describe('assistant blocks', () => {
  const thinking = (thoughts: string, signature?: string): JsonObject => ({
    type: 'thinking',
    thinking: thoughts,
    ...(signature === undefined ? {} : { signature }),
  })
  const redacted = (data: string): JsonObject => ({ type: 'redacted_thinking', data })
  const use = { type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } }
  const call = { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":1}' } as const
  const cases: [name: string, blocks: JsonObject[], parts: AssistantPart[]][] = [
    ['text, without its citations', [{ ...text('a'), citations: [] }], [text('a')]],
    [
      'marked text',
      [{ ...text('a'), cache_control: ephemeral }],
      [{ ...text('a'), cacheControl: {} } as AssistantPart],
    ],
    [
      'sealed thinking',
      [thinking('a', seal({ ...origin, signature: 's' }))],
      [{ type: 'reasoning', text: 'a', signature: 's', origin }],
    ],
    [
      'sealed thinking that was not shown',
      [thinking('', seal({ ...origin, signature: 's', text: 'a' }))],
      [{ type: 'reasoning', text: 'a', signature: 's', origin }],
    ],
    [
      'unsigned thinking of another provider',
      [thinking('a', seal(origin))],
      [{ type: 'reasoning', text: 'a', origin }],
    ],
    ["Anthropic's own", [thinking('a', 'raw')], [{ type: 'reasoning', text: 'a', signature: 'raw', origin: foreign }]],
    [
      "Anthropic's own, not shown",
      [thinking('', 'raw')],
      [{ type: 'reasoning', text: '', signature: 'raw', origin: foreign }],
    ],
    [
      'unsigned',
      [thinking('a'), thinking('b', '')],
      [
        { type: 'reasoning', text: 'a' },
        { type: 'reasoning', text: 'b' },
      ],
    ],
    [
      'sealed encrypted thinking',
      [redacted(seal({ ...origin, redacted: 'd' }))],
      [{ type: 'reasoning', text: '', redacted: 'd', origin }],
    ],
    [
      "Anthropic's own encrypted thinking",
      [redacted('raw')],
      [{ type: 'reasoning', text: '', redacted: 'raw', origin: foreign }],
    ],
    ['a call', [use], [call]],
    ['a call without input', [{ ...use, input: null }], [{ ...call, arguments: '{}' }]],
    ['a call as it was written', [{ ...use, input: '{"a' }], [{ ...call, arguments: '{"a' }]],
    [
      'a signed call',
      [redacted(seal({ ...origin, signature: 's', call: 'c' })), use],
      [{ ...call, signature: 's', origin }],
    ],
    [
      'a signed call, signature behind',
      [use, redacted(seal({ ...origin, signature: 's', call: 'c' }))],
      [{ ...call, signature: 's', origin }],
    ],
    ['the summary of a compacted conversation', [{ type: 'compaction', content: 'so far' }], [text('so far')]],
    ['a string', [], []],
  ]
  test.each(cases)('%s', (_name, blocks, parts) => {
    expect(messagesOf(hello, assistant(...blocks))[1]).toEqual({ role: 'assistant', parts })
  })

  test('one string', () => {
    expect(messagesOf(hello, { role: 'assistant', content: 'a' })[1]).toEqual({ role: 'assistant', parts: [text('a')] })
  })

  const left = [
    { type: 'server_tool_use', id: 's', name: 'web_search', input: { query: 'q' } },
    { type: 'web_search_tool_result', tool_use_id: 's', content: [{ type: 'web_search_result', url: 'https://a' }] },
    { type: 'mcp_tool_use', id: 'm', name: 'n', server_name: 's', input: {} },
    { type: 'mcp_tool_result', tool_use_id: 'm', content: [] },
    { type: 'bash_code_execution_tool_result', tool_use_id: 's', content: {} },
    { type: 'container_upload', file_id: 'f' },
    { type: 'fallback' },
  ]
  test.each(left)('$type is left out and reported', (block) => {
    const loss = read({ messages: [hello, assistant(block, text('found'))] })
    expect(loss.value.messages[1]).toEqual({ role: 'assistant', parts: [text('found')] })
    expect(warned(loss)).toEqual(['messages[1].content[0]'])
  })

  test('a message of which nothing is left goes', () => {
    expect(messagesOf(hello, assistant({ type: 'fallback' }))).toHaveLength(1)
  })
})

test("the body's own cache mark stands on the last block", () => {
  const marked = (messages: JsonObject[]): Message | undefined =>
    read({ messages, cache_control: { type: 'ephemeral', ttl: '1h' } }).value.messages.at(-1)
  const cacheControl = { ttl: '1h' }
  expect(marked([user(text('a'), text('b'))])).toEqual({
    role: 'user',
    parts: [text('a'), { ...text('b'), cacheControl }],
  })
  const result = { type: 'tool_result', tool_use_id: 'a', content: 'A' }
  expect(marked([user(result)])).toEqual({ role: 'tool', callId: 'a', parts: [text('A')], cacheControl })
})

test('an output_config of one message is reported', () => {
  expect(warned(read({ messages: [{ ...hello, output_config: { effort: 'low' } }] }))).toEqual([
    'messages[0].output_config',
  ])
})

test('a document of 200 000 blocks does not overflow the stack', () => {
  const content = Array.from({ length: 200_000 }, () => text('x'))
  const [message] = messagesOf(user({ type: 'document', source: { type: 'content', content } }))
  expect(message?.parts).toHaveLength(200_000)
})

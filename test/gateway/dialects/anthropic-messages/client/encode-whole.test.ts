import { describe, expect, test } from 'vitest'
import type { ChatReply } from '../../../../../gateway/chat/collect.ts'
import type { AssistantPart } from '../../../../../gateway/chat/request.ts'
import { seal } from '../../../../../gateway/chat/seal.ts'
import { encodeWhole } from '../../../../../gateway/dialects/anthropic-messages/client/encode-whole.ts'
import type { ReplyAbout } from '../../../../../gateway/dialects/dialect.ts'
import { about, origin } from './messages-stream.ts'

function content(parts: AssistantPart[], members: Partial<ReplyAbout> = {}): unknown {
  return encodeWhole({ choices: [{ parts, annotations: [] }] }, { ...about, ...members })['content']
}

test('a whole answer', () => {
  const reply: ChatReply = {
    id: 'msg_x',
    model: 'm',
    serviceTier: 'priority',
    choices: [
      {
        parts: [{ type: 'text', text: 'Hi' }],
        annotations: [{ url: 'https://a' }],
        finish: { unified: 'stop', stopSequence: 'END' },
      },
      { parts: [{ type: 'text', text: 'other' }], annotations: [] },
    ],
    usage: { input: 10, cacheRead: 4, output: 5 },
  }
  const citation = {
    type: 'web_search_result_location',
    url: 'https://a',
    title: null,
    cited_text: '',
    encrypted_index: seal(origin),
  }
  expect(encodeWhole(reply, about)).toEqual({
    id: 'msg_x',
    type: 'message',
    role: 'assistant',
    model: 'm',
    content: [{ type: 'text', text: 'Hi', citations: [citation] }],
    stop_reason: 'stop_sequence',
    stop_sequence: 'END',
    stop_details: null,
    usage: {
      input_tokens: 6,
      cache_creation_input_tokens: 0,
      cache_read_input_tokens: 4,
      output_tokens: 5,
      service_tier: 'priority',
    },
  })
})

test('what the provider did not tell', () => {
  expect(encodeWhole({ choices: [] }, about)).toMatchObject({
    id: 'msg_fallback',
    model: 'asked',
    content: [],
    stop_reason: 'end_turn',
    usage: { input_tokens: 0, output_tokens: 0 },
  })
})

test('why an answer was filtered is told beside it, as in a stream', () => {
  const filtered: ChatReply = {
    choices: [
      { parts: [{ type: 'refusal', text: 'Blocked.' }], annotations: [], finish: { unified: 'content-filter' } },
    ],
  }
  expect(encodeWhole(filtered, about)).toMatchObject({
    content: [],
    stop_reason: 'refusal',
    stop_details: { type: 'refusal', category: null, explanation: 'Blocked.' },
  })
})

test('a refusal that ends with stop', () => {
  const refused: ChatReply = {
    choices: [{ parts: [{ type: 'refusal', text: 'no' }], annotations: [], finish: { unified: 'stop' } }],
  }
  expect(encodeWhole(refused, about)).toMatchObject({
    content: [{ type: 'text', text: 'no' }],
    stop_reason: 'refusal',
    stop_details: { type: 'refusal', category: null, explanation: null },
  })
})

describe('parts', () => {
  const call = { type: 'tool-call', id: 'c', name: 'f', arguments: '{"a":1}' } as const
  const use = { type: 'tool_use', id: 'c', name: 'f', input: { a: 1 } }
  const thought = { type: 'reasoning', text: 'a' } as const
  const cases: [name: string, parts: AssistantPart[], expected: object[]][] = [
    [
      'signed thinking',
      [{ ...thought, signature: 's' }],
      [{ type: 'thinking', thinking: 'a', signature: seal({ ...origin, signature: 's' }) }],
    ],
    ['unsigned thinking', [thought], [{ type: 'thinking', thinking: 'a', signature: seal(origin) }]],
    [
      'encrypted thinking',
      [{ type: 'reasoning', text: '', redacted: 'd' }],
      [{ type: 'redacted_thinking', data: seal({ ...origin, redacted: 'd' }) }],
    ],
    [
      'empty parts are left out',
      [
        { type: 'reasoning', text: '' },
        { type: 'text', text: '' },
      ],
      [],
    ],
    ['a call', [call], [use]],
    ['a call without arguments', [{ ...call, arguments: '' }], [{ ...use, input: {} }]],
    ['a call that was cut off', [{ ...call, arguments: '{"a' }], [{ ...use, input: { INVALID_JSON: '{"a' } }]],
    [
      'a signed call',
      [{ ...call, signature: 's' }],
      [{ type: 'redacted_thinking', data: seal({ ...origin, signature: 's', call: 'c' }) }, use],
    ],
  ]
  test.each(cases)('%s', (_name, parts, expected) => {
    expect(content(parts)).toEqual(expected)
  })

  test('thinking that the client does not want to see', () => {
    expect(content([{ ...thought, signature: 's' }], { includeReasoning: false })).toEqual([
      { type: 'thinking', thinking: '', signature: seal({ ...origin, signature: 's', text: 'a' }) },
    ])
  })
})

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { Message } from '../../../../../gateway/chat/request.ts'
import { seal } from '../../../../../gateway/chat/seal.ts'
import { sealCall } from '../../../../../gateway/dialects/openai-responses/client/seal-call.ts'
import { read } from './reading.ts'

const text = (value: string) => ({ type: 'text' as const, text: value })
const origin = { provider: 'a', model: 'claude' }

describe('items', () => {
  test.each<[name: string, input: JsonObject[], messages: Message[]]>([
    [
      'messages without a type',
      [
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Yes?' },
      ],
      [
        { role: 'user', parts: [text('Hi')] },
        { role: 'assistant', parts: [text('Yes?')] },
      ],
    ],
    [
      'system and developer',
      [
        { type: 'message', role: 'system', content: 'a' },
        {
          type: 'message',
          role: 'developer',
          content: [
            { type: 'input_text', text: 'b' },
            { type: 'input_text', text: 'c' },
          ],
        },
      ],
      [
        { role: 'system', parts: [text('a')] },
        { role: 'system', developer: true, parts: [text('b'), text('c')] },
      ],
    ],
    [
      'media',
      [
        {
          role: 'user',
          content: [
            { type: 'input_image', image_url: 'data:image/png;base64,AAAA', detail: 'low' },
            { type: 'input_image', image_url: 'http://x/y.png', file_id: null },
            { type: 'input_image', file_id: 'file-1' },
            { type: 'input_file', file_data: 'data:application/pdf;base64,BBBB', filename: 'a.pdf' },
            { type: 'input_file', file_url: 'http://x/y.pdf' },
            { type: 'input_file', file_id: 'file-2' },
            { type: 'input_audio', input_audio: { data: 'CCCC', format: 'wav' } },
          ],
        },
      ],
      [
        {
          role: 'user',
          parts: [
            { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' }, detail: 'low' },
            { type: 'image', source: { type: 'url', url: 'http://x/y.png' } },
            { type: 'image', source: { type: 'id', id: 'file-1' } },
            { type: 'file', source: { type: 'base64', mediaType: 'application/pdf', data: 'BBBB' }, filename: 'a.pdf' },
            { type: 'file', source: { type: 'url', url: 'http://x/y.pdf' } },
            { type: 'file', source: { type: 'id', id: 'file-2' } },
            { type: 'audio', data: 'CCCC', format: 'wav' },
          ],
        },
      ],
    ],
    [
      'a turn with two calls at once',
      [
        { role: 'user', content: 'Hi' },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm' }], content: null },
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          content: [{ type: 'output_text', text: 'Wait', annotations: [] }],
        },
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{"a":1}' },
        { type: 'function_call', call_id: 'c2', name: 'g', arguments: '' },
        { type: 'function_call_output', call_id: 'c1', output: 'one' },
        {
          type: 'function_call_output',
          call_id: 'c2',
          output: [
            { type: 'input_text', text: 'two' },
            { type: 'input_image', image_url: 'http://x/y' },
          ],
        },
      ],
      [
        { role: 'user', parts: [text('Hi')] },
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', text: 'Hm' },
            text('Wait'),
            { type: 'tool-call', id: 'c1', name: 'f', arguments: '{"a":1}' },
            { type: 'tool-call', id: 'c2', name: 'g', arguments: '' },
          ],
        },
        { role: 'tool', callId: 'c1', parts: [text('one')] },
        {
          role: 'tool',
          callId: 'c2',
          parts: [text('two'), { type: 'image', source: { type: 'url', url: 'http://x/y' } }],
        },
      ],
    ],
    [
      'a custom call',
      [
        {
          type: 'custom_tool_call',
          id: 'ctc_1',
          status: 'completed',
          call_id: 'c1',
          name: 'exec',
          namespace: 'functions',
          input: 'a "b"\n',
        },
        { type: 'custom_tool_call_output', call_id: 'c1', output: [{ type: 'input_text', text: 'done' }] },
      ],
      [
        {
          role: 'assistant',
          parts: [{ type: 'tool-call', id: 'c1', name: 'exec', arguments: '{"input":"a \\"b\\"\\n"}' }],
        },
        { role: 'tool', callId: 'c1', parts: [text('done')] },
      ],
    ],
    [
      'a refusal',
      [{ role: 'assistant', content: [{ type: 'refusal', refusal: 'No.' }] }],
      [{ role: 'assistant', parts: [{ type: 'refusal', text: 'No.' }] }],
    ],
    [
      'thinking that was sealed',
      [
        {
          type: 'reasoning',
          summary: [{ type: 'summary_text', text: 'Hm' }],
          encrypted_content: seal({ ...origin, signature: 'SIG' }),
        },
        { type: 'reasoning', summary: [], encrypted_content: seal({ ...origin, redacted: 'RED' }) },
      ],
      [
        {
          role: 'assistant',
          parts: [
            { type: 'reasoning', text: 'Hm', signature: 'SIG', origin },
            { type: 'reasoning', text: '', redacted: 'RED', origin },
          ],
        },
      ],
    ],
    [
      "thinking that is somebody else's",
      [{ type: 'reasoning', summary: [], encrypted_content: 'gAAA' }],
      [
        {
          role: 'assistant',
          parts: [{ type: 'reasoning', text: '', signature: 'gAAA', origin: { provider: '', model: '' } }],
        },
      ],
    ],
    [
      'thinking in plain text',
      [{ type: 'reasoning', summary: [], content: [{ type: 'reasoning_text', text: 'Hm' }] }],
      [{ role: 'assistant', parts: [{ type: 'reasoning', text: 'Hm' }] }],
    ],
    [
      'a signed call',
      [
        { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
        { type: 'reasoning', summary: [], encrypted_content: sealCall({ ...origin, signature: 'SIG' }, 'c1') },
        { type: 'function_call_output', call_id: 'c1', output: '' },
      ],
      [
        {
          role: 'assistant',
          parts: [{ type: 'tool-call', id: 'c1', name: 'f', arguments: '{}', signature: 'SIG', origin }],
        },
        { role: 'tool', callId: 'c1', parts: [text('')] },
      ],
    ],
  ])('%s', (_name, input, messages) => {
    const loss = read({ input })
    expect(loss.value.messages).toEqual(messages)
    expect(loss.warnings).toEqual([])
  })

  test.each(['web_search_call', 'local_shell_call', 'mcp_list_tools', 'of_tomorrow'])(
    '%s is left out, and told',
    (type) => {
      const { value, warnings } = read({
        input: [
          { role: 'user', content: 'Hi' },
          { type, id: 'x' },
        ],
      })
      expect(value.messages).toHaveLength(1)
      expect(warnings).toEqual([{ feature: 'input[1]', reason: `an item of type '${type}' was left out` }])
    },
  )
})

/** What takes the square of its length takes minutes here. */
describe('long conversations', () => {
  const call = (index: number): JsonObject => ({
    type: 'function_call',
    call_id: `c${index}`,
    name: 'f',
    arguments: '{}',
  })
  const signature = (index: number): JsonObject => ({
    type: 'reasoning',
    summary: [],
    encrypted_content: sealCall({ ...origin, signature: 'SIG' }, `c${index}`),
  })

  test('an answer of 200 000 parts does not overflow the stack', () => {
    const content = Array.from({ length: 200_000 }, () => ({ type: 'output_text', text: 'x' }))
    const input = [
      { role: 'assistant', content: 'x' },
      { role: 'assistant', content },
    ]
    expect(read({ input }).value.messages[0]?.parts).toHaveLength(200_001)
  })

  test('each of 20 000 signatures finds its call', () => {
    const indexes = Array.from({ length: 20_000 }, (_, index) => index)
    const [message] = read({ input: [...indexes.map(call), ...indexes.map(signature)] }).value.messages
    expect(message?.parts).toHaveLength(20_000)
    expect(message?.parts.every((part) => 'signature' in part && part.signature === 'SIG')).toBe(true)
  })
})

test.each(['no JSON', 'null', '{}', '["c1"]', '["c1",{"a":1}]'])(
  'a forged signature of a call is none: %s',
  (inner) => {
    const forged = seal({ ...origin, signature: `call:${inner}` })
    const input = [
      { type: 'function_call', call_id: 'c1', name: 'f', arguments: '{}' },
      { type: 'reasoning', summary: [], encrypted_content: forged },
    ]
    expect(read({ input }).value.messages[0]?.parts[0]).toEqual({
      type: 'tool-call',
      id: 'c1',
      name: 'f',
      arguments: '{}',
    })
  },
)

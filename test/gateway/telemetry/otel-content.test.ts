import { describe, expect, test } from 'vitest'
import type { ChatReply } from '../../../gateway/chat/collect.ts'
import type { ChatRequest, Message } from '../../../gateway/chat/request.ts'
import { genAiNames } from '../../../gateway/telemetry/gen-ai-names.ts'
import { contentAttributes } from '../../../gateway/telemetry/otel-content.ts'
import { createScrubber } from '../../../gateway/telemetry/scrub.ts'

const names = genAiNames(false).attributes
const scrub = createScrubber(() => ['key-of-the-editor'])

function said(messages: Message[], reply?: ChatReply): Record<string, unknown> {
  const request = { model: 'm', messages } as ChatRequest
  const content = contentAttributes({ request, reply }, names, scrub)
  const given = Object.entries(content).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [name.slice('gen_ai.'.length), JSON.parse(value as string)]))
}

test('a conversation in the shape of the conventions', () => {
  expect(
    said([
      { role: 'system', parts: [{ type: 'text', text: 'Be brief.' }] },
      {
        role: 'user',
        parts: [
          { type: 'text', text: 'Look.' },
          { type: 'image', source: { type: 'base64', mediaType: 'image/png', data: 'AAAA' } },
          { type: 'image', source: { type: 'url', url: 'https://a.example/b.png?sig=abcdefgh' } },
          { type: 'file', source: { type: 'id', id: 'file-1' } },
          { type: 'audio', format: 'wav', data: 'BBBB' },
        ],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', text: 'Hm.', signature: 'signed' },
          { type: 'reasoning', text: '', redacted: 'encrypted' },
          { type: 'tool-call', id: 'c1', name: 'look', arguments: '{"at":"it"}', signature: 'signed' },
        ],
      },
      { role: 'tool', callId: 'c1', parts: [{ type: 'text', text: 'Seen.' }] },
    ]),
  ).toEqual({
    system_instructions: [{ type: 'text', content: 'Be brief.' }],
    'input.messages': [
      {
        role: 'user',
        parts: [
          { type: 'text', content: 'Look.' },
          { type: 'blob', modality: 'image', mime_type: 'image/png', content: '' },
          { type: 'uri', modality: 'image', uri: 'https://a.example/b.png?sig=[redacted]' },
          { type: 'file', modality: 'document', file_id: 'file-1' },
          { type: 'blob', modality: 'audio', mime_type: 'audio/wav', content: '' },
        ],
      },
      {
        role: 'assistant',
        parts: [
          { type: 'reasoning', content: 'Hm.' },
          { type: 'tool_call', id: 'c1', name: 'look', arguments: { at: 'it' } },
        ],
      },
      { role: 'tool', parts: [{ type: 'tool_call_response', id: 'c1', response: 'Seen.' }] },
    ],
  })
})

test('every choice of an answer, with why it ended', () => {
  const reply: ChatReply = {
    choices: [
      { parts: [{ type: 'text', text: 'One.' }], annotations: [], finish: { unified: 'tool-calls', raw: 'tool_use' } },
      { parts: [{ type: 'refusal', text: 'No.' }], annotations: [] },
    ],
  }
  expect(said([], reply)).toEqual({
    'output.messages': [
      { role: 'assistant', parts: [{ type: 'text', content: 'One.' }], finish_reason: 'tool_call' },
      { role: 'assistant', parts: [{ type: 'text', content: 'No.' }], finish_reason: 'error' },
    ],
  })
})

describe('size', () => {
  const user = (text: string): Message => ({ role: 'user', parts: [{ type: 'text', text }] })
  const kept = (messages: Message[]): string[] =>
    (said(messages)['input.messages'] as { parts: { content: string }[] }[]).map(({ parts }) => parts[0]?.content ?? '')

  test('a long text is cut, and still JSON', () => {
    const [text = ''] = kept([user('x'.repeat(100_000))])
    expect(text).toHaveLength(32 * 1024 + '… [cut]'.length)
  })

  test('of a long conversation the end is kept', () => {
    const texts = kept([user('first'), user('y'.repeat(32 * 1024)), user('last')])
    expect(texts).toHaveLength(2)
    expect(texts.at(-1)).toBe('last')
  })

  test('a secret that the cut would halve is none', () => {
    const [text = ''] = kept([user(`${'x'.repeat(32 * 1024 - 8)}key-of-the-editor and more`)])
    expect(text).not.toContain('key-of')
  })
})

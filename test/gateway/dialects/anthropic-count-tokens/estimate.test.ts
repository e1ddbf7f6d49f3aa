import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../gateway/chat/json.ts'
import { estimateMessages } from '../../../../gateway/dialects/anthropic-count-tokens/estimate.ts'
import { anthropicCountTokens } from '../../../../gateway/dialects/anthropic-count-tokens/index.ts'

/** 25 tokens by the rule of four characters. */
const text = 'abcd '.repeat(20)
const frame = 3

function blocks(...content: JsonObject[]): number {
  return estimateMessages({ messages: [{ role: 'user', content }] })
}

describe('an estimate', () => {
  const cases: [name: string, body: JsonObject, tokens: number][] = [
    ['nothing', {}, 0],
    ['a message', { messages: [{ role: 'user', content: text }] }, frame + 25],
    ['system as text', { system: text, messages: [] }, 25],
    ['system as blocks', { system: [{ type: 'text', text, cache_control: { type: 'ephemeral' } }] }, 25],
    ['a knob is no input', { metadata: { user_id: text }, model: text }, 0],
    ['rubbish', { system: 5, messages: ['x', null, { content: 5 }], tools: {} }, 3 * frame],
  ]
  test.each(cases)('%s', (_name, body, tokens) => {
    expect(estimateMessages(body)).toBe(tokens)
  })

  const data = 'A'.repeat(4_000_000)
  const kinds: [name: string, block: JsonObject, tokens: number][] = [
    [
      'an image, however long its base64',
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data } },
      1500,
    ],
    ['an image by URL', { type: 'image', source: { type: 'url', url: 'https://a' } }, 1500],
    [
      'a PDF, however long',
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data } },
      6000,
    ],
    ['a document of text', { type: 'document', title: text, source: { type: 'text', data: text } }, 50],
    ['a document of blocks', { type: 'document', source: { type: 'content', content: [{ type: 'text', text }] } }, 25],
    ['a tool result', { type: 'tool_result', tool_use_id: 'x', content: text }, 25],
    [
      'a picture in a result',
      { type: 'tool_result', tool_use_id: 'x', content: [{ type: 'image' }, { type: 'text', text }] },
      1525,
    ],
    ['thinking without its signature', { type: 'thinking', thinking: text, signature: data }, 25],
    ['encrypted thinking', { type: 'redacted_thinking', data }, 0],
  ]
  test.each(kinds)('%s', (_name, block, tokens) => {
    expect(blocks(block)).toBe(frame + tokens)
  })

  test('calls and tools count the names of their members, too', () => {
    const input = { [text]: text }
    const call = blocks({ type: 'tool_use', id: 'x', name: 'f', input })
    expect(call).toBeGreaterThan(50)
    expect(call).toBeLessThan(80)
    const tools = [{ name: 'f', input_schema: { type: 'object', properties: { [text]: { description: text } } } }]
    const offered = estimateMessages({ messages: [], tools })
    expect(offered).toBeGreaterThan(346 + 50)
    expect(offered).toBeLessThan(346 + 90)
  })

  test('found pages are not counted by what only Anthropic reads', () => {
    const found = { type: 'web_search_result', title: 't', url: 'https://a', encrypted_content: data }
    expect(blocks({ type: 'web_search_tool_result', tool_use_id: 'x', content: [found] })).toBeLessThan(60)
  })
})

test('is the answer where no provider counts', () => {
  const body = { model: 'm', messages: [{ role: 'user', content: text }] }
  expect(anthropicCountTokens.client?.answerLocally?.(body)).toEqual({ input_tokens: frame + 25 })
})

import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../gateway/chat/json.ts'
import { delta, head, reply, whole } from './decoding.ts'

describe('reasoning', () => {
  const parts = (...deltas: JsonObject[]): unknown =>
    reply(...deltas.map((members) => delta(members)), delta({}, 'stop')).choices[0]?.parts

  test.each(['reasoning_content', 'reasoning'])('%s, then text', (name) => {
    expect(parts({ [name]: 'a', content: null }, { [name]: 'b' }, { [name]: null, content: 'c' })).toEqual([
      { type: 'reasoning', text: 'ab' },
      { type: 'text', text: 'c' },
    ])
  })

  test('Mistral: chunks of thinking in content', () => {
    expect(
      parts(
        { content: [{ type: 'thinking', thinking: [{ type: 'text', text: 'a' }] }] },
        {
          content: [
            { type: 'thinking', thinking: 'b' },
            { type: 'text', text: 'c' },
            { type: 'reference', reference_ids: [1] },
          ],
        },
      ),
    ).toEqual([
      { type: 'reasoning', text: 'ab' },
      { type: 'text', text: 'c' },
    ])
  })

  test('OpenRouter: text twice, counted once; signature; encrypted', () => {
    const detail = (text: string, signature?: string): JsonObject => ({
      type: 'reasoning.text',
      text,
      ...(signature === undefined ? {} : { signature }),
      index: 0,
    })
    expect(
      parts(
        { reasoning: 'a', reasoning_details: [detail('a')] },
        { reasoning: 'b', reasoning_details: [detail('b')] },
        { reasoning: null, reasoning_details: [detail('', 's')] },
        { reasoning_details: [{ type: 'reasoning.summary', summary: 'sum' }] },
        { reasoning_details: [{ type: 'reasoning.encrypted', data: 'd' }] },
        { content: 'c' },
      ),
    ).toEqual([
      { type: 'reasoning', text: 'ab', signature: 's' },
      { type: 'reasoning', text: 'sum' },
      { type: 'reasoning', text: '', redacted: 'd' },
      { type: 'text', text: 'c' },
    ])
  })

  test('our own stream: the closing detail repeats the text', () => {
    expect(
      parts(
        { reasoning_content: 'a' },
        { reasoning_content: 'b' },
        { reasoning_details: [{ type: 'reasoning.text', text: 'ab', signature: 's' }] },
        { content: 'c' },
      ),
    ).toEqual([
      { type: 'reasoning', text: 'ab', signature: 's' },
      { type: 'text', text: 'c' },
    ])
  })

  test('LiteLLM: whole answer with two signed blocks', () => {
    const thinking_blocks = [
      { type: 'thinking', thinking: 'a', signature: 's1' },
      { type: 'thinking', thinking: 'b', signature: 's2' },
      { type: 'redacted_thinking', data: 'd' },
    ]
    const message = { role: 'assistant', content: 'c', reasoning_content: 'ab', thinking_blocks }
    expect(whole({ ...head, choices: [{ index: 0, message, finish_reason: 'stop' }] }).choices[0]?.parts).toEqual([
      { type: 'reasoning', text: 'a', signature: 's1' },
      { type: 'reasoning', text: 'b', signature: 's2' },
      { type: 'reasoning', text: '', redacted: 'd' },
      { type: 'text', text: 'c' },
    ])
  })
})

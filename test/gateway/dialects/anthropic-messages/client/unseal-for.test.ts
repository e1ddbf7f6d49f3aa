import { describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import { seal } from '../../../../../gateway/chat/seal.ts'
import { unsealFor } from '../../../../../gateway/dialects/anthropic-messages/client/unseal-for.ts'
import { assistant, hello, text, user } from './reading.ts'

const maker = { provider: 'p', model: 'x' }
const other = { provider: 'p', model: 'y' }

function thinking(signature: string, thoughts = 'a'): JsonObject {
  return { type: 'thinking', thinking: thoughts, signature }
}

function redacted(data: string): JsonObject {
  return { type: 'redacted_thinking', data }
}

describe('blocks', () => {
  const sealed = seal({ ...maker, signature: 's' })
  const cases: [name: string, block: JsonObject, forMaker: JsonObject | undefined, forOther: JsonObject | undefined][] =
    [
      ['sealed thinking', thinking(sealed), thinking('s'), undefined],
      [
        'sealed thinking that was not shown',
        thinking(seal({ ...maker, signature: 's', text: 'b' }), ''),
        thinking('s', 'b'),
        undefined,
      ],
      ['unsigned thinking', thinking(seal(maker)), undefined, undefined],
      ["Anthropic's own", thinking('raw'), thinking('raw'), thinking('raw')],
      ['sealed encrypted thinking', redacted(seal({ ...maker, redacted: 'd' })), redacted('d'), undefined],
      ["Anthropic's own encrypted thinking", redacted('raw'), redacted('raw'), redacted('raw')],
      ["a call's signature", redacted(seal({ ...maker, signature: 's', call: 'c' })), undefined, undefined],
      ['text', text('b'), text('b'), text('b')],
    ]
  test.each(cases)('%s', (_name, block, forMaker, forOther) => {
    const body = { model: 'm', messages: [hello, assistant(block, text('t')), hello] }
    const before = structuredClone(body)
    const opened = (kept: JsonObject | undefined): JsonObject => ({
      ...body,
      messages: [hello, assistant(...(kept === undefined ? [] : [kept]), text('t')), hello],
    })
    expect(unsealFor(body, maker)).toEqual(opened(forMaker))
    expect(unsealFor(body, other)).toEqual(opened(forOther))
    expect(body).toEqual(before)
  })

  test('sources that the gateway cited go', () => {
    const own = { type: 'char_location', cited_text: 'x' }
    const citations = [{ encrypted_index: seal(maker) }, { encrypted_index: 'raw' }, own]
    const body = { messages: [hello, assistant({ ...text('t'), citations })] }
    expect(unsealFor(body, maker)).toEqual({
      messages: [hello, assistant({ ...text('t'), citations: [{ encrypted_index: 'raw' }, own] })],
    })
  })

  test('a message of which nothing is left goes', () => {
    expect(unsealFor({ messages: [hello, assistant(thinking(sealed)), hello] }, other)).toEqual({
      messages: [hello, hello],
    })
  })

  test.each<JsonObject>([
    {},
    { messages: 'x' },
    { messages: ['x', { role: 'assistant', content: ['x', { type: 'thinking' }] }] },
  ])('what is malformed is for the provider to say: %j', (body) => {
    expect(unsealFor(body, maker)).toEqual(body)
  })
})

describe('a round of calls that lost its thinking', () => {
  const use = { type: 'tool_use', id: 'c', name: 'f', input: {} }
  const result = user({ type: 'tool_result', tool_use_id: 'c', content: 'r' })
  const body: JsonObject = {
    thinking: { type: 'enabled', budget_tokens: 2000 },
    context_management: { edits: [{ type: 'clear_thinking_20251015' }] },
    messages: [hello, assistant(thinking(seal({ ...maker, signature: 's' })), use), result],
  }

  test('goes on without', () => {
    expect(unsealFor(body, other)).toEqual({ messages: [hello, assistant(use), result] })
  })

  test('and without what clears it', () => {
    const tools = { type: 'clear_tool_uses_20250919' }
    const management = { edits: [{ type: 'clear_thinking_20251015' }, tools] }
    expect(unsealFor({ ...body, context_management: management }, other)).toMatchObject({
      context_management: { edits: [tools] },
    })
    expect(unsealFor({ ...body, context_management: 'x' }, other)).toMatchObject({ context_management: 'x' })
  })

  const kept: [name: string, body: JsonObject, target: typeof maker][] = [
    ['it did not', body, maker],
    ['it need not think', { ...body, thinking: { type: 'adaptive' } }, other],
    [
      'a new round begins',
      { ...body, messages: [...(body['messages'] as JsonObject[]), assistant(text('ok')), hello] },
      other,
    ],
  ]
  test.each(kept)('not where %s', (_name, given, target) => {
    expect(unsealFor(given, target)['thinking']).toEqual(given['thinking'])
  })
})

import { describe, expect, test } from 'vitest'
import type { CallDetail } from '../../../../gateway/contract.ts'
import { seedFrom } from '../../../../renderer/pages/playground/call-seed.ts'
import { callDetail } from '../traffic/rows.ts'

const seed = (body: unknown, change: Partial<CallDetail> = {}) =>
  seedFrom(callDetail({ request: typeof body === 'string' ? body : JSON.stringify(body), ...change }))

describe('seedFrom', () => {
  test('a chat: system, turns, and the last question to be asked again', () => {
    const { conversation, leftOut } = seed({
      model: 'fast',
      temperature: 0.2,
      max_completion_tokens: 50,
      messages: [
        { role: 'system', content: 'Be brief' },
        { role: 'user', content: 'One?' },
        { role: 'assistant', content: '1' },
        { role: 'user', content: [{ type: 'text', text: 'Two?' }] },
      ],
    })
    expect(leftOut).toBeUndefined()
    expect(conversation).toMatchObject({
      model: 'fast',
      system: 'Be brief',
      temperature: 0.2,
      maxTokens: 50,
      draft: 'Two?',
    })
    expect(conversation.turns).toMatchObject([{ question: 'One?', answers: { left: { text: '1', state: 'done' } } }])
  })

  test('messages of Anthropic have their system beside them', () => {
    const { conversation } = seed({
      system: [{ type: 'text', text: 'Be kind' }],
      max_tokens: 10,
      messages: [{ role: 'user', content: 'Hello' }],
    })
    expect(conversation).toMatchObject({ system: 'Be kind', maxTokens: 10, draft: 'Hello' })
  })

  test.each([
    [{ input: 'Hello', instructions: 'S' }, 'Hello', 'S'],
    [{ prompt: 'Once' }, 'Once', ''],
  ])('other formats: %j', (body, draft, system) => {
    expect(seed(body).conversation).toMatchObject({ draft, system })
  })

  const losses: [name: string, detail: () => ReturnType<typeof seedFrom>, words: RegExp][] = [
    ['not kept', () => seedFrom(callDetail()), /capture is off/],
    ['cut off', () => seed('{"messages":[', { truncated: true }), /too long/],
    ['not JSON', () => seed('{"messages":['), /could not be read/],
    ['tools', () => seed({ messages: [{ role: 'user', content: 'Hi' }], tools: [{}] }), /tools were left out/],
    ['an image', () => seed({ messages: [{ role: 'user', content: [{ type: 'image_url' }] }] }), /images/],
    ['a tool result', () => seed({ messages: [{ role: 'tool', content: '42' }] }), /tool calls/],
  ]
  test.each(losses)('says what is left out: %s', (_, detail, words) => {
    const { conversation, leftOut } = detail()
    expect(leftOut).toMatch(words)
    expect(conversation.model).toBe('fast')
  })

  test('what the playground would not send is not taken over', () => {
    expect(seed({ messages: [], temperature: 3, max_tokens: 0 }).conversation).toMatchObject({
      temperature: null,
      maxTokens: null,
    })
  })
})

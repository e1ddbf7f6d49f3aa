import { expect, test } from 'vitest'
import { anthropicMessages } from '../../../../gateway/dialects/anthropic-messages/index.ts'

test('where and how it is called', () => {
  const { id, provider } = anthropicMessages
  expect(id).toBe('anthropic-messages')
  for (const stream of [true, false]) expect(provider?.path({ model: 'claude-x', stream })).toBe('/v1/messages')
  expect(provider?.headers).toEqual({ 'anthropic-version': '2023-06-01' })
})

test('usage out of a body', () => {
  const usage = { input_tokens: 3, cache_read_input_tokens: 2, output_tokens: 1, service_tier: null }
  expect(anthropicMessages.provider?.readUsage?.({ usage })).toMatchObject({ input: 5, cacheRead: 2, output: 1 })
  expect(anthropicMessages.provider?.readUsage?.({ content: [] })).toBeUndefined()
})

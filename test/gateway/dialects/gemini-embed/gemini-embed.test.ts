import { expect, test } from 'vitest'
import type { JsonObject } from '../../../../gateway/chat/json.ts'
import type { Usage } from '../../../../gateway/chat/usage.ts'
import { geminiBatchEmbed } from '../../../../gateway/dialects/gemini-batch-embed/index.ts'
import { geminiEmbed } from '../../../../gateway/dialects/gemini-embed/index.ts'

test('where the provider is asked', () => {
  const at = { model: 'gemini-embedding-001', stream: false }
  expect(geminiEmbed.provider?.path(at)).toBe('/models/gemini-embedding-001:embedContent')
  expect(geminiBatchEmbed.provider?.path(at)).toBe('/models/gemini-embedding-001:batchEmbedContents')
})

test.each<[string, JsonObject, Usage | undefined]>([
  ['told', { usageMetadata: { promptTokenCount: 4 } }, { input: 4, output: 0, raw: { promptTokenCount: 4 } }],
  ['a total', { usageMetadata: { totalTokenCount: 4 } }, { input: 4, output: 0, raw: { totalTokenCount: 4 } }],
  ['not told', { embedding: { values: [1] } }, undefined],
  ['told nothing', { usageMetadata: {} }, undefined],
])('usage: %s', (_name, body, expected) => {
  expect(geminiEmbed.provider?.readUsage?.(body)).toEqual(expected)
})

test('the name that the body repeats', () => {
  const content = { parts: [{ text: 'x' }] }
  const rename = geminiEmbed.client?.rename
  expect(rename?.({ model: 'models/alias', content }, 'e-1')).toEqual({ model: 'models/e-1', content })
  expect(rename?.({ model: 'models/alias', content }, 'models/e-1')).toEqual({ model: 'models/e-1', content })
  expect(rename?.({ content }, 'e-1')).toEqual({ content })
  const batch = { requests: [{ model: 'models/alias', content }, { content }] }
  expect(geminiBatchEmbed.client?.rename?.(batch, 'e-1')).toEqual({
    requests: [{ model: 'models/e-1', content }, { content }],
  })
})

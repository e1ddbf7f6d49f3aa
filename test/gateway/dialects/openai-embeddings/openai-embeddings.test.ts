import { expect, test } from 'vitest'
import type { Json } from '../../../../gateway/chat/json.ts'
import type { Usage } from '../../../../gateway/chat/usage.ts'
import { openaiEmbeddings } from '../../../../gateway/dialects/openai-embeddings/index.ts'
import { readEmbeddingsUsage } from '../../../../gateway/dialects/openai-embeddings/usage.ts'

test.each<[string, Json, Partial<Usage> | undefined]>([
  ['OpenAI', { usage: { prompt_tokens: 8, total_tokens: 8 } }, { input: 8, output: 0 }],
  ['zero', { usage: { prompt_tokens: 0, total_tokens: 0 } }, { input: 0, output: 0 }],
  ['Voyage', { usage: { total_tokens: 8 } }, { input: 8, output: 0 }],
  ['Mistral', { usage: { prompt_tokens: 8, completion_tokens: 0, total_tokens: 8 } }, { input: 8, output: 0 }],
  ['nothing', { usage: {} }, undefined],
  ['no usage', { data: [] }, undefined],
  ['no object', null, undefined],
])('usage of %s', (_, body, expected) => {
  if (expected === undefined) return expect(readEmbeddingsUsage(body)).toBeUndefined()
  expect(readEmbeddingsUsage(body)).toEqual({ ...expected, raw: (body as { usage: Json }).usage })
})

test('is passed through, never translated', () => {
  expect(openaiEmbeddings.provider?.path({ model: 'm', stream: false })).toBe('/embeddings')
  expect(openaiEmbeddings.client?.chat).toBeUndefined()
  expect(openaiEmbeddings.provider?.chat).toBeUndefined()
})

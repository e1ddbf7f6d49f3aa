import { describe, expect, test } from 'vitest'
import type { Alias, Model } from '../../../../gateway/contract.ts'
import { findModels, modelOptions } from '../../../../renderer/pages/playground/model-options.ts'

const aliases: Alias[] = [
  {
    name: 'fast',
    targets: [
      { provider: 'groq', model: 'llama' },
      { provider: 'openai', model: 'mini' },
    ],
    warnings: [],
  },
]
const base = { contextWindow: null, maxOutput: null, capabilities: [] }
const models: Model[] = [
  {
    ...base,
    id: 'gpt-6-mini',
    provider: 'openai',
    price: { input: 0.36, output: 1.6, cacheRead: null, cacheWrite: null },
  },
  { ...base, id: 'local', provider: 'ollama', price: null },
  { ...base, id: 'free', provider: 'ollama', price: { input: 0, output: 0, cacheRead: null, cacheWrite: null } },
]
const options = modelOptions(aliases, models)

test('aliases lead somewhere, models cost something, unknown is not free', () => {
  expect(options.map(({ value, note }) => [value, note])).toEqual([
    ['fast', 'groq/llama and 1 more'],
    ['openai/gpt-6-mini', '$0.36 in, $1.60 out per 1M'],
    ['ollama/local', 'price not known'],
    ['ollama/free', '$0.00 in, $0.00 out per 1M'],
  ])
})

describe('findModels', () => {
  test.each([
    ['', 'fast openai/gpt-6-mini ollama/local ollama/free'],
    ['OLLAMA', 'ollama/local ollama/free'],
    ['mini open', 'openai/gpt-6-mini'],
    ['llama', 'fast ollama/local ollama/free'],
    ['o', 'openai/gpt-6-mini ollama/local ollama/free fast'],
    ['zzz', ''],
  ])('%s', (query, found) => {
    expect(
      findModels(options, query)
        .map(({ value }) => value)
        .join(' '),
    ).toBe(found)
  })

  test('no more than can be read', () => {
    const many = modelOptions(
      [],
      Array.from({ length: 500 }, (_, index) => ({ ...base, id: `m${index}`, provider: 'p', price: null })),
    )
    expect(findModels(many, 'p')).toHaveLength(60)
  })
})

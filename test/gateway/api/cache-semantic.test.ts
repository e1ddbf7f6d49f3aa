import { describe, expect, test } from 'vitest'
import { createCacheHandlers } from '../../../gateway/api/cache.ts'
import type { SemanticSettings } from '../../../gateway/contract.ts'
import { unitVector } from '../../../gateway/semantic/vector.ts'
import { createMemoryCache } from '../../../gateway/stores/cache-memory.ts'
import { createMemoryLedger } from '../../../gateway/stores/ledger-memory.ts'
import { memoryConfiguration } from './memory-configuration.ts'

const providers = 'providers:\n  - name: local\n    type: openai\n    baseUrl: http://127.0.0.1:9/v1\n'
const on = `${providers}cache:\n  enabled: true\n  semantic:\n    aliases: [smart]\n    embedding: { provider: local, model: e }\n`

function setUp(text: string, embed: (text: string) => Float32Array | undefined = () => undefined) {
  const configuration = memoryConfiguration(text)
  const ledger = createMemoryLedger()
  const handlers = createCacheHandlers({
    cache: createMemoryCache({ maxBytes: 1e6, now: () => 0 }),
    ledger,
    configuration,
    now: () => 0,
    vectors: { stats: () => ({ entries: 3, bytes: 900 }) },
    semantic: { health: { problem: () => 'it is asleep' }, refused: 2 },
    embed: async (question) => embed(question),
  })
  return { handlers, configuration, ledger }
}

const settings: SemanticSettings = {
  aliases: ['smart', 'gpt-4o'],
  embedding: { provider: 'local', model: 'nomic-embed-text', dimensions: null },
  threshold: 0.97,
  ttlMs: 600_000,
  maxEntries: 500,
  timeoutMs: 2000,
}

describe('cache.semantic', () => {
  test('opts in, changes and switches off', async () => {
    const { handlers, configuration } = setUp(providers)
    await handlers['cache.semantic']({ settings })
    expect(configuration.current().config.cache.semantic).toEqual({
      aliases: ['smart', 'gpt-4o'],
      embedding: { provider: 'local', model: 'nomic-embed-text' },
      threshold: 0.97,
      ttl: 600_000,
      maxEntries: 500,
      timeout: 2000,
    })
    const shorter = { ...settings, ttlMs: null, embedding: { ...settings.embedding, dimensions: 256 } }
    await handlers['cache.semantic']({ settings: shorter })
    const { semantic } = configuration.current().config.cache
    expect(semantic?.embedding.dimensions).toBe(256)
    expect(semantic).not.toHaveProperty('ttl')
    await handlers['cache.semantic']({ settings: null })
    expect(configuration.current().config.cache.semantic).toBeUndefined()
  })

  test('a provider that is not there is refused', async () => {
    const { handlers } = setUp(providers)
    const elsewhere = { ...settings, embedding: { ...settings.embedding, provider: 'locla' } }
    await expect(handlers['cache.semantic']({ settings: elsewhere })).rejects.toThrow(
      'no provider is named "locla", did you mean "local"?',
    )
  })
})

describe('cache.get', () => {
  test('off', async () => {
    expect((await setUp(providers).handlers['cache.get']({})).semantic).toBeNull()
  })

  test('on: settings, sums and the last hits', async () => {
    const { handlers, ledger } = setUp(on)
    await ledger.append([
      {
        callId: 'c2',
        attempt: 0,
        final: true,
        startedAt: 0,
        dialect: 'openai-chat',
        stream: false,
        requestedModel: 'smart',
        key: 'anonymous',
        outcome: 'ok',
        cache: 'SEMANTIC',
        estimated: false,
        costNanoUsd: 0,
        savedNanoUsd: 70,
        similarity: 0.973,
        sourceCallId: 'c1',
        durationMs: 5,
      },
    ])
    const state = await handlers['cache.get']({})
    expect(state.hits.ever).toBe(0)
    expect(state.semantic).toEqual({
      aliases: ['smart'],
      embedding: { provider: 'local', model: 'e', dimensions: null },
      threshold: 0.92,
      ttlMs: null,
      maxEntries: 10_000,
      timeoutMs: 1000,
      entries: 3,
      bytes: 900,
      hits: { today: 1, month: 1, ever: 1 },
      savedNanoUsd: { today: 70, month: 70, ever: 70 },
      refusedByGuard: 2,
      embeddingProblem: 'it is asleep',
      recent: [{ at: 0, model: 'smart', similarity: 0.973, callId: 'c2', sourceCallId: 'c1' }],
    })
  })
})

describe('cache.compare', () => {
  const near = (text: string): Float32Array | undefined => unitVector([1, text.length / 1000])

  test.each<[string, string, string, object]>([
    [
      'a rephrasing',
      'What is the capital of Mali?',
      "what's the capital of Mali",
      { guard: null, wouldHit: true, problem: null },
    ],
    [
      'refused',
      'What is the capital of Mali?',
      'What is the capital of Bali?',
      { guard: 'names differ: mali, bali', wouldHit: false },
    ],
  ])('%s', async (_what, first, second, expected) => {
    const result = await setUp(on, near).handlers['cache.compare']({ first, second })
    expect(result).toMatchObject(expected)
    expect(result.similarity).toBeGreaterThan(0.99)
  })

  test('not alike enough', async () => {
    const far = (text: string): Float32Array | undefined => unitVector([text.length === 3 ? 1 : 0, 1])
    expect(await setUp(on, far).handlers['cache.compare']({ first: 'Why', second: 'Why?' })).toMatchObject({
      guard: null,
      wouldHit: false,
    })
  })

  test('without an embedding it says why', async () => {
    expect(await setUp(on).handlers['cache.compare']({ first: 'Why', second: 'Why?' })).toEqual({
      similarity: null,
      guard: null,
      wouldHit: false,
      problem: 'There is no embedding of these questions: it is asleep',
    })
    expect(await setUp(providers, near).handlers['cache.compare']({ first: 'Why', second: 'Who' })).toMatchObject({
      guard: 'they ask for different things: why, who',
      problem: 'The semantic cache is off.',
    })
  })
})

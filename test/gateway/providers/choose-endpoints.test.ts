import { describe, expect, test } from 'vitest'
import type { DialectId } from '../../../gateway/dialects/dialect.ts'
import { nativeEndpoint, translationEndpoint } from '../../../gateway/providers/choose-endpoints.ts'
import { modelsRequest } from '../../../gateway/providers/endpoints.ts'
import { resolveProvider } from '../../../gateway/providers/provider.ts'
import type { Endpoint, Provider } from '../../../gateway/providers/types.ts'
import { providerConfig } from './config.ts'

type Input = Parameters<typeof providerConfig>[0]

function resolve(input: Input): Provider {
  return resolveProvider(providerConfig({ apiKey: 'K', ...input }), 0)
}

function address(endpoint: Endpoint | undefined): string | undefined {
  return endpoint === undefined ? undefined : `${endpoint.dialect} ${endpoint.origin}${endpoint.basePath}`
}

const all = (): boolean => true

describe('which endpoints', () => {
  test.each<[string, Input, DialectId[]]>([
    [
      'the vendor itself',
      { name: 'openai' },
      ['openai-chat', 'openai-responses', 'openai-completions', 'openai-embeddings'],
    ],
    [
      'the vendor by its own address',
      { name: 'openai', baseUrl: 'https://api.openai.com/v1/' },
      ['openai-chat', 'openai-responses', 'openai-completions', 'openai-embeddings'],
    ],
    [
      'whoever stands at another address has only what all have',
      { name: 'openai', baseUrl: 'https://proxy.example/v1' },
      ['openai-chat', 'openai-completions', 'openai-embeddings'],
    ],
    [
      'named, in order; what is not about chat stays',
      { name: 'openai', baseUrl: 'https://proxy.example/v1', dialects: ['openai-responses', 'openai-chat'] },
      ['openai-responses', 'openai-chat', 'openai-completions', 'openai-embeddings'],
    ],
    ['optional ones only named', { name: 'ollama' }, ['openai-chat', 'openai-completions', 'openai-embeddings']],
    [
      'only the named ones',
      { name: 'ollama', dialects: ['anthropic-messages'] },
      ['anthropic-messages', 'openai-completions', 'openai-embeddings'],
    ],
  ])('%s', (_name, input, dialects) => {
    expect(resolve(input).endpoints.map(({ dialect }) => dialect)).toEqual(dialects)
  })

  test('an impossible one is a problem that says what is possible', () => {
    const { problem } = resolve({ name: 'groq', dialects: ['gemini'] })
    expect(problem).toBe(
      'providers[0].dialects: groq is not known to speak gemini; it speaks openai-chat, openai-responses',
    )
  })
})

describe('where they are at the user’s address', () => {
  test.each<[string, Input, string]>([
    ['under the same base', { name: 'x', baseUrl: 'http://h:1/api/v1' }, 'anthropic-messages http://h:1/api'],
    ['without /v1', { name: 'x', baseUrl: 'http://h:1' }, 'anthropic-messages http://h:1'],
    ['a bare origin', { name: 'ollama', baseUrl: 'http://10.0.0.2:11434' }, 'anthropic-messages http://10.0.0.2:11434'],
    [
      'beside the chat endpoint',
      { name: 'moonshot', baseUrl: 'https://api.moonshot.cn/v1' },
      'anthropic-messages https://api.moonshot.cn/anthropic',
    ],
    [
      'under the chat endpoint',
      { name: 'deepseek', baseUrl: 'https://proxy.example/deep' },
      'anthropic-messages https://proxy.example/deep/anthropic',
    ],
  ])('%s', (_name, input, expected) => {
    const [endpoint] = resolve({ ...input, dialects: ['anthropic-messages'] }).endpoints
    expect(address(endpoint)).toBe(expected)
  })

  test('models are listed where they always were', () => {
    const provider = resolve({ name: 'moonshot', dialects: ['anthropic-messages'] })
    expect(modelsRequest(provider)).toMatchObject({ origin: 'https://api.moonshot.ai', path: '/v1/models' })
  })

  test('a key in another header than the row’s is a key', () => {
    expect(resolve({ name: 'deepseek', dialects: ['anthropic-messages'] })).toMatchObject({
      problem: undefined,
      endpoints: [{ headers: { 'x-api-key': 'K' } }, {}],
    })
  })
})

describe('where a client goes', () => {
  test.each<[string, Input, string]>([
    ['OpenAI: where encrypted reasoning comes back', { name: 'openai' }, 'openai-responses https://api.openai.com/v1'],
    ['a proxy of it: chat', { name: 'openai', baseUrl: 'http://h/v1' }, 'openai-chat http://h/v1'],
    [
      'the user’s first choice, whatever the row prefers',
      { name: 'openai', dialects: ['openai-chat', 'openai-responses'] },
      'openai-chat https://api.openai.com/v1',
    ],
    ['the first of most rows', { name: 'xai' }, 'openai-chat https://api.x.ai/v1'],
    ['Azure: chat', { name: 'azure', baseUrl: 'https://r.openai.azure.com' }, 'openai-chat https://r.openai.azure.com'],
  ])('translated: %s', (_name, input, expected) => {
    expect(address(translationEndpoint(resolve(input), all))).toBe(expected)
  })

  test('never to legacy completions, nor to what the gateway does not speak', () => {
    const provider = resolve({ name: 'openai' })
    expect(address(translationEndpoint(provider, (id) => id !== 'openai-responses'))).toMatch(/^openai-chat /)
    expect(translationEndpoint(provider, (id) => id === 'openai-completions')).toBeUndefined()
  })

  test.each<[string, Input, DialectId, string | undefined]>([
    ['its own', { name: 'xai' }, 'openai-responses', 'openai-responses https://api.x.ai/v1'],
    ['not at a proxy', { name: 'xai', baseUrl: 'http://h/v1' }, 'openai-responses', undefined],
    ['not named', { name: 'groq' }, 'openai-responses', undefined],
  ])('native: %s', (_name, input, dialect, expected) => {
    expect(address(nativeEndpoint(resolve(input), dialect))).toBe(expected)
  })

  test('counting tokens only where it can be done', () => {
    const count = (input: Input): string | undefined =>
      address(nativeEndpoint(resolve(input), 'anthropic-count-tokens', 'anthropic-messages'))
    expect(count({ name: 'anthropic' })).toBe('anthropic-messages https://api.anthropic.com')
    expect(count({ name: 'vllm', dialects: ['anthropic-messages'] })).toBe('anthropic-messages http://127.0.0.1:8000')
    expect(count({ name: 'deepseek' })).toBeUndefined()
  })
})

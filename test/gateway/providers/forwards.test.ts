import { describe, expect, test } from 'vitest'
import { forwardFor, forwardIds, forwardPath, type ForwardId } from '../../../gateway/providers/forwards.ts'
import { providerRows, resolveProvider } from '../../../gateway/providers/provider.ts'
import type { Provider } from '../../../gateway/providers/types.ts'
import { providerConfig } from './config.ts'

const openaiAudio = ['audio/speech', 'audio/transcriptions', 'audio/translations'] as const
const openaiImages = ['images/generations', 'images/edits', 'images/variations'] as const

/** Where each provider has what, for the model `m 1`. */
const known: Record<string, Partial<Record<ForwardId, string>>> = {
  openai: at('https://api.openai.com/v1', [
    ...openaiImages,
    ...openaiAudio,
    'moderations',
    'files',
    'uploads',
    'batches',
  ]),
  anthropic: {
    'messages/batches': 'https://api.anthropic.com/v1/messages/batches',
    'anthropic/files': 'https://api.anthropic.com/v1/files',
  },
  google: { 'images/generations': 'https://generativelanguage.googleapis.com/v1beta/openai/images/generations' },
  azure: at('https://x.openai.azure.com/openai/v1', [
    'images/generations',
    'images/edits',
    ...openaiAudio,
    'files',
    'uploads',
    'batches',
  ]),
  mistral: at('https://api.mistral.ai/v1', ['audio/transcriptions', 'moderations', 'files']),
  groq: at('https://api.groq.com/openai/v1', [...openaiAudio, 'files', 'batches']),
  xai: at('https://api.x.ai/v1', ['images/generations', 'images/edits']),
  together: at('https://api.together.xyz/v1', ['images/generations', ...openaiAudio, 'rerank']),
  cohere: { rerank: 'https://api.cohere.com/v2/rerank' },
  vllm: at('http://127.0.0.1:8000/v1', ['audio/transcriptions', 'audio/translations', 'rerank']),
  llamacpp: at('http://127.0.0.1:8080/v1', ['rerank']),
  'openai-compatible': at(
    'https://x.example/v1',
    forwardIds.filter((id) => id !== 'messages/batches' && id !== 'anthropic/files'),
  ),
}

function at(base: string, ids: readonly ForwardId[]): Partial<Record<ForwardId, string>> {
  return Object.fromEntries(ids.map((id) => [id, `${base}/${id}`]))
}

function configured(id: string, more: object = {}): Provider {
  const baseUrls: Record<string, string> = {
    azure: 'https://x.openai.azure.com',
    'openai-compatible': 'https://x.example/v1',
  }
  const baseUrl = baseUrls[id]
  return resolveProvider(
    providerConfig({ name: id, apiKey: 'K', ...(baseUrl === undefined ? {} : { baseUrl }), ...more }),
    0,
  )
}

function urls(provider: Provider): Record<string, string> {
  return Object.fromEntries(
    provider.forwards.map((forward) => [
      forward.id,
      forward.origin + forwardPath(forward, { model: 'm 1', below: '', query: '' }),
    ]),
  )
}

test.each(providerRows.map(({ id }) => id))('%s', (id) => {
  expect(urls(configured(id))).toEqual(known[id] ?? {})
})

test('every one has the key in its header, where the provider wants it', () => {
  expect(forwardFor(configured('openai'), 'files')?.headers).toMatchObject({ authorization: 'Bearer K' })
  expect(forwardFor(configured('google'), 'images/generations')?.headers).toEqual({ authorization: 'Bearer K' })
  expect(forwardFor(configured('anthropic'), 'messages/batches')?.headers).toMatchObject({ 'x-api-key': 'K' })
})

describe('addresses', () => {
  test("the user's base URL", () => {
    const provider = configured('openai', { baseUrl: 'http://127.0.0.1:1234' })
    expect(urls(provider)['files']).toBe('http://127.0.0.1:1234/v1/files')
  })

  test("Azure's deployments, its version, and what stands below", () => {
    const provider = configured('azure', { apiVersion: '2024-10-21' })
    expect(urls(provider)).toMatchObject({
      'images/edits': 'https://x.openai.azure.com/openai/deployments/m%201/images/edits?api-version=2024-10-21',
      batches: 'https://x.openai.azure.com/openai/batches?api-version=2024-10-21',
    })
    const files = forwardFor(provider, 'files')
    expect(files && forwardPath(files, { model: '', below: '/file-1/content', query: 'limit=1' })).toBe(
      '/openai/files/file-1/content?api-version=2024-10-21&limit=1',
    )
  })

  test('what a provider lacks', () => {
    expect(forwardFor(configured('deepseek'), 'files')).toBeUndefined()
    expect(configured('no-such-provider').forwards).toEqual([])
  })
})

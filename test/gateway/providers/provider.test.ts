import { describe, expect, test } from 'vitest'
import { nativeEndpoint } from '../../../gateway/providers/choose-endpoints.ts'
import { modelsRequest } from '../../../gateway/providers/endpoints.ts'
import {
  findRow,
  requestPath,
  resolveProvider,
  servesModel,
  upstreamModel,
} from '../../../gateway/providers/provider.ts'
import type { Provider } from '../../../gateway/providers/types.ts'
import { providerConfig } from './config.ts'

type Input = Parameters<typeof providerConfig>[0]

function resolve(input: Input, order = 0): Provider {
  return resolveProvider(providerConfig(input), order)
}

function chatUrl(input: Input, model = 'M'): string | undefined {
  const provider = resolve({ apiKey: 'K', ...input })
  const endpoint = nativeEndpoint(provider, 'openai-chat') ?? nativeEndpoint(provider, 'anthropic-messages')
  if (endpoint === undefined) return undefined
  const dialectPath = endpoint.dialect === 'anthropic-messages' ? '/v1/messages' : '/chat/completions'
  return endpoint.origin + requestPath(provider, endpoint, { model, dialectPath })
}

describe('which row', () => {
  test.each([
    ['openai', 'openai'],
    ['OpenAI', 'openai'],
    ['gemini', 'google'],
    ['claude', 'anthropic'],
    ['kimi', 'moonshot'],
    ['llama.cpp', 'llamacpp'],
  ])('%s is %s', (name, id) => expect(findRow(name)?.id).toBe(id))

  test('the type decides, the name is only a name', () => {
    const provider = resolve({ name: 'groq', type: 'mistral', apiKey: 'K' })
    expect([provider.name, provider.row.id]).toEqual(['groq', 'mistral'])
  })

  test('an unknown name with an address is an OpenAI-compatible server and needs no key', () => {
    const provider = resolve({ name: 'my-box', baseUrl: 'http://box:9/v1' })
    expect(provider.row.id).toBe('openai-compatible')
    expect(provider.problem).toBeUndefined()
    expect(provider.endpoints[0]?.headers).toEqual({})
  })
})

describe('base URL', () => {
  test.each<[string, Input, string]>([
    [
      'replaced',
      { name: 'openai', baseUrl: 'https://eu.api.openai.com/v1' },
      'https://eu.api.openai.com/v1/chat/completions',
    ],
    ['trailing slashes', { name: 'openai', baseUrl: 'http://h/v1//' }, 'http://h/v1/chat/completions'],
    [
      'bare origin gets the row’s path',
      { name: 'ollama', baseUrl: 'http://10.0.0.2:11434' },
      'http://10.0.0.2:11434/v1/chat/completions',
    ],
    ['bare origin, row without a path', { name: 'deepseek', baseUrl: 'http://h' }, 'http://h/chat/completions'],
    ['bare origin, unknown server: as it stands', { name: 'x', baseUrl: 'http://h:1/' }, 'http://h:1/chat/completions'],
    ['own path kept', { name: 'deepseek', baseUrl: 'http://h/deep/v1' }, 'http://h/deep/v1/chat/completions'],
    ['anthropic with /v1', { name: 'anthropic', baseUrl: 'https://h/v1/' }, 'https://h/v1/messages'],
    ['anthropic without', { name: 'anthropic', baseUrl: 'https://h/proxy' }, 'https://h/proxy/v1/messages'],
  ])('%s', (_name, input, url) => expect(chatUrl(input)).toBe(url))

  test('moves with every endpoint that lies under the row’s own', () => {
    const provider = resolve({ name: 'google', apiKey: 'K', baseUrl: 'http://h:9' })
    expect(provider.endpoints.map(({ origin, basePath }) => origin + basePath)).toEqual([
      'http://h:9/v1beta',
      'http://h:9/v1beta/openai',
    ])
    expect(modelsRequest(provider)?.path).toBe('/v1beta/models')
  })
})

describe('Azure', () => {
  const bases = [
    'https://x.openai.azure.com',
    'https://x.openai.azure.com/',
    'https://x.openai.azure.com/openai',
    'https://x.openai.azure.com/openai/',
    'https://x.openai.azure.com/openai/v1',
    'https://x.openai.azure.com/openai/v1/',
  ]
  test.each(bases)('%s: v1 path without an api-version, model = deployment name', (baseUrl) => {
    const config: Input = { name: 'azure', baseUrl, deployments: { 'gpt-4o': 'dep' } }
    expect(chatUrl(config, 'gpt-4o')).toBe('https://x.openai.azure.com/openai/v1/chat/completions')
    expect(upstreamModel(resolve(config), 'gpt-4o')).toBe('dep')
    expect(upstreamModel(resolve(config), 'constructor')).toBe('constructor')
  })

  test.each(bases)('%s: deployment path with one', (baseUrl) => {
    const url = chatUrl({ name: 'azure', baseUrl, apiVersion: '2025-04-01-preview' }, "a/b?$&'")
    expect(url).toBe(
      "https://x.openai.azure.com/openai/deployments/a%2Fb%3F%24%26'/chat/completions?api-version=2025-04-01-preview",
    )
  })

  test('an Entra token in the user’s headers stands in for the key', () => {
    const provider = resolve({ name: 'azure', baseUrl: bases[0], headers: { Authorization: 'Bearer entra-token' } })
    expect(provider.problem).toBeUndefined()
    expect(provider.endpoints[0]?.headers).toEqual({ authorization: 'Bearer entra-token' })
    expect(provider.secrets).toEqual(['Bearer entra-token', 'entra-token'])
  })
})

describe('keys and headers', () => {
  test('the user’s headers win and their names become lower case', () => {
    const provider = resolve({
      name: 'openai',
      apiKey: 'K',
      headers: { 'OpenAI-Organization': 'org-1', 'X-Api-Token': 'sesame' },
    })
    expect(provider.endpoints[0]?.headers).toEqual({
      authorization: 'Bearer K',
      'openai-organization': 'org-1',
      'x-api-token': 'sesame',
    })
    expect(provider.secrets).toEqual(['K', 'sesame'])
  })

  test('a local server gets a key only where one is set', () => {
    expect(resolve({ name: 'ollama' }).endpoints[0]?.headers).toEqual({})
    expect(resolve({ name: 'ollama', apiKey: 'K' }).endpoints[0]?.headers).toEqual({ authorization: 'Bearer K' })
  })
})

test('settings are carried over', () => {
  const provider = resolve(
    {
      name: 'openai',
      apiKey: 'K',
      priority: 3,
      maxRetries: 1,
      timeout: '50s',
      connectTimeout: '1s',
      ttftTimeout: '4s',
      idleTimeout: '9s',
      modelMap: { '*': 'gpt-5' },
    },
    7,
  )
  expect(provider).toMatchObject({ priority: 3, order: 7, maxRetries: 1, modelMap: { '*': 'gpt-5' }, deployments: {} })
  expect(provider.timeouts).toEqual({ connectMs: 1000, firstTokenMs: 4000, idleMs: 9000, totalMs: 50_000 })
  expect(resolve({ name: 'openai', apiKey: 'K' }).timeouts.firstTokenMs).toBeUndefined()
})

describe('problems say what to do', () => {
  test.each<[Input, string]>([
    [{ name: 'openai' }, 'no API key: set providers[2].apiKey, e.g. ${OPENAI_API_KEY}'],
    [{ name: 'google' }, 'no API key: set providers[2].apiKey, e.g. ${GEMINI_API_KEY}'],
    [{ name: 'azure', apiKey: 'K' }, 'no address: set providers[2].baseUrl, e.g. https://NAME.openai.azure.com'],
    [{ name: 'openai-compatible' }, 'no address: set providers[2].baseUrl, e.g. https://HOST/v1'],
    [
      { name: 'anthropc' },
      '"anthropc" is no known provider, did you mean "anthropic"?; set providers[2].type, or providers[2].baseUrl for an OpenAI-compatible server',
    ],
    [
      { name: 'openai-eu' },
      '"openai-eu" is no known provider, did you mean "openai"?; set providers[2].type, or providers[2].baseUrl for an OpenAI-compatible server',
    ],
    [
      { name: 'zzzzzzzzz' },
      '"zzzzzzzzz" is no known provider; set providers[2].type, or providers[2].baseUrl for an OpenAI-compatible server',
    ],
    [
      { name: 'a', type: 'mistrall', baseUrl: 'http://h' },
      '"mistrall" is no known provider type, did you mean "mistral"?; set providers[2].type',
    ],
    [
      { name: 'openai', apiKey: 'K', baseUrl: 'https://user:pass@h/v1' },
      'providers[2].baseUrl is not an address that calls can go to; write it without user name, password or query',
    ],
  ])('%j', (input, problem) => expect(resolve(input, 2).problem).toBe(problem))

  test.each<Input>([{ name: 'demo' }, { name: 'ollama' }, { name: 'llamacpp' }])('none: %j', (input) =>
    expect(resolve(input).problem).toBeUndefined(),
  )
})

describe('which models', () => {
  const provider = resolve({ name: 'azure', models: ['gpt-4o', 'gpt-5*', 'o?'], deployments: { embed: 'dep-e' } })
  test.each([
    ['gpt-4o', 'exact'],
    ['embed', 'exact'],
    ['gpt-5.6-sol', 'pattern'],
    ['gpt-5', 'pattern'],
    ['gpt-4', undefined],
    ['o3', undefined],
    ['', undefined],
  ])('%s: %s', (model, expected) => expect(servesModel(provider, model)).toBe(expected))

  test('no list: any model', () => expect(servesModel(resolve({ name: 'ollama' }), 'whatever')).toBe('any'))
})

import { expect, test } from 'vitest'
import { createProvidersHandlers } from '../../../gateway/api/providers.ts'
import { methods } from '../../../gateway/contract.ts'
import { createBreaker } from '../../../gateway/pipeline/breaker.ts'
import { createProviderHealth } from '../../../gateway/pipeline/health.ts'
import type { UpstreamRequest } from '../../../gateway/upstream/upstream.ts'
import { anAttempt } from '../pipeline/stage.ts'
import { memoryConfiguration, memorySecrets, routingView } from './memory-configuration.ts'

const written = `
providers:
  - name: p
    type: openai
    apiKey: \${K}
    models: [m]
  - name: local
    type: ollama
    baseUrl: http://me:pass@127.0.0.1:1
    priority: 1
  - name: groq
    apiKey: \${GROQ_API_KEY}
routing:
  modelMappings:
    fast: { provider: p, model: m }
`

async function made(text = written) {
  const secrets = memorySecrets({ ENV: 'x' })
  await secrets.set('K', 'sk-0123456789abcd')
  const configuration = memoryConfiguration(text, secrets)
  const health = createProviderHealth(() => 5)
  const breaker = createBreaker(
    () => 0,
    () => {},
  )
  const asked: Pick<UpstreamRequest, 'origin' | 'headers'>[] = []
  const handlers = createProvidersHandlers({
    configuration,
    secrets,
    health,
    breaker,
    current: () => routingView(configuration),
    upstream: {
      send: ({ origin, headers }) => {
        asked.push({ origin, headers })
        throw new Error('asked')
      },
      close: () => Promise.resolve(),
    },
    now: () => 0,
    nowMs: () => 0,
  })
  return { ...handlers, configuration, secrets, health, breaker, asked }
}

test('the list: in the order in which they are asked, without a secret', async () => {
  const { 'providers.list': list, health, breaker } = await made()
  health.record(anAttempt({ durationMs: 120 }))
  for (let count = 0; count < 5; count += 1) breaker.report('p/m', 'failure')
  const answer = await list({})
  expect(methods['providers.list'].output.parse(answer)).toEqual(answer)
  expect(answer.providers.map(({ name, state }) => [name, state])).toEqual([
    ['local', 'misconfigured'],
    ['p', 'degraded'],
    ['groq', 'misconfigured'],
  ])
  const [local, p, groq] = answer.providers
  expect(p).toMatchObject({
    type: 'openai',
    title: 'OpenAI',
    baseUrl: 'https://api.openai.com/v1',
    hasOwnBaseUrl: false,
    key: { state: 'set', from: 'keychain', reference: 'K', endsWith: 'abcd' },
    attempts: 1,
    lastSuccessAt: 5,
    latencyMs: 120,
    firstTokenTimeoutMs: null,
    openCircuits: [{ model: 'm', retryInMs: 10_000 }],
    aliases: ['fast'],
    problem: null,
  })
  expect(local).toMatchObject({ hasOwnBaseUrl: true, key: { state: 'none' }, baseUrl: 'http://***@127.0.0.1:1' })
  expect(local?.problem).toContain('without user name, password')
  expect(groq).toMatchObject({
    key: { state: 'missing', reference: 'GROQ_API_KEY' },
    problem: 'It has no key yet: add one, or set the environment variable GROQ_API_KEY.',
  })
  expect(JSON.stringify(answer)).not.toMatch(/sk-0|me:pass/)
})

test('removed with its key and aliases; taken back with both', async () => {
  const { 'providers.remove': remove, configuration, secrets } = await made()
  const { undo } = await remove({ name: 'p' })
  const { config } = configuration.current()
  expect(config.providers.map(({ name }) => name)).toEqual(['local', 'groq'])
  expect([config.routing.modelMappings, secrets.kept.has('K')]).toEqual([{}, false])
  await configuration.undo(undo)
  expect(await configuration.text()).toBe(written)
  expect(configuration.current().config.providers[0]?.apiKey).toBe('sk-0123456789abcd')
})

test('order and save go through the configuration', async () => {
  const { 'providers.order': order, 'providers.save': save, configuration } = await made()
  await order({ names: ['groq', 'p', 'local'] })
  await save({ name: 'local', maxRetries: 1 })
  expect(
    configuration.current().config.providers.map(({ name, priority, maxRetries }) => [name, priority, maxRetries]),
  ).toEqual([
    ['p', 20, 2],
    ['local', 30, 1],
    ['groq', 10, 2],
  ])
})

test.each([
  [['p', 'nobody'], 'not_found'],
  [['p', 'p'], 'invalid_request'],
])('an order of %j is refused: %s', async (names, code) => {
  await expect((await made())['providers.order']({ names })).rejects.toMatchObject({ code })
})

test('a check takes the key that is kept, also for one that is not configured yet', async () => {
  const { 'providers.check': check, secrets } = await made()
  const problem = async (name: string) => (await check({ provider: { name } })).problem
  expect(await problem('p')).toContain('could not be reached at https://api.openai.com: asked')
  expect(await problem('mistral')).toContain('It has no key yet')
  await secrets.set('MISTRAL_API_KEY', 'k')
  expect(await problem('mistral')).toContain('could not be reached at https://api.mistral.ai: asked')
})

test('a kept key is not tried at another address than the one it was given for', async () => {
  const { 'providers.check': check } = await made()
  const elsewhere = { name: 'p', baseUrl: 'https://evil.example/v1' }
  await expect(check({ provider: elsewhere })).rejects.toThrow(
    'given for https://api.openai.com. Type a key to try it at https://evil.example.',
  )
  await expect(check({ provider: { name: 'p', baseUrl: 'https://api.openai.com/v2' } })).resolves.toBeDefined()
  expect((await check({ provider: elsewhere, key: 'sk-of-there' })).problem).toContain('https://evil.example')
})

test('a check of a new provider at an address of its own is not given a key that was not typed for it', async () => {
  const { 'providers.check': check, secrets } = await made()
  await secrets.set('MISTRAL_API_KEY', 'k')
  const draft = { provider: { name: 'mistral', baseUrl: 'http://127.0.0.1:9/v1' } }
  expect((await check(draft)).problem).toContain('It has no key yet')
  expect((await check({ ...draft, key: 'typed' })).problem).toContain('could not be reached at http://127.0.0.1:9')
})

const own = `
providers:
  - name: azure
    apiKey: \${K}
    baseUrl: https://me.openai.azure.com
    dialects: [openai-responses]
    apiVersion: "2024-10-21"
    deployments: { gpt-5: mine }
    headers:
      x-token: \${K}
      x-plain: sk-hidden-all-the-same
    modelMap: { "*": gpt-5 }
`

test('what else a provider has is told; of headers only the names', async () => {
  const { 'providers.list': list } = await made(own)
  const answer = await list({})
  expect(methods['providers.list'].output.parse(answer)).toEqual(answer)
  expect(answer.providers[0]).toMatchObject({
    dialects: ['openai-responses'],
    speaks: ['openai-responses'],
    apiVersion: '2024-10-21',
    deployments: { 'gpt-5': 'mine' },
    headers: [
      { name: 'x-token', state: 'set', reference: 'K' },
      { name: 'x-plain', state: 'set', reference: null },
    ],
    modelMap: { '*': 'gpt-5' },
  })
  expect(JSON.stringify(answer)).not.toMatch(/sk-0|hidden/)
})

test('headers are saved one by one, and taken back', async () => {
  const { 'providers.save': save, configuration } = await made(own)
  const { undo } = await save({ name: 'azure', headers: { 'X-Plain': 'other', 'x-token': null } })
  expect(configuration.current().config.providers[0]?.headers).toEqual({ 'x-plain': 'other' })
  await configuration.undo(undo)
  expect(await configuration.text()).toBe(own)
})

test('a check sends the headers of the draft, with what they refer to', async () => {
  const { 'providers.check': check, asked } = await made(own)
  await check({ provider: { name: 'azure', headers: { 'x-new': 'a ${K}', 'x-plain': null } } })
  expect(asked[0]?.headers).toMatchObject({ 'x-token': 'sk-0123456789abcd', 'x-new': 'a sk-0123456789abcd' })
  expect(asked[0]?.headers).not.toHaveProperty('x-plain')
  await expect(check({ provider: { name: 'azure', headers: { 'x-new': '${NOWHERE}' } } })).rejects.toThrow(
    'headers: environment variable NOWHERE is not set',
  )
})

test('headers that are kept are not sent to another address', async () => {
  const { 'providers.check': check, asked } = await made(own)
  const provider = { name: 'azure', baseUrl: 'https://other.openai.azure.com', headers: { 'x-new': 'a' } }
  await check({ provider, key: 'typed' })
  expect(asked[0]).toMatchObject({ origin: 'https://other.openai.azure.com', headers: { 'x-new': 'a' } })
  expect(asked[0]?.headers).not.toHaveProperty('x-token')
})

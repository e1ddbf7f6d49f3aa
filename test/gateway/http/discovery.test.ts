import type { InjectOptions } from 'fastify'
import { afterEach, describe, expect, test } from 'vitest'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'

const opened: TestGateway[] = []
afterEach(async () => void (await Promise.all(opened.splice(0).map((gateway) => gateway.close()))))

const config = {
  providers: [
    { name: 'c', type: 'anthropic', apiKey: 'k', models: ['claude-opus-5'] },
    { name: 'p', type: 'openai', apiKey: 'k', models: ['unheard-of'] },
  ],
  pricing: { overrides: { 'claude-opus-5': { input: 5, output: 25 } } },
}

async function open(more: object = {}) {
  const gateway = await createTestGateway({ ...config, ...more })
  opened.push(gateway)
  return (url: string, options: InjectOptions = {}) =>
    gateway.fastify.inject({ url, ...options, headers: { host: 'localhost', ...options.headers } })
}

const post = (payload: string, type?: string): InjectOptions => ({
  method: 'POST',
  payload,
  ...(type === undefined ? {} : { headers: { 'content-type': type } }),
})

describe('what tools try as they start, known key or not', () => {
  test.each([
    ['HEAD', '/'],
    ['HEAD', '/api/hello'],
    ['GET', '/api/hello'],
    ['GET', '/api/version'],
  ] as const)('%s %s', async (method, url) => {
    const ask = await open({ auth: { anonymous: false, keys: [{ name: 'a', key: 'gw-a' }] } })
    expect((await ask(url, { method })).statusCode).toBe(200)
  })
})

describe('Ollama', () => {
  test('is new enough, and has the models', async () => {
    const ask = await open()
    const { version } = (await ask('/api/version')).json<{ version: string }>()
    expect(Number(version.split('.')[1])).toBeGreaterThanOrEqual(14)
    expect((await ask('/api/tags')).json()).toMatchObject({
      models: [{ name: 'claude-opus-5', model: 'claude-opus-5', details: { family: 'c' } }, { name: 'unheard-of' }],
    })
  })

  test.each([
    ['{"model":"claude-opus-5"}', 'application/json'],
    ['{"name":"claude-opus-5:latest"}', undefined],
    ['{"model":"claude-opus-5"}', 'text/plain'],
  ])('shows %s as %s', async (payload, type) => {
    const reply = await (await open())('/api/show', post(payload, type))
    expect(reply.json()).toMatchObject({
      capabilities: ['completion', 'tools', 'thinking'],
      model_info: { 'general.architecture': 'llm', 'llm.context_length': expect.any(Number) },
    })
  })

  test('a window that is not known is not the 4096 of VS Code', async () => {
    const reply = await (await open())('/api/show', post('{"model":"unheard-of"}'))
    expect(reply.json()).toMatchObject({ model_info: { 'llm.context_length': 131_072 } })
  })

  test.each([
    ['/api/show', '{"model":"nope"}', 404, 'nope'],
    ['/api/show', 'no json', 400, 'GET /api/tags'],
    ['/api/show', '', 400, 'GET /api/tags'],
    ['/api/chat', '{"model":"claude-opus-5"}', 501, '/v1/chat/completions'],
    ['/api/generate', '{}', 501, '/api/generate'],
  ])('POST %s %s', async (url, payload, status, text) => {
    const reply = await (await open())(url, post(payload, 'application/json'))
    expect(reply.statusCode).toBe(status)
    expect(reply.headers['x-should-retry']).toBe('false')
    expect(reply.json()).toEqual({ error: expect.stringContaining(text), code: expect.any(String) })
  })
})

test('LM Studio', async () => {
  const ask = await open()
  const { data } = (await ask('/api/v0/models')).json<{ data: object[] }>()
  const model = { id: 'claude-opus-5', object: 'model', type: 'llm', max_context_length: expect.any(Number) }
  expect(data).toMatchObject([model, { id: 'unheard-of' }])
  expect((await ask('/api/v0/models/claude-opus-5')).json()).toMatchObject(model)
})

test.each(['/v1/model/info', '/model/info'])('LiteLLM at %s', async (url) => {
  const { data } = (await (await open())(url)).json<{ data: { model_info: object }[] }>()
  expect(data[0]).toMatchObject({
    model_name: 'claude-opus-5',
    model_info: {
      max_output_tokens: 128_000,
      supports_function_calling: true,
      input_cost_per_token: 5e-6,
      output_cost_per_token: 25e-6,
    },
  })
  expect(data[1]?.model_info).not.toHaveProperty('input_cost_per_token')
})

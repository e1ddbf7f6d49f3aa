import Anthropic from '@anthropic-ai/sdk'
import { GoogleGenAI } from '@google/genai'
import OpenAI from 'openai'
import { afterEach, describe, expect, test } from 'vitest'
import { allOf } from '../../helpers/all-of.ts'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'
import { FakeUpstream, obliging } from '../pipeline/stage.ts'

const opened: TestGateway[] = []
afterEach(async () => void (await Promise.all(opened.splice(0).map((gateway) => gateway.close()))))

const config = {
  providers: [
    { name: 'p', type: 'openai', apiKey: 'k', models: ['gpt-6-sol', 'meta/llama'] },
    { name: 'c', type: 'anthropic', apiKey: 'k', models: ['claude-opus-5'] },
  ],
  routing: { modelMappings: { fast: { provider: 'c', model: 'claude-opus-5' } } },
}
const ids = ['fast', 'gpt-6-sol', 'meta/llama', 'claude-opus-5']

async function open(more: object = {}) {
  const upstream = new FakeUpstream()
  upstream.otherwise = obliging
  const gateway = await createTestGateway({ ...config, ...more }, { upstream })
  opened.push(gateway)
  const get = async (url: string, headers: Record<string, string> = {}) => {
    const reply = await gateway.fastify.inject({ url, headers: { host: 'localhost', ...headers } })
    return { status: reply.statusCode, headers: reply.headers, body: reply.json<Record<string, unknown>>() }
  }
  return { gateway, get }
}

const listen = async (more: object = {}): Promise<string> =>
  (await open(more)).gateway.listen({ host: '127.0.0.1', port: 0 })

const anthropic = { 'anthropic-version': '2023-06-01' }

describe('SDKs list and find the models', () => {
  test('openai', async () => {
    const client = new OpenAI({ apiKey: 'k', baseURL: `${await listen()}/v1` })
    const listed = await allOf(client.models.list())
    expect(listed.map(({ id }) => id)).toEqual(ids)
    expect(listed[0]).toMatchObject({ object: 'model', owned_by: 'llm-gateway', created: 0 })
    expect(await client.models.retrieve('meta/llama')).toMatchObject({ id: 'meta/llama', owned_by: 'p' })
    await expect(client.models.retrieve('nope')).rejects.toMatchObject({ status: 404, code: 'model_not_found' })
  })

  test('@anthropic-ai/sdk, page by page, in either direction', async () => {
    const client = new Anthropic({ apiKey: 'k', baseURL: await listen() })
    const listed = await allOf(client.models.list({ limit: 3 }))
    expect(listed.map(({ id }) => id)).toEqual(ids)
    expect(listed[0]).toMatchObject({ type: 'model', display_name: 'fast', max_tokens: 128_000 })
    expect(new Date(listed[0]?.created_at ?? '').getTime()).toBe(0)
    const before = await client.models.list({ limit: 2, before_id: 'claude-opus-5' })
    expect(before.data.map(({ id }) => id)).toEqual(['gpt-6-sol', 'meta/llama'])
    expect(before).toMatchObject({ has_more: true, first_id: 'gpt-6-sol', last_id: 'meta/llama' })
    expect(await client.models.retrieve('fast')).toMatchObject({ type: 'model', id: 'fast' })
    await expect(client.models.retrieve('nope')).rejects.toMatchObject({ status: 404 })
  })

  // 3.1 asks at /v1, the CLI's 1.30 and everybody else at /v1beta.
  test.each(['v1', 'v1beta'])('@google/genai at %s', async (apiVersion) => {
    const client = new GoogleGenAI({ apiKey: 'k', httpOptions: { baseUrl: await listen(), apiVersion } })
    const listed = await allOf(await client.models.list({ config: { pageSize: 3 } }))
    expect(listed.map(({ name }) => name)).toEqual(ids.map((id) => `models/${id}`))
    expect(listed[3]).toMatchObject({ displayName: 'claude-opus-5', outputTokenLimit: 128_000, thinking: true })
    expect(listed[3]?.supportedActions).toContain('generateContent')
    expect(await client.models.get({ model: 'models/fast' })).toMatchObject({ name: 'models/fast' })
    await expect(client.models.get({ model: 'nope' })).rejects.toMatchObject({ status: 404 })
  })
})

test('Codex gets its catalog', async () => {
  const { body } = await (await open()).get('/v1/models?client_version=0.169.0', { authorization: 'Bearer k' })
  const { models } = body as { models: Record<string, unknown>[] }
  expect(models.map(({ slug }) => slug)).toEqual(ids)
  for (const model of models) {
    expect(model).toMatchObject({
      display_name: model['slug'],
      supported_reasoning_levels: expect.any(Array),
      shell_type: 'unified_exec',
      visibility: 'list',
      supported_in_api: true,
      priority: expect.any(Number),
      support_verbosity: expect.any(Boolean),
      truncation_policy: { mode: 'tokens', limit: expect.any(Number) },
      experimental_supported_tools: [],
      base_instructions: expect.stringContaining('coding agent'),
      context_window: expect.any(Number),
    })
  }
  const levels = models.map(({ supported_reasoning_levels: all }) => (all as unknown[]).length)
  expect(levels).toEqual([3, 3, 0, 3])
})

test('Azure finds the list where it looks for it', async () => {
  const { body } = await (await open()).get('/openai/v1/models', { 'api-key': 'k' })
  expect(body).toMatchObject({ object: 'list', data: [{ id: 'fast' }, {}, {}, {}] })
})

describe('errors are in the shape of who asked', () => {
  test.each([
    ['/v1/models?limit=0', anthropic, 400, { type: 'error', error: { type: 'invalid_request_error' } }],
    ['/v1/models?after_id=nope', anthropic, 400, { type: 'error' }],
    ['/v1/models/nope', anthropic, 404, { type: 'error', error: { type: 'not_found_error' } }],
    ['/v1beta/models?pageToken=x', {}, 400, { error: { code: 400, status: 'INVALID_ARGUMENT' } }],
    ['/v1beta/models?pageSize=-1', {}, 400, { error: { status: 'INVALID_ARGUMENT' } }],
    ['/v1beta/models/nope', {}, 404, { error: { code: 404, status: 'NOT_FOUND' } }],
    ['/v1/models/nope', {}, 404, { error: { code: 'model_not_found', param: 'model' } }],
    ['/v1/messages/nothing', {}, 501, { type: 'error' }],
    ['/v1beta/files', {}, 404, { error: { status: 'NOT_FOUND' } }],
    ['/v1/threads', {}, 404, { error: { code: 'not_found' } }],
  ])('%s with %j', async (url, headers, status, body) => {
    expect(await (await open()).get(url, headers)).toMatchObject({ status, body })
  })
})

describe('where a key is needed', () => {
  const auth = {
    anonymous: false,
    keys: [
      { name: 'all', key: 'gw-all' },
      { name: 'some', key: 'gw-some', models: ['fast', 'p/*'] },
    ],
  }

  test.each([
    ['/v1/models', {}],
    ['/v1/models', anthropic],
    ['/v1beta/models/fast', {}],
    ['/openai/v1/models', {}],
    ['/v1/models?client_version=1', {}],
    ['/model/info', {}],
    ['/api/tags', {}],
    ['/api/v0/models', {}],
  ])('%s with %j is refused without one', async (url, headers) => {
    expect((await (await open({ auth })).get(url, headers)).status).toBe(401)
  })

  test('it sees what it may use, as it must write it', async () => {
    const { get } = await open({ auth })
    const seen = async (key: string) => {
      const { body } = await get('/v1/models', { 'x-api-key': key })
      return (body as { data: { id: string }[] }).data.map(({ id }) => id)
    }
    expect(await seen('gw-all')).toEqual(ids)
    expect(await seen('gw-some')).toEqual(['fast', 'p/gpt-6-sol', 'p/meta/llama'])
  })
})

import { describe, expect, test } from 'vitest'
import { checkProblem, checkProvider, type Draft } from '../../../gateway/api/providers-check.ts'
import type { Upstream, UpstreamRequest } from '../../../gateway/upstream/upstream.ts'
import { provider } from '../pipeline/stage.ts'

const list = JSON.stringify({ data: [{ id: 'm-1' }, { id: 'm-2' }] })
const key = 'sk-secret-0123456789'

/** Answers every request with the same; `requests` are those it had. */
function upstream(status: number, body: string): Upstream & { requests: UpstreamRequest[] } {
  const requests: UpstreamRequest[] = []
  return {
    requests,
    close: () => Promise.resolve(),
    send(request, handler) {
      requests.push(request)
      queueMicrotask(() => {
        handler.onHead(status, {})
        handler.onData(Buffer.from(body))
        handler.onEnd()
      })
      return { abort: () => {}, pause: () => {}, resume: () => {} }
    },
  }
}

function check(draft: Partial<Draft>, world = upstream(200, list)) {
  let nowMs = 0
  const ports = { upstream: world, now: () => 0, nowMs: () => (nowMs += 40) }
  return checkProvider(
    { edit: { name: 'openai' }, entry: undefined, key, reference: 'OPENAI_API_KEY', ...draft },
    ports,
  )
}

test('a new provider with a key that is not kept: its models, and how long it took', async () => {
  const world = upstream(200, list)
  expect(await check({}, world)).toEqual({ ok: true, problem: null, latencyMs: 40, models: ['m-1', 'm-2'] })
  expect(world.requests[0]).toMatchObject({
    method: 'GET',
    origin: 'https://api.openai.com',
    path: '/v1/models',
    headers: { authorization: `Bearer ${key}` },
  })
})

test('an edit is tried on top of what is configured', async () => {
  const world = upstream(200, list)
  const entry = { name: 'x', type: 'openai', baseUrl: 'http://127.0.0.1:1/v1', timeout: '30s', headers: { 'x-a': 'b' } }
  await check({ edit: { name: 'x', baseUrl: 'http://127.0.0.1:2/$/v1', timeoutMs: null }, entry }, world)
  expect(world.requests[0]).toMatchObject({
    origin: 'http://127.0.0.1:2',
    path: '/$/v1/models',
    headers: { 'x-a': 'b' },
  })
})

test('headers of an edit join those that are there, or replace them', async () => {
  const world = upstream(200, list)
  const entry = { name: 'x', type: 'openai', headers: { 'X-A': 'old', 'x-b': 'b', 'x-c': 'c' } }
  await check({ edit: { name: 'x', headers: { 'x-a': 'new', 'x-c': null, 'x-d': 'd' } }, entry }, world)
  const { headers } = world.requests[0] as UpstreamRequest
  expect(headers).toMatchObject({ 'x-a': 'new', 'x-b': 'b', 'x-d': 'd' })
  expect(headers).not.toHaveProperty('x-c')
})

test('the provider’s own words, and never the key in them', async () => {
  const world = upstream(401, JSON.stringify({ error: { message: `Incorrect API key provided: ${key}` } }))
  const { ok, problem } = await check({}, world)
  expect(ok).toBe(false)
  expect(problem).toContain('OpenAI answered with HTTP 401: "Incorrect API key provided: ')
  expect(problem).toContain('make a new one at https://platform.openai.com/api-keys')
  expect(problem).not.toContain(key)
})

test('what was typed as a header is not repeated either, whatever its name', async () => {
  const world = upstream(401, JSON.stringify({ error: { message: 'unknown team: swordfish-9' } }))
  const { problem } = await check({ edit: { name: 'openai', headers: { 'x-team': 'swordfish-9' } } }, world)
  expect(problem).toContain('unknown team')
  expect(problem).not.toContain('swordfish')
})

test('without a key nobody is asked', async () => {
  const world = upstream(200, list)
  const { problem } = await check({ key: undefined }, world)
  expect(problem).toBe('It has no key yet: add one, or set the environment variable OPENAI_API_KEY.')
  expect(world.requests).toEqual([])
})

test.each([
  [{ name: 'azure' }, 'no address: set providers[0].baseUrl, e.g. https://NAME.openai.azure.com'],
  [{ name: 'opnai' }, '"opnai" is no known provider, did you mean "openai"?'],
])('%j cannot be asked', async (edit, problem) => {
  expect((await check({ edit })).problem).toContain(problem)
})

describe('what to do about it', () => {
  const local = provider({ type: 'ollama', baseUrl: 'http://127.0.0.1:11434' })
  const far = provider({ baseUrl: 'https://api.example.com/v1' })
  test.each([
    ['HTTP 403: no', far, 'make a new one at'],
    ['HTTP 429: slow down', far, 'The key is known; wait'],
    ['HTTP 500: oops', far, 'try again later'],
    ['HTTP 400: what', far, 'HTTP 400: "what". Check the address.'],
    [
      'connect ECONNREFUSED',
      local,
      'Ollama could not be reached at http://127.0.0.1:11434: connect ECONNREFUSED. Is it running',
    ],
    ['no answer within 5 s', far, 'https://api.example.com: no answer within 5 s. Check the address, this machine'],
  ])('%s', (reason, of, text) => {
    expect(checkProblem({ reason }, of)).toContain(text)
  })
})

import {
  APIError,
  AuthenticationError,
  BadRequestError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
} from 'openai'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import {
  type FourProviders,
  models,
  type ProviderName,
  providerNames,
  startFourProviders,
} from '../helpers/four-providers.ts'
import { status } from '../helpers/upstream-faults.ts'

let world: FourProviders
beforeAll(async () => {
  world = await startFourProviders()
})
afterAll(() => world.close())
beforeEach(() => world.reset())
afterEach(async () => {
  await world.recorder.takeValid()
})

/** A model of its own for every case: the circuit breaker counts per model. */
function ask(provider: ProviderName, model = models[provider], stream = false) {
  return world.client.chat.completions.create({
    model: `${provider}/${model}`,
    messages: [{ role: 'user', content: 'Hi' }],
    stream,
  })
}

async function errorOf(promise: Promise<unknown>): Promise<APIError> {
  const error: unknown = await promise.then(
    () => new Error('the call succeeded'),
    (reason: unknown) => reason,
  )
  if (!(error instanceof APIError)) throw error
  return error
}

const classes: [number, new (...args: never[]) => APIError, number[]][] = [
  [400, BadRequestError, [400]],
  [401, AuthenticationError, [401]],
  [403, PermissionDeniedError, [403]],
  [404, NotFoundError, [404]],
  [429, RateLimitError, [429]],
  [500, InternalServerError, [500, 502]],
  [503, InternalServerError, [503]],
  // Anthropic's "overloaded" is 503 in OpenAI's words; 529 may stay.
  [529, InternalServerError, [503, 529]],
]
const cases = providerNames.flatMap((provider) => classes.map((row) => [provider, ...row] as const))

describe('a provider’s error has the SDK’s class, whole and streamed', () => {
  test.each(cases)('%s %d', async (provider, code, expected, statuses) => {
    const words = { message: `No luck with ${code} today.` }
    world.upstreams[provider].script(status(code, words), status(code, words))
    for (const stream of [false, true]) {
      const error = await errorOf(ask(provider, `model-${code}-${stream}`, stream))
      expect(error).toBeInstanceOf(expected)
      expect(statuses).toContain(error.status)
      expect(error.message).toContain(words.message)
      expect(error.type).toEqual(expect.any(String))
    }
  })
})

test.each<[number, object, object]>([
  [400, {}, { type: 'invalid_request_error', param: 'messages', code: 'invalid_value' }],
  [401, {}, { code: 'invalid_api_key', param: null }],
  [404, {}, { type: 'invalid_request_error', code: 'model_not_found' }],
  [429, {}, { type: 'requests', code: 'rate_limit_exceeded' }],
  [
    429,
    { type: 'insufficient_quota', code: 'insufficient_quota' },
    { type: 'insufficient_quota', code: 'insufficient_quota' },
  ],
  [400, { code: 'unsupported_parameter', param: 'max_tokens' }, { code: 'unsupported_parameter', param: 'max_tokens' }],
])('openai %d %j keeps type, code and param', async (code, words, expected) => {
  world.upstreams.openai.script(status(code, words))
  expect(await errorOf(ask('openai', `kept-${code}-${JSON.stringify(words)}`))).toMatchObject(expected)
})

test.each<[ProviderName, Record<string, string>]>([
  ['openai', { 'retry-after': '7' }],
  ['anthropic', { 'retry-after': '7' }],
  ['azure', { 'retry-after-ms': '6500', 'retry-after': '7' }],
])('%s: retry-after reaches the client', async (provider, headers) => {
  world.upstreams[provider].script(status(429, { headers }))
  const error = await errorOf(ask(provider, 'patience'))
  expect(error.headers?.get('retry-after')).toBe('7')
})

test('google: retry-after is read from RetryInfo', async () => {
  const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '6.4s' }]
  const error = { code: 429, message: 'Quota exceeded.', status: 'RESOURCE_EXHAUSTED', details }
  world.upstreams.google.script(status(429, { body: { error } }))
  const heard = await errorOf(ask('google', 'patience'))
  expect(heard).toBeInstanceOf(RateLimitError)
  expect(heard.headers?.get('retry-after')).toBe('7')
})

test('a retry-after of a day is no reason to hold a client for a day', async () => {
  world.upstreams.anthropic.script(status(429, { headers: { 'retry-after': '86400' } }))
  const error = await errorOf(ask('anthropic', 'patience-for-a-day'))
  expect(Number(error.headers?.get('retry-after') ?? 0)).toBeLessThanOrEqual(60)
})

test('no secret of the gateway is in an error', async () => {
  const message = 'Incorrect API key provided: sk-upstream-secret-1234.'
  for (const provider of providerNames) {
    world.upstreams[provider].script(status(401, { message }))
    const error = await errorOf(ask(provider, 'secretive'))
    expect(JSON.stringify([error.message, error.error, [...(error.headers ?? [])]])).not.toContain('secret-1234')
  }
})

describe('what the gateway itself refuses', () => {
  const user = { role: 'user' as const, content: 'Hi' }

  test.each<[string, Record<string, unknown>, object]>([
    ['no model', { messages: [user] }, { status: 400, param: 'model' }],
    ['no messages', { model: 'anthropic/claude-sonnet-4-5' }, { status: 400, param: 'messages' }],
    [
      'a message without a role',
      { model: 'anthropic/claude-sonnet-4-5', messages: [{ content: 'Hi' }] },
      { status: 400, param: expect.stringContaining('messages[0]') as string },
    ],
    [
      'a wrong extension',
      { model: 'openai/gpt-4o', messages: [user], 'x-gateway': { cach: false } },
      { status: 400, param: expect.stringContaining('x-gateway') as string },
    ],
    [
      'a provider that is not there',
      { model: 'gpt-4o', messages: [user], 'x-gateway': { provider: 'nobody' } },
      { status: 400, param: 'x-gateway.provider' },
    ],
  ])('%s', async (_name, body, expected) => {
    const error = await errorOf(world.client.post('/chat/completions', { body }))
    expect(error).toMatchObject({ type: 'invalid_request_error', ...expected })
    expect(Object.values(world.upstreams).flatMap(({ requests }) => requests)).toHaveLength(0)
  })

  test('an image that a provider would have to fetch from the gateway’s own machine', async () => {
    const error = await errorOf(
      world.client.chat.completions.create({
        model: 'google/gemini-2.5-flash',
        messages: [
          {
            role: 'user',
            content: [{ type: 'image_url', image_url: { url: `${world.upstreams.openai.url}/secret.png` } }],
          },
        ],
      }),
    )
    expect(error).toMatchObject({ status: 400, param: expect.stringContaining('messages[0].content[0]') as string })
    expect(world.upstreams.openai.requests).toHaveLength(0)
  })

  test('JSON that is none', async () => {
    const response = await fetch(`${world.gateway.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"model": "gpt-4o", ',
    })
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ error: { type: 'invalid_request_error', code: 'invalid_json' } })
  })

  test('a path that is not there, and a method', async () => {
    expect(await errorOf(world.client.get('/nothing-here'))).toBeInstanceOf(NotFoundError)
    const response = await fetch(`${world.gateway.url}/v1/chat/completions`)
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toContain('POST')
  })
})

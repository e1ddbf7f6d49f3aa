import { afterEach, describe, expect, test } from 'vitest'
import { type JsonObject } from '../../../gateway/chat/json.ts'
import { createTestGateway } from '../../helpers/in-process.ts'
import { endsEarly, raw, status } from '../../helpers/upstream-faults.ts'
import type { Play, RecordedRequest } from '../../helpers/upstream-exchange.ts'
import { text } from '../../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../../helpers/upstream.ts'
import { hello, chunksOf, summary, chunk, completion, candidate, called, result, google } from './wire.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Reply {
  status: number
  headers: Record<string, unknown>
  body: string
}

interface Scene {
  upstream: Upstream
  ask: (members?: JsonObject, path?: string) => Promise<Reply>
  /** The last request as it arrived. */
  sent: () => RecordedRequest
}

async function open(provider: JsonObject & { name: string; base?: string }, ...plays: Play[]): Promise<Scene> {
  const upstream = await startUpstream()
  const { base = '/v1', ...config } = provider
  const providers = [{ apiKey: 'sk-x', baseUrl: upstream.url + base, maxRetries: 0, ...config }]
  const gateway = await createTestGateway({ providers })
  closing.push(
    () => upstream.close(),
    () => gateway.close(),
  )
  upstream.script(...plays)
  return {
    upstream,
    ask: async (members = {}, url = '/v1/chat/completions') => {
      const payload = { model: 'gpt-4o', messages: [hello], ...members }
      const reply = await gateway.fastify.inject({ method: 'POST', url, payload })
      return { status: reply.statusCode, headers: reply.headers, body: reply.body }
    },
    sent: () => upstream.requests.at(-1) as RecordedRequest,
  }
}

const sse = (...events: (JsonObject | string)[]): string =>
  events.map((event) => `data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`).join('')

describe('through the gateway', () => {
  test('OpenAI: what is new or unknown passes through untouched', async () => {
    const { ask, sent } = await open({ name: 'openai' })
    const members = {
      reasoning_effort: 'xhigh',
      verbosity: 'low',
      service_tier: 'fast',
      prompt_cache_key: 'k',
      prompt_cache_options: { ttl: '30m', mode: 'explicit' },
      safety_identifier: 'u',
      moderation: { model: 'x' },
      top_logprobs: 20,
      n: 1,
      max_tokens: 5,
      messages: [
        { role: 'developer', content: 'Be kind.' },
        { role: 'user', content: [{ type: 'text', text: 'Hi', prompt_cache_breakpoint: true }] },
      ],
    }
    expect((await ask(members)).status).toBe(200)
    expect(sent().body).toEqual({ model: 'gpt-4o', ...members })
  })

  test('OpenAI: include_usage is forced upstream, its chunk hidden from a client that did not ask', async () => {
    const { ask, sent } = await open({ name: 'openai' })
    const { body } = await ask({ stream: true, stream_options: { include_obfuscation: false } })
    expect(sent().body['stream_options']).toEqual({ include_obfuscation: false, include_usage: true })
    expect(body).not.toContain('"choices":[]')
    expect(body).not.toContain('prompt_tokens')
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  test('OpenAI: a client that asked gets the usage chunk', async () => {
    const { ask } = await open({ name: 'openai' })
    const { body } = await ask({ stream: true, stream_options: { include_usage: true } })
    expect(chunksOf(body).at(-2)).toMatchObject({ choices: [], usage: { prompt_tokens: 10 } })
  })

  test('OpenAI: all four keys of an error, the provider’s own', async () => {
    const words = { message: 'No such parameter.', type: 'invalid_request_error', param: 'max_tokens' }
    const body = { error: { ...words, code: 'unsupported_parameter' } }
    const { ask } = await open({ name: 'openai' }, status(400, { body }))
    expect(JSON.parse((await ask()).body)).toEqual(body)
  })

  test('OpenAI: all four keys of an error that is our own', async () => {
    const { ask } = await open({ name: 'openai', models: ['gpt-4o'] })
    const { error } = JSON.parse((await ask({ model: 'claude' })).body) as { error: object }
    expect(Object.keys(error).toSorted()).toEqual(['code', 'message', 'param', 'type'])
  })

  test('OpenAI: request id, organisation and rate-limit headers reach the client', async () => {
    const headers = {
      'x-request-id': 'req_1',
      'openai-processing-ms': '12',
      'openai-organization': 'org',
      'openai-version': '2020-10-01',
      'x-ratelimit-remaining-requests': '9',
      'x-ratelimit-reset-requests': '6m0s',
    }
    const { ask } = await open(
      { name: 'openai' },
      status(200, { body: completion({ content: 'Hi' }, 'stop'), headers }),
    )
    expect((await ask()).headers).toMatchObject(headers)
  })

  test('OpenAI: retry-after: 86400 does not send a client to sleep for a day', async () => {
    const { ask } = await open({ name: 'openai' }, status(429, { headers: { 'retry-after': '86400' } }))
    const { status: code, headers } = await ask()
    expect(code).toBe(429)
    expect(Number(headers['retry-after'])).toBeLessThanOrEqual(60)
    expect(Number(headers['retry-after-ms'])).toBeLessThanOrEqual(60_000)
  })

  test('OpenAI: x-should-retry: false where an SDK would ask again in vain', async () => {
    const { ask } = await open(
      { name: 'openai' },
      status(429, { code: 'insufficient_quota', type: 'insufficient_quota' }),
    )
    const { status: code, headers } = await ask()
    expect(code).toBe(429)
    expect(headers['x-should-retry']).toBe('false')
  })

  test('OpenAI: an interrupted stream ends with an error in the client’s dialect', async () => {
    const { ask } = await open({ name: 'openai' }, endsEarly(3))
    const chunks = chunksOf((await ask({ stream: true })).body)
    expect(chunks.at(-2)).toMatchObject({ error: { code: 'stream_truncated', param: null } })
    expect(chunks.at(-1)).toBe('[DONE]')
  })

  test('OpenAI: legacy completions and embeddings go to their own paths', async () => {
    const { ask, sent } = await open({ name: 'openai' })
    await ask({ prompt: 'Hi' }, '/v1/completions')
    expect(sent().path).toBe('/v1/completions')
    await ask({ input: 'Hi' }, '/v1/embeddings')
    expect(sent().path).toBe('/v1/embeddings')
  })

  test('Azure: classic: deployment and api-version in the path, key in api-key alone', async () => {
    const azure = { name: 'azure', base: '', apiVersion: '2024-10-21', deployments: { 'gpt-4o': 'my dep' } }
    const { ask, sent } = await open(azure)
    expect((await ask()).status).toBe(200)
    expect(sent().path).toBe('/openai/deployments/my%20dep/chat/completions?api-version=2024-10-21')
    expect(sent().headers['api-key']).toBe('sk-x')
    expect(sent().headers['authorization']).toBeUndefined()
  })

  test.each(['', '/openai/v1', '/openai/v1/', '/openai'])(
    'Azure: v1 at "%s": no api-version, model = deployment',
    async (base) => {
      const { ask, sent } = await open({ name: 'azure', base, deployments: { 'gpt-4o': 'dep' } })
      await ask()
      expect(sent().path).toBe('/openai/v1/chat/completions')
      expect(sent().body['model']).toBe('dep')
    },
  )

  test('Azure: Entra: a Bearer token in place of the key', async () => {
    const entra = { name: 'azure', base: '', apiKey: undefined as never, headers: { authorization: 'Bearer entra' } }
    const { ask, sent } = await open(entra)
    expect((await ask()).status).toBe(200)
    expect(sent().headers['authorization']).toBe('Bearer entra')
    expect(sent().headers['api-key']).toBeUndefined()
  })

  test('Azure: a client never sees the first chunk whose id and model are empty', async () => {
    const { ask } = await open({ name: 'azure', base: '' })
    const [first] = chunksOf((await ask({ stream: true })).body)
    expect(first).toMatchObject({ id: 'chatcmpl-fake', model: 'gpt-4o', choices: [{ delta: { role: 'assistant' } }] })
  })

  test('Azure: extras of whole answers pass through', async () => {
    const body = completion({ content: 'Hi' }, 'stop', {
      routing: { serving_pipereplica: 'a' },
      prompt_filter_results: [{ jailbreak: { detected: false } }],
      usage: { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2, latency_checkpoint: { engine_ttft_ms: 3 } },
    })
    const { ask } = await open({ name: 'azure', base: '' }, status(200, { body }))
    expect(JSON.parse((await ask()).body)).toEqual(body)
  })

  test('Azure: an error as the first event of a 200 is an error status', async () => {
    const play = raw(sse({ error: { code: 'rate_limit_exceeded', message: 'Slow down.', status: 429 } }))
    const { ask } = await open({ name: 'azure', base: '' }, play)
    const { status: code, body } = await ask({ stream: true })
    expect(code).toBe(429)
    expect(JSON.parse(body)).toMatchObject({ error: { message: 'Slow down.' } })
  })

  test('Anthropic: version pinned to 2023-06-01, key in x-api-key', async () => {
    const { ask, sent } = await open({ name: 'anthropic', base: '' })
    expect((await ask({ model: 'claude-sonnet-4-5', temperature: 0.3 })).status).toBe(200)
    expect(sent().path).toBe('/v1/messages')
    expect(sent().headers).toMatchObject({ 'anthropic-version': '2023-06-01', 'x-api-key': 'sk-x' })
    expect(sent().headers['authorization']).toBeUndefined()
    expect(sent().body['temperature']).toBe(0.3)
  })

  test('Anthropic: 529 reaches an OpenAI client as 503', async () => {
    const { ask } = await open({ name: 'anthropic', base: '' }, status(529))
    const { status: code, body } = await ask({ model: 'claude-sonnet-4-5' })
    expect(code).toBe(503)
    expect(JSON.parse(body)).toMatchObject({ error: { type: 'server_error', param: null } })
  })

  test('Anthropic: retry-after: 86400 of Anthropic is capped too', async () => {
    const { ask } = await open({ name: 'anthropic', base: '' }, status(429, { headers: { 'retry-after': '86400' } }))
    expect(Number((await ask({ model: 'claude-sonnet-4-5' })).headers['retry-after'])).toBeLessThanOrEqual(60)
  })

  test('Gemini: the key goes in x-goog-api-key, never in the query; streams ask for SSE', async () => {
    const { ask, sent } = await open({ name: 'google', base: '/v1beta' })
    await ask({ model: 'gemini-2.5-flash' })
    expect(sent().path).toBe('/v1beta/models/gemini-2.5-flash:generateContent')
    expect(sent().headers['x-goog-api-key']).toBe('sk-x')
    await ask({ model: 'gemini-2.5-flash', stream: true })
    expect(sent().path).toBe('/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse')
  })

  test('Gemini: a stream that comes as a JSON array is read all the same', async () => {
    const array = JSON.stringify([candidate([{ text: 'H' }]), candidate([{ text: 'i' }], 'STOP')])
    const { ask } = await open({ name: 'google', base: '/v1beta' }, raw(array, { contentType: 'application/json' }))
    const { body } = await ask({ model: 'gemini-2.5-flash', stream: true })
    expect(summary(chunksOf(body))).toMatchObject({ text: 'Hi', finish: 'stop' })
  })

  test('Gemini: RetryInfo becomes retry-after', async () => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' }]
    const play = status(429, { body: google('RESOURCE_EXHAUSTED', 429, details) })
    const { ask } = await open({ name: 'google', base: '/v1beta' }, play)
    expect((await ask({ model: 'gemini-2.5-flash' })).headers).toMatchObject({
      'retry-after': '35',
      'retry-after-ms': '34400',
    })
  })

  test.each([[false], [true]])('Gemini: MALFORMED_FUNCTION_CALL alone is a failure (stream %s)', async (stream) => {
    const body = candidate([], 'MALFORMED_FUNCTION_CALL')
    const play = stream ? raw(sse(body)) : status(200, { body })
    const { ask } = await open({ name: 'google', base: '/v1beta' }, play)
    expect((await ask({ model: 'gemini-2.5-flash', stream })).status).toBe(502)
  })

  test('OpenAI: developer -> system for upstreams that are not OpenAI', async () => {
    const { ask, sent } = await open({ name: 'groq', base: '/openai/v1' })
    await ask({ messages: [{ role: 'developer', content: 'Be kind.' }, hello] })
    expect(sent().body['messages']).toEqual([{ role: 'system', content: 'Be kind.' }, hello])
  })

  test('OpenAI: servers that know only max_tokens get that', async () => {
    const { ask, sent } = await open({ name: 'deepseek', base: '' })
    await ask({ max_completion_tokens: 9 })
    expect(sent().body).toMatchObject({ max_tokens: 9 })
    expect(sent().body).not.toHaveProperty('max_completion_tokens')
  })

  test('Mistral: ids of 9 letters and digits, no stream_options', async () => {
    const { ask, sent } = await open({ name: 'mistral' })
    await ask({ stream: true, messages: [hello, called('call_with_a_long_id'), result('call_with_a_long_id')] })
    const [, assistant, tool] = sent().body['messages'] as { tool_calls: { id: string }[]; tool_call_id: string }[]
    expect(tool?.tool_call_id).toMatch(/^[a-zA-Z0-9]{9}$/)
    expect(assistant?.tool_calls[0]?.id).toBe(tool?.tool_call_id)
    expect(sent().body).not.toHaveProperty('stream_options')
  })

  test('Groq: the finish chunk that has the usage is not hidden with it', async () => {
    const usage = { prompt_tokens: 4, completion_tokens: 2, total_tokens: 6 }
    const play = raw(sse(chunk({ content: 'Hi' }), chunk({}, 'stop', { x_groq: { usage }, usage }), '[DONE]'))
    const { ask } = await open({ name: 'groq', base: '/openai/v1' }, play)
    expect(summary(chunksOf((await ask({ stream: true })).body)).finish).toBe('stop')
  })

  test('OpenRouter: comments before and between are no events', async () => {
    const comment = ': OPENROUTER PROCESSING\n\n'
    const play = raw(comment + sse(chunk({ content: 'Hi' })) + comment + sse(chunk({}, 'stop'), '[DONE]'))
    const { ask } = await open({ name: 'openrouter', base: '/api/v1' }, play)
    const { status: code, body } = await ask({ stream: true })
    expect(code).toBe(200)
    expect(body).toContain('"content":"Hi"')
    expect(body.endsWith('data: [DONE]\n\n')).toBe(true)
  })

  test('vLLM: nothing of ours that it does not know', async () => {
    const { ask, sent } = await open({ name: 'vllm' })
    await ask({ 'x-gateway': { cache: false } })
    expect(sent().body).toEqual({ model: 'gpt-4o', messages: [hello] })
  })

  test('Gemini fetches no https image: the gateway does, and not from private addresses', async () => {
    const { ask, upstream } = await open({ name: 'google', base: '/v1beta' })
    const image = { type: 'image_url', image_url: { url: 'https://169.254.169.254/latest/meta-data' } }
    const reply = await ask({ model: 'gemini-2.5-flash', messages: [{ role: 'user', content: [image] }] })
    expect(reply.status).toBe(400)
    expect(JSON.parse(reply.body)).toMatchObject({ error: { message: expect.stringContaining('private address') } })
    expect(upstream.requests).toHaveLength(0)
  })
})

describe('which errors lead to another target', () => {
  async function fallsBack(play: Play, stream = false): Promise<boolean> {
    const [first, second] = [await startUpstream(), await startUpstream()]
    const common = { type: 'openai', apiKey: 'sk-x', maxRetries: 0, models: ['gpt-4o'] }
    const gateway = await createTestGateway({
      providers: [
        { ...common, name: 'first', baseUrl: `${first.url}/v1` },
        { ...common, name: 'second', baseUrl: `${second.url}/v1` },
      ],
      routing: { fallbackChain: ['first', 'second'] },
    })
    closing.push(
      () => first.close(),
      () => second.close(),
      () => gateway.close(),
    )
    first.script(play)
    second.script(text('From the second.'))
    const payload = { model: 'gpt-4o', messages: [hello], stream }
    const reply = await gateway.fastify.inject({ method: 'POST', url: '/v1/chat/completions', payload })
    expect(second.requests).toHaveLength(reply.statusCode === 200 ? 1 : 0)
    return reply.headers['x-gateway-provider'] === 'second'
  }

  const tooLong = { message: 'Too long.', type: 'invalid_request_error', code: 'context_length_exceeded' }

  test.each<[what: string, play: Play, isFallback: boolean]>([
    ['408', status(408), true],
    ['425', status(425), true],
    ['429', status(429), true],
    ['500', status(500), true],
    ['503', status(503), true],
    ['529', status(529), true],
    ['network', (exchange) => exchange.sever('reset'), true],
    ['context length', status(400, { body: { error: tooLong } }), true],
    ['400', status(400), false],
    ['401', status(401), false],
    ['403', status(403), false],
    ['404', status(404), false],
    ['422', status(422), false],
  ])('%s: %s', async (_what, play, isFallback) => {
    expect(await fallsBack(play)).toBe(isFallback)
  })

  test.each([[false], [true]])('context length said inside a 200 (stream %s)', async (stream) => {
    const body = { error: tooLong }
    expect(await fallsBack(stream ? raw(sse(body)) : status(200, { body }), stream)).toBe(true)
  })
})

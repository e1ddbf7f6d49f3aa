import { afterEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../gateway/chat/json.ts'
import { createTestGateway, type TestGateway } from '../helpers/in-process.ts'
import { status } from '../helpers/upstream-faults.ts'
import { withUsage } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'

/**
 * Money end to end: what a provider reports -> `x-gateway-cost` and /api/v1/usage. The gateway's clock stands at
 * 2026-01-15; prices are those of @pydantic/genai-prices at that day, in USD per 1M tokens, worked out by hand.
 */

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

interface Scene {
  upstream: Upstream
  gateway: TestGateway
  post: (body: object) => Promise<{ headers: Record<string, unknown>; body: string }>
  spent: () => Promise<{ total_cost: number; total_tokens: number }>
}

async function open(provider: { name: string; base: string; more?: object }): Promise<Scene> {
  const upstream = await startUpstream()
  const { name, base, more } = provider
  const providers = [{ name, apiKey: 'sk-x', baseUrl: upstream.url + base, maxRetries: 0, ...more }]
  const gateway = await createTestGateway({ providers })
  closing.push(
    () => upstream.close(),
    () => gateway.close(),
  )
  return {
    upstream,
    gateway,
    post: async (body) => {
      const reply = await gateway.fastify.inject({ method: 'POST', url: '/v1/chat/completions', payload: body })
      expect(reply.statusCode, reply.body).toBe(200)
      return { headers: reply.headers, body: reply.body }
    },
    spent: async () => (await gateway.fastify.inject({ url: '/api/v1/usage' })).json(),
  }
}

interface Case {
  provider: { name: string; base: string; more?: object }
  model: string
  body: JsonObject
  /** USD */
  cost: string
  tokens: number
  /** What the client is told, in OpenAI's terms. */
  usage: object
}

const openai = { name: 'openai', base: '/v1' }
const anthropic = { name: 'anthropic', base: '' }
const google = { name: 'google', base: '/v1beta' }
const azure = {
  name: 'azure',
  base: '',
  more: { apiVersion: '2024-10-21', deployments: { 'gpt-4o': 'prod-eu' } },
}

function chat(usage: JsonObject): JsonObject {
  const choice = { index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }
  return { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm', choices: [choice], usage }
}

function message(usage: JsonObject): JsonObject {
  const content = [{ type: 'text', text: 'Hi' }]
  return { id: 'msg_1', type: 'message', role: 'assistant', model: 'm', content, stop_reason: 'end_turn', usage }
}

function candidates(usageMetadata: JsonObject): JsonObject {
  return { candidates: [{ content: { role: 'model', parts: [{ text: 'Hi' }] }, finishReason: 'STOP' }], usageMetadata }
}

const cases: [string, Case][] = [
  // gpt-5: 1.25 in, 0.125 cached, 10 out. 12,000 prompt, 10,000 of them cached; 900 out, 640 of them reasoning:
  // 2,000 x 1.25 + 10,000 x 0.125 + 900 x 10 = 2,500 + 1,250 + 9,000 = 12,750 -> 0.01275.
  [
    'OpenAI: cached within prompt, reasoning within completion',
    {
      provider: openai,
      model: 'gpt-5',
      body: chat({
        prompt_tokens: 12_000,
        completion_tokens: 900,
        total_tokens: 12_900,
        prompt_tokens_details: { cached_tokens: 10_000, audio_tokens: 0 },
        completion_tokens_details: { reasoning_tokens: 640, audio_tokens: 0 },
      }),
      cost: '0.01275',
      tokens: 12_900,
      usage: { prompt_tokens: 12_000, completion_tokens: 900 },
    },
  ],
  // gpt-5.6: 5 in, 0.5 cached, 6.25 cache write, 30 out. 4,000 prompt: 1,000 read, 2,000 written, 1,000 fresh; 100 out:
  // 1,000 x 5 + 1,000 x 0.5 + 2,000 x 6.25 + 100 x 30 = 5,000 + 500 + 12,500 + 3,000 = 21,000 -> 0.021.
  [
    'OpenAI: cache writes since gpt-5.6',
    {
      provider: openai,
      model: 'gpt-5.6',
      body: chat({
        prompt_tokens: 4000,
        completion_tokens: 100,
        total_tokens: 4100,
        prompt_tokens_details: { cached_tokens: 1000, cache_write_tokens: 2000 },
      }),
      cost: '0.021',
      tokens: 4100,
      usage: { prompt_tokens: 4000 },
    },
  ],
  // claude-sonnet-4-5: 3 in, 0.3 read, 3.75 written for 5 m, 6 for 1 h, 15 out. input_tokens excludes 8,000 read and
  // 3,000 written (2,000 for 5 m, 1,000 for 1 h); 700 out, 300 of them thinking:
  // 1,000 x 3 + 8,000 x 0.3 + 2,000 x 3.75 + 1,000 x 6 + 700 x 15 = 3,000 + 2,400 + 7,500 + 6,000 + 10,500 = 29,400.
  [
    'Anthropic: cache reads, writes of both lifetimes, thinking',
    {
      provider: anthropic,
      model: 'claude-sonnet-4-5',
      body: message({
        input_tokens: 1000,
        cache_read_input_tokens: 8000,
        cache_creation_input_tokens: 3000,
        cache_creation: { ephemeral_5m_input_tokens: 2000, ephemeral_1h_input_tokens: 1000 },
        output_tokens: 700,
        output_tokens_details: { thinking_tokens: 300 },
      }),
      cost: '0.0294',
      tokens: 12_700,
      usage: {
        prompt_tokens: 12_000,
        completion_tokens: 700,
        prompt_tokens_details: { cached_tokens: 8000, cache_write_tokens: 3000 },
        completion_tokens_details: { reasoning_tokens: 300 },
      },
    },
  ],
  // gemini-2.5-pro: 1.25 in, 0.125 cached, 10 out. 5,000 prompt includes 4,000 cached; 200 out exclude 600 thoughts:
  // 1,000 x 1.25 + 4,000 x 0.125 + 800 x 10 = 1,250 + 500 + 8,000 = 9,750 -> 0.00975.
  [
    'Gemini: cached within prompt, thoughts beside candidates',
    {
      provider: google,
      model: 'gemini-2.5-pro',
      body: candidates({
        promptTokenCount: 5000,
        cachedContentTokenCount: 4000,
        candidatesTokenCount: 200,
        thoughtsTokenCount: 600,
        totalTokenCount: 5800,
      }),
      cost: '0.00975',
      tokens: 5800,
      usage: { prompt_tokens: 5000, completion_tokens: 800, completion_tokens_details: { reasoning_tokens: 600 } },
    },
  ],
  // Above 200,000 prompt tokens all of them cost 2.5, and output 15: 250,000 x 2.5 + 100 x 15 = 625,000 + 1,500.
  [
    'Gemini: the whole call in the higher tier',
    {
      provider: google,
      model: 'gemini-2.5-pro',
      body: candidates({ promptTokenCount: 250_000, candidatesTokenCount: 100, totalTokenCount: 250_100 }),
      cost: '0.6265',
      tokens: 250_100,
      usage: { prompt_tokens: 250_000, completion_tokens: 100 },
    },
  ],
  // gpt-4o: 2.5 in, 1.25 cached, 10 out; the deployment's own name has no price. 3,000 prompt with 1,000 cached, 500 out:
  // 2,000 x 2.5 + 1,000 x 1.25 + 500 x 10 = 5,000 + 1,250 + 5,000 = 11,250 -> 0.01125.
  [
    'Azure: priced by the model, not by its deployment',
    {
      provider: azure,
      model: 'gpt-4o',
      body: chat({
        prompt_tokens: 3000,
        completion_tokens: 500,
        total_tokens: 3500,
        prompt_tokens_details: { cached_tokens: 1000 },
        latency_checkpoint: { engine_ttft_ms: 12 },
      }),
      cost: '0.01125',
      tokens: 3500,
      usage: { prompt_tokens: 3000, latency_checkpoint: { engine_ttft_ms: 12 } },
    },
  ],
]

const hello = [{ role: 'user', content: 'Hi' }]

test.each(cases)('%s', async (_name, { provider, model, body, cost, tokens, usage }) => {
  const { upstream, post, spent } = await open(provider)
  upstream.script(status(200, { body }))
  const reply = await post({ model, messages: hello })
  expect(reply.headers['x-gateway-cost']).toBe(cost)
  expect(JSON.parse(reply.body)).toMatchObject({ usage })
  expect(await spent()).toMatchObject({
    total_cost: Number(cost),
    total_tokens: tokens,
    unpriced_attempts: 0,
    estimated_attempts: 0,
  })
})

describe('streamed: 1,000 in, 400 of them cached, 100 out, 60 of them reasoning', () => {
  test.each([
    // 600 x 1.25 + 400 x 0.125 + 100 x 10 = 750 + 50 + 1,000
    ['openai', openai, 'gpt-5', 0.0018],
    // 600 x 3 + 400 x 0.3 + 100 x 15 = 1,800 + 120 + 1,500
    ['anthropic', anthropic, 'claude-sonnet-4-5', 0.003_42],
    // 600 x 1.25 + 400 x 0.125 + 100 x 10 = 750 + 50 + 1,000
    ['google', google, 'gemini-2.5-pro', 0.0018],
    // 600 x 2.5 + 400 x 1.25 + 100 x 10 = 1,500 + 500 + 1,000
    ['azure', azure, 'gpt-4o', 0.003],
  ])('%s', async (_name, provider, model, cost) => {
    const { upstream, post, spent } = await open(provider)
    upstream.script(withUsage({ input: 1000, cacheRead: 400, output: 100, reasoning: 60 }))
    const { body } = await post({ model, messages: hello, stream: true })
    // Asked of the provider for the bill, not for the client, who did not ask.
    expect(body).not.toContain('_tokens')
    expect(await spent()).toMatchObject({ total_cost: cost, total_tokens: 1100, estimated_attempts: 0 })
  })
})

import { afterEach, expect, test } from 'vitest'
import type { JsonObject } from '../../gateway/chat/json.ts'
import { providerRows } from '../../gateway/providers/rows.ts'
import { createTestGateway } from '../helpers/in-process.ts'
import { status } from '../helpers/upstream-faults.ts'
import { startUpstream } from '../helpers/upstream.ts'

/**
 * What each provider reports, in its own places, worked out by hand at one price in USD per 1M tokens: 2 in, 0.2 read
 * from the cache, 2.5 written to it, 10 out. OpenAI, Anthropic, Google and Azure are in money.test.ts, at real prices.
 */
const price = { input: 2, cacheRead: 0.2, cacheWrite: 2.5, output: 10 }

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const choice = { index: 0, message: { role: 'assistant', content: 'Hi' }, finish_reason: 'stop' }

function plain(prompt_tokens: number, completion_tokens: number, more: JsonObject = {}): JsonObject {
  return { usage: { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens, ...more } }
}

const cached = (cached_tokens: number): JsonObject => ({ prompt_tokens_details: { cached_tokens } })

/** Type of provider, where its usage stands, USD, tokens in all. */
const cases: [string, JsonObject, number, number][] = [
  // 600 x 2 + 400 x 0.2 + 200 x 10 = 1,200 + 80 + 2,000
  ['mistral', plain(1000, 200, { num_cached_tokens: 400 }), 0.003_28, 1200],
  // 500 x 2 + 500 x 0.2 + 200 x 10 = 1,000 + 100 + 2,000
  ['groq', plain(1000, 200, { queue_time: 0.01, ...cached(500) }), 0.0031, 1200],
  // The place where it was first: 1,000 x 2 + 200 x 10
  ['groq', { x_groq: { id: 'req_1', ...plain(1000, 200) } }, 0.004, 1200],
  // Hits and misses are the prompt, reasoning is within: 200 x 2 + 800 x 0.2 + 300 x 10 = 400 + 160 + 3,000
  [
    'deepseek',
    plain(1000, 300, {
      prompt_cache_hit_tokens: 800,
      prompt_cache_miss_tokens: 200,
      completion_tokens_details: { reasoning_tokens: 250 },
    }),
    0.003_56,
    1300,
  ],
  // Reasoning is beside completion, the total tells: 800 x 2 + 200 x 0.2 + (100 + 300) x 10 = 1,600 + 40 + 4,000
  [
    'xai',
    plain(1000, 100, {
      total_tokens: 1400,
      ...cached(200),
      completion_tokens_details: { reasoning_tokens: 300 },
      num_sources_used: 0,
    }),
    0.005_64,
    1400,
  ],
  // Its own cost is not ours: 500 x 2 + 300 x 0.2 + 200 x 2.5 + 100 x 10 = 1,000 + 60 + 500 + 1,000
  [
    'openrouter',
    plain(1000, 100, { cost: 0.5, prompt_tokens_details: { cached_tokens: 300, cache_write_tokens: 200 } }),
    0.002_56,
    1100,
  ],
  // 1,000 x 2 + 100 x 10
  ['together', plain(1000, 100, { cached_tokens: 0 }), 0.003, 1100],
  // 600 x 2 + 400 x 0.2 + 100 x 10 = 1,200 + 80 + 1,000
  ['fireworks', plain(1000, 100, cached(400)), 0.002_28, 1100],
  // 1,000 x 2 + 50 x 10
  ['cerebras', { ...plain(1000, 50, cached(0)), time_info: { total_time: 0.1 } }, 0.0025, 1050],
  // Reasoning is in no total, and more than completion: 100 x 2 + (200 + 500) x 10; searches have no price here.
  ['perplexity', plain(100, 200, { reasoning_tokens: 500, num_search_queries: 3 }), 0.0072, 800],
  // 500 x 2 + 100 x 10
  ['cohere', plain(500, 100), 0.002, 600],
  // In the choice, with the cached ones at top level: 400 x 2 + 600 x 0.2 + 50 x 10 = 800 + 120 + 500
  ['moonshot', { choices: [{ ...choice, ...plain(1000, 50, { cached_tokens: 600 }) }] }, 0.001_42, 1050],
  // 900 x 2 + 100 x 0.2 + 100 x 10 = 1,800 + 20 + 1,000
  ['zai', plain(1000, 100, cached(100)), 0.002_82, 1100],
  // 750 x 2 + 250 x 0.2 + 100 x 10 = 1,500 + 50 + 1,000
  ['alibaba', plain(1000, 100, cached(250)), 0.002_55, 1100],
  // Reasoning at top level, within: 1,000 x 2 + 100 x 10
  ['nvidia', plain(1000, 100, { reasoning_tokens: 80 }), 0.003, 1100],
  // 1,000 x 2 + 40 x 10
  ['huggingface', plain(1000, 40), 0.0024, 1040],
  // 1,000 x 2 + 60 x 10
  ['github', plain(1000, 60, { completion_tokens_details: { audio_tokens: 0, reasoning_tokens: 0 } }), 0.0026, 1060],
  // Of the own machine: what the user says it costs. 1,000 x 2 + 10 x 10
  ['ollama', plain(1000, 10), 0.0021, 1010],
  ['lmstudio', plain(1000, 10), 0.0021, 1010],
  ['vllm', plain(1000, 10, { prompt_tokens_details: null }), 0.0021, 1010],
  ['llamacpp', { ...plain(1000, 10), timings: { prompt_n: 1000, predicted_n: 10 } }, 0.0021, 1010],
  // LiteLLM with Anthropic behind it, within the prompt: 500 x 2 + 400 x 0.2 + 100 x 2.5 + 10 x 10 = 1,000 + 80 + 250 + 100
  [
    'openai-compatible',
    plain(1000, 10, { cache_read_input_tokens: 400, cache_creation_input_tokens: 100 }),
    0.001_43,
    1010,
  ],
]

/** OpenAI's newer form is its default only at its own address. */
function dialects(path: string): object {
  return path === '/v1/responses' ? { dialects: ['openai-responses'] } : {}
}

async function spentOn(type: string, path: string, answer: JsonObject) {
  const upstream = await startUpstream()
  const provider = {
    name: 'p',
    type,
    apiKey: 'sk-x',
    baseUrl: `${upstream.url}/v1`,
    models: ['m'],
    maxRetries: 0,
    ...dialects(path),
  }
  const gateway = await createTestGateway({ providers: [provider], pricing: { overrides: { m: price } } })
  closing.push(
    () => upstream.close(),
    () => gateway.close(),
  )
  upstream.script(status(200, { body: answer }))
  const payload = { model: 'm', messages: [{ role: 'user', content: 'Hi' }], input: 'Hi' }
  const { messages, input, model } = payload
  const body = path === '/v1/chat/completions' ? { model, messages } : { model, input }
  const reply = await gateway.fastify.inject({ method: 'POST', url: path, payload: body })
  expect(reply.statusCode, reply.body).toBe(200)
  const usage: { total_cost: number; total_tokens: number } = (
    await gateway.fastify.inject({ url: '/api/v1/usage' })
  ).json()
  return { told: reply.headers['x-gateway-cost'], ...usage }
}

test.each(cases)('%s %j', async (type, usage, cost, tokens) => {
  const answer = { id: 'chatcmpl-1', object: 'chat.completion', created: 1, model: 'm', choices: [choice], ...usage }
  const spent = await spentOn(type, '/v1/chat/completions', answer)
  expect(spent).toMatchObject({ total_cost: cost, total_tokens: tokens, unpriced_attempts: 0, estimated_attempts: 0 })
  expect(Number(spent.told)).toBe(cost)
})

test('openai /v1/responses: 600 x 2 + 400 x 0.2 + 300 x 10 = 1,200 + 80 + 3,000', async () => {
  const spent = await spentOn('openai', '/v1/responses', {
    ...{ id: 'resp_1', object: 'response', created_at: 1, status: 'completed', model: 'm' },
    output: [
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        status: 'completed',
        content: [{ type: 'output_text', text: 'Hi', annotations: [] }],
      },
    ],
    usage: {
      input_tokens: 1000,
      input_tokens_details: { cached_tokens: 400 },
      output_tokens: 300,
      output_tokens_details: { reasoning_tokens: 200 },
      total_tokens: 1300,
    },
  })
  expect(spent).toMatchObject({ total_cost: 0.004_28, total_tokens: 1300, estimated_attempts: 0 })
})

test('openai /v1/embeddings: 1,000 x 2', async () => {
  const spent = await spentOn('openai', '/v1/embeddings', {
    object: 'list',
    model: 'm',
    data: [{ object: 'embedding', index: 0, embedding: [0.5, 0.5] }],
    usage: { prompt_tokens: 1000, total_tokens: 1000 },
  })
  expect(spent).toMatchObject({ total_cost: 0.002, total_tokens: 1000, estimated_attempts: 0 })
})

test('every provider is here, in money.test.ts, or free', () => {
  const elsewhere = ['openai', 'anthropic', 'google', 'azure', 'demo']
  const here = new Set([...cases.map(([type]) => type), ...elsewhere])
  expect(providerRows.map(({ id }) => id).filter((id) => !here.has(id))).toEqual([])
})

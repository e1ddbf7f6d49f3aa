import { beforeAll, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import type { Usage } from '../../../gateway/chat/usage.ts'
import { readBodyUsage as readMessages } from '../../../gateway/dialects/anthropic-messages/provider/usage.ts'
import { readUsage as readGemini } from '../../../gateway/dialects/gemini/provider/usage.ts'
import { readBodyUsage as readChat } from '../../../gateway/dialects/openai-chat/provider/decode-usage.ts'
import { readBodyUsage as readResponses } from '../../../gateway/dialects/openai-responses/provider/decode-usage.ts'
import { costOf } from '../../../gateway/models/cost.ts'
import type { PriceBook } from '../../../gateway/models/price-book.ts'
import { loadBundledPrices } from '../../../gateway/models/price-shelf.ts'
import { findRow } from '../../../gateway/providers/provider.ts'

/**
 * From a provider's own words to money: one example for every shape that usage comes in, worked out by hand. Prices are
 * those of the bundled table at noon (UTC) of 2026-11-24. What test/conformance/money.test.ts has end to end (OpenAI's
 * chat with reasoning and cache writes, Anthropic's two lifetimes, Gemini's thoughts and tiers, Azure's deployments) is
 * not repeated here.
 */

let book: PriceBook
beforeAll(async () => {
  book = await loadBundledPrices()
})

const noon = Date.UTC(2026, 10, 24, 12)

interface Example {
  /** Of the provider table. */
  row: string
  model: string
  read: (body: JsonObject) => Usage | undefined
  body: JsonObject
  at?: number
  /** 1e-9 USD, in the order of the comment above it. */
  lines: Record<string, number>
}

const deepseekUsage = {
  prompt_tokens: 10_000,
  prompt_cache_hit_tokens: 8000,
  prompt_cache_miss_tokens: 2000,
  completion_tokens: 500,
  completion_tokens_details: { reasoning_tokens: 300 },
  total_tokens: 10_500,
}

const examples: [string, Example][] = [
  // gpt-6-sol: $2 in, $0.20 cached, $2.50 cache write, $10 out per 1M; $10 per 1,000 searches. 3,000 in = 1,000 cached +
  // 500 written + 1,500 fresh; 400 out, reasoning within; 2 searches, counted beside the usage.
  [
    'OpenAI Responses: cached and written within input, reasoning within output, searches beside',
    {
      row: 'openai',
      model: 'gpt-6-sol',
      read: readResponses,
      body: {
        usage: {
          input_tokens: 3000,
          input_tokens_details: { cached_tokens: 1000, cache_write_tokens: 500 },
          output_tokens: 400,
          output_tokens_details: { reasoning_tokens: 256 },
          total_tokens: 3400,
        },
        tool_usage: { web_search: { num_requests: 2 } },
      },
      lines: { cacheRead: 200_000, cacheWrite: 1_250_000, input: 3_000_000, output: 4_000_000, webSearch: 20_000_000 },
    },
  ],
  // The same above 272,000 tokens: $4 in, $0.40 cached, $15 out for the whole call. 300,000 in, 100,000 of them cached; 10 out.
  [
    'OpenAI Responses: a long call',
    {
      row: 'openai',
      model: 'gpt-6-sol',
      read: readResponses,
      body: {
        usage: { input_tokens: 300_000, input_tokens_details: { cached_tokens: 100_000 }, output_tokens: 10 },
      },
      lines: { cacheRead: 40_000_000, input: 800_000_000, output: 150_000 },
    },
  ],
  // claude-opus-5-5: $4 in, $0.20 read, $5 written for 5 m, $8 for 1 h, $20 out; $10 per 1,000 searches. The lifetimes alone
  // are told: 2,000 + 1,000. 1,000 fresh and 500 of the compaction, 300 out and 200 of the compaction.
  [
    'Anthropic: lifetimes without their sum, a compaction pass, searches',
    {
      row: 'anthropic',
      model: 'claude-opus-5-5',
      read: readMessages,
      body: {
        usage: {
          input_tokens: 1000,
          cache_read_input_tokens: 6000,
          cache_creation: { ephemeral_5m_input_tokens: 2000, ephemeral_1h_input_tokens: 1000 },
          output_tokens: 300,
          server_tool_use: { web_search_requests: 3 },
          iterations: [
            { type: 'compaction', input_tokens: 500, output_tokens: 200 },
            { type: 'message', input_tokens: 1000, output_tokens: 300 },
          ],
        },
      },
      lines: {
        cacheRead: 1_200_000,
        cacheWrite1h: 8_000_000,
        cacheWrite: 10_000_000,
        input: 6_000_000,
        output: 10_000_000,
        webSearch: 30_000_000,
      },
    },
  ],
  // gemini-2.5-flash: $0.30 in, $0.03 cached, $1 audio in, $2.50 out. Prompt 5,000 (2,000 cached, 1,000 audio) and 300 that
  // Google's tools read; 100 of the candidate and 400 thoughts.
  [
    'Gemini: cached and audio within prompt, tool tokens and thoughts beside',
    {
      row: 'google',
      model: 'gemini-2.5-flash',
      read: readGemini,
      body: {
        usageMetadata: {
          promptTokenCount: 5000,
          cachedContentTokenCount: 2000,
          toolUsePromptTokenCount: 300,
          candidatesTokenCount: 100,
          thoughtsTokenCount: 400,
          totalTokenCount: 5800,
          promptTokensDetails: [
            { modality: 'TEXT', tokenCount: 4000 },
            { modality: 'AUDIO', tokenCount: 1000 },
          ],
        },
      },
      lines: { cacheRead: 60_000, inputAudio: 1_000_000, input: 690_000, output: 1_250_000 },
    },
  ],
  // deepseek-v4-flash: $0.22 missed, $0.007 hit, $0.66 out.
  [
    'DeepSeek: hits and misses of its cache by names of its own',
    {
      row: 'deepseek',
      model: 'deepseek-v4-flash',
      read: readChat,
      body: { usage: deepseekUsage },
      lines: { cacheRead: 56_000, input: 440_000, output: 330_000 },
    },
  ],
  // The same at two in the morning, UTC: twice.
  [
    'DeepSeek: at its dear hours',
    {
      row: 'deepseek',
      model: 'deepseek-v4-flash',
      read: readChat,
      body: { usage: deepseekUsage },
      at: Date.UTC(2026, 10, 24, 2),
      lines: { cacheRead: 112_000, input: 880_000, output: 660_000 },
    },
  ],
  // grok-4.6: $2 in, $0.50 cached, $6 out. 1,000 in (600 cached); 50 said and 290 thought, which the total shows apart: 1,340.
  [
    'xAI: reasoning beside completion',
    {
      row: 'xai',
      model: 'grok-4.6',
      read: readChat,
      body: {
        usage: {
          prompt_tokens: 1000,
          prompt_tokens_details: { cached_tokens: 600 },
          completion_tokens: 50,
          completion_tokens_details: { reasoning_tokens: 290 },
          total_tokens: 1340,
          cost_in_usd_ticks: 31_400_000,
        },
      },
      lines: { cacheRead: 300_000, input: 800_000, output: 2_040_000 },
    },
  ],
  // claude-sonnet-5 there: $2 in, $0.20 cached, $2.50 written, $10 out. 2,000 in = 1,200 + 300 + 500; 150 out, and more
  // reasoning than that is said. What OpenRouter says it cost is not what we count by.
  [
    'OpenRouter: cache writes in the details, reasoning greater than output',
    {
      row: 'openrouter',
      model: 'anthropic/claude-sonnet-5',
      read: readChat,
      body: {
        usage: {
          prompt_tokens: 2000,
          prompt_tokens_details: { cached_tokens: 1200, cache_write_tokens: 300 },
          completion_tokens: 150,
          completion_tokens_details: { reasoning_tokens: 160 },
          total_tokens: 2150,
          cost: 0.1,
        },
      },
      lines: { cacheRead: 240_000, cacheWrite: 750_000, input: 1_000_000, output: 1_500_000 },
    },
  ],
  // gpt-oss-120b: $0.15 in, $0.075 cached, $0.60 out.
  [
    'Groq: usage in x_groq',
    {
      row: 'groq',
      model: 'openai/gpt-oss-120b',
      read: readChat,
      body: {
        x_groq: {
          id: 'req_1',
          usage: {
            prompt_tokens: 1000,
            prompt_tokens_details: { cached_tokens: 400 },
            completion_tokens: 200,
            total_tokens: 1200,
          },
        },
      },
      lines: { cacheRead: 30_000, input: 90_000, output: 120_000 },
    },
  ],
  // kimi-k3: $3 in, $0.30 cached, $15 out.
  [
    'Moonshot: usage in a choice, cached tokens at its top',
    {
      row: 'moonshot',
      model: 'kimi-k3',
      read: readChat,
      body: {
        choices: [
          {
            index: 0,
            usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100, cached_tokens: 700 },
          },
        ],
      },
      lines: { cacheRead: 210_000, input: 900_000, output: 1_500_000 },
    },
  ],
  // mistral-large-2512: $0.50 in, $0.05 cached, $1.50 out.
  [
    'Mistral: num_cached_tokens',
    {
      row: 'mistral',
      model: 'mistral-large-2512',
      read: readChat,
      body: { usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100, num_cached_tokens: 400 } },
      lines: { cacheRead: 20_000, input: 300_000, output: 150_000 },
    },
  ],
  // sonar-deep-research: $2 in, $8 out, $3 reasoning, $5 per 1,000 searches. Reasoning is at the top, and in no total.
  [
    'Perplexity: reasoning apart, searches',
    {
      row: 'perplexity',
      model: 'sonar-deep-research',
      read: readChat,
      body: {
        usage: {
          prompt_tokens: 100,
          completion_tokens: 200,
          total_tokens: 300,
          reasoning_tokens: 9000,
          num_search_queries: 30,
        },
      },
      lines: { reasoning: 27_000_000, input: 200_000, output: 1_600_000, webSearch: 150_000_000 },
    },
  ],
  // sonar-pro: $3 in, $15 out, $14 per 1,000 requests; its searches are in that.
  [
    'Perplexity: a price per request',
    {
      row: 'perplexity',
      model: 'sonar-pro',
      read: readChat,
      body: { usage: { prompt_tokens: 100, completion_tokens: 200, total_tokens: 300, num_search_queries: 3 } },
      lines: { input: 300_000, output: 3_000_000, request: 14_000_000 },
    },
  ],
  // deepseek-v4-pro there: $1.74 in, $0.145 cached, $3.48 out.
  [
    'Fireworks: a long name, OpenAI’s shape',
    {
      row: 'fireworks',
      model: 'accounts/fireworks/models/deepseek-v4-pro',
      read: readChat,
      body: {
        usage: { prompt_tokens: 1000, prompt_tokens_details: { cached_tokens: 500 }, completion_tokens: 100 },
      },
      lines: { cacheRead: 72_500, input: 870_000, output: 348_000 },
    },
  ],
  // gpt-oss-120b there: $0.35 in, $0.75 out, and no price for cached tokens: they cost what the others do.
  [
    'Cerebras: cached tokens without a price of their own',
    {
      row: 'cerebras',
      model: 'gpt-oss-120b',
      read: readChat,
      body: {
        usage: { prompt_tokens: 1000, prompt_tokens_details: { cached_tokens: 300 }, completion_tokens: 100 },
      },
      lines: { input: 350_000, output: 75_000 },
    },
  ],
  // command-a-03-2025: $2.50 in, $10 out.
  [
    'Cohere by OpenAI’s address',
    {
      row: 'cohere',
      model: 'command-a-03-2025',
      read: readChat,
      body: { usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 } },
      lines: { input: 250_000, output: 200_000 },
    },
  ],
  // text-embedding-3-large: $0.13 in.
  [
    'embeddings: no output is told, and none is paid',
    {
      row: 'openai',
      model: 'text-embedding-3-large',
      read: readChat,
      body: { usage: { prompt_tokens: 100, total_tokens: 100 } },
      lines: { input: 13_000 },
    },
  ],
  [
    'Ollama: nothing, whatever was used',
    {
      row: 'ollama',
      model: 'llama4',
      read: readChat,
      body: { usage: { prompt_tokens: 1000, completion_tokens: 100, total_tokens: 1100 } },
      lines: { input: 0, output: 0 },
    },
  ],
]

function costIn({ row: id, model, read, body, at = noon }: Omit<Example, 'lines'>): ReturnType<typeof costOf> {
  const row = findRow(id)
  const usage = read(body)
  if (row === undefined || usage === undefined) throw new Error(`no ${id}, or no usage`)
  const price = book.find({ provider: id, row, model, at })
  return price === undefined ? undefined : costOf(usage, price)
}

test.each(examples)('%s', (_name, example) => {
  const cost = costIn(example)
  expect(Object.fromEntries((cost?.lines ?? []).map(({ item, nanoUsd }) => [item, nanoUsd]))).toEqual(example.lines)
  expect(cost?.totalNanoUsd).toBe(Object.values(example.lines).reduce((sum, nanoUsd) => sum + nanoUsd, 0))
})

describe('what nobody knows the price of stays unknown', () => {
  test.each([
    ['alibaba', 'qwen-max'],
    ['nvidia', 'nemotron-4'],
    ['openai', 'gpt-unheard-of'],
  ])('%s %s', (row, model) => {
    const body = { usage: { prompt_tokens: 10, completion_tokens: 10, total_tokens: 20 } }
    expect(costIn({ row, model, read: readChat, body })).toBeUndefined()
  })
})

import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { bundledPrices } from '../../../gateway/models/price-bundled.ts'
import { unpack } from '../../../gateway/prices/plain-table.ts'
import { readList } from '../../../gateway/prices/read-list.ts'

const read = (value: unknown): ReturnType<typeof readList> => readList(JSON.stringify(value))

test('genai-prices, as its data.json has it', () => {
  const list = read([
    {
      id: 'anthropic',
      name: 'Anthropic',
      pricing_urls: ['https://www.anthropic.com/pricing#api'],
      api_pattern: 'https://api\\.anthropic\\.com',
      model_match: { contains: 'claude' },
      extractors: [{ api_flavor: 'default', root: 'usage', model_path: 'model', mappings: [] }],
      models: [
        {
          id: 'claude-sonnet-4-6',
          name: 'Claude Sonnet 4.6',
          match: { or: [{ starts_with: 'claude-sonnet-4-6' }, { regex: '^claude-s-\\d{8}$' }] },
          context_window: 1_000_000,
          prices: [
            { prices: { input_mtok: { base: 3, tiers: [{ start: 200_000, price: 6 }] }, output_mtok: 15 } },
            { constraint: { start_date: '2026-03-13' }, prices: { input_mtok: 3, output_mtok: 15 } },
            { constraint: { start_time: '01:00:00Z', end_time: '04:00:00Z' }, prices: { input_mtok: 9 } },
          ],
        },
      ],
    },
  ])
  expect(list).toEqual({
    kind: 'genai-prices',
    skipped: {},
    providers: [
      {
        id: 'anthropic',
        model_match: { contains: 'claude' },
        models: [
          {
            id: 'claude-sonnet-4-6',
            match: { or: [{ starts_with: 'claude-sonnet-4-6' }, { regex: '^claude-s-\\d{8}$' }] },
            context_window: 1_000_000,
            prices: [
              { prices: { input_mtok: { base: 3, tiers: [{ start: 200_000, price: 6 }] }, output_mtok: 15 } },
              {
                constraint: { type: 'start_date', start_date: '2026-03-13' },
                prices: { input_mtok: 3, output_mtok: 15 },
              },
              {
                constraint: { type: 'time_of_date', start_time: '01:00:00Z', end_time: '04:00:00Z' },
                prices: { input_mtok: 9 },
              },
            ],
          },
        ],
      },
    ],
  })
})

test('the bundled table itself, nothing lost', async () => {
  const text = await readFile(new URL('../../../gateway/models/price-table.json', import.meta.url), 'utf8')
  expect(readList(text)).toEqual({ kind: 'llm-gateway', providers: unpack(bundledPrices), skipped: {} })
})

test('LiteLLM: per token to per 1M, prefixes gone, what does not fit counted', () => {
  const list = read({
    sample_spec: { litellm_provider: 'one of https://docs.litellm.ai/docs/providers', mode: 'one of: chat' },
    'gpt-x': {
      litellm_provider: 'openai',
      mode: 'chat',
      max_input_tokens: 272_000,
      input_cost_per_token: 7.5e-8,
      input_cost_per_token_above_200k_tokens: 1.5e-7,
      input_cost_per_token_batches: 3.75e-8,
      output_cost_per_token: 3e-7,
      cache_read_input_token_cost: 7.5e-9,
      search_context_cost_per_query: {
        search_context_size_low: 0.01,
        search_context_size_medium: 0.01,
        search_context_size_high: 0.01,
      },
    },
    'claude-x': {
      litellm_provider: 'anthropic',
      mode: 'chat',
      input_cost_per_token: 3e-6,
      output_cost_per_token: 1.5e-5,
      cache_creation_input_token_cost: 3.75e-6,
      cache_creation_input_token_cost_above_1hr: 6e-6,
      search_context_cost_per_query: { search_context_size_low: 0.01, search_context_size_high: 0.02 },
    },
    'dashscope/qwen-x': {
      litellm_provider: 'dashscope',
      mode: 'chat',
      tiered_pricing: [
        { range: [32_000, 128_000], input_cost_per_token: 2e-6, output_cost_per_token: 4e-6 },
        { range: [0, 32_000], input_cost_per_token: 1e-6, output_cost_per_token: 4e-6 },
      ],
    },
    'gemini/gemini-x': { litellm_provider: 'gemini', input_cost_per_token: 1e-6, output_cost_per_token: 1e-6 },
    'azure/eu/gpt-x': { litellm_provider: 'azure', mode: 'chat', input_cost_per_token: 1e-6 },
    'bedrock/us-gov-west-1/x': { litellm_provider: 'bedrock', mode: 'chat', input_cost_per_token: 1e-6 },
    'vertex-y': { litellm_provider: 'vertex_ai', mode: 'chat', input_cost_per_token: 1e-6 },
    'dall-e-2': { litellm_provider: 'openai', mode: 'image_generation' },
    'gpt-nothing': { litellm_provider: 'openai', mode: 'chat' },
  })
  expect(list).toEqual({
    kind: 'litellm',
    named: [
      {
        provider: 'openai',
        model: 'gpt-x',
        contextWindow: 272_000,
        prices: {
          input_mtok: { base: 0.075, tiers: [{ start: 200_000, price: 0.15 }] },
          output_mtok: 0.3,
          cache_read_mtok: 0.0075,
          web_searches_kcount: 10,
        },
      },
      {
        provider: 'anthropic',
        model: 'claude-x',
        contextWindow: undefined,
        prices: { input_mtok: 3, output_mtok: 15, cache_write_mtok: 3.75, cache_write_1h_mtok: 6 },
      },
      {
        provider: 'alibaba',
        model: 'qwen-x',
        contextWindow: undefined,
        prices: {
          input_mtok: { base: 1, tiers: [{ start: 32_000, price: 2 }] },
          output_mtok: { base: 4, tiers: [{ start: 32_000, price: 4 }] },
        },
      },
      { provider: 'google', model: 'gemini-x', contextWindow: undefined, prices: { input_mtok: 1, output_mtok: 1 } },
    ],
    skipped: {
      'a region of its own': 2,
      'of a provider that has no table here': 1,
      'not chat or embeddings': 1,
      'without a price per token': 1,
    },
  })
})

test('models.dev: tiers of both ages, what does not fit counted', () => {
  const list = read({
    xai: {
      id: 'xai',
      name: 'xAI',
      models: {
        'grok-x': {
          id: 'grok-x',
          cost: {
            input: 2,
            output: 6,
            cache_read: 0.5,
            reasoning: 6,
            tiers: [{ tier: { type: 'context', size: 200_000 }, input: 4, output: 12 }],
          },
          limit: { context: 256_000, output: 64_000 },
        },
        'grok-old': { id: 'grok-old', cost: { input: 1, output: 2, context_over_200k: { input: 3 } } },
        'grok-free': { id: 'grok-free' },
      },
    },
    'some-reseller': { id: 'some-reseller', models: { a: { cost: { input: 1, output: 1 } } } },
  })
  expect(list).toEqual({
    kind: 'models.dev',
    named: [
      {
        provider: 'x-ai',
        model: 'grok-x',
        contextWindow: 256_000,
        prices: {
          input_mtok: { base: 2, tiers: [{ start: 200_000, price: 4 }] },
          output_mtok: { base: 6, tiers: [{ start: 200_000, price: 12 }] },
          output_reasoning_mtok: 6,
          cache_read_mtok: 0.5,
        },
      },
      {
        provider: 'x-ai',
        model: 'grok-old',
        contextWindow: undefined,
        prices: { input_mtok: { base: 1, tiers: [{ start: 200_000, price: 3 }] }, output_mtok: 2 },
      },
    ],
    skipped: { 'without a price per token': 1, 'of a provider that has no table here': 1 },
  })
})

const provider = (change: object): unknown => [
  { id: 'p', models: [{ id: 'm', match: { equals: 'm' }, prices: { input_mtok: 1 }, ...change }] },
]

test.each<[string, string, RegExp]>([
  ['no JSON', '{"a": 1', /no JSON/],
  ['a page', '<!doctype html>', /no JSON/],
  ['a number', '7', /no price list that is known/],
  ['another object', '{"hello": "world"}', /no price list that is known/],
  ['an empty object', '{}', /no price list that is known/],
  ['a price that is text', JSON.stringify(provider({ prices: { input_mtok: '1' } })), /damaged: provider p/],
  ['a price without end', '[{"id":"p","models":[{"id":"m","match":{"equals":"m"},"prices":{"a":1e999}}]}]', /damaged/],
  ['no rule of matching', JSON.stringify(provider({ match: {} })), /damaged/],
  ['a broken regex', JSON.stringify(provider({ match: { regex: '(' } })), /damaged/],
  ...['^(a+)+$', '^((a+)b)+$', '^(a|a)*$', '.*a.*b.*c'].map((regex): [string, string, RegExp] => [
    `a regex that takes for ever: ${regex}`,
    JSON.stringify(provider({ match: { regex } })),
    /damaged/,
  ]),
  [
    'a date that is none',
    JSON.stringify(provider({ prices: [{ constraint: { start_date: 'x' }, prices: {} }] })),
    /damaged/,
  ],
  [
    'a provider twice',
    JSON.stringify([
      { id: 'p', models: [] },
      { id: 'p', models: [] },
    ]),
    /names the provider p twice/,
  ],
  ['models that are no JSON', JSON.stringify({ providers: [{ id: 'p', models: '[{' }] }), /damaged/],
  [
    'a table of ours that was changed',
    JSON.stringify({ format: 'llm-gateway-prices', version: 1, checksum: 'x', providers: [] }),
    /checksum/,
  ],
])('refuses %s', (_name, text, message) => {
  expect(() => readList(text)).toThrow(message)
})

import * as fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import type { Usage } from '../../../gateway/chat/usage.ts'
import { costOf, type Cost } from '../../../gateway/models/cost.ts'
import { freePrice, overridePrice, type ModelPrice } from '../../../gateway/models/price.ts'
import type { PriceBook } from '../../../gateway/models/price-book.ts'
import { loadBundledPrices } from '../../../gateway/models/price-shelf.ts'

const at = Date.UTC(2026, 10, 24)
let book: PriceBook

beforeAll(async () => {
  book = await loadBundledPrices()
})

function price(priceId: string, model: string): ModelPrice {
  const found = book.find({ provider: priceId, row: { priceId }, model, at })
  if (found === undefined) throw new Error(`no price for ${model}`)
  return found
}

function nanoUsdByItem(cost: Cost | undefined): Record<string, number> {
  return Object.fromEntries((cost?.lines ?? []).map(({ item, nanoUsd }) => [item, nanoUsd]))
}

interface Example {
  priceId: string
  model: string
  usage: Usage
  /** 1e-9 USD, worked out by hand in the comment above it. */
  lines: Record<string, number>
}

const examples: [string, Example][] = [
  // gpt-5.4-mini: $0.75 in, $0.075 cached, $4.50 out per 1M. 640 fresh x 750 + 12,288 cached x 75 + 380 x 4,500 nano-USD.
  [
    'OpenAI, cached tokens are part of the prompt',
    {
      priceId: 'openai',
      model: 'gpt-5.4-mini',
      usage: { input: 12_928, cacheRead: 12_288, output: 380, reasoning: 120 },
      lines: { cacheRead: 921_600, input: 480_000, output: 1_710_000 },
    },
  ],
  // claude-opus-5-5: $4 in, $0.20 read, $5 written for 5 m, $8 for 1 h, $20 out. 1,840 fresh + 6,144 read + 3,072 written,
  // 1,024 of them for 1 h: 6,144 x 200, 1,024 x 8,000, 2,048 x 5,000, 1,840 x 4,000, 500 x 20,000.
  [
    'Anthropic, cache writes of both lifetimes',
    {
      priceId: 'anthropic',
      model: 'claude-opus-5-5',
      usage: { input: 11_056, cacheRead: 6144, cacheWrite: 3072, cacheWrite1h: 1024, output: 500 },
      lines: {
        cacheRead: 1_228_800,
        cacheWrite1h: 8_192_000,
        cacheWrite: 10_240_000,
        input: 7_360_000,
        output: 10_000_000,
      },
    },
  ],
  // OpenRouter's data has no 1 h price for claude-sonnet-5 ($2 in): twice the input price. 1,000 x 4,000.
  [
    'one-hour writes without a price of their own cost twice the input',
    {
      priceId: 'openrouter',
      model: 'anthropic/claude-sonnet-5',
      usage: { input: 1000, cacheWrite: 1000, cacheWrite1h: 1000, output: 0 },
      lines: { cacheWrite1h: 4_000_000 },
    },
  ],
  // gemini-2.5-pro: $1.25 in, $10 out. 2 candidates + 125 thoughts = 127 out. 10 x 1,250 + 127 x 10,000.
  [
    'Gemini, thoughts are output',
    {
      priceId: 'google',
      model: 'gemini-2.5-pro',
      usage: { input: 10, output: 127, reasoning: 125 },
      lines: { input: 12_500, output: 1_270_000 },
    },
  ],
  // grok-4.6: $2 in, $6 out. 12 in, 1 + 290 out (total 303). 12 x 2,000 + 291 x 6,000.
  [
    'xAI, reasoning was added to the output by the decoder',
    {
      priceId: 'x-ai',
      model: 'grok-4.6',
      usage: { input: 12, output: 291, reasoning: 290 },
      lines: { input: 24_000, output: 1_746_000 },
    },
  ],
  // sonar-deep-research: $2 in, $8 out, $3 reasoning, $5 per 1,000 searches. 100 x 2,000, 300 x 3,000, 200 x 8,000, 4 x 5,000,000.
  [
    'reasoning and searches where they have a price of their own',
    {
      priceId: 'perplexity',
      model: 'sonar-deep-research',
      usage: { input: 100, output: 500, reasoning: 300, webSearches: 4 },
      lines: { reasoning: 900_000, input: 200_000, output: 1_600_000, webSearch: 20_000_000 },
    },
  ],
  // sonar: $1 in, $1 out, $12 per 1,000 requests.
  [
    'a price per request',
    {
      priceId: 'perplexity',
      model: 'sonar',
      usage: { input: 10, output: 20 },
      lines: { input: 10_000, output: 20_000, request: 12_000_000 },
    },
  ],
  // claude-sonnet-4-5 at 200,000 tokens, the last of the lower tier: $3 in, $15 out.
  [
    'at the edge of a tier',
    {
      priceId: 'anthropic',
      model: 'claude-sonnet-4-5',
      usage: { input: 200_000, output: 1000 },
      lines: { input: 600_000_000, output: 15_000_000 },
    },
  ],
  // One token more: everything at $6 in, $0.60 read, $22.50 out; cached tokens count for the tier too.
  [
    'above it, for all tokens of the call',
    {
      priceId: 'anthropic',
      model: 'claude-sonnet-4-5',
      usage: { input: 200_001, cacheRead: 150_000, output: 1000 },
      lines: { cacheRead: 90_000_000, input: 300_006_000, output: 22_500_000 },
    },
  ],
  // gpt-realtime: $4 in, $32 audio in, $16 out, $64 audio out. 100 text + 900 audio in, 50 text + 450 audio out.
  [
    'audio',
    {
      priceId: 'openai',
      model: 'gpt-realtime',
      usage: { input: 1000, inputAudio: 900, output: 500, outputAudio: 450 },
      lines: { inputAudio: 28_800_000, outputAudio: 28_800_000, input: 400_000, output: 800_000 },
    },
  ],
  // text-embedding-3-small: $0.02 in: 7 x 20.
  [
    'embeddings have no output',
    { priceId: 'openai', model: 'text-embedding-3-small', usage: { input: 7 }, lines: { input: 140 } },
  ],
]

describe('worked by hand', () => {
  test.each(examples)('%s', (_name, { priceId, model, usage, lines }) => {
    const cost = costOf(usage, price(priceId, model))
    expect(nanoUsdByItem(cost)).toEqual(lines)
    expect(cost?.totalNanoUsd).toBe(Object.values(lines).reduce((sum, value) => sum + value, 0))
  })

  // $0.10 in, $0.40 out, nothing else named: cached, written and audio tokens cost what others of their side cost.
  test('an override that names two prices', () => {
    const usage: Usage = {
      input: 100,
      cacheRead: 60,
      cacheWrite: 20,
      cacheWrite1h: 20,
      inputAudio: 10,
      output: 10,
      outputAudio: 5,
    }
    const cost = costOf(usage, overridePrice({ input: 0.1, output: 0.4 }))
    expect(nanoUsdByItem(cost)).toEqual({ input: 10_000, output: 4000 })
  })

  // $1 in, $1.25 written: one hour is twice the input. 30 x 2,000 + 70 x 1,250.
  test('an override without a one-hour price', () => {
    const cost = costOf(
      { input: 100, cacheWrite: 100, cacheWrite1h: 30 },
      overridePrice({ input: 1, output: 1, cacheWrite: 1.25 }),
    )
    expect(nanoUsdByItem(cost)).toEqual({ cacheWrite1h: 60_000, cacheWrite: 87_500 })
  })
})

describe('what is not known', () => {
  test('tokens without a rate: undefined, never 0', () => {
    expect(costOf({ input: 5, output: 1 }, { rates: { input: { base: 1 } } })).toBeUndefined()
  })

  test('no tokens: nothing to pay', () => {
    expect(costOf({}, overridePrice({ input: 1, output: 1 }))).toEqual({ totalNanoUsd: 0, lines: [] })
  })

  test('free is known to be 0', () => {
    expect(costOf({ input: 1000, output: 5, webSearches: 3 }, freePrice)?.totalNanoUsd).toBe(0)
  })
})

describe('nonsense from outside', () => {
  const rates = overridePrice({ input: 1, output: 2, cacheRead: 0.5, cacheWrite: 1.25, inputAudio: 3, outputAudio: 4 })

  test('parts greater than the whole are cut, so nothing is negative', () => {
    const cost = costOf({ input: 10, cacheRead: 8, cacheWrite: 8, inputAudio: 8, output: 3, outputAudio: 9 }, rates)
    expect(nanoUsdByItem(cost)).toEqual({ cacheRead: 4000, cacheWrite: 2500, outputAudio: 12_000 })
  })

  test.each([-5, Number.NaN, Number.POSITIVE_INFINITY])('%s tokens are none', (input) => {
    expect(costOf({ input, output: -1 }, rates)?.totalNanoUsd).toBe(0)
  })

  test('fractions of a token are cut', () => {
    expect(costOf({ input: 2.9 }, rates)?.totalNanoUsd).toBe(2000)
  })
})

describe('integers', () => {
  // 0.3 + 0.3 = 0.6 nano-USD is 1; each line by itself would be 0.
  test('rounding happens once for the whole call', () => {
    const tiny: ModelPrice = { rates: { input: { base: 300 }, output: { base: 300 } } }
    expect(costOf({ input: 1, output: 1 }, tiny)).toEqual({
      totalNanoUsd: 1,
      lines: [
        { item: 'input', quantity: 1, nanoUsd: 0 },
        { item: 'output', quantity: 1, nanoUsd: 1 },
      ],
    })
  })

  // LiteLLM's floats give 0.013600000000000001 USD for such sums.
  test('no float dust', () => {
    expect(costOf({ input: 1000, output: 100, cacheRead: 200 }, price('openai', 'gpt-6-sol'))?.totalNanoUsd).toBe(
      2_640_000,
    )
  })

  test('beyond 2^53 picodollars', () => {
    const dear = overridePrice({ input: 100_000, output: 1 })
    expect(costOf({ input: 9_000_001 }, dear)?.totalNanoUsd).toBe(900_000_100_000_000)
  })

  test('total is the sum of the lines; whole, never negative, never below a part', () => {
    const tokens = fc.option(fc.integer({ min: -10, max: 3_000_000 }), { nil: undefined })
    const usd = fc.integer({ min: 0, max: 200_000_000 }).map((micro) => micro / 1e6)
    const maybe = fc.option(usd, { nil: undefined })
    const usages = fc.record({
      input: tokens,
      cacheRead: tokens,
      cacheWrite: tokens,
      cacheWrite1h: tokens,
      inputAudio: tokens,
      output: tokens,
      reasoning: tokens,
      outputAudio: tokens,
    })
    const prices = fc.record({
      input: usd,
      output: usd,
      cacheRead: maybe,
      cacheWrite: maybe,
      cacheWrite1h: maybe,
      inputAudio: maybe,
    })
    fc.assert(
      fc.property(usages, prices, (usage, override) => {
        const cost = costOf(usage as Usage, overridePrice(override))
        if (cost === undefined) throw new Error('both sides have a rate')
        expect(Number.isSafeInteger(cost.totalNanoUsd)).toBe(true)
        expect(cost.lines.reduce((sum, line) => sum + line.nanoUsd, 0)).toBe(cost.totalNanoUsd)
        for (const line of cost.lines) expect(Number.isInteger(line.nanoUsd) && line.nanoUsd >= 0).toBe(true)
        const counted = cost.lines.reduce((sum, line) => sum + line.quantity, 0)
        expect(counted).toBe(Math.max(0, usage.input ?? 0) + Math.max(0, usage.output ?? 0))
      }),
    )
  })
})

test('what these counts do not show is charged for: the cost is not known, unless all is free', () => {
  const charged = { rates: { input: { base: 1000 }, output: { base: 1000 } } }
  expect(costOf({ input: 1, output: 1, unpriced: true }, charged)).toBeUndefined()
  expect(costOf({ unpriced: true }, freePrice)?.totalNanoUsd).toBe(0)
})

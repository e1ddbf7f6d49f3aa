import { beforeAll, describe, expect, test } from 'vitest'
import { PriceBook, type PriceQuery } from '../../../gateway/models/price-book.ts'
import type { ModelPrice, PriceOverride } from '../../../gateway/models/price.ts'
import { bundledPrices } from '../../../gateway/models/price-bundled.ts'
import { datedPrices, priceAt, priceSource, type PriceSource } from '../../../gateway/models/price-data.ts'
import { loadBundledPrices } from '../../../gateway/models/price-shelf.ts'
import { openPriceTable } from '../../../gateway/models/price-table.ts'
import { providerRows } from '../../../gateway/providers/rows.ts'

let source: PriceSource
let book: PriceBook

beforeAll(async () => {
  source = priceSource(openPriceTable(bundledPrices))
  book = await loadBundledPrices()
})

const now = Date.UTC(2026, 10, 24)

/** USD per 1M tokens of input and output below every tier. */
function usd(price: ModelPrice | undefined): [number, number] | undefined {
  if (price === undefined) return undefined
  return [(price.rates.input?.base ?? NaN) / 1e6, (price.rates.output?.base ?? NaN) / 1e6]
}

function query(model: string, priceId?: string, at = now): PriceQuery {
  return { provider: 'mine', row: priceId === undefined ? {} : { priceId }, model, at }
}

function rowQuery(id: string, model: string): PriceQuery {
  const row = providerRows.find((candidate) => candidate.id === id)
  if (row === undefined) throw new Error(`no row ${id}`)
  return { provider: id, row, model, at: now }
}

describe('by date', () => {
  test.each<[string, string, string, [number, number]]>([
    ['openai', 'gpt-5.6-sol', '2026-08-20T23:59:59.999Z', [5, 30]],
    ['openai', 'gpt-5.6-sol', '2026-08-21T00:00:00Z', [4, 20]],
    ['openai', 'o3', '2025-06-09T12:00:00Z', [10, 40]],
    ['openai', 'o3', '2025-06-10T00:00:00Z', [2, 8]],
    ['google', 'gemini-3.8-flash', '2026-12-31T23:59:59Z', [0.75, 3.75]],
    ['google', 'gemini-3.8-flash', '2027-01-01T00:00:00Z', [1.5, 7.5]],
    ['deepseek', 'deepseek-v4-flash', '2026-08-16T05:00:00Z', [0.14, 0.28]],
    ['deepseek', 'deepseek-v4-flash', '2026-09-01T05:00:00Z', [0.22, 0.66]],
    ['deepseek', 'deepseek-v4-flash', '2026-09-01T01:00:00Z', [0.44, 1.32]],
    ['deepseek', 'deepseek-v4-flash', '2026-09-01T03:59:59.999Z', [0.44, 1.32]],
    ['deepseek', 'deepseek-v4-flash', '2026-09-01T04:00:00Z', [0.22, 0.66]],
    ['deepseek', 'deepseek-v4-flash', '2026-09-01T09:59:59Z', [0.44, 1.32]],
    ['anthropic', 'claude-sonnet-5', '2026-11-24T00:00:00Z', [2, 10]],
  ])('%s %s at %s', (priceId, model, at, expected) => {
    expect(usd(book.find(query(model, priceId, Date.parse(at))))).toEqual(expected)
  })

  // The data of August 2026 planned this rise of claude-sonnet-5; Anthropic took it back, and 0.1.8 has one price.
  test('a rise that is known beforehand', () => {
    const prices = datedPrices({
      id: 'claude-sonnet-5',
      prices: [
        { prices: { input_mtok: 2, output_mtok: 10 } },
        { constraint: { type: 'start_date', start_date: '2026-09-01' }, prices: { input_mtok: 3, output_mtok: 15 } },
      ],
    })
    expect(usd(priceAt(prices, Date.parse('2026-08-31T23:59:59Z')))).toEqual([2, 10])
    expect(usd(priceAt(prices, Date.parse('2026-09-01T00:00:00Z')))).toEqual([3, 15])
  })

  test.each([
    ['21:59:59Z', 1],
    ['22:00:00Z', 2],
    ['00:00:00Z', 2],
    ['01:59:59Z', 2],
    ['02:00:00Z', 1],
  ])('a window over midnight, in another time zone: %s', (time, input) => {
    const window = { type: 'time_of_date', start_time: '23:00:00+01:00', end_time: '03:00:00+01:00' } as const
    const prices = datedPrices({
      id: 'x',
      prices: [
        { prices: { input_mtok: 1, output_mtok: 1 } },
        { constraint: window, prices: { input_mtok: 2, output_mtok: 2 } },
      ],
    })
    expect(usd(priceAt(prices, Date.parse(`2026-05-05T${time}`)))?.[0]).toBe(input)
  })

  test('nothing holds yet: the first', () => {
    const start = { type: 'start_date', start_date: '2030-01-01' } as const
    const prices = datedPrices({ id: 'x', prices: [{ constraint: start, prices: { input_mtok: 7, output_mtok: 1 } }] })
    expect(usd(priceAt(prices, now))?.[0]).toBe(7)
    expect(priceAt([], now)).toBeUndefined()
  })
})

describe('by name', () => {
  test.each<[string, string, [number, number] | undefined]>([
    ['openai', 'gpt-4-turbo', [10, 30]],
    ['anthropic', 'claude-3-opus', [15, 75]],
    ['azure', 'gpt-5.4-mini', [0.75, 4.5]],
    ['azure', 'claude-sonnet-5', [2, 10]],
    ['openrouter', 'anthropic/claude-sonnet-5', [2, 10]],
    ['fireworks', 'accounts/fireworks/models/deepseek-v4-pro', [1.74, 3.48]],
    ['moonshot', 'kimi-k3', [3, 15]],
    ['google', 'models/gemini-2.5-pro', [1.25, 10]],
    ['openai-compatible', 'gpt-4-turbo', [10, 30]],
    ['openai-compatible', 'openai/gpt-4-turbo', [10, 30]],
    ['openai-compatible', 'us.anthropic.claude-sonnet-4-5-20250929-v1:0', [3, 15]],
    ['openai-compatible', 'claude-opus-4-5@20251101', [5, 25]],
    ['openai-compatible', 'my-own-model', undefined],
    ['openai', 'gpt-unheard-of', undefined],
    // Groq sets its own prices: another vendor's are none of its.
    ['groq', 'deepseek-v4-pro', undefined],
    ['nvidia', 'deepseek-ai/deepseek-v4-pro', undefined],
    ['github', 'openai/gpt-4-turbo', undefined],
    // Priced by the hour of sound, not by tokens.
    ['openai', 'whisper-1', undefined],
    // Empty price data means free only where the name says so.
    ['openrouter', 'openai/gpt-oss-20b:free', [0, 0]],
    ['cerebras', 'qwen-3-coder-480b', undefined],
    ['ollama', 'gpt-4-turbo', [0, 0]],
    ['demo', 'demo', [0, 0]],
  ])('%s %s', (id, model, expected) => expect(usd(book.find(rowQuery(id, model)))).toEqual(expected))

  test('price ids of the table are in the data, but for those whose prices nobody collects', async () => {
    const { findProvider } = await import('@pydantic/genai-prices')
    const missing = providerRows
      .filter(({ priceId }) => priceId !== undefined && findProvider({ providerId: priceId })?.id !== priceId)
      .map((row) => row.id)
    expect(missing).toEqual(['alibaba', 'nvidia', 'huggingface', 'github'])
  })
})

describe('overrides', () => {
  const price = (input: number): PriceOverride => ({ input, output: 1 })
  const overrides = {
    'gpt-4o': price(1),
    'work/gpt-4o': price(2),
    'gpt-*': price(3),
    'gpt-4*': price(4),
    'work/*': price(5),
  }
  test.each<[string, string, number]>([
    ['home', 'gpt-4o', 1],
    ['work', 'gpt-4o', 2],
    ['home', 'gpt-5', 3],
    ['home', 'gpt-4-turbo', 4],
    ['work', 'gpt-4-turbo', 5],
    ['work', 'anything', 5],
  ])('%s %s', (provider, model, input) => {
    const own = new PriceBook(source, overrides)
    expect(usd(own.find({ provider, row: { priceId: 'openai' }, model, at: now }))?.[0]).toBe(input)
  })

  test('win over free, and leave the rest alone', () => {
    const own = new PriceBook(source, { llama: price(9) })
    expect(usd(own.find({ provider: 'ollama', row: { free: true }, model: 'llama', at: now }))?.[0]).toBe(9)
    expect(usd(own.find(query('gpt-4-turbo', 'openai')))).toEqual([10, 30])
  })
})

describe('memo', () => {
  test('the data is asked once per provider and model', () => {
    let asked = 0
    const own = new PriceBook(() => {
      asked += 1
      return [{ price: { rates: { input: { base: 1 } } } }]
    })
    for (let round = 0; round < 5; round++) own.find(query('a', 'p', now + round))
    expect(asked).toBe(1)
    own.find(query('b', 'p'))
    own.find({ ...query('a', 'p'), provider: 'other' })
    expect(asked).toBe(3)
  })

  test('unknown models do not pile up, and stay unknown', () => {
    const own = new PriceBook(() => undefined)
    for (let index = 0; index < 10_000; index++) expect(own.find(query(`made-up-${index}`, 'p'))).toBeUndefined()
  })
})

test('every price of the data reads as whole picodollars, 0 or more', async () => {
  const { findProvider } = await import('@pydantic/genai-prices')
  let models = 0
  for (const { priceId } of providerRows) {
    const provider = priceId === undefined ? undefined : findProvider({ providerId: priceId })
    for (const model of provider?.models ?? []) {
      models += 1
      for (const { price } of datedPrices(model)) {
        const rates = Object.values(price?.rates ?? {}).flatMap(({ base, tiers = [] }) => [
          base,
          ...tiers.map((tier) => tier.price),
        ])
        for (const rate of rates) expect(Number.isSafeInteger(rate) && rate >= 0).toBe(true)
      }
    }
  }
  expect(models).toBeGreaterThan(1000)
})

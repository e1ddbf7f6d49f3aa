import { describe, expect, test } from 'vitest'
import { costLines } from '../../../gateway/api/cost-lines.ts'
import type { Usage } from '../../../gateway/chat/usage.ts'
import { costOf } from '../../../gateway/models/cost.ts'
import { freePrice, overridePrice, type ModelPrice } from '../../../gateway/models/price.ts'

const cached = overridePrice({ input: 0.36, output: 1.44, cacheRead: 0.036 })
const claude = overridePrice({ input: 3, output: 15, cacheRead: 0.3, cacheWrite: 3.75 })
const reasoning: ModelPrice = {
  rates: { input: { base: 1_000_000 }, output: { base: 4_000_000 }, reasoning: { base: 6_000_000 } },
}
const tiered: ModelPrice = {
  rates: { input: { base: 1_250_000, tiers: [{ above: 200_000, price: 2_500_000 }] }, output: { base: 10_000_000 } },
}
const searching: ModelPrice = {
  rates: { input: { base: 1_000_000 }, output: { base: 1_000_000 }, webSearch: { base: 1e10 } },
}

describe('the arithmetic of a call', () => {
  const table: [name: string, usage: Usage, price: ModelPrice, texts: string[]][] = [
    [
      'cached tokens are taken out of the prompt',
      { input: 12_928, cacheRead: 12_288, output: 64 },
      cached,
      [
        '12,288 cached prompt x $0.036 / 1M = $0.000442368',
        '12,928 prompt - 12,288 cached = 640 x $0.36 / 1M = $0.0002304',
        '64 output x $1.44 / 1M = $0.00009216',
      ],
    ],
    [
      'both kinds of cache writes',
      { input: 1000, cacheRead: 100, cacheWrite: 300, cacheWrite1h: 200, output: 10 },
      claude,
      [
        '100 cached prompt x $0.30 / 1M = $0.00003',
        '200 cache write for 1 h x $6.00 / 1M = $0.0012',
        '100 cache write x $3.75 / 1M = $0.000375',
        '1,000 prompt - 100 cached - 200 written for 1 h - 100 written = 600 x $3.00 / 1M = $0.0018',
        '10 output x $15.00 / 1M = $0.00015',
      ],
    ],
    [
      'cached tokens without a price of their own are prompt',
      { input: 100, cacheRead: 90 },
      tiered,
      ['100 prompt x $1.25 / 1M = $0.000125'],
    ],
    [
      'reasoning with a price of its own',
      { output: 1000, reasoning: 300 },
      reasoning,
      ['300 reasoning x $6.00 / 1M = $0.0018', '1,000 output - 300 reasoning = 700 x $4.00 / 1M = $0.0028'],
    ],
    ['the tier of a long prompt', { input: 200_001 }, tiered, ['200,001 prompt x $2.50 / 1M = $0.5000025']],
    [
      'what is not counted in tokens',
      { input: 1, webSearches: 2 },
      searching,
      ['1 prompt x $1.00 / 1M = $0.000001', '2 web searches x $10.00 / 1,000 = $0.02'],
    ],
    ['large money', { output: 1_000_000_000 }, claude, ['1,000,000,000 output x $15.00 / 1M = $15,000.00']],
    ['nothing used', {}, claude, []],
    ['free', { input: 5 }, freePrice, ['5 prompt x $0.00 / 1M = $0.00']],
  ]
  test.each(table)('%s', (_name, usage, price, texts) => {
    const lines = costLines(usage, price)
    expect(lines?.map(({ text }) => text)).toEqual(texts)
    const sum = lines?.reduce((total, { costNanoUsd }) => total + costNanoUsd, 0)
    expect(sum).toBe(costOf(usage, price)?.totalNanoUsd)
  })

  test('no price for what was used: no lines', () => {
    expect(costLines({ input: 5 }, { rates: { output: { base: 1 } } })).toBeUndefined()
  })

  test('the numbers beside the text', () => {
    expect(costLines({ output: 64 }, cached)?.[0]).toMatchObject({
      label: 'output',
      tokens: 64,
      usdPerMillion: 1.44,
      costNanoUsd: 92_160,
    })
  })
})

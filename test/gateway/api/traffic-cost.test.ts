import { describe, expect, test } from 'vitest'
import { explainCost } from '../../../gateway/api/traffic-cost.ts'
import { overridePrice, type ModelPrice } from '../../../gateway/models/price.ts'

const price = overridePrice({ input: 3, output: 15, cacheWrite: 3.75 })
const at = { provider: 'p', model: 'm' }

describe('how the ledger has its cost', () => {
  const table: [
    name: string,
    row: Parameters<typeof explainCost>[0],
    price: ModelPrice | undefined,
    lines: number[],
    note: string | undefined,
  ][] = [
    [
      'the lines come to it',
      { inputTokens: 100, outputTokens: 10, costNanoUsd: 450_000 },
      price,
      [300_000, 150_000],
      undefined,
    ],
    [
      'cache writes for an hour, which the ledger does not tell apart',
      { inputTokens: 100, cacheWriteTokens: 100, costNanoUsd: 600_000 },
      price,
      [600_000],
      undefined,
    ],
    ['no tokens', { costNanoUsd: 0 }, price, [], undefined],
    ['no tokens, price unknown', { costNanoUsd: 0 }, undefined, [], undefined],
    [
      'no price',
      { ...at, inputTokens: 1 },
      undefined,
      [],
      'The price of m at p is not known, so its cost is not either. Set it in gateway.yaml under pricing.overrides.',
    ],
    [
      'a price for the output alone',
      { ...at, inputTokens: 1 },
      { rates: { output: { base: 1 } } },
      [],
      'The price of m at p is not known, so its cost is not either. Set it in gateway.yaml under pricing.overrides.',
    ],
    [
      'a price that is gone',
      { ...at, inputTokens: 1, costNanoUsd: 5 },
      undefined,
      [],
      'The price that m at p had then is not known here any more; the cost is what the ledger has.',
    ],
    [
      'another price since',
      { ...at, inputTokens: 100, costNanoUsd: 200_000 },
      price,
      [300_000],
      'The lines of m at p come to $0.0003, the ledger has $0.0002: the price has changed since, or something was charged that is not kept (audio, web searches).',
    ],
    [
      'a price since',
      { ...at, inputTokens: 100 },
      price,
      [300_000],
      "When the call was made, the price of m at p was not known; by today's prices it would be $0.0003.",
    ],
  ]
  test.each(table)('%s', (_name, row, known, lines, note) => {
    const explained = explainCost(row, known)
    expect(explained.lines.map(({ costNanoUsd }) => costNanoUsd)).toEqual(lines)
    expect(explained.note).toBe(note)
  })
})

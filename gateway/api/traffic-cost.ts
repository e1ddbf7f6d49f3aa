import { given } from '../chat/given.ts'
import type { Usage } from '../chat/usage.ts'
import type { CostLine } from '../contract.ts'
import type { ModelPrice } from '../models/price.ts'
import { usd } from '../pipeline/send-answer.ts'
import type { AttemptRow } from '../stores/ledger.ts'
import { costLines } from './cost-lines.ts'

export interface ExplainedCost {
  lines: CostLine[]
  /** Why the lines do not come to what the ledger has; undefined: they do. */
  note: string | undefined
}

type PricedAttempt = Pick<AttemptRow, 'provider' | 'model' | 'costNanoUsd'> & Parameters<typeof usagesOf>[0]

/** How the ledger's cost of an attempt comes about, by the prices of its day. */
export function explainCost(row: PricedAttempt, price: ModelPrice | undefined): ExplainedCost {
  const usages = usagesOf(row)
  if (usages.length === 0) return { lines: [], note: undefined }
  const where = `${row.model ?? 'the model'} at ${row.provider ?? 'its provider'}`
  const readings = price === undefined ? [] : usages.flatMap((usage) => [costLines(usage, price) ?? []])
  const [fallback = []] = readings
  const lines = readings.find((reading) => sumOf(reading) === row.costNanoUsd) ?? fallback
  if (price === undefined || (lines.length === 0 && row.costNanoUsd !== 0))
    return { lines, note: unknownPrice(row, where) }
  return {
    lines,
    note: row.costNanoUsd === sumOf(lines) ? undefined : difference(row.costNanoUsd, sumOf(lines), where),
  }
}

/** The ledger keeps cache writes in one number, whatever their lifetime: both readings are tried. */
function usagesOf(
  row: Pick<AttemptRow, 'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens' | 'reasoningTokens'>,
): Usage[] {
  const { inputTokens, outputTokens, cacheWriteTokens } = row
  if (inputTokens === undefined && outputTokens === undefined) return []
  const usage: Usage = given({
    input: inputTokens,
    output: outputTokens,
    cacheRead: row.cacheReadTokens,
    cacheWrite: cacheWriteTokens,
    reasoning: row.reasoningTokens,
  })
  return cacheWriteTokens === undefined ? [usage] : [usage, { ...usage, cacheWrite1h: cacheWriteTokens }]
}

function sumOf(lines: readonly CostLine[]): number {
  return lines.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0)
}

function unknownPrice({ costNanoUsd }: Pick<AttemptRow, 'costNanoUsd'>, where: string): string {
  if (costNanoUsd !== undefined) {
    return `The price that ${where} had then is not known here any more; the cost is what the ledger has.`
  }
  return `The price of ${where} is not known, so its cost is not either. Set it in gateway.yaml under pricing.overrides.`
}

function difference(ledger: number | undefined, lines: number, where: string): string {
  if (ledger === undefined) {
    return `When the call was made, the price of ${where} was not known; by today's prices it would be $${usd(lines)}.`
  }
  return (
    `The lines of ${where} come to $${usd(lines)}, the ledger has $${usd(ledger)}: the price has changed since, or ` +
    'something was charged that is not kept (audio, web searches).'
  )
}

import { z } from 'zod'
import { count, nanoUsd, time } from './basics.ts'

export const totals = z.object({
  requests: count,
  errors: count,
  inputTokens: count,
  outputTokens: count,
  cacheReadTokens: count,
  cacheWriteTokens: count,
  reasoningTokens: count,
  costNanoUsd: nanoUsd,
  savedNanoUsd: nanoUsd,
  cacheHits: count,
  cacheMisses: count,
  semanticHits: count,
  semanticSavedNanoUsd: nanoUsd,
  unpricedAttempts: count,
  estimatedAttempts: count,
})
export type Totals = z.output<typeof totals>

export const usageDimensions = ['provider', 'model', 'alias', 'key', 'feature'] as const
export const dimension = z.enum(usageDimensions)
export type UsageDimension = z.output<typeof dimension>

/** `to` is exclusive. Hours are the finest: the hours that contain `from` and `to` count whole. */
export const range = { from: time, to: time }
export const bucket = z.enum(['hour', 'day'])
/** IANA name: days begin at its midnight. Absent: the gateway's own. */
export const timeZone = z.string().max(64).optional()

export const percentiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable()

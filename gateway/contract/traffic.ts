import { z } from 'zod'
import { count, known, name, nanoUsd, time } from './basics.ts'

export const cacheOutcomes = ['HIT', 'SEMANTIC', 'MISS', 'BYPASS'] as const

export const guardFinding = z.object({
  guard: z.string(),
  check: z.enum(['prompt-injection', 'secrets', 'pii']),
  on: z.enum(['request', 'response']),
  action: z.enum(['log', 'flag', 'redact', 'block']),
  /** How often, by detector. */
  found: z.record(z.string(), count),
})
export type GuardFinding = z.output<typeof guardFinding>

export const callRow = z.object({
  /** Of its row in the ledger; 0 for a call that was just told live. With `startedAt` the cursor of a list. */
  id: z.int(),
  callId: z.string(),
  startedAt: time,
  dialect: z.string(),
  stream: z.boolean(),
  requestedModel: z.string(),
  alias: z.string().nullable(),
  provider: z.string().nullable(),
  model: z.string().nullable(),
  key: z.string(),
  feature: z.string().nullable(),
  outcome: z.enum(['ok', 'error', 'aborted', 'broken', 'refused']),
  status: z.int().nullable(),
  errorCode: z.string().nullable(),
  cache: z.enum(cacheOutcomes),
  inputTokens: count.nullable(),
  cacheReadTokens: count.nullable(),
  outputTokens: count.nullable(),
  estimated: z.boolean(),
  /** Of all its attempts. */
  costNanoUsd: known,
  savedNanoUsd: known,
  /** Of a `SEMANTIC` hit: how alike the two questions are, and whose answer it is. */
  similarity: z.number().nullable(),
  sourceCallId: z.string().nullable(),
  guards: z.array(guardFinding),
  durationMs: z.number(),
  firstTokenMs: z.number().nullable(),
  attempts: count,
})
export type CallRow = z.output<typeof callRow>

export const outcomeFilters = ['ok', 'failed', 'aborted', 'refused'] as const

export const callFilter = z.strictObject({
  outcome: z.enum(outcomeFilters).optional(),
  provider: name.optional(),
  model: name.optional(),
  key: name.optional(),
  cache: z.enum(cacheOutcomes).optional(),
  /** Only calls in which a guard found something. */
  guarded: z.literal(true).optional(),
  /** Anywhere in model, alias, provider, key, feature, error code or call id; case does not matter. */
  text: z.string().max(256).optional(),
})
export type CallFilter = z.output<typeof callFilter>

export const costLine = z.object({
  /** `prompt`, `cached prompt`, `cache write`, `output`, ... */
  label: z.string(),
  tokens: count,
  usdPerMillion: z.number(),
  costNanoUsd: nanoUsd,
  /** Arithmetic that a person can check: `12,928 prompt - 12,288 cached = 640 x $0.36 / 1M = $0.0002304`. */
  text: z.string(),
})
export type CostLine = z.output<typeof costLine>

export const attemptDetail = z.object({
  number: count,
  provider: z.string().nullable(),
  model: z.string().nullable(),
  outcome: callRow.shape.outcome,
  status: z.int().nullable(),
  errorCode: z.string().nullable(),
  final: z.boolean(),
  startedAt: time,
  durationMs: z.number(),
  firstTokenMs: z.number().nullable(),
  inputTokens: count.nullable(),
  cacheReadTokens: count.nullable(),
  cacheWriteTokens: count.nullable(),
  outputTokens: count.nullable(),
  reasoningTokens: count.nullable(),
  estimated: z.boolean(),
  costNanoUsd: known,
  costLines: z.array(costLine),
})
export type AttemptDetail = z.output<typeof attemptDetail>

export const headerList = z.array(z.tuple([z.string(), z.string()]))

export const callDetail = z.object({
  call: callRow,
  attempts: z.array(attemptDetail),
  /** Why the lines do not come to the cost, if they do not (prices changed since, or are unknown). */
  costNote: z.string().nullable(),
  /** Dialects, when the provider's is another than the client's. */
  translated: z.object({ from: z.string(), to: z.string() }).nullable(),
  /** `x-gateway-warnings`: what could not be carried. null: not kept any more. */
  warnings: z.array(z.string()).nullable(),
  /** Why the cache answered, or did not. */
  cacheReason: z.string(),
  /** Redacted. null: not kept (only some of the last calls, and captured ones, have them). */
  requestHeaders: headerList.nullable(),
  responseHeaders: headerList.nullable(),
  request: z.string().nullable(),
  response: z.string().nullable(),
  /** A body was longer than what is kept. */
  truncated: z.boolean(),
  capture: z.enum(['off', 'errors', 'all']),
})
export type CallDetail = z.output<typeof callDetail>

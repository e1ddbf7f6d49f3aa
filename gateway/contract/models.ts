import { z } from 'zod'
import { count, name, providerName } from './basics.ts'

/** USD per 1,000,000 tokens; null: not known. */
export const price = z.object({
  input: z.number().nullable(),
  output: z.number().nullable(),
  cacheRead: z.number().nullable(),
  cacheWrite: z.number().nullable(),
})
export type Price = z.output<typeof price>

export const model = z.object({
  id: z.string(),
  provider: z.string(),
  /** null: unknown, which is not free. */
  price: price.nullable(),
  /** Tokens. */
  contextWindow: count.nullable(),
  maxOutput: count.nullable(),
  capabilities: z.array(z.string()),
})
export type Model = z.output<typeof model>

export const aliasTarget = z.strictObject({
  provider: providerName,
  model: name,
  weight: z.number().positive().max(1e6).optional(),
})
export type AliasTarget = z.output<typeof aliasTarget>

export const alias = z.object({
  name: z.string(),
  targets: z.array(aliasTarget),
  /** What is wrong or surprising with it: unknown provider, shadows a real model, ... */
  warnings: z.array(z.string()),
})
export type Alias = z.output<typeof alias>

export const fallbackStep = z.strictObject({ provider: providerName, models: z.record(name, name).optional() })

export const routing = z.object({
  aliases: z.array(alias),
  fallbackChain: z.array(fallbackStep),
  defaultProvider: z.string().nullable(),
})

/** What would happen to a call for a model. */
export const explanation = z.object({
  model: z.string(),
  /** `alias`, `provider/model`, `listed by a provider`, `default provider`, ... in words. */
  reason: z.string(),
  /** The error a client would get, when nothing fits. */
  problem: z.string().nullable(),
  targets: z.array(
    z.object({
      provider: z.string(),
      model: z.string(),
      dialect: z.string(),
      /** Bytes are handed through when the client speaks this dialect too. */
      price: price.nullable(),
      /** Share of first attempts, 0 to 1, where weights decide; null where the order does. */
      share: z.number().nullable(),
      isFallback: z.boolean(),
      /** Its circuit is open, it has no key, ...: it would be skipped or fail. */
      problem: z.string().nullable(),
    }),
  ),
})
export type Explanation = z.output<typeof explanation>

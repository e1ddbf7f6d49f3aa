import { z } from 'zod'
import { count, name, nanoUsd, providerName, time } from './basics.ts'
import { limit } from './settings.ts'

/** A key that the gateway gave out, or that its configuration names; never the key itself. */
export const clientKey = z.object({
  name: z.string(),
  /** What is public of it and begins it, `gw-3f9a0c1b2d3e`; null: it was made elsewhere, or long ago. */
  starts: z.string().nullable(),
  /** `missing`: it is a reference, and what it refers to is set nowhere, so nobody has this key. */
  state: z.enum(['active', 'expired', 'revoked', 'missing']),
  /** Models and aliases it may ask for, as patterns; null: all. */
  models: z.array(z.string()).nullable(),
  /** In place of the one for every key; null: none of its own. */
  limit: limit.nullable(),
  createdAt: time.nullable(),
  /** From then on it is refused. */
  expiresAt: time.nullable(),
  /** Until then the key that it replaced is taken as well; null: there is none, or its time is over. */
  previousUntil: time.nullable(),
  /** Connect made it for this tool. */
  tool: z.object({ id: z.string(), name: z.string() }).nullable(),
  /** Why no new secret can be made for it here; null: one can. */
  whyNotRotated: z.string().nullable(),
  /** Of the last 30 days. */
  calls: count,
  costNanoUsd: nanoUsd,
  /** To the hour where it is longer ago than two days; null: not within the last year. */
  lastUsedAt: time.nullable(),
})
export type ClientKey = z.output<typeof clientKey>

/**
 * `none`: only this machine reaches the gateway, or only keys are let in. `no-keys`: other machines reach it, whoever
 * they are, and there is no key at all. `anonymous`: there are keys, and callers without one are served all the same.
 */
export const exposure = z.enum(['none', 'anonymous', 'no-keys'])

export const clientKeyList = z.object({
  /** In the order of the configuration. */
  keys: z.array(clientKey),
  /** Calls without one of them are served. */
  anonymous: z.boolean(),
  /** Why nothing of this can be changed here; null: it can. */
  whyReadOnly: z.string().nullable(),
})
export type ClientKeyList = z.output<typeof clientKeyList>

const models = z.array(name).min(1).max(200).nullable()

/** What may be said of a key beside its name; null: none, all, never. */
const rules = { models, limit: limit.nullable(), expiresAt: time.nullable() }

export const newClientKeyInput = z.strictObject({ name: providerName, ...rules })
export const clientKeyChange = z.strictObject({ name, ...rules })
export const clientKeyRotation = z.strictObject({
  name,
  /** How long the old one is still taken, in milliseconds; 0: no longer. */
  graceMs: z
    .int()
    .min(0)
    .max(90 * 86_400_000),
})

/** The one answer that a key is in. */
export const shownClientKey = z.object({ key: z.string(), undo: z.string() })

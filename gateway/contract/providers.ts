import { z } from 'zod'
import { count, httpAddress, name, providerName, time } from './basics.ts'

export const catalogEntry = z.object({
  id: z.string(),
  title: z.string(),
  /** Wire format it speaks natively, e.g. `openai-chat`. */
  dialect: z.string(),
  baseUrl: z.string().nullable(),
  /** Runs on the user's own machine and needs no key. */
  isLocal: z.boolean(),
  needsKey: z.boolean(),
  /** The environment variable by which its key is referred to, e.g. `OPENAI_API_KEY`. */
  keyName: z.string().nullable(),
  /** Page where a key is made. */
  keyPage: z.string().nullable(),
  /** The address is the user's own and must be given (Azure, any OpenAI-compatible server). */
  needsBaseUrl: z.boolean(),
})
export type CatalogEntry = z.output<typeof catalogEntry>

export const keyState = z.object({
  /** `set`: there is a value. `missing`: it is referred to, and nowhere to be found. `none`: no key is configured. */
  state: z.enum(['set', 'missing', 'none']),
  /** Where the value comes from. `config`: it stands in the file itself. */
  from: z.enum(['keychain', 'file', 'environment', 'config']).nullable(),
  /** Name of the reference `${NAME}`. */
  reference: z.string().nullable(),
  /** Last four characters, only of keys of 12 and more. */
  endsWith: z.string().nullable(),
})
export type KeyState = z.output<typeof keyState>

export const provider = z.object({
  name: z.string(),
  type: z.string(),
  title: z.string(),
  dialect: z.string(),
  baseUrl: z.string(),
  /** The address stands in the configuration: it is not the table's. */
  hasOwnBaseUrl: z.boolean(),
  models: z.array(z.string()).nullable(),
  priority: z.int(),
  timeoutMs: z.number(),
  connectTimeoutMs: z.number(),
  firstTokenTimeoutMs: z.number().nullable(),
  idleTimeoutMs: z.number(),
  maxRetries: z.int(),
  key: keyState,
  state: z.enum(['healthy', 'degraded', 'down', 'misconfigured', 'unknown']),
  problem: z.string().nullable(),
  attempts: count,
  failures: count,
  latencyMs: z.number().nullable(),
  lastSuccessAt: time.nullable(),
  lastFailure: z.object({ at: time, status: z.int().nullable(), code: z.string().nullable() }).nullable(),
  /** Models whose circuit is open. */
  openCircuits: z.array(z.object({ model: z.string(), retryInMs: z.number() })),
  /** Aliases with a target at it. */
  aliases: z.array(z.string()),
})
export type Provider = z.output<typeof provider>

export const milliseconds = z.int().min(1).max(86_400_000)

/** What may be edited of a provider; null takes the entry out, so that the default counts again. */
export const providerEdit = z.strictObject({
  name: providerName,
  type: z.string().max(64).optional(),
  baseUrl: httpAddress.nullable().optional(),
  apiVersion: z.string().max(64).nullable().optional(),
  models: z.array(name).min(1).max(1000).nullable().optional(),
  priority: z.int().min(0).max(1000).nullable().optional(),
  timeoutMs: milliseconds.nullable().optional(),
  connectTimeoutMs: milliseconds.nullable().optional(),
  firstTokenTimeoutMs: milliseconds.nullable().optional(),
  idleTimeoutMs: milliseconds.nullable().optional(),
  maxRetries: z.int().min(0).max(10).nullable().optional(),
  /** A new entry refers to a key also where its kind of server need not ask for one. */
  refersToKey: z.boolean().optional(),
})
export type ProviderEdit = z.output<typeof providerEdit>

/** A key as typed. Never in an output, an error or a log. */
export const secret = z
  .string()
  .trim()
  .min(1, 'the key is empty')
  .max(2048)
  .regex(/^[\x21-\x7e]+$/, 'has a space or another character no key has: was something copied along?')

/** `consentToFile`: where there is no keychain, the user agreed to a file that only they can read. */
export const keyInput = z.strictObject({ provider: providerName, key: secret, consentToFile: z.boolean().optional() })

export const providerCheck = z.object({
  ok: z.boolean(),
  /** The provider's own words where it refused, and what to do. */
  problem: z.string().nullable(),
  latencyMs: z.number().nullable(),
  models: z.array(z.string()),
})
export type ProviderCheck = z.output<typeof providerCheck>

/** Everything that changes the configuration can be taken back with `config.undo` for a while. */
export const changed = z.object({ undo: z.string() })

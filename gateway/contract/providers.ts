import { z } from 'zod'
import { count, httpAddress, name, providerName, time } from './basics.ts'

/** The wire formats that chat is spoken in. */
export const wireFormat = z.enum(['openai-chat', 'openai-responses', 'anthropic-messages', 'gemini'])
export type WireFormat = z.output<typeof wireFormat>

export const catalogEntry = z.object({
  id: z.string(),
  title: z.string(),
  /** Wire format it speaks natively, e.g. `openai-chat`. */
  dialect: z.string(),
  /** Those it can be told to speak; with one there is nothing to choose. */
  dialects: z.array(wireFormat),
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
  /** Azure: `apiVersion` and `deployments` mean something to it. */
  hasDeployments: z.boolean(),
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

/** A header of the user's own. Its value may be a key and is never told. */
export const providerHeader = z.object({
  name: z.string(),
  /** `missing`: it is referred to, and nowhere to be found. */
  state: z.enum(['set', 'missing']),
  /** Name of the reference `${NAME}` in its value. */
  reference: z.string().nullable(),
})
export type ProviderHeader = z.output<typeof providerHeader>

const names = z.record(z.string(), z.string())

export const provider = z.object({
  name: z.string(),
  type: z.string(),
  title: z.string(),
  dialect: z.string(),
  /** As configured, the preferred one first; null: `speaks` is what is known of its type. */
  dialects: z.array(wireFormat).nullable(),
  speaks: z.array(wireFormat),
  baseUrl: z.string(),
  /** The address stands in the configuration: it is not the table's. */
  hasOwnBaseUrl: z.boolean(),
  models: z.array(z.string()).nullable(),
  apiVersion: z.string().nullable(),
  /** Model name -> deployment name. */
  deployments: names,
  headers: z.array(providerHeader),
  /** On fallback to it: requested model -> the one it is asked for; `*` covers all others. */
  modelMap: names,
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

/** Members to set, and with null those to take out; the others stay as they stand in the file. */
function membersOf<Key extends z.core.$ZodRecordKey, Value extends z.ZodType>(key: Key, value: Value) {
  return z
    .record(key, value.nullable())
    .refine((members) => Object.keys(members).length <= 1000, 'at most 1000 at once')
    .optional()
}

const headerName = z
  .string()
  .max(128)
  .regex(/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/, 'not a header name')
const headerValue = z
  .string()
  .min(1, 'it is empty')
  .max(8192)
  .regex(/^[\t\x20-\x7e\x80-\xff]*$/, 'a header value is one line of Latin text')

/** What may be edited of a provider; null takes the entry out, so that the default counts again. */
export const providerEdit = z.strictObject({
  name: providerName,
  type: z.string().max(64).optional(),
  baseUrl: httpAddress.nullable().optional(),
  dialects: z.array(wireFormat).min(1).max(wireFormat.options.length).nullable().optional(),
  apiVersion: z.string().min(1).max(64).nullable().optional(),
  deployments: membersOf(name, name),
  /** In a value `${NAME}` refers to a variable, as in the file. */
  headers: membersOf(headerName, headerValue),
  modelMap: membersOf(name, name),
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

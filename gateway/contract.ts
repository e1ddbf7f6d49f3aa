import { z } from 'zod'

/**
 * Everything the window (and the browser at /ui/) may ask of the gateway and be told by it: one typed contract over two
 * wires, IPC in Electron and HTTP elsewhere (POST /api/v1/call/{method}, GET /api/v1/events). Inputs are strict, outputs
 * are plain JSON. Times are milliseconds since 1970, money is integers of 1e-9 USD, `null` is "not known", never 0.
 * No secret is in any output: of a key only its last four characters.
 */

const time = z.int().min(0).max(8.64e15)
const nanoUsd = z.int()
const known = nanoUsd.nullable()
const count = z.int().min(0)
const name = z.string().min(1).max(256)
const nothing = z.strictObject({})

// ---------------------------------------------------------------- status

export const status = z.object({
  version: z.string(),
  shell: z.enum(['desktop', 'headless']),
  /** `stopped`: paused by the user. `degraded`: it runs, and `reasons` says what is not as it should be. */
  state: z.enum(['running', 'degraded', 'stopped']),
  reasons: z.array(z.string()),
  /** `http://127.0.0.1:8080`; null while it does not listen. */
  url: z.string().nullable(),
  host: z.string(),
  port: z.int(),
  startedAt: time,
  now: time,
  /** Where edits go: a gateway.yaml, the app's own settings, or nowhere (then nothing can be edited). */
  configHome: z.enum(['file', 'app', 'none']),
  configFile: z.string().nullable(),
  dataFolder: z.string().nullable(),
  /** Nothing is configured and the built-in demo answers. */
  usesDemo: z.boolean(),
  todayCostNanoUsd: nanoUsd,
  todayRequests: count,
  /** Calls ever recorded: the first-run tick "first request seen". */
  hasCalls: z.boolean(),
  inFlight: count,
  notices: z.array(z.string()),
  secretStore: z.object({
    /** Where a key typed into the window would be kept. `none`: only references to environment variables work. */
    kind: z.enum(['keychain', 'file', 'none']),
    /** Why not the keychain, and what to do. */
    problem: z.string().nullable(),
    /** The user may agree to a file that only they can read. */
    fileIsPossible: z.boolean(),
  }),
  platform: z.string(),
})
export type Status = z.output<typeof status>

// ---------------------------------------------------------------- usage

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
  unpricedAttempts: count,
  estimatedAttempts: count,
})
export type Totals = z.output<typeof totals>

export const usageDimensions = ['provider', 'model', 'alias', 'key', 'feature'] as const
const dimension = z.enum(usageDimensions)
export type UsageDimension = z.output<typeof dimension>

/** `to` is exclusive. Hours are the finest: the hours that contain `from` and `to` count whole. */
const range = { from: time, to: time }
const bucket = z.enum(['hour', 'day'])
/** IANA name: days begin at its midnight. Absent: the gateway's own. */
const timeZone = z.string().max(64).optional()

const percentiles = z.object({ p50: z.number(), p95: z.number(), p99: z.number() }).nullable()

// ---------------------------------------------------------------- traffic

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
  cache: z.enum(['HIT', 'MISS', 'BYPASS']),
  inputTokens: count.nullable(),
  cacheReadTokens: count.nullable(),
  outputTokens: count.nullable(),
  estimated: z.boolean(),
  /** Of all its attempts. */
  costNanoUsd: known,
  savedNanoUsd: known,
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
  cache: z.enum(['HIT', 'MISS', 'BYPASS']).optional(),
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

const headerList = z.array(z.tuple([z.string(), z.string()]))

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
  /** Redacted. null: not kept (only the last calls, and captured ones, have them). */
  requestHeaders: headerList.nullable(),
  responseHeaders: headerList.nullable(),
  request: z.string().nullable(),
  response: z.string().nullable(),
  /** A body was longer than what is kept. */
  truncated: z.boolean(),
  capture: z.enum(['off', 'errors', 'all']),
})
export type CallDetail = z.output<typeof callDetail>

// ---------------------------------------------------------------- providers and keys

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

const providerName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'use letters, digits, ".", "_" and "-"')
const httpAddress = z.url({ protocol: /^https?$/, error: 'expected an http:// or https:// address' }).max(2048)
const milliseconds = z.int().min(1).max(86_400_000)

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
})
export type ProviderEdit = z.output<typeof providerEdit>

/** A key as typed. Never in an output, an error or a log. */
const secret = z
  .string()
  .trim()
  .min(1, 'the key is empty')
  .max(2048)
  .regex(/^[\x21-\x7e]+$/, 'has a space or another character no key has: was something copied along?')

/** `consentToFile`: where there is no keychain, the user agreed to a file that only they can read. */
const keyInput = z.strictObject({ provider: providerName, key: secret, consentToFile: z.boolean().optional() })

export const providerCheck = z.object({
  ok: z.boolean(),
  /** The provider's own words where it refused, and what to do. */
  problem: z.string().nullable(),
  latencyMs: z.number().nullable(),
  models: z.array(z.string()),
})
export type ProviderCheck = z.output<typeof providerCheck>

/** Everything that changes the configuration can be taken back with `config.undo` for a while. */
const changed = z.object({ undo: z.string() })

// ---------------------------------------------------------------- models and aliases

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

const fallbackStep = z.strictObject({ provider: providerName, models: z.record(name, name).optional() })

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

// ---------------------------------------------------------------- cache, limits, settings

export const cacheState = z.object({
  enabled: z.boolean(),
  ttlMs: z.number(),
  maxBytes: count,
  bytes: count,
  entries: count,
  /** Of today, this month and ever (as far as the ledger goes). */
  hits: z.object({ today: count, month: count, ever: count }),
  misses: z.object({ today: count, month: count, ever: count }),
  savedNanoUsd: z.object({ today: nanoUsd, month: nanoUsd, ever: nanoUsd }),
  /** Most hits first, at most 50. */
  top: z.array(
    z.object({
      key: z.string(),
      model: z.string(),
      bytes: count,
      hits: count,
      storedAt: time,
      expiresAt: time,
      savedNanoUsd: known,
    }),
  ),
  models: z.array(z.object({ model: z.string(), entries: count, bytes: count })),
})
export type CacheState = z.output<typeof cacheState>

const limit = z.strictObject({
  requests: z.int().min(1).optional(),
  tokens: z.int().min(1).optional(),
  windowMs: z
    .int()
    .min(1000)
    .max(31 * 86_400_000),
})
export type Limit = z.output<typeof limit>

export const limits = z.strictObject({
  enabled: z.boolean(),
  global: limit.nullable(),
  perKey: limit.nullable(),
  perModel: z.record(name, limit),
})
export type Limits = z.output<typeof limits>

/** The parts of gateway.yaml that the Settings page edits, with defaults filled in. */
export const settings = z.strictObject({
  host: z.string().min(1).max(255),
  port: z.int().min(1).max(65_535),
  corsEnabled: z.boolean(),
  corsOrigins: z.array(z.string().min(1).max(255)).max(100),
  anonymous: z.boolean(),
  retentionDays: z.int().min(1).max(3650),
  capture: z.enum(['off', 'errors', 'all']),
  logLevel: z.enum(['debug', 'info', 'warn', 'error', 'silent']),
  logFormat: z.enum(['json', 'console']),
  proxy: httpAddress.nullable(),
  metricsEnabled: z.boolean(),
})
export type Settings = z.output<typeof settings>

export const desktopSettings = z.strictObject({
  theme: z.enum(['system', 'light', 'dark']),
  startAtLogin: z.boolean(),
  startHidden: z.boolean(),
  /** Closing the window keeps the gateway in the tray; else it quits. */
  closeToTray: z.boolean(),
  /** What becomes of a closed window: freed at once, kept, or freed after ten minutes. */
  closedWindow: z.enum(['free', 'keep', 'free-later']),
  checkForUpdates: z.boolean(),
})
export type DesktopSettings = z.output<typeof desktopSettings>

export const updateState = z.object({
  /** `unsupported`: this installation cannot update itself; `reason` says why. */
  state: z.enum(['unsupported', 'idle', 'checking', 'none', 'available', 'downloading', 'ready', 'failed']),
  version: z.string().nullable(),
  /** 0 to 1. */
  progress: z.number().nullable(),
  reason: z.string().nullable(),
})
export type UpdateState = z.output<typeof updateState>

export const diagnosticCheck = z.object({
  name: z.string(),
  outcome: z.enum(['ok', 'warning', 'failed', 'skipped']),
  /** What was found. */
  detail: z.string(),
  /** What to do about it. */
  remedy: z.string().nullable(),
  durationMs: z.number(),
})
export type DiagnosticCheck = z.output<typeof diagnosticCheck>

export const configChange = z.object({
  path: z.string(),
  /** YAML; null: absent. Secrets are masked. */
  before: z.string().nullable(),
  after: z.string().nullable(),
})
export type ConfigChange = z.output<typeof configChange>

const configText = z.strictObject({ yaml: z.string().max(1024 * 1024) })

// ---------------------------------------------------------------- playground

export const playgroundMessage = z.strictObject({
  role: z.enum(['system', 'user', 'assistant']),
  content: z.string().max(1024 * 1024),
})

// ---------------------------------------------------------------- the methods

interface Method<Input extends z.ZodType, Output extends z.ZodType> {
  input: Input
  output: Output
  /** Answered by the desktop shell; a browser has none of it. */
  isNative: boolean
}

function method<Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
): Method<Input, Output> {
  return { input, output, isNative: false }
}

function native<Input extends z.ZodType, Output extends z.ZodType>(
  input: Input,
  output: Output,
): Method<Input, Output> {
  return { input, output, isNative: true }
}

export const methods = {
  'status.get': method(nothing, status),
  /** Paused, it listens and refuses calls with 503. */
  'status.pause': method(z.strictObject({ paused: z.boolean() }), status),

  /** `previous`: the span of the same length just before. */
  'usage.summary': method(z.strictObject(range), z.object({ total: totals, previous: totals })),
  /** Biggest cost first; name null: none (no alias, no feature, no provider asked). */
  'usage.groups': method(
    z.strictObject({ ...range, by: dimension }),
    z.object({ groups: z.array(totals.extend({ name: z.string().nullable() })) }),
  ),
  /** Every bucket of the range in order; a bucket without calls has null: missing is a gap, not a zero. */
  'usage.series': method(
    z.strictObject({ ...range, bucket, by: dimension.optional(), timeZone }),
    z.object({
      buckets: z.array(time),
      series: z.array(z.object({ name: z.string().nullable(), points: z.array(totals.nullable()) })),
    }),
  ),
  'usage.latency': method(
    z.strictObject({ ...range, bucket, timeZone }),
    z.object({
      durationMs: percentiles,
      firstTokenMs: percentiles,
      points: z.array(z.object({ start: time, durationMs: percentiles, firstTokenMs: percentiles })),
    }),
  ),
  /** From the pace of the last seven days; null: too little is known. */
  'usage.forecast': method(
    z.strictObject({ timeZone }),
    z.object({
      todayNanoUsd: nanoUsd,
      monthNanoUsd: nanoUsd,
      forecastNanoUsd: known,
      /** Of the month; budgets come with issue 5. */
      budgetNanoUsd: known,
      monthEndsAt: time,
    }),
  ),

  'traffic.list': method(
    z.strictObject({
      limit: z.int().min(1).max(500),
      before: z.strictObject({ startedAt: time, id: z.int() }).optional(),
      filter: callFilter,
    }),
    z.object({ calls: z.array(callRow), hasMore: z.boolean() }),
  ),
  'traffic.get': method(z.strictObject({ callId: z.string().max(64) }), callDetail),
  /** Names that occur in the ledger, for the filters. */
  'traffic.names': method(
    nothing,
    z.object({ providers: z.array(z.string()), models: z.array(z.string()), keys: z.array(z.string()) }),
  ),

  'providers.catalog': method(nothing, z.object({ entries: z.array(catalogEntry) })),
  'providers.list': method(nothing, z.object({ providers: z.array(provider) })),
  /** Makes it or changes it. */
  'providers.save': method(providerEdit, changed),
  /** With its key. */
  'providers.remove': method(z.strictObject({ name: providerName }), changed),
  /** First in the list = lowest priority number = asked first. */
  'providers.order': method(z.strictObject({ names: z.array(providerName).min(1).max(200) }), changed),
  /** Asks it for its models, with the key it has, or one that is not kept. Spends nothing. */
  'providers.check': method(z.strictObject({ provider: providerEdit, key: secret.optional() }), providerCheck),

  /** Keeps a provider's key (also a new one in place of the old). */
  'keys.set': method(keyInput, z.object({ key: keyState })),
  'keys.remove': method(z.strictObject({ provider: providerName }), changed),

  'models.list': method(nothing, z.object({ models: z.array(model) })),
  'models.explain': method(z.strictObject({ model: name }), explanation),

  'aliases.list': method(nothing, routing),
  /** What `aliases.save` would warn of, without saving. */
  'aliases.check': method(
    z.strictObject({ name, targets: z.array(aliasTarget).max(20) }),
    z.object({ warnings: z.array(z.string()) }),
  ),
  /** `was`: its name before, when it is renamed. */
  'aliases.save': method(
    z.strictObject({ name, was: name.optional(), targets: z.array(aliasTarget).min(1).max(20) }),
    changed,
  ),
  'aliases.remove': method(z.strictObject({ name }), changed),
  'aliases.fallback': method(
    z.strictObject({ chain: z.array(fallbackStep).max(20), defaultProvider: providerName.nullable() }),
    changed,
  ),

  'cache.get': method(nothing, cacheState),
  'cache.configure': method(
    z.strictObject({
      enabled: z.boolean(),
      ttlMs: z
        .int()
        .min(1000)
        .max(365 * 86_400_000),
      maxBytes: z.int().min(1_000_000).max(64_000_000_000),
    }),
    changed,
  ),
  'cache.clear': method(z.strictObject({ model: name.optional() }), z.object({ cleared: count })),

  'limits.get': method(nothing, limits),
  'limits.save': method(limits, changed),

  /** `restart`: names of settings that count only after a restart; `waiting`: those that are changed and wait for it. */
  'settings.get': method(nothing, z.object({ settings, restart: z.array(z.string()), waiting: z.array(z.string()) })),
  'settings.save': method(settings.partial(), changed.extend({ restart: z.array(z.string()) })),

  'config.export': method(nothing, configText),
  'config.preview': method(
    configText,
    z.object({ changes: z.array(configChange), problems: z.array(z.string()), missingKeys: z.array(z.string()) }),
  ),
  'config.import': method(configText, changed),
  'config.undo': method(z.strictObject({ undo: z.string().max(64) }), nothing),

  'diagnostics.run': method(nothing, z.object({ checks: z.array(diagnosticCheck), report: z.string() })),

  /** Its pieces come as `playground` events with this id. */
  'playground.send': method(
    z.strictObject({
      id: z.string().min(1).max(64),
      model: name,
      messages: z.array(playgroundMessage).min(1).max(200),
      temperature: z.number().min(0).max(2).optional(),
      maxTokens: z.int().min(1).max(1_000_000).optional(),
      useCache: z.boolean(),
    }),
    nothing,
  ),
  'playground.stop': method(z.strictObject({ id: z.string().min(1).max(64) }), nothing),

  'desktop.get': native(nothing, desktopSettings),
  'desktop.save': native(desktopSettings.partial(), desktopSettings),
  /** `state` only tells. */
  'desktop.update': native(z.strictObject({ step: z.enum(['state', 'check', 'download', 'install']) }), updateState),
  /** Another port instead of the taken one; kept, and taken up at once. */
  'desktop.usePort': native(z.strictObject({ port: z.int().min(1).max(65_535) }), status),
} as const

export type MethodName = keyof typeof methods
export type MethodInput<Name extends MethodName> = z.output<(typeof methods)[Name]['input']>
export type MethodOutput<Name extends MethodName> = z.output<(typeof methods)[Name]['output']>

/** What travels back over either wire. `field`: path of the input that is wrong, e.g. `targets.0.model`. */
export const callError = z.object({
  code: z.string(),
  /** What happened and why. */
  message: z.string(),
  /** What to do about it. */
  hint: z.string().nullable(),
  field: z.string().nullable(),
})
export type CallError = z.output<typeof callError>
export type CallResult<Name extends MethodName> =
  | { ok: true; value: MethodOutput<Name> }
  | { ok: false; error: CallError }

// ---------------------------------------------------------------- the events

export const events = {
  /** Calls that were settled since the last one, newest last; told at most four times a second. */
  calls: z.object({ calls: z.array(callRow), dropped: count }),
  /** State, address, today's spend: whenever they change. */
  status,
  /** The configuration changed, by whoever: what was read of it is old. */
  config: z.object({}),
  playground: z.object({
    id: z.string(),
    /** Text that came since the last event. */
    text: z.string(),
    reasoning: z.string(),
    /** On the last event of this id. */
    end: z
      .object({
        callId: z.string().nullable(),
        provider: z.string().nullable(),
        model: z.string().nullable(),
        cache: z.string().nullable(),
        inputTokens: count.nullable(),
        outputTokens: count.nullable(),
        costNanoUsd: known,
        durationMs: z.number(),
        firstTokenMs: z.number().nullable(),
        error: callError.nullable(),
      })
      .nullable(),
  }),
  /** Something the shell wants to be shown: an imported link, an update, a port that is taken. */
  navigate: z.object({ path: z.string() }),
  update: updateState,
} as const

export type EventName = keyof typeof events
export type EventData<Name extends EventName> = z.output<(typeof events)[Name]>
export type GatewayEvent = { [Name in EventName]: { event: Name; data: EventData<Name> } }[EventName]

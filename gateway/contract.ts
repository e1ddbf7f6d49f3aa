import { z } from 'zod'
import { budgetNotice, budgetOverview, budgetSettings } from './contract/budgets.ts'
import { count, known, name, nanoUsd, nothing, providerName, time } from './contract/basics.ts'
import {
  clientKeyChange,
  clientKeyList,
  clientKeyRotation,
  newClientKeyInput,
  shownClientKey,
} from './contract/client-keys.ts'
import { guardOverview, guardRule, guardTrial, guardTrialResult } from './contract/guards.ts'
import { aliasTarget, explanation, fallbackStep, model, routing } from './contract/models.ts'
import { playgroundMessage } from './contract/playground.ts'
import {
  catalogEntry,
  changed,
  keyInput,
  keyState,
  provider,
  providerCheck,
  providerEdit,
  secret,
} from './contract/providers.ts'
import {
  cacheState,
  configChange,
  configText,
  desktopSettings,
  diagnosticCheck,
  limits,
  semanticComparison,
  semanticSettings,
  settings,
  updateState,
} from './contract/settings.ts'
import { status } from './contract/status.ts'
import {
  snippetInput,
  toolChoice,
  toolConnected,
  toolId,
  toolKeyInput,
  toolList,
  toolPreview,
  toolSnippets,
  toolUndone,
} from './contract/tools.ts'
import { callDetail, callFilter, callRow } from './contract/traffic.ts'
import { bucket, dimension, percentiles, range, timeZone, totals } from './contract/usage.ts'

/**
 * Everything the window (and the browser at /ui/) may ask of the gateway and be told by it: one typed contract over two
 * wires, IPC in Electron and HTTP elsewhere (POST /api/v1/call/{method}, GET /api/v1/events). Inputs are strict, outputs
 * are plain JSON. Times are milliseconds since 1970, money is integers of 1e-9 USD, `null` is "not known", never 0.
 * No secret is in any output: of a key only its last four characters. The exceptions show a client key that was just made,
 * once: `clientKeys.create`, `clientKeys.rotate`, and `tools.snippet` with `revealKey`.
 */

export * from './contract/status.ts'
export * from './contract/usage.ts'
export * from './contract/traffic.ts'
export * from './contract/providers.ts'
export * from './contract/models.ts'
export * from './contract/settings.ts'
export * from './contract/budgets.ts'
export * from './contract/client-keys.ts'
export * from './contract/guards.ts'
export * from './contract/tools.ts'

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
      /** `budgets.monthly`; null: there is none. */
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
  /** null: off. */
  'cache.semantic': method(z.strictObject({ settings: semanticSettings.nullable() }), changed),
  /** Tries two questions with the settings in force: asks for their vectors, which costs what two short texts cost. */
  'cache.compare': method(
    z.strictObject({ first: z.string().trim().min(1).max(2000), second: z.string().trim().min(1).max(2000) }),
    semanticComparison,
  ),
  'cache.clear': method(z.strictObject({ model: name.optional() }), z.object({ cleared: count })),

  'limits.get': method(nothing, limits),
  'limits.save': method(limits, changed),

  /** Amounts, and how much of each is spent in its present period. */
  'budgets.get': method(nothing, budgetOverview),
  'budgets.save': method(budgetSettings, changed),

  /** Screening by patterns: what it misses is not told, and it is no security boundary. */
  'guards.get': method(nothing, guardOverview),
  /** All of them; the order is the one in which they are told. */
  'guards.save': method(z.strictObject({ guards: z.array(guardRule).max(50) }), changed),
  /** What guards would find in a text, which is not kept. */
  'guards.try': method(guardTrial, guardTrialResult),

  /** Keys by which this gateway knows its callers, those of Connect among them. */
  'clientKeys.list': method(nothing, clientKeyList),
  /** Shows the key this once: only a salted hash of it is kept. */
  'clientKeys.create': method(newClientKeyInput, shownClientKey),
  'clientKeys.update': method(clientKeyChange, changed),
  /** A new secret under the same name, shown this once. */
  'clientKeys.rotate': method(clientKeyRotation, shownClientKey),
  /** Revoked, it stays in the list and is refused. */
  'clientKeys.revoke': method(z.strictObject({ name, revoked: z.boolean() }), changed),
  'clientKeys.remove': method(z.strictObject({ name }), changed),

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

  /** AI tools of this machine's user, and whether they are pointed at the gateway. */
  'tools.list': method(nothing, toolList),
  /** What `tools.connect` would write; changes nothing. */
  'tools.preview': method(toolChoice, toolPreview),
  /** Edits the tool's files, with a client key of its own. Again: with other models, or to put right what was changed. */
  'tools.connect': method(toolChoice, toolConnected),
  'tools.undo': method(z.strictObject({ tool: toolId }), toolUndone),
  'tools.snippet': method(snippetInput, toolSnippets),
  'tools.key': method(toolKeyInput, z.object({ keyName: z.string().nullable() })),

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

export const events = {
  /** Calls that were settled since the last one, newest last; told at most four times a second. */
  calls: z.object({ calls: z.array(callRow), dropped: count }),
  /** State, address, today's spend: whenever they change. */
  status,
  /** The configuration changed, by whoever: what was read of it is old. */
  config: z.object({}),
  /** A budget is nearly or all spent. */
  budget: budgetNotice,
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

import { z } from 'zod'
import { count, httpAddress, known, name, nanoUsd, providerName, time } from './basics.ts'

const spans = z.object({ today: count, month: count, ever: count })
const moneySpans = z.object({ today: nanoUsd, month: nanoUsd, ever: nanoUsd })

/** `cache.semantic` of gateway.yaml. */
export const semanticSettings = z.strictObject({
  /** Aliases and models that are opted in. */
  aliases: z.array(name).min(1).max(100),
  embedding: z.strictObject({
    provider: providerName,
    model: name,
    /** null: as the model makes them. */
    dimensions: z.int().min(8).max(4096).nullable(),
  }),
  /** 1 = the same. */
  threshold: z.number().min(0.5).max(1),
  /** null: as long as the cache itself. */
  ttlMs: z
    .int()
    .min(1000)
    .max(365 * 86_400_000)
    .nullable(),
  maxEntries: z.int().min(1).max(100_000),
  timeoutMs: z.int().min(50).max(60_000),
})
export type SemanticSettings = z.output<typeof semanticSettings>

/** Settings, and what came of them. */
export const semanticState = z.object({
  ...semanticSettings.shape,
  /** Questions that are kept, and what they take. */
  entries: count,
  bytes: count,
  hits: spans,
  /** By these hits; what the embeddings cost is not taken off. */
  savedNanoUsd: moneySpans,
  /** Since the start: alike enough, but the texts differ in a way that changes the answer. */
  refusedByGuard: count,
  /** Why questions get no vector at present; null: they do, or none was asked for yet. */
  embeddingProblem: z.string().nullable(),
  /** The newest first, at most 20. */
  recent: z.array(
    z.object({
      at: time,
      /** As requested. */
      model: z.string(),
      similarity: z.number().nullable(),
      callId: z.string(),
      /** The call whose answer it was. */
      sourceCallId: z.string().nullable(),
    }),
  ),
})
export type SemanticState = z.output<typeof semanticState>

/** What would become of the second question after the first. */
export const semanticComparison = z.object({
  /** null: there is no vector for one of them; `problem` says why. */
  similarity: z.number().nullable(),
  /** Why the texts may not share an answer, whatever their similarity; null: they may. */
  guard: z.string().nullable(),
  wouldHit: z.boolean(),
  problem: z.string().nullable(),
})
export type SemanticComparison = z.output<typeof semanticComparison>

export const cacheState = z.object({
  enabled: z.boolean(),
  ttlMs: z.number(),
  maxBytes: count,
  bytes: count,
  entries: count,
  /** Of today, this month and ever (as far as the ledger goes). */
  hits: spans,
  misses: spans,
  savedNanoUsd: moneySpans,
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
  /** null: off. */
  semantic: semanticState.nullable(),
})
export type CacheState = z.output<typeof cacheState>

export const limit = z.strictObject({
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

export const configText = z.strictObject({ yaml: z.string().max(1024 * 1024) })

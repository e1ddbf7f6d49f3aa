import { z } from 'zod'
import { count, httpAddress, known, name, nanoUsd, time } from './basics.ts'

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

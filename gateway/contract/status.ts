import { z } from 'zod'
import { count, nanoUsd, time } from './basics.ts'
import { exposure } from './client-keys.ts'

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
  /** Whether strangers can have calls answered. */
  exposure,
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

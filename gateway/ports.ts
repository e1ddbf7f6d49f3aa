import type { ConfigHome } from './config/home.ts'
import type { Status } from './contract.ts'
import type { ReadableLedger } from './stores/ledger-reader.ts'
import type { Secrets } from './stores/secrets.ts'
import type { Log } from './telemetry/log.ts'
import type { Upstream } from './upstream/upstream.ts'

/** What the world lends the gateway; each has a default, tests bring their own. */
export interface Ports {
  ledger: ReadableLedger
  upstream: Upstream
  log: Log
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds on a clock that never jumps. */
  nowMs: () => number
  /** [0, 1) */
  random: () => number
  /** Told of every finished call. */
  afterCall: () => void
  env: Record<string, string | undefined>
  /** Where edits of the configuration go; absent: it cannot be edited. */
  home: ConfigHome
  secrets: Secrets
  shell: Status['shell']
  /** Where the ledger and the rest lie, to be told and checked. */
  dataFolder: string
  /** Where the files of the tools lie that are connected; absent: the home of the user who runs this. */
  userHome: string
  /** With it the management API and the dashboard are served over HTTP; `hint` says where people find it. */
  admin: { token: string; hint: string }
  /** The built dashboard, in a folder or unpacked by a function. */
  uiFolder: string
  uiFiles: () => Promise<Map<string, Uint8Array>>
}

import type { DialectId } from '../dialects/dialect.ts'
import type { ForwardId } from './forwards.ts'

/** A provider is an address, credentials, the dialects it speaks there, and its quirks: a row of providers.json. */
export interface ProviderRow {
  id: string
  /** Other names people use for it, e.g. `gemini` for google. */
  aliases?: string[]
  name: string
  /** The first one's base URL is the row's: a user's `baseUrl` replaces it, also where it begins another's. */
  endpoints: EndpointRow[]
  /**
   * The dialect that clients of one it does not speak are translated to; absent: the first that chat is spoken in.
   * Without effect where that endpoint is not used.
   */
  translateTo?: DialectId
  /** What else it has, whose bytes are only handed on: images, audio, files. An id alone: at its usual place. */
  forwards?: (ForwardId | ForwardRow)[]
  /** Endings that a user's `baseUrl` may have and that our paths bring themselves: `/v1`. Longest first. */
  baseUrlEndings?: string[]
  /** Shown where the user must give a `baseUrl`. */
  baseUrlExample?: string
  auth: AuthScheme
  /** Environment variable its own documentation uses for the key, for hints. */
  keyEnv?: string
  /** Local servers need none. */
  keyOptional?: boolean
  headers?: Record<string, string>
  quirks?: Quirk[]
  /** Its well-known `gen_ai.provider.name` in OpenTelemetry's conventions, where that is not its id. */
  genAiName?: string
  /** Provider id in the price data; undefined = priced by model name alone. */
  priceId?: string
  /** Free by nature (local models): the cost is known to be 0. */
  free?: boolean
  /** Path that lists models and so proves the key, relative to the base URL (`..` allowed); default `models`. */
  modelsPath?: string
  /** Where a person makes a key. */
  keyPage?: string
  docs: string
}

export interface EndpointRow {
  dialect: DialectId
  /** Without a trailing slash. Absent: the user must give one. */
  baseUrl?: string
  /** Instead of the dialect's own path; `{model}` is filled in. */
  path?: string
  /** Instead of `path` where the user gives an `apiVersion`; `{model}` and `{apiVersion}` are filled in. */
  versionedPath?: string
  /** Instead of the row's. */
  auth?: AuthScheme
  /**
   * When it is used; absent: always. `home`: at the row's own address only, as whoever stands at another may not have
   * it. `named`: only where the user's `dialects` names it, because not every version or model has it.
   */
  when?: 'home' | 'named'
  /** Endings of its base URL that this dialect's own paths bring: `/v1`. */
  baseUrlEndings?: string[]
  /** Dialects that are spoken at this one's address elsewhere and not here: counting tokens. */
  lacks?: DialectId[]
  /** The vendor's page about it, where that is not the row's. */
  docs?: string
}

/** Where a forwarded endpoint is not at its usual place, `/ID` under the row's base URL. */
export interface ForwardRow extends Pick<EndpointRow, 'baseUrl' | 'path' | 'versionedPath' | 'auth'> {
  id: ForwardId
  /** Using it is known to cost nothing. */
  free?: true
}

export type AuthScheme = { scheme: 'bearer' } | { scheme: 'header'; header: string } | { scheme: 'none' }

/**
 * What a provider needs changed in a request of a dialect it speaks, each with the vendor page or issue that says so.
 * A closed list of verbs: a provider that needs more needs a new verb, never an `if` on its name.
 */
export type Quirk = { why: string } & (
  | { verb: 'rename'; member: string; to: string }
  | { verb: 'drop'; member: string }
  | { verb: 'default'; member: string; value: string | number | boolean }
  | { verb: 'clamp'; member: string; min?: number; max?: number }
  /** Drops a member of every message, e.g. `reasoning_content`. */
  | { verb: 'drop-in-messages'; member: string; role?: string }
  /** Renames a member of every message, unless the new name is there already. */
  | { verb: 'rename-in-messages'; member: string; to: string; role?: string }
  /** `developer` messages become `system`. */
  | { verb: 'developer-to-system' }
  /** Tool call ids are rewritten to match (Mistral: 9 letters or digits), the same id always to the same. */
  | { verb: 'tool-ids'; length: number }
  /** `stream_options` is refused; usage comes without asking, or not at all. */
  | { verb: 'no-stream-options' }
)

/** A configured provider: its row, its settings, its secrets in place. Built once per configuration. */
export interface Provider {
  /** As the user named it; ledger, metrics and headers show this name. */
  name: string
  row: ProviderRow
  /** In order of preference. */
  endpoints: Endpoint[]
  /** Where its models are listed and its key is checked, whatever dialects are used: the row's first endpoint. */
  home: Endpoint | undefined
  /** As in the row, where the user did not choose by `dialects`. */
  translateTo: DialectId | undefined
  forwards: Forward[]
  /** undefined = serves any model. Patterns with `*`. */
  models: string[] | undefined
  /** Lower is asked first. */
  priority: number
  /** Position in the configuration: the tie-break. */
  order: number
  maxRetries: number
  timeouts: Timeouts
  modelMap: Record<string, string>
  /** Azure: model name -> deployment name. */
  deployments: Record<string, string>
  apiVersion: string | undefined
  /** Everything that must never be shown: the key, and values of configured headers that look like credentials. */
  secrets: string[]
  /** Set when calls cannot succeed as configured, e.g. a missing key; says what to do. */
  problem: string | undefined
}

export interface Timeouts {
  connectMs: number
  firstTokenMs: number | undefined
  idleMs: number
  totalMs: number
}

export interface Endpoint {
  dialect: DialectId
  /** `https://api.openai.com` */
  origin: string
  /** `/v1`, or '' */
  basePath: string
  /** Template that stands instead of the dialect's own path. */
  path: string | undefined
  /** Lower-case names: authentication, the row's and the user's headers. */
  headers: Record<string, string>
  /** As in the row. */
  lacks?: readonly DialectId[]
}

/** A forwarded endpoint as called. */
export interface Forward extends Endpoint {
  id: ForwardId
  free: boolean
}

import type { JsonObject } from '../chat/json.ts'
import type { Usage } from '../chat/usage.ts'
import type { Dialect, Failure } from '../dialects/dialect.ts'
import type { Members } from '../dialects/members.ts'
import type { Endpoint, Provider } from '../providers/types.ts'
import type { Limit } from '../stores/counter.ts'
import type { AttemptOutcome, CacheOutcome, GuardFinding } from '../stores/ledger.ts'
import type { CallTrace, RequestLine } from '../telemetry/call-trace.ts'
import type { CallGuards } from './guard.ts'
import type { CallOptions } from './options.ts'
import type { Seen } from './relay.ts'
import type { Sink } from './sink.ts'

/** What travels through the pipeline: one client request. */
export interface Call {
  /** `x-gateway-request-id` */
  readonly id: string
  readonly dialect: Dialect
  readonly members: Members
  /** As the client named it. */
  readonly model: string
  readonly stream: boolean
  readonly includeUsage: boolean
  readonly options: CallOptions
  /** The key the client sent, if any. */
  readonly token: string | undefined
  /** Request headers that are handed on to any provider. */
  readonly headers: Record<string, string>
  /** Those that only a provider of the client's own dialect understands. */
  readonly dialectHeaders: Record<string, string>
  /** All that came with the request, credentials too: to be shown redacted, never handed on. */
  readonly requestHeaders: Record<string, string | string[] | undefined>
  readonly sink: Sink
  /** Absent where the call came by a socket, or from the gateway's own window. */
  readonly requestLine?: RequestLine
  /** Its open spans; absent where nobody collects any. */
  readonly trace?: CallTrace
  /** What guards found in it, and those that look at its answer; absent where none applies. */
  readonly guards?: CallGuards
  /** Aborted when the client hangs up or the call's own time is over; its reason says which. */
  readonly signal: AbortSignal
  /** Milliseconds since 1970. */
  readonly startedAt: number
  /** Milliseconds on the monotonic clock. */
  readonly startedMs: number
  /** The whole body, parsed once, when a stage needs its content. */
  readonly json: () => JsonObject
}

/** Who asks. */
export interface Caller {
  /** The client key's name, or `anonymous`. */
  name: string
  /** Patterns; undefined = every model. */
  models: string[] | undefined
  /** Limits of this caller alone. */
  limits: Limit[]
}

/** One (provider, model, dialect) to try. */
export interface Target {
  /** `provider/model`: names the circuit. */
  key: string
  provider: Provider
  /** As this provider is asked for it. */
  model: string
  endpoint: Endpoint
  dialect: Dialect
  /** The target speaks the client's dialect: bytes are handed through. */
  passThrough: boolean
  /** Set when the caller asked for another model and got this one by fallback. */
  substituted: boolean
}

/** Where a model name leads. */
export interface Route {
  alias: string | undefined
  /** In the order they are tried; empty only where the gateway answers by itself (`ClientSide.answerLocally`). */
  targets: Target[]
}

/** What came of one attempt. */
export interface Attempt {
  number: number
  target: Target
  startedAt: number
  durationMs: number
  firstTokenMs: number | undefined
  outcome: AttemptOutcome
  status: number | undefined
  errorCode: string | undefined
  usage: Usage | undefined
  /** Tokens the gateway saw go by, for answers whose usage was never reported. */
  outputEstimate: number
  /** The provider has produced something: it is paid for, even if nobody got it. */
  produced: boolean
  /** What the answer's bytes said; absent where nobody looked into them. */
  seen?: Seen
}

/** What the call ends with. The sink has had everything but the head (whole answers) and the last bytes. */
export interface Answer {
  /** `x-cache` */
  cache: CacheOutcome
  attempts: Attempt[]
  /** The attempt that answered, or the last one that failed; undefined for a cache hit. */
  decisive: Attempt | undefined
  /** undefined = the answer is good. After the commit point the failure has been sent in-band. */
  failure: CallFailure | undefined
  head: ReplyHead
  /** The last bytes; they leave when the ledger has the call. */
  tail: Uint8Array
  hit: CacheHit | undefined
  /** What the guards found in the answer. */
  guards?: GuardFinding[]
}

export interface CacheHit {
  provider: string
  providerModel: string
  savedNanoUsd: number | undefined
  storedAt: number
  /** Set where it was the answer to another question that means the same. */
  semantic?: { similarity: number; sourceCallId: string }
}

export interface ReplyHead {
  status: number
  headers: Record<string, string>
}

export interface CallFailure extends Failure {
  retryAfterMs?: number | undefined
  headers?: Record<string, string>
  /** false tells SDKs not to try again by themselves. */
  retryable: boolean
  /** The provider's own words, whole, where it speaks the client's dialect; without secrets. */
  body?: string | undefined
}

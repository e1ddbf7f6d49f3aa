import type { ChatReply } from '../chat/collect.ts'
import type { ChatEvent, Emit } from '../chat/event.ts'
import type { Json, JsonObject } from '../chat/json.ts'
import type { ChatRequest, Loss, Origin } from '../chat/request.ts'
import type { Usage } from '../chat/usage.ts'
import type { ModelFacts } from '../models/facts.ts'
import type { KeptResponse } from '../stores/responses.ts'
import type { Members } from './members.ts'

export type DialectId =
  | 'openai-chat'
  | 'openai-completions'
  | 'openai-embeddings'
  | 'openai-responses'
  | 'anthropic-messages'
  | 'anthropic-count-tokens'
  | 'gemini'
  | 'gemini-count-tokens'
  | 'gemini-embed'
  | 'gemini-batch-embed'
  | ForwardDialectId

/** Handed on only: what is not chat (dialects/forwarded.ts). */
export type ForwardDialectId =
  | 'openai-images'
  | 'openai-audio'
  | 'openai-moderations'
  | 'rerank'
  | 'files'
  | 'batches'
  | 'anthropic-batches'
  | 'anthropic-files'

/**
 * A wire format. A dialect that clients may speak to us has a `client` side, one that we speak to providers a `provider`
 * side; only those with both `client.chat` and another's `provider.chat` can be translated, all others pass through.
 */
export interface Dialect {
  id: DialectId
  /** It is spoken at the address of another dialect's endpoint: counting tokens where messages are sent. */
  via?: DialectId
  /** Streams tell usage only where it is asked for (`stream_options.include_usage`). */
  usageOnRequest?: true
  client?: ClientSide
  provider?: ProviderSide
}

export interface ClientSide {
  /** The error as this dialect's SDKs expect it: whole body. Status and headers are the caller's business. */
  encodeError: (failure: Failure, requestId?: string) => JsonObject
  /** The error as the last events of a stream that has begun, SSE text included, well formed to its end. */
  encodeStreamError: (failure: Failure, requestId?: string) => string
  /** HTTP status by which its clients know that there is no money left, where that is not 429. */
  quotaStatus?: number
  /** The reply header in which its SDKs look for the id of the request; lower case. */
  idHeader?: string
  /** Request headers that go on to a provider of the same dialect, beside those that go to any; lower case. */
  handsOn?: readonly string[]
  /** The answer where no provider speaks the dialect: counting tokens can be done here, roughly. */
  answerLocally?: (body: JsonObject) => JsonObject
  /**
   * For a pass-through: what `seal` closed is opened where it goes back to its maker, and left out where it does not.
   * Called only where the body holds `sealMark`. Never mutates `body`.
   */
  unsealFor?: (body: JsonObject, target: Origin) => JsonObject
  /**
   * For a pass-through: the body asks for `model` wherever it repeats the name (Gemini's embeddings: `models/NAME`).
   * Called only where the provider is asked for another name than the client's. Never mutates `body`.
   */
  rename?: (body: JsonObject, model: string) => JsonObject
  /** Where requests refer to earlier answers, which the server is to keep. */
  memory?: ClientMemory
  chat?: ClientChat
}

/** Answers that are kept, and requests that refer to them (Responses). */
export interface ClientMemory {
  /** Whether the request may refer to something kept; a look that costs little. */
  refers(members: Members): boolean
  /** The body with what `recollection` knows in place of what referred to it; undefined where it knows nothing. */
  recall(body: JsonObject, recollection: Recollection): JsonObject | undefined
  /** Whether the client wants the answer kept; a look that costs little. */
  isKept(members: Members): boolean
  /** What to keep of a call; undefined where the answer has no id to find it by. */
  keep(body: JsonObject, answer: JsonObject): KeptResponse | undefined
}

/** What the caller may refer to. */
export interface Recollection {
  response: (id: string) => KeptResponse | undefined
  item: (id: string) => JsonObject | undefined
}

export interface ClientChat {
  /** What the ids of its answers begin with: `chatcmpl-`. */
  idPrefix: string
  /**
   * Wire -> canonical. Throws GatewayError `invalid_request` that names the member. Never mutates `body`.
   * `asked`: what the call is about, for dialects whose URL says it and not the body.
   */
  read(body: JsonObject, asked: Asked): Loss<ChatRequest>
  encodeStream(about: ReplyAbout): StreamEncoder
  encodeWhole(reply: ChatReply, about: ReplyAbout): JsonObject
}

/** What a call is about, wherever its dialect says so. */
export interface Asked {
  model: string
  stream: boolean
}

/** What the encoder needs beside the events, for whatever the provider did not tell. */
export interface ReplyAbout {
  /** Id of the answer, with the dialect's prefix. */
  id: string
  /** The model to name when the provider named none. */
  model: string
  /** Seconds since 1970. */
  created: number
  /** Who answered: marks signed reasoning so that it only ever goes back there. */
  provider: string
  /** Whether the client asked for usage in the stream (`stream_options.include_usage`). */
  includeUsage: boolean
  /** Whether the client wants reasoning text (false only where it said so). */
  includeReasoning?: boolean
  /** What was asked, in canonical form: tools of the client's own kinds get their names and shapes back by it. */
  request?: ChatRequest
  /** The client's own body, for dialects whose answers repeat it (Responses). */
  body?: JsonObject
}

/** Canonical events -> SSE text of the client's dialect. `encode` returns '' for an event that has no form there. */
export interface StreamEncoder {
  encode(event: ChatEvent): string
  /** Everything after the last event: usage chunk where asked for, sentinel. Called once. */
  end(): string
}

export interface ProviderSide {
  /** Path and query under the endpoint's base URL, beginning with `/`. */
  path(at: { model: string; stream: boolean }): string
  /** Headers this dialect always needs (`anthropic-version`), lower case. */
  headers?: Record<string, string>
  /** An error answer of any shape, JSON or not, read into what the gateway decides by. Never throws. */
  readError(response: ErrorResponse): UpstreamError
  /** Usage out of a whole body (or an object that has only its usage members), without decoding the rest. */
  readUsage?(body: JsonObject): Usage | undefined
  /** Of a whole body: members with the answer, of which one must hold something, and members that `readUsage` needs. */
  members?: { content: readonly string[]; usage: readonly string[] }
  /** Asking costs nothing, whatever is produced. */
  isFree?: true
  /** What it does not report is not known: nothing is counted here, and its cost is not 0. */
  reportsAlone?: true
  chat?: ProviderChat
}

export interface ProviderChat {
  /** Canonical -> wire. Throws GatewayError `unsupported_content` for content it cannot carry; knobs become warnings. */
  write(request: ChatRequest, target: WriteTarget): Loss<JsonObject>
  decodeStream(emit: Emit): StreamDecoder
  /** SSE text of a stream's last event, where clients wait for it and some servers forget it. */
  lastEvent?: string
  /** A whole 2xx body. An error inside it is emitted as an `error` event. */
  decodeWhole(body: Json, emit: Emit): void
  /** true: the provider does not fetch remote images or files; the gateway inlines them before `write`. */
  inlinesMedia?: boolean
}

export interface WriteTarget {
  provider: string
  model: string
  facts: ModelFacts
}

/** Fed with the stream's SSE events; emits canonical events as early as they are known. */
export interface StreamDecoder {
  /** `name` is the SSE `event:` field, undefined where absent; `data` its joined data lines. */
  event(name: string | undefined, data: string): void
  /**
   * The provider closed the stream. Closes open blocks. A stream without its proper end (no finish reason, no
   * terminal event) emits an `error` event with code `stream_truncated`.
   */
  end(): void
}

export interface ErrorResponse {
  status: number
  /** Lower-case names. */
  headers: Record<string, string | string[] | undefined>
  body: string
}

/** What a client is told: made by the gateway (GatewayError) or by a provider (UpstreamError). */
export interface Failure {
  status: number
  message: string
  type?: string | undefined
  code?: string | undefined
  param?: string | undefined
  /** For dialects that say it in the body (Gemini RetryInfo), milliseconds. */
  retryAfterMs?: number | undefined
}

/** A provider's error, in its own words, with the two decisions made where those words are understood. */
export interface UpstreamError extends Failure {
  /** The same target may succeed if asked again soon. */
  retryable: boolean
  /** Another target may succeed; also where this one never will, as with a used-up account. */
  fallback: boolean
  /** From retry-after(-ms) or the body (Gemini RetryInfo), in milliseconds. */
  retryAfterMs?: number
}

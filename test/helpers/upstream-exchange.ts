import type { IncomingHttpHeaders, ServerResponse } from 'node:http'
import type { JsonObject } from '../../gateway/chat/json.ts'
import type { Route } from './upstream-route.ts'

/** What the upstream was asked, as it arrived. */
export interface RecordedRequest {
  method: string
  /** With its query. */
  path: string
  headers: IncomingHttpHeaders
  /** The parsed JSON body; empty where there was none. */
  body: JsonObject
  /** The body's own text. */
  text: string
  /** Resolves when the answer is over: true when the client hung up before that. */
  aborted: Promise<boolean>
}

/** One request on stage: what a play has in its hands. */
export interface Exchange {
  request: RecordedRequest
  route: Route
  response: ServerResponse
  /** Fires when the client is gone or the upstream is shut down. */
  signal: AbortSignal
  /** Ends the connection from our side: TCP reset, or an orderly end in the middle of the body. */
  sever(how: 'reset' | 'end'): void
  /** The socket is closed as soon as a second request arrives on it, without an answer. */
  dropOnReuse(): void
}

/** What the upstream does with one request. */
export type Play = (exchange: Exchange) => void | Promise<void>

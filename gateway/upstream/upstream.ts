import type { Readable } from 'node:stream'

/** The way out: one request to one provider, its answer handed over piece by piece. */
export interface Upstream {
  /** Never throws; whatever goes wrong arrives at `handler.onError`, exactly one of onEnd and onError last. */
  send(request: UpstreamRequest, handler: ResponseHandler): Flight
  /** Lets running requests end and releases the connections. */
  close(): Promise<void>
}

export interface UpstreamRequest {
  /** `https://api.openai.com` */
  origin: string
  path: string
  method: 'GET' | 'POST' | 'DELETE'
  headers: Record<string, string>
  /** A stream is read as fast as the provider takes it, and destroyed when the request ends before it does. */
  body?: Uint8Array | Readable
  /** Longest time to connect, milliseconds. */
  connectMs: number
}

/** Lower-case names. */
export type ResponseHeaders = Record<string, string | string[] | undefined>

export interface ResponseHandler {
  onHead(status: number, headers: ResponseHeaders): void
  onData(chunk: Buffer): void
  onEnd(): void
  onError(error: Error): void
}

/** A running request. */
export interface Flight {
  /** Backpressure: between pause and resume no data is read from the provider. */
  pause(): void
  resume(): void
  /** Ends it now; `handler.onError` is told the reason unless the answer is complete. */
  abort(reason: Error): void
  /** false while it waits for a connection; absent where there is no such wait. */
  readonly isSent?: boolean
}

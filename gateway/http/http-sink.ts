import type { ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { ReplyHead } from '../pipeline/call.ts'
import type { Sink } from '../pipeline/sink.ts'
import { chunkFrame, lastChunk } from './chunked.ts'

export interface HttpSinkSettings {
  /** Headers that every reply carries (CORS). */
  headers: Record<string, string>
  /** Longest time without progress while the client does not read, milliseconds. */
  writeTimeoutMs: number
}

/**
 * Writes an answer to the socket with few system calls: what one tick brings leaves in one write, with chunk framing
 * of our own (node:http would write size, data and line end apart). Backpressure is the socket's.
 */
export class HttpSink implements Sink {
  readonly #response: ServerResponse
  readonly #settings: HttpSinkSettings
  #frames = false
  #headSent = false
  #pending: Uint8Array[] = []
  #scheduled = false
  #blocked = false
  /** The head is written, and framing is ours: what follows may go to the socket itself. */
  #direct = false
  #resume: (() => void) | undefined
  #stuck: NodeJS.Timeout | undefined

  constructor(response: ServerResponse, settings: HttpSinkSettings) {
    this.#response = response
    this.#settings = settings
  }

  get headSent(): boolean {
    return this.#headSent
  }

  head({ status, headers }: ReplyHead): void {
    if (this.#headSent || this.#response.destroyed) return
    this.#headSent = true
    const response = this.#response
    const all = Object.assign(headers, this.#settings.headers)
    // light-my-request (inject) has no real socket and HTTP/1.0 no chunks: there node frames, or the end is the close.
    this.#frames =
      headers['content-length'] === undefined &&
      response.socket instanceof Socket &&
      response.req.httpVersionMajor === 1 &&
      response.req.httpVersionMinor === 1
    if (this.#frames) all['transfer-encoding'] = 'chunked'
    response.writeHead(status, all)
    if (this.#frames) Object.assign(response, { chunkedEncoding: false })
    // A stream's head leaves in this tick, with the first bytes if there are any by then.
    if (headers['content-length'] === undefined) this.#schedule()
  }

  write(bytes: Uint8Array): boolean {
    this.#pending.push(bytes)
    this.#schedule()
    return !this.#blocked
  }

  #schedule(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    process.nextTick(this.#flush)
  }

  onDrain(resume: () => void): void {
    if (!this.#blocked) return resume()
    this.#resume = resume
  }

  end(bytes: Uint8Array): void {
    const response = this.#response
    if (response.destroyed) return
    const pending = this.#take()
    if (bytes.byteLength > 0) pending.push(bytes)
    clearTimeout(this.#stuck)
    if (this.#frames) response.end(chunkFrame(pending, lastChunk))
    else if (pending.length === 0) response.end()
    else response.end(pending.length === 1 ? pending[0] : Buffer.concat(pending))
    // The socket's own timer knows whether what is left makes progress; it ends with the response.
    if (response.writableLength > 0 && response.socket instanceof Socket)
      response.setTimeout(this.#settings.writeTimeoutMs)
  }

  readonly #flush = (): void => {
    this.#scheduled = false
    if (this.#response.destroyed || this.#response.writableEnded) return
    const pending = this.#take()
    if (pending.length === 0) return this.#response.flushHeaders()
    const bytes = this.#frames ? chunkFrame(pending) : Buffer.concat(pending)
    const emitter = this.#writable()
    if (emitter.write(bytes) || this.#blocked) return
    this.#blocked = true
    emitter.once('drain', this.#onDrained)
    // Without a hold on the process: a client that left in the meantime leaves the timer behind.
    this.#stuck ??= setTimeout(() => this.#response.destroy(), this.#settings.writeTimeoutMs).unref()
  }

  /**
   * Behind the head, framed here, bytes may go to the socket itself: node:http would cork and uncork it for each piece,
   * which costs as much as the write.
   */
  #writable(): ServerResponse | Socket {
    const { socket } = this.#response
    if (this.#direct && socket?.writable === true) return socket
    this.#direct = this.#frames
    return this.#response
  }

  readonly #onDrained = (): void => {
    this.#blocked = false
    clearTimeout(this.#stuck)
    this.#stuck = undefined
    const resume = this.#resume
    this.#resume = undefined
    resume?.()
  }

  #take(): Uint8Array[] {
    const pending = this.#pending
    this.#pending = []
    return pending
  }
}

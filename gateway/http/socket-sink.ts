import type { WebSocket } from 'ws'
import { asObject, parseJson, type JsonObject } from '../chat/json.ts'
import { SseReader } from '../dialects/sse.ts'
import type { ReplyHead } from '../pipeline/call.ts'
import type { Sink } from '../pipeline/sink.ts'

/** More than this waits for a slow client; then the provider waits, too. Bytes. */
export const highWaterBytes = 1024 * 1024

/** The last event of a response; the error before a failed one ends nothing. */
const terminal = new Set(['response.completed', 'response.incomplete', 'response.failed'])

/** Writes one answer to a WebSocket: each event of the stream is a frame of its data, an error before it a frame, too. */
export class SocketSink implements Sink {
  readonly #socket: WebSocket
  readonly #writeTimeoutMs: number
  readonly #reader = new SseReader((name, data) => this.#event(name, data))
  #head: ReplyHead | undefined
  #body: Uint8Array[] = []
  #resume: (() => void) | undefined
  #stuck: NodeJS.Timeout | undefined
  /** What the stream ended with, once it has. */
  response: JsonObject | undefined

  /** `writeTimeoutMs`: longest time without progress while the client does not read. */
  constructor(socket: WebSocket, writeTimeoutMs: number) {
    this.#socket = socket
    this.#writeTimeoutMs = writeTimeoutMs
  }

  get headSent(): boolean {
    return this.#head !== undefined
  }

  head(head: ReplyHead): void {
    this.#head ??= head
  }

  write(bytes: Uint8Array): boolean {
    if (this.#isStream) this.#reader.push(bytes)
    else this.#body.push(bytes)
    return !this.#isFull
  }

  onDrain(resume: () => void): void {
    if (!this.#isFull) return resume()
    this.#resume = resume
    this.#stuck = setTimeout(() => this.#socket.terminate(), this.#writeTimeoutMs).unref()
  }

  end(bytes: Uint8Array): void {
    clearTimeout(this.#stuck)
    this.write(bytes)
    if (this.#isStream) return this.#reader.end()
    const body = asObject(parseJson(Buffer.concat(this.#body).toString('utf8')))
    const status = this.#head?.status ?? 500
    this.send(JSON.stringify({ type: 'error', status, error: body?.['error'] ?? { message: 'The answer was empty.' } }))
  }

  send(frame: string): void {
    this.#socket.send(frame, this.#onSent)
  }

  get #isStream(): boolean {
    return this.#head?.status === 200 && this.#head.headers['content-type']?.includes('event-stream') === true
  }

  get #isFull(): boolean {
    return this.#socket.bufferedAmount > highWaterBytes
  }

  #event(name: string | undefined, data: string): void {
    const type = name ?? /"type"\s*:\s*"([^"]+)"/.exec(data)?.[1]
    if (type !== undefined && terminal.has(type)) this.response = asObject(asObject(parseJson(data))?.['response'])
    if (data !== '[DONE]') this.send(data)
  }

  /** Also called for what could not be sent: whoever waits must not wait for ever. */
  readonly #onSent = (): void => {
    if (this.#resume === undefined || this.#isFull) return
    const resume = this.#resume
    this.#resume = undefined
    clearTimeout(this.#stuck)
    resume()
  }
}

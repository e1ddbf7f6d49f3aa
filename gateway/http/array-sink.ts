import { SseReader } from '../dialects/sse.ts'
import type { ReplyHead } from '../pipeline/call.ts'
import type { Sink } from '../pipeline/sink.ts'

const noBytes = new Uint8Array()

/**
 * A stream of events as one JSON array, an event's data per item: what Google answers where nobody asked for events.
 * What is no stream of events (errors before the first byte) passes as it is.
 */
export class ArraySink implements Sink {
  readonly #sink: Sink
  readonly #reader: SseReader
  #isArray = false
  #began = false
  #text = ''

  constructor(sink: Sink) {
    this.#sink = sink
    this.#reader = new SseReader((_name, data) => this.#item(data))
  }

  get headSent(): boolean {
    return this.#sink.headSent
  }

  head(head: ReplyHead): void {
    this.#isArray = head.headers['content-type']?.includes('event-stream') === true
    if (!this.#isArray) return this.#sink.head(head)
    // The length is that of the events (an answer from the cache has one).
    const { 'content-length': _, ...headers } = head.headers
    this.#sink.head({ status: head.status, headers: { ...headers, 'content-type': 'application/json; charset=UTF-8' } })
  }

  write(bytes: Uint8Array): boolean {
    if (!this.#isArray) return this.#sink.write(bytes)
    this.#reader.push(bytes)
    const text = this.#take()
    // Half an event: the question is only whether there is room.
    return this.#sink.write(text === '' ? noBytes : Buffer.from(text))
  }

  onDrain(resume: () => void): void {
    this.#sink.onDrain(resume)
  }

  end(bytes: Uint8Array): void {
    if (!this.#isArray) return this.#sink.end(bytes)
    this.#reader.push(bytes)
    this.#reader.end()
    const items = this.#take()
    this.#sink.end(Buffer.from(this.#began ? `${items}]\n` : '[]\n'))
  }

  #item(data: string): void {
    this.#text += (this.#began ? ',\n' : '[') + data
    this.#began = true
  }

  #take(): string {
    const text = this.#text
    this.#text = ''
    return text
  }
}

import { Collector } from '../chat/collect.ts'
import type { ProviderChat, StreamDecoder } from '../dialects/dialect.ts'
import { SseReader } from '../dialects/sse.ts'
import { EventRest } from './event-rest.ts'
import { observing } from './observe.ts'
import { endless, eventLimit, isWholeEvent, keptLength, lineEnds, noBytes, nothingSeen, truncated } from './relay.ts'
import type { Relay, RelayOutput } from './relay.ts'
import { eachEvent, lastEventEnd } from './sse-bytes.ts'

/**
 * A stream of any dialect handed through byte for byte, event by event, while a decoder reads along: it tells content,
 * usage, errors and the end. The event that ends the answer waits for the ledger, because SDKs stop reading there.
 * OpenAI's chunks have a relay of their own (PassStream), which must also take usage out again.
 */
export class TapStream implements Relay {
  readonly seen = nothingSeen()
  readonly #output: RelayOutput
  readonly #collector: Collector | undefined
  readonly #decoder: StreamDecoder
  readonly #reader: SseReader
  readonly #rest = new EventRest()
  readonly #lastEvent: string | undefined
  #tail: Buffer | undefined

  constructor({ chat, collect }: { chat: ProviderChat; collect: boolean }, output: RelayOutput) {
    this.#output = output
    this.#lastEvent = chat.lastEvent
    this.#collector = collect ? new Collector(keptLength) : undefined
    this.#decoder = chat.decodeStream(observing(this.seen, this.#collector?.add))
    this.#reader = new SseReader((name, data) => this.#decoder.event(name, data))
  }

  push(chunk: Buffer): void {
    if (this.#rest.length > 0 && !this.#rest.endsIn(chunk)) return this.#wait(chunk)
    const bytes = this.#rest.take(chunk)
    const end = lastEventEnd(bytes)
    if (end > 0) this.#handOn(bytes.subarray(0, end))
    if (end < bytes.length) this.#wait(bytes.subarray(end))
  }

  end(): Uint8Array {
    const rest = this.#rest.take(Buffer.alloc(0))
    if (rest.length > 0 && isWholeEvent(rest)) this.#handOn(Buffer.concat([rest, lineEnds]))
    this.#reader.end()
    const hasEnded = this.seen.finished
    this.#decoder.end()
    if (!hasEnded && this.#lastEvent !== undefined) this.#tail = Buffer.from(this.#lastEvent)
    this.seen.reply = this.#collector?.overflowed === true ? undefined : this.#collector?.reply
    if (!this.seen.finished) this.seen.error ??= truncated
    return this.seen.error === undefined ? (this.#tail ?? noBytes) : noBytes
  }

  #wait(piece: Buffer): void {
    this.#rest.keep(piece)
    if (this.#rest.length > eventLimit) this.seen.error ??= endless
  }

  #handOn(bytes: Buffer): void {
    let passed = 0
    for (const event of eachEvent(bytes)) {
      if (this.#isOver) break
      this.#reader.push(event)
      // The error itself is told by the pipeline, once, in the client's dialect.
      if (this.seen.error !== undefined) break
      if (this.seen.finished) this.#tail = event
      else passed += event.length
    }
    if (passed > 0) this.#output.write(passed === bytes.length ? bytes : bytes.subarray(0, passed))
  }

  get #isOver(): boolean {
    return this.#tail !== undefined || this.seen.error !== undefined
  }
}

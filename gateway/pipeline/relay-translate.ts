import { Collector } from '../chat/collect.ts'
import type { Emit, StreamError } from '../chat/event.ts'
import { parseJson } from '../chat/json.ts'
import type { ClientChat, ProviderChat, ReplyAbout, StreamDecoder, StreamEncoder } from '../dialects/dialect.ts'
import { SseReader } from '../dialects/sse.ts'
import type { Guard } from '../guards/guard.ts'
import { guarding } from './guard-stream.ts'
import { observing } from './observe.ts'
import { endless, eventLimit, keptLength, noBytes, nothingSeen, tooLong, translatedLimit } from './relay.ts'
import type { Relay, RelayOutput } from './relay.ts'

export interface TranslateStreamOptions {
  provider: ProviderChat
  client: ClientChat
  about: ReplyAbout
  /** Keep the whole answer. */
  collect: boolean
  /** Nothing leaves that they have not seen. */
  guards?: readonly Guard[] | undefined
}

/** Provider stream -> client stream, event by event; what one read brings leaves in one write. */
export class TranslateStream implements Relay {
  readonly seen = nothingSeen()
  readonly #output: RelayOutput
  readonly #encoder: StreamEncoder
  readonly #decoder: StreamDecoder
  readonly #reader: SseReader
  readonly #collector: Collector | undefined
  #text = ''
  /** Bytes since the last event. */
  #waiting = 0
  /** Bytes. */
  #length = 0

  constructor({ provider, client, about, collect, guards }: TranslateStreamOptions, output: RelayOutput) {
    this.#output = output
    this.#encoder = client.encodeStream(about)
    this.#collector = collect ? new Collector(keptLength) : undefined
    const encoder = this.#encoder
    const collector = this.#collector
    const send: Emit = (event) => {
      collector?.add(event)
      // An error is for the pipeline to tell: before the commit point it may still try another target.
      if (event.type !== 'error') this.#text += encoder.encode(event)
    }
    this.#decoder = provider.decodeStream(
      guards === undefined ? observing(this.seen, send) : guarding(guards, this.seen, send),
    )
    this.#reader = new SseReader((name, data) => {
      this.#waiting = 0
      this.#decoder.event(name, data)
    })
  }

  push(chunk: Buffer): void {
    this.#waiting += chunk.length
    this.#length += chunk.length
    this.#reader.push(chunk)
    if (this.#waiting > eventLimit) this.seen.error ??= endless
    if (this.#length > translatedLimit) this.seen.error ??= tooLong
    this.#flush()
  }

  end(): Uint8Array {
    this.#reader.end()
    this.#decoder.end()
    this.seen.reply = this.#collector?.overflowed === true ? undefined : this.#collector?.reply
    if (this.seen.error !== undefined) {
      this.#flush()
      return noBytes
    }
    const last = this.#text + this.#encoder.end()
    this.#text = ''
    return Buffer.from(last)
  }

  #flush(): void {
    if (this.#text === '') return
    const text = this.#text
    this.#text = ''
    this.#output.write(Buffer.from(text))
  }
}

interface WholeForm {
  fromStream: boolean
  toStream: boolean
  /** Of what is made a stream here; a whole answer is looked at when it is complete. */
  guards?: readonly Guard[] | undefined
}

/**
 * An answer that is held until it is complete: every other combination of whole and stream. `fromStream` says what the
 * provider sends (some stream though not asked to, some do not though asked), `toStream` what the client wants.
 */
export class TranslateWhole implements Relay {
  readonly seen = nothingSeen()
  readonly #provider: ProviderChat
  readonly #client: ClientChat
  readonly #about: ReplyAbout
  readonly #form: WholeForm
  readonly #chunks: Buffer[] = []

  constructor(provider: ProviderChat, client: ClientChat, about: ReplyAbout, form: WholeForm) {
    this.#provider = provider
    this.#client = client
    this.#about = about
    this.#form = form
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  end(): Uint8Array {
    const collector = new Collector()
    const encoder = this.#form.toStream ? this.#client.encodeStream(this.#about) : undefined
    let text = ''
    const send: Emit = (event) => {
      collector.add(event)
      if (encoder !== undefined && event.type !== 'error') text += encoder.encode(event)
    }
    const { guards } = this.#form
    this.#decode(guards === undefined ? observing(this.seen, send) : guarding(guards, this.seen, send))
    if (this.seen.error !== undefined) return noBytes
    this.seen.reply = collector.reply
    if (encoder !== undefined) return Buffer.from(text + encoder.end())
    const whole = Buffer.from(JSON.stringify(this.#client.encodeWhole(collector.reply, this.#about)))
    this.seen.whole = whole
    return whole
  }

  #decode(emit: Emit): void {
    const bytes = Buffer.concat(this.#chunks)
    if (this.#form.fromStream) {
      const decoder = this.#provider.decodeStream(emit)
      const reader = new SseReader((name, data) => decoder.event(name, data))
      reader.push(bytes)
      reader.end()
      return decoder.end()
    }
    // Nothing at all is told apart from rubbish by whoever looks at `seen`.
    if (bytes.length === 0) return
    const body = parseJson(bytes.toString('utf8'))
    if (body === undefined) return emit({ type: 'error', error: notJson() })
    this.#provider.decodeWhole(body, emit)
  }
}

export function notJson(): StreamError {
  return {
    message: 'The provider answered with a body that is not JSON.',
    type: 'upstream_error',
    code: 'upstream_invalid_response',
    status: 502,
    retryable: true,
  }
}

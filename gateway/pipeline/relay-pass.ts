import { Collector } from '../chat/collect.ts'
import { asObject, isObject, parseJson, type JsonObject } from '../chat/json.ts'
import type { ProviderChat, ProviderSide, StreamDecoder } from '../dialects/dialect.ts'
import { memberValue, scanMembers, type Members } from '../dialects/members.ts'
import { SseReader } from '../dialects/sse.ts'
import { EventRest } from './event-rest.ts'
import { observing } from './observe.ts'
import { endless, eventLimit, isWholeEvent, keptLength, lineEnds, noBytes, nothingSeen, truncated } from './relay.ts'
import type { Relay, RelayOutput } from './relay.ts'
import { notJson } from './relay-translate.ts'
import {
  beforeError,
  countEvents,
  eachEvent,
  endsWell,
  firstEventEnd,
  hasUsage,
  lastEventEnd,
  mentionsError,
  mentionsFinish,
  plainEvents,
  sentinelStart,
  withoutEmptyEvents,
} from './sse-bytes.ts'

export interface PassStreamOptions {
  chat: ProviderChat
  /** The client did not ask for the usage chunk that the gateway asked the provider for: take it out again. */
  hideUsage: boolean
  /** Decode everything, to keep the answer. */
  collect: boolean
}

/**
 * A stream handed through byte for byte. Until the first content every event is decoded (a 200 may still turn out to
 * be an error); after that only events that carry a usage object or an error are, found by their bytes.
 */
export class PassStream implements Relay {
  readonly seen = nothingSeen()
  readonly #output: RelayOutput
  readonly #options: PassStreamOptions
  readonly #collector: Collector | undefined
  readonly #decoder: StreamDecoder
  readonly #reader: SseReader
  readonly #rest = new EventRest()
  #finishing = false
  #tail: Buffer | undefined

  constructor(options: PassStreamOptions, output: RelayOutput) {
    this.#options = options
    this.#output = output
    this.#collector = options.collect ? new Collector(keptLength) : undefined
    this.#decoder = options.chat.decodeStream(observing(this.seen, this.#collector?.add))
    this.#reader = new SseReader((name, data) => this.#decoder.event(name, data))
  }

  push(chunk: Buffer): void {
    if (this.seen.content && this.#rest.length === 0 && this.#tail === undefined && !this.#options.collect) {
      const events = plainEvents(chunk)
      if (events > 0) {
        this.seen.outputEstimate += events
        return this.#output.write(chunk)
      }
    }
    if (this.#rest.length > 0 && !this.#rest.endsIn(chunk)) return this.#wait(chunk)
    const bytes = this.#rest.take(chunk)
    const end = lastEventEnd(bytes)
    if (end > 0) this.#handOn(end === bytes.length ? bytes : bytes.subarray(0, end))
    if (end < bytes.length) this.#wait(bytes.subarray(end))
  }

  #wait(piece: Buffer): void {
    this.#rest.keep(piece)
    if (this.#rest.length > eventLimit) this.seen.error ??= endless
  }

  end(): Uint8Array {
    const rest = this.#rest.take(Buffer.alloc(0))
    if (rest.length > 0 && isWholeEvent(rest)) this.#handOn(Buffer.concat([rest, lineEnds]))
    this.#reader.end()
    if (this.#decodesAll) {
      this.#decoder.end()
      this.seen.reply = this.#collector?.overflowed === true ? undefined : this.#collector?.reply
    } else if (this.#finishing && this.seen.error === undefined) {
      // Some servers know no sentinel.
      this.seen.finished = true
    }
    if (!this.seen.finished) this.seen.error ??= truncated
    return this.seen.error === undefined ? (this.#tail ?? noBytes) : noBytes
  }

  get #decodesAll(): boolean {
    return this.#options.collect || !this.seen.content
  }

  #handOn(bytes: Buffer): void {
    if (this.#tail !== undefined || this.seen.error !== undefined) return
    const passed = this.#decodesAll ? this.#decode(bytes) : this.#skim(bytes)
    if (!this.#finishing && mentionsFinish(bytes)) this.#finish(bytes)
    // The decoder waits whether anything follows an event that is no JSON; here it would have been sent by then.
    if (!endsWell(bytes) && [...eachEvent(bytes)].some((event) => !isWholeEvent(event))) this.seen.error ??= notJson()
    // The error itself is told by the pipeline, once, in the client's dialect.
    if (this.seen.error !== undefined) return this.#write(beforeError(bytes))
    const sentinel = sentinelStart(passed)
    if (sentinel === -1) return this.#write(passed)
    // An SDK takes the sentinel for the end, so it waits until the ledger has the call.
    this.seen.finished = true
    this.#write(passed.subarray(0, sentinel))
    this.#tail = passed.subarray(sentinel, firstEventEnd(passed, sentinel))
  }

  /** Where it was not decoded, the reason is read from the bytes: of several choices the first to end. */
  #finish(bytes: Buffer): void {
    this.#finishing = true
    if (this.seen.finishes !== undefined) return
    const reason = /"finish_reason"\s*:\s*"([\w-]{1,40})"/.exec(bytes.toString('latin1'))?.[1]
    if (reason !== undefined) this.seen.finishes = [reason]
  }

  #skim(bytes: Buffer): Buffer {
    this.seen.outputEstimate += countEvents(bytes)
    return hasUsage(bytes) || mentionsError(bytes) || !endsWell(bytes) ? this.#decode(bytes) : bytes
  }

  #decode(bytes: Buffer): Buffer {
    this.#reader.push(bytes)
    return withoutEmptyEvents(bytes, !this.#options.hideUsage)
  }

  #write(bytes: Buffer): void {
    if (bytes.length > 0) this.#output.write(bytes)
  }
}

type BodyMembers = NonNullable<ProviderSide['members']>

const openaiMembers: BodyMembers = { content: ['choices', 'data'], usage: ['usage', 'service_tier', 'x_groq'] }

/** A whole answer handed through: held until complete, because a 200 may carry an error, or nothing. */
export class PassWhole implements Relay {
  readonly seen = nothingSeen()
  readonly #side: ProviderSide
  readonly #members: BodyMembers
  readonly #chunks: Buffer[] = []

  constructor(side: ProviderSide) {
    this.#side = side
    this.#members = side.members ?? openaiMembers
  }

  push(chunk: Buffer): void {
    this.#chunks.push(chunk)
  }

  end(): Uint8Array {
    const bytes = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks)
    if (bytes.length === 0) return noBytes
    const body = topLevel(bytes, this.#members)
    if (body === undefined) this.seen.error = notJson()
    else this.#read(body, bytes)
    if (this.seen.error !== undefined) return noBytes
    this.seen.whole = bytes
    return bytes
  }

  #read(body: JsonObject, bytes: Buffer): void {
    if (isObject(body['error']) || typeof body['error'] === 'string') return this.#readError(bytes)
    this.seen.usage = this.#side.readUsage?.(body)
    // Without these two the call is counted by us, whatever else was told.
    const { input, output } = this.seen.usage ?? {}
    if (input === undefined && output === undefined) this.seen.outputEstimate = estimateOutput(this.#side, bytes)
    this.seen.content = this.#members.content.some((name) => holdsSomething(body[name]))
    this.seen.finished = true
  }

  #readError(bytes: Buffer): void {
    this.#side.chat?.decodeWhole(parseJson(bytes.toString('utf8')) ?? null, observing(this.seen, undefined))
    if (this.seen.error !== undefined) return
    const { message, type, code, status, retryable } = this.#side.readError({
      status: 502,
      headers: {},
      body: bytes.toString('utf8'),
    })
    this.seen.error = {
      message,
      status,
      retryable,
      ...(type === undefined ? {} : { type }),
      ...(code === undefined ? {} : { code }),
    }
  }
}

/** The answer came without a count: it is decoded for one of our own. */
function estimateOutput(side: ProviderSide, bytes: Buffer): number {
  const seen = nothingSeen()
  side.chat?.decodeWhole(parseJson(bytes.toString('utf8')) ?? null, observing(seen, undefined))
  return seen.outputEstimate
}

/** Up to here the native parser is quicker than a scan for the few members that matter. */
const parsedBytes = 8 * 1024

/** The few members a pass-through reads, at least; of a long answer the content is only seen to be there. */
function topLevel(bytes: Buffer, { content, usage }: BodyMembers): JsonObject | undefined {
  const members = bytes.length > parsedBytes ? scanMembers(bytes) : undefined
  if (members === undefined) return asObject(parseJson(bytes.toString('utf8')))
  const body: JsonObject = {}
  for (const name of ['error', ...usage]) {
    const value = memberValue(members, name)
    if (value !== undefined) body[name] = value as JsonObject
  }
  for (const name of content) {
    const span = members.spans.get(name)
    // More than brackets and blanks between them.
    if (span !== undefined) body[name] = /^\[\s*\]$|^null$/.test(shortText(members, span)) ? [] : [true]
  }
  return body
}

function shortText(members: Members, { start, end }: { start: number; end: number }): string {
  return members.bytes.toString('latin1', start, Math.min(end, start + 64))
}

function holdsSomething(value: unknown): boolean {
  if (Array.isArray(value)) return value.length > 0
  return value !== undefined && value !== null
}

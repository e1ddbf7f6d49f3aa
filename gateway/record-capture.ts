import type { Config } from './config/schema.ts'
import { describeCall, type RecentCall, type RecentCallsKeeper } from './api/recent-calls.ts'
import type { Answer, Call, ReplyHead } from './pipeline/call.ts'
import { keyedBytes } from './pipeline/lookup.ts'
import type { Ending } from './pipeline/settle.ts'
import type { Sink } from './pipeline/sink.ts'
import type { Capture } from './stores/ledger-reader.ts'

export interface CapturePorts {
  config: Pick<Config, 'ledger' | 'cache'>
  scrub: (text: string) => string
  recent: Pick<RecentCallsKeeper, 'wants' | 'add'>
  /** Into the ledger; nobody waits for it. */
  keep: (call: Pick<Call, 'id' | 'startedAt'>, capture: Capture) => void
  onError: (error: unknown) => void
}

/** A secret that the cut would halve is still known as one when so much more is looked at. Bytes. */
const beyondCut = 4096

/** Before the call: where bodies are kept, its sink also collects. Else it is the same call, and nothing is copied. */
export function prepareCapture(call: Call, { bodies, bodyLimit }: Config['ledger']): Call {
  return bodies === 'off' ? call : { ...call, sink: new CollectingSink(call.sink, bodyLimit + beyondCut) }
}

/** After the call: remembers what it was like, and keeps its bodies once the last bytes are out. */
export function recordCapture(ending: Ending, ports: CapturePorts): void {
  const { call, answer } = ending
  const sink = call.sink instanceof CollectingSink ? call.sink : undefined
  const { bodies, bodyLimit } = ports.config.ledger
  const keepsBodies = sink !== undefined && bodies !== 'off' && (bodies === 'all' || answer.failure !== undefined)
  const isRecent = ports.recent.wants(call.startedAt)
  if (!isRecent && !keepsBodies) return
  const recent = recentCall(ending, sink, ports)
  if (isRecent) ports.recent.add(recent)
  if (!keepsBodies) return
  sink.onEnd = () => {
    // Scrubbing takes a while: not between two pieces of somebody's stream.
    setImmediate(() => {
      try {
        ports.keep(call, capture(call, sink, { recent, limit: bodyLimit }))
      } catch (error) {
        ports.onError(error)
      }
    })
  }
}

function recentCall({ call, answer }: Ending, sink: CollectingSink | undefined, ports: CapturePorts): RecentCall {
  const target = answer.decisive?.target
  return {
    callId: call.id,
    requestHeaders: call.requestHeaders,
    // Sending the answer adds to this very object: looked at later, it is complete.
    responseHeaders: sink?.sentHeaders ?? answer.head.headers,
    translated:
      target === undefined || target.passThrough ? undefined : { from: call.dialect.id, to: target.dialect.id },
    cacheReason: cacheReason(call, answer, ports.config.cache.enabled),
    scrub: ports.scrub,
  }
}

/** Why the cache answered, or did not. */
export function cacheReason(call: Pick<Call, 'options' | 'members'>, answer: Answer, isEnabled: boolean): string {
  if (answer.hit?.semantic !== undefined) {
    const { similarity, sourceCallId } = answer.hit.semantic
    return `Answered from the cache: call ${sourceCallId} asked the same in other words (similarity ${similarity.toFixed(3)}).`
  }
  if (answer.hit !== undefined) {
    return `Answered from the cache: the same request was answered on ${new Date(answer.hit.storedAt).toISOString()}.`
  }
  if (answer.cache === 'MISS') return 'The cache had no answer to this request.'
  if (!isEnabled) return 'The cache is off.'
  if (call.options.cache === false) return 'The call asked not to use the cache.'
  if (call.members.bytes.length > keyedBytes) return `Requests above ${keyedBytes / 1024} KB are not looked up.`
  return 'The call ended before the cache was asked.'
}

function capture(call: Call, sink: CollectingSink, { recent, limit }: { recent: RecentCall; limit: number }): Capture {
  const { bytes } = call.members
  const cut = (body: Uint8Array): string => {
    const text = recent.scrub(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8'))
    return text.slice(0, limit).replace(/\uFFFD+$/, '')
  }
  return {
    ...describeCall(recent),
    request: cut(bytes.subarray(0, limit + beyondCut)),
    response: cut(Buffer.concat(sink.collected)),
    truncated: bytes.length > limit || sink.size > limit,
  }
}

/** Hands everything on, and keeps the beginning of it. */
class CollectingSink implements Sink {
  readonly #sink: Sink
  readonly #limit: number
  readonly collected: Uint8Array[] = []
  sentHeaders: ReplyHead['headers'] | undefined
  /** Bytes, also of those not kept. */
  size = 0
  onEnd: (() => void) | undefined

  constructor(sink: Sink, limit: number) {
    this.#sink = sink
    this.#limit = limit
  }

  get headSent(): boolean {
    return this.#sink.headSent
  }

  head(head: ReplyHead): void {
    this.sentHeaders = head.headers
    this.#sink.head(head)
  }

  write(bytes: Uint8Array): boolean {
    this.#collect(bytes)
    return this.#sink.write(bytes)
  }

  onDrain(resume: () => void): void {
    this.#sink.onDrain(resume)
  }

  end(bytes: Uint8Array): void {
    this.#collect(bytes)
    this.#sink.end(bytes)
    this.onEnd?.()
  }

  /** A copy: what is handed in may be part of a buffer that is used again. */
  #collect(bytes: Uint8Array): void {
    const room = this.#limit - this.size
    if (room > 0 && bytes.byteLength > 0) this.collected.push(Uint8Array.from(bytes.subarray(0, room)))
    this.size += bytes.byteLength
  }
}

import { asObject, isObject, parseJson } from '../chat/json.ts'
import type { ReplyAbout } from '../dialects/dialect.ts'
import { GatewayError } from '../errors.ts'
import type { Flight, ResponseHandler, ResponseHeaders, Upstream } from '../upstream/upstream.ts'
import type { Attempt, Call, ReplyHead, Target } from './call.ts'
import { replyAbout, replyAboutRewritten } from './reply-about.ts'
import { Deadline, type Limit } from './deadline.ts'
import { guardAnswered } from './guard-answer.ts'
import { gatewayFailure, networkFailure, providerFailure, streamFailure, type Failed } from './failure.ts'
import type { Prepared } from './prepare.ts'
import { noBytes, type Relay, type Seen } from './relay.ts'
import { chooseRelay } from './choose-relay.ts'
import { replyHeaders } from './reply-headers.ts'

/** What came of one attempt. Only `answered` and `broken` have sent anything to the client. */
export type ExchangeResult =
  | { type: 'answered'; attempt: Attempt; head: ReplyHead; tail: Uint8Array; seen: Seen }
  | { type: 'failed'; attempt: Attempt; failure: Failed }
  /** It failed after the commit point: `tail` tells the client so, in its dialect. */
  | { type: 'broken'; attempt: Attempt; failure: Failed; tail: Uint8Array; seen: Seen }
  /** `isSent` false: nothing of the request had left yet. */
  | { type: 'aborted'; attempt: Attempt; reason: unknown; isSent?: boolean | undefined }

export interface ExchangeInput {
  call: Call
  target: Target
  prepared: Prepared
  /** Counted from 1 over the whole call. */
  number: number
  /** What the reply's head carries whatever the provider says. */
  headers: Record<string, string>
  /** Keep the whole answer in `seen.reply` or `seen.whole`. */
  collect: boolean
}

export interface ExchangePorts {
  upstream: Upstream
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds, monotonic. */
  nowMs: () => number
  /** Takes secrets out of a text that others wrote. */
  scrub: (text: string) => string
}

const errorBodyLimit = 256 * 1024
/** Of what is held back: a whole answer, or a stream before its first content. */
const answerLimit = 128 * 1024 * 1024
/** How long a provider may dawdle after it has said that the answer is complete. */
const lingerMs = 1000

/** One attempt: sends the request, relays the answer, resolves when the last bytes are known but not yet sent. */
export function exchange(input: ExchangeInput, ports: ExchangePorts): Promise<ExchangeResult> {
  const exchanged = new Promise<ExchangeResult>((resolve) => new Exchange(input, ports, resolve).start())
  return input.call.guards === undefined ? exchanged : exchanged.then((result) => guardAnswered(input.call, result))
}

class Exchange implements ResponseHandler {
  readonly #input: ExchangeInput
  readonly #ports: ExchangePorts
  readonly #resolve: (result: ExchangeResult) => void
  readonly #startedAt: number
  readonly #startedMs: number
  readonly #deadline: Deadline
  #flight: Flight | undefined
  #relay: Relay | undefined
  #status: number | undefined
  #headers: ResponseHeaders = {}
  #errorBody: Buffer[] | undefined
  #held: Uint8Array[] = []
  #committed = false
  /** Bytes. */
  #received = 0
  #firstTokenMs: number | undefined
  #expired: Failed | undefined
  #linger: NodeJS.Timeout | undefined
  #settled = false

  constructor(input: ExchangeInput, ports: ExchangePorts, resolve: (result: ExchangeResult) => void) {
    this.#input = input
    this.#ports = ports
    this.#resolve = resolve
    this.#startedAt = ports.now()
    this.#startedMs = ports.nowMs()
    const { timeouts } = input.target.provider
    // The first token of a whole answer cannot be seen, only its end.
    const firstTokenMs = input.call.stream ? timeouts.firstTokenMs : undefined
    this.#deadline = new Deadline({ ...timeouts, firstTokenMs }, ports.nowMs, (limit, ms) => this.#expire(limit, ms))
  }

  start(): void {
    const { call, target, prepared } = this.#input
    if (call.signal.aborted)
      return this.#finish({
        type: 'aborted',
        attempt: this.#attempt('aborted'),
        reason: call.signal.reason,
        isSent: false,
      })
    call.signal.addEventListener('abort', this.#onAbort)
    this.#flight = this.#ports.upstream.send(
      {
        origin: target.endpoint.origin,
        path: prepared.path,
        method: 'POST',
        headers: prepared.headers,
        body: prepared.body,
        connectMs: target.provider.timeouts.connectMs,
      },
      this,
    )
  }

  onHead(status: number, headers: ResponseHeaders): void {
    this.#status = status
    this.#headers = headers
    if (status >= 200 && status < 300) this.#relay = chooseRelay(this.#input, headers, this.#about(), this)
    else this.#errorBody = []
  }

  onData(chunk: Buffer): void {
    if (this.#settled) return
    this.#received += chunk.length
    this.#deadline.activity()
    if (!this.#committed && this.#received > answerLimit) return this.#refuseLength()
    if (this.#errorBody !== undefined) return this.#collectError(chunk)
    const relay = this.#relay
    if (relay === undefined) return
    if (!this.#reads(() => relay.push(chunk))) return
    // Of a whole answer the first bytes are the first content: from now on silence counts.
    if (!this.#input.call.stream) this.#deadline.content()
    const { seen } = relay
    if (seen.error !== undefined) return this.#flight?.abort(new Error('the provider reported an error'))
    if (seen.content && !this.#committed && this.#input.call.stream) this.#commit()
    if (seen.finished && this.#linger === undefined) {
      this.#linger = setTimeout(() => this.#flight?.abort(new Error('the answer is complete')), lingerMs)
    }
  }

  /** The relay's output: held until the commit point, then to the client, as fast as it reads. */
  write(bytes: Uint8Array): void {
    if (!this.#committed) {
      this.#held.push(bytes)
      return
    }
    if (this.#input.call.sink.write(bytes)) return
    this.#flight?.pause()
    this.#deadline.paused(true)
    this.#input.call.sink.onDrain(() => {
      this.#deadline.paused(false)
      this.#flight?.resume()
    })
  }

  onEnd(): void {
    if (this.#settled) return
    if (this.#errorBody !== undefined) return this.#failed(this.#readError(this.#errorBody))
    let tail: Uint8Array = noBytes
    if (this.#reads(() => (tail = this.#relay?.end() ?? noBytes))) this.#complete(tail)
  }

  onError(error: Error): void {
    if (this.#settled) return
    const { call, target } = this.#input
    const seen = this.#relay?.seen
    if (call.signal.aborted) return this.#aborted(call.signal.reason)
    if (seen?.error !== undefined) return this.#failed(streamFailure(seen.error))
    // It may have said all: what went wrong afterwards is nobody's loss.
    if (this.#committed && this.#relay !== undefined) {
      let tail: Uint8Array = noBytes
      const relay = this.#relay
      if (!this.#reads(() => (tail = relay.end()))) return
      if (relay.seen.finished && relay.seen.error === undefined) return this.#complete(tail)
    }
    this.#failed(this.#expired ?? networkFailure(target, error))
  }

  readonly #onAbort = (): void => {
    this.#flight?.abort(new Error('the client hung up'))
    // A provider that never answers the abort must not hold the call.
    if (!this.#settled) this.#aborted(this.#input.call.signal.reason)
  }

  #complete(tail: Uint8Array): void {
    const seen = this.#relay?.seen
    if (seen === undefined) return
    // A stream of no bytes is not "cut short": there was none.
    if (seen.error !== undefined && this.#received > 0) return this.#failed(streamFailure(seen.error))
    if (isEmpty(seen)) return this.#failed(gatewayFailure(emptyAnswer(this.#input.target), true))
    const { call } = this.#input
    if (!this.#committed && call.stream) this.#commit()
    this.#finish({ type: 'answered', attempt: this.#attempt('ok'), head: this.#head(), tail, seen })
  }

  /** What a provider sends may be read by nobody (nested ten thousand deep): the stack that runs out is not ours to lose. */
  #reads(act: () => void): boolean {
    try {
      act()
      return true
    } catch (error) {
      const text = `Provider "${this.#input.target.provider.name}" sent something that cannot be read.`
      this.#failed(gatewayFailure(new GatewayError('upstream_invalid_response', text, { cause: error }), true))
      this.#flight?.abort(new Error(text))
      return false
    }
  }

  #commit(): void {
    this.#firstTokenMs ??= this.#ports.nowMs() - this.#startedMs
    this.#deadline.content()
    this.#committed = true
    this.#input.call.sink.head(this.#head())
    const held = this.#held
    this.#held = []
    for (const bytes of held) this.write(bytes)
  }

  #head(): ReplyHead {
    const { call, target, number, headers, prepared } = this.#input
    const about = { target, number, stream: call.stream, warnings: prepared.warnings }
    return { status: 200, headers: Object.assign(replyHeaders(this.#headers, about), headers) }
  }

  #about(): ReplyAbout {
    const { call, target } = this.#input
    const made = {
      provider: target.provider.name,
      model: target.model,
      created: Math.floor(this.#startedAt / 1000),
    }
    const isRewritten = target.passThrough && call.stream && call.guards?.holds === true
    if (isRewritten) return replyAboutRewritten(call, made)
    return replyAbout(call, { ...made, isTranslated: !target.passThrough })
  }

  #collectError(chunk: Buffer): void {
    const body = this.#errorBody
    if (body === undefined) return
    body.push(chunk)
    if (body.reduce((sum, each) => sum + each.length, 0) > errorBodyLimit) {
      this.#failed(this.#readError(body))
      this.#flight?.abort(new Error('the error body is too long'))
    }
  }

  #readError(body: Buffer[]): Failed {
    const text = Buffer.concat(body).toString('utf8')
    const { target } = this.#input
    const status = this.#status ?? 502
    const failure = providerFailure(target, { status, headers: this.#headers, body: text })
    return isOwnError(target, text) ? { ...failure, status, body: this.#ports.scrub(text) } : failure
  }

  #failed(reported: Failed): void {
    const { call } = this.#input
    const failure = { ...reported, message: this.#ports.scrub(reported.message) }
    if (!this.#committed) return this.#finish({ type: 'failed', attempt: this.#attempt('error', failure), failure })
    const seen = this.#relay?.seen as Seen
    const tail = Buffer.from(call.dialect.client?.encodeStreamError(failure, call.id) ?? '')
    this.#finish({ type: 'broken', attempt: this.#attempt('broken', failure), failure, tail, seen })
  }

  #refuseLength(): void {
    const text = `Provider "${this.#input.target.provider.name}" sent more than ${answerLimit / 1024 / 1024} MB.`
    this.#failed(gatewayFailure(new GatewayError('upstream_invalid_response', text), true))
    this.#flight?.abort(new Error(text))
  }

  /** Nobody is there to be told when the client hung up; when its time is over, a stream is ended in its dialect. */
  #aborted(reason: unknown): void {
    if (this.#committed && reason instanceof GatewayError && reason.code !== 'client_closed_request') {
      return this.#failed(gatewayFailure(reason, false))
    }
    this.#finish({ type: 'aborted', attempt: this.#attempt('aborted'), reason, isSent: this.#flight?.isSent })
  }

  #expire(limit: Limit, ms: number): void {
    const { name } = this.#input.target.provider
    const what = { ttftTimeout: 'produced nothing', idleTimeout: 'fell silent', timeout: 'was not done' }[limit]
    const text = `Provider "${name}" ${what} within ${ms / 1000} s (providers[].${limit}).`
    this.#expired = gatewayFailure(new GatewayError('upstream_timeout', text), true)
    this.#flight?.abort(new Error(text))
    if (!this.#settled) this.onError(new Error(text))
  }

  #attempt(outcome: Attempt['outcome'], failure?: Failed): Attempt {
    const { target, number } = this.#input
    const seen = this.#relay?.seen
    return {
      number,
      target,
      startedAt: this.#startedAt,
      durationMs: this.#ports.nowMs() - this.#startedMs,
      firstTokenMs: this.#firstTokenMs,
      outcome,
      status: this.#status,
      errorCode: failure?.code ?? failure?.type,
      usage: seen?.usage,
      // What was produced is billed by the provider, also when nobody waited for its end or its count.
      outputEstimate: seen?.outputEstimate ?? 0,
      produced: seen?.content === true,
      ...(seen !== undefined && { seen }),
    }
  }

  #finish(result: ExchangeResult): void {
    if (this.#settled) return
    this.#settled = true
    this.#deadline.stop()
    clearTimeout(this.#linger)
    this.#input.call.signal.removeEventListener('abort', this.#onAbort)
    this.#resolve(result)
  }
}

/**
 * An error that the client's own SDK understands as it stands, with details that no other dialect has (Google's
 * RetryInfo). Servers that speak like OpenAI each have their own idea of an error: theirs is put in order.
 */
function isOwnError({ passThrough, dialect }: Target, text: string): boolean {
  return passThrough && dialect.usageOnRequest !== true && isObject(asObject(parseJson(text))?.['error'])
}

/** No content, and not because the model was told to say nothing: a 200 that is a failure. */
function isEmpty(seen: Seen): boolean {
  if (seen.content) return false
  return !(seen.finished && (seen.usage?.output ?? 0) > 0)
}

function emptyAnswer({ provider, model }: Target): GatewayError {
  return new GatewayError(
    'upstream_empty_response',
    `Provider "${provider.name}" answered for "${model}" with nothing at all.`,
  )
}

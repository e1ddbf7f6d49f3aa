import { asObject, isObject, parseJson } from '../../chat/json.ts'
import { GatewayError } from '../../errors.ts'
import type { Flight, ResponseHandler, ResponseHeaders } from '../../upstream/upstream.ts'
import type { Attempt, Target } from '../call.ts'
import { Deadline, type Limit } from '../deadline.ts'
import type { ExchangeInput, ExchangePorts, ExchangeResult } from '../exchange.ts'
import { gatewayFailure, networkFailure, providerFailure, type Failed } from '../failure.ts'
import { noBytes, nothingSeen } from '../relay.ts'
import { forwardHeaders } from './forward-headers.ts'
import { chooseTap, type ForwardTap } from './forward-tap.ts'
import type { Forwarded } from './forwarded.ts'
import { withOwnResultsUrl } from './own-addresses.ts'

const errorBodyLimit = 256 * 1024
/** Of a JSON answer: ten large pictures fit. A longer one is handed on as it comes, and its usage stays unknown. */
const heldLimit = 64 * 1024 * 1024

/** One attempt: the request goes out, the answer comes back byte for byte. Resolves like `exchange`, and never rejects. */
export function forwardExchange(
  input: ExchangeInput,
  forwarded: Forwarded,
  ports: ExchangePorts,
): Promise<ExchangeResult> {
  return new Promise((resolve) => new ForwardExchange(input, forwarded, { ports, resolve }).start())
}

interface Surroundings {
  ports: ExchangePorts
  resolve: (result: ExchangeResult) => void
}

class ForwardExchange implements ResponseHandler {
  readonly #input: ExchangeInput
  readonly #forwarded: Forwarded
  readonly #ports: ExchangePorts
  readonly #resolve: (result: ExchangeResult) => void
  readonly #startedAt: number
  readonly #startedMs: number
  readonly #deadline: Deadline
  #target: Target
  #flight: Flight | undefined
  #status: number | undefined
  #headers: ResponseHeaders = {}
  #tap: ForwardTap | undefined
  /** An error's body, or a JSON answer's. */
  #held: Buffer[] = []
  #heldBytes = 0
  #committed = false
  #firstByteMs: number | undefined
  #expired: Failed | undefined
  #settled = false

  constructor(input: ExchangeInput, forwarded: Forwarded, { ports, resolve }: Surroundings) {
    this.#input = input
    this.#forwarded = forwarded
    this.#ports = ports
    this.#resolve = resolve
    this.#target = input.target
    this.#startedAt = ports.now()
    this.#startedMs = ports.nowMs()
    // Nothing says when the request has arrived whole: until the answer begins only the whole time counts.
    const timeouts = { ...input.target.provider.timeouts, firstTokenMs: undefined }
    this.#deadline = new Deadline(timeouts, ports.nowMs, (limit, ms) => this.#expire(limit, ms))
  }

  start(): void {
    const { call, target, prepared } = this.#input
    const { method, upload, hasBody } = this.#forwarded
    if (call.signal.aborted) return this.#aborted()
    call.signal.addEventListener('abort', this.#aborted)
    const body = upload === undefined ? (hasBody ? prepared.body : undefined) : upload.body(target)
    const length = upload?.length(target)
    this.#flight = this.#ports.upstream.send(
      {
        origin: target.endpoint.origin,
        path: prepared.path,
        method,
        headers: length === undefined ? prepared.headers : { ...prepared.headers, 'content-length': String(length) },
        connectMs: target.provider.timeouts.connectMs,
        ...(body === undefined ? {} : { body }),
      },
      this,
    )
  }

  onHead(status: number, headers: ResponseHeaders): void {
    if (this.#settled) return
    this.#status = status
    this.#headers = headers
    if (!isGood(status)) return
    this.#firstByteMs = this.#ports.nowMs() - this.#startedMs
    this.#deadline.content()
    this.#nameModel()
    this.#tap = chooseTap(headers, this.#target.dialect.provider, this.#forwarded.isRaw)
    this.#forwarded.isStreamed = this.#tap.isStream
    if (!this.#tap.holds) this.#commit()
  }

  onData(chunk: Buffer): void {
    if (this.#settled) return
    this.#deadline.activity()
    this.#tap?.push(chunk)
    if (this.#committed) return this.#write(chunk)
    this.#held.push(chunk)
    this.#heldBytes += chunk.length
    if (this.#tap === undefined) {
      if (this.#heldBytes > errorBodyLimit) this.#refused()
    } else if (this.#heldBytes > heldLimit) {
      this.#commit()
    }
  }

  onEnd(): void {
    if (this.#settled) return
    if (this.#tap === undefined) return this.#refused()
    const whole = this.#committed ? undefined : Buffer.concat(this.#held)
    const usage = this.#tap.end(whole)
    const tail = whole === undefined ? noBytes : this.#readdressed(whole)
    const seen = { ...nothingSeen(), content: true, finished: true, usage }
    this.#finish({ type: 'answered', attempt: this.#attempt('ok', { usage }), head: this.#head(), tail, seen })
  }

  #readdressed(whole: Buffer): Buffer {
    const { id, gatewayUrl } = this.#forwarded
    return id === 'messages/batches' ? withOwnResultsUrl(whole, gatewayUrl, this.#target.provider.name) : whole
  }

  onError(error: Error): void {
    if (this.#settled) return
    const problem = this.#forwarded.upload?.problem
    if (this.#input.call.signal.aborted) return this.#aborted()
    if (problem?.code === 'client_closed_request')
      return this.#finish({ type: 'aborted', attempt: this.#attempt('aborted'), reason: problem })
    if (problem !== undefined) return this.#failed(gatewayFailure(problem, false))
    this.#failed(this.#expired ?? networkFailure(this.#target, error))
  }

  readonly #aborted = (): void => {
    const { reason } = this.#input.call.signal
    this.#flight?.abort(new Error('the call was aborted'))
    if (this.#settled) return
    if (this.#committed && reason instanceof GatewayError && reason.code !== 'client_closed_request')
      return this.#failed(gatewayFailure(reason, false))
    this.#finish({ type: 'aborted', attempt: this.#attempt('aborted'), reason })
  }

  /** A form may have told its model only while it was under way. */
  #nameModel(): void {
    const model = this.#forwarded.upload?.targetModel
    if (model !== undefined) this.#target = { ...this.#target, model }
  }

  #commit(): void {
    this.#committed = true
    this.#input.call.sink.head(this.#head())
    const held = this.#held
    this.#held = []
    for (const chunk of held) this.#write(chunk)
  }

  #write(chunk: Buffer): void {
    const { sink } = this.#input.call
    if (sink.write(chunk)) return
    this.#flight?.pause()
    this.#deadline.paused(true)
    sink.onDrain(() => {
      this.#deadline.paused(false)
      this.#flight?.resume()
    })
  }

  #head(): { status: number; headers: Record<string, string> } {
    const about = { target: this.#target, number: this.#input.number, isStream: this.#tap?.isStream === true }
    const headers = forwardHeaders(this.#headers, about, this.#forwarded.namesModel)
    return { status: this.#status ?? 200, headers: Object.assign(headers, this.#input.headers) }
  }

  /** Also a redirect: nobody is sent on to another address, which may be anybody's. */
  #refused(): void {
    const text = Buffer.concat(this.#held).toString('utf8')
    const failure = providerFailure(this.#target, { status: this.#status ?? 502, headers: this.#headers, body: text })
    const own = isOwnError(text) && (this.#status ?? 0) >= 400
    this.#failed(own ? { ...failure, body: this.#ports.scrub(text) } : failure)
    this.#flight?.abort(new Error('the provider refused'))
  }

  #failed(reported: Failed): void {
    const { call } = this.#input
    this.#nameModel()
    const failure = { ...reported, message: this.#ports.scrub(reported.message) }
    if (!this.#committed) return this.#finish({ type: 'failed', attempt: this.#attempt('error', { failure }), failure })
    const usage = this.#tap?.end(undefined)
    const tail = this.#tap?.isStream === true ? call.dialect.client?.encodeStreamError(failure, call.id) : undefined
    // Of bytes alone only a broken connection says that some are missing.
    if (tail === undefined) this.#forwarded.sever()
    this.#finish({
      type: 'broken',
      attempt: this.#attempt('broken', { failure, usage }),
      failure,
      tail: Buffer.from(tail ?? ''),
      seen: { ...nothingSeen(), content: true, usage },
    })
  }

  #expire(limit: Limit, ms: number): void {
    const { name } = this.#target.provider
    const what = limit === 'idleTimeout' ? 'fell silent' : 'was not done'
    const text = `Provider "${name}" ${what} within ${ms / 1000} s (providers[].${limit}).`
    this.#expired = gatewayFailure(new GatewayError('upstream_timeout', text), true)
    this.#flight?.abort(new Error(text))
    if (!this.#settled) this.onError(new Error(text))
  }

  #attempt(
    outcome: Attempt['outcome'],
    { failure, usage }: { failure?: Failed; usage?: Attempt['usage'] } = {},
  ): Attempt {
    return {
      number: this.#input.number,
      target: this.#target,
      startedAt: this.#startedAt,
      durationMs: this.#ports.nowMs() - this.#startedMs,
      firstTokenMs: this.#firstByteMs,
      outcome,
      status: this.#status,
      errorCode: failure?.code ?? failure?.type,
      usage,
      outputEstimate: 0,
      produced: this.#tap !== undefined,
    }
  }

  #finish(result: ExchangeResult): void {
    if (this.#settled) return
    this.#settled = true
    this.#deadline.stop()
    this.#input.call.signal.removeEventListener('abort', this.#aborted)
    this.#forwarded.upload?.close()
    this.#resolve(result)
  }
}

function isGood(status: number): boolean {
  return status >= 200 && status < 300
}

/** In a shape that the client's SDK reads as it stands. */
function isOwnError(text: string): boolean {
  return isObject(asObject(parseJson(text))?.['error'])
}

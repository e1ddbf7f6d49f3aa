import { hedgeLost } from '../stores/ledger.ts'
import type { Attempt, Call, ReplyHead, Target } from './call.ts'
import type { ExchangeResult } from './exchange.ts'
import type { Failed } from './failure.ts'
import { isFinal } from './hedge-policy.ts'
import type { Sink } from './sink.ts'

/** A longer setTimeout fires at once. */
const longestTimerMs = 2 ** 31 - 1

export interface RaceInput {
  call: Call
  delayMs: number
  first: (call: Call) => Promise<ExchangeResult>
  /** Asked once when the delay is over; undefined: there is to be no second request. Rejects never. */
  second: () => Promise<SecondRequest | undefined>
  /** The second request ran into a mistake of ours: it is as if there were none. */
  onUnexpected: (error: unknown) => void
}

export interface SecondRequest {
  target: Target
  /** Right before it is sent: the last chance to say no. */
  mayBegin: () => boolean
  ask: (call: Call) => Promise<ExchangeResult>
}

export interface Raced {
  /** In the order they began. */
  attempts: Attempt[]
  /** Of whoever answered first; where nobody did, of the first. */
  result: ExchangeResult
  /** The second request; undefined where none was made. */
  second: { target: Target; result: ExchangeResult; won: boolean } | undefined
  /** The first request was cut off by the second. */
  isFirstCut: boolean
}

/** A request, and after a delay without content another beside it: the first content wins, the other ends at once. */
export function race(input: RaceInput): Promise<Raced> {
  return new Race(input).run()
}

class Race {
  readonly #input: RaceInput
  readonly #first: Lane
  #second: (Lane & { target: Target }) | undefined
  #winner: Lane | undefined
  /** Nobody may set out any more. */
  #isClosed = false
  #timer: NodeJS.Timeout | undefined

  constructor(input: RaceInput) {
    this.#input = input
    this.#first = this.#lane()
  }

  async run(): Promise<Raced> {
    const { call, delayMs, first } = this.#input
    const onAbort = (): void => this.#abortBoth(call.signal.reason)
    call.signal.addEventListener('abort', onAbort)
    if (call.signal.aborted) onAbort()
    this.#timer = setTimeout(() => void this.#startSecond(), Math.min(delayMs, longestTimerMs))
    try {
      this.#first.result = this.#run(this.#first, first)
      const result = await this.#first.result
      this.#close()
      return this.#raced(result, await this.#resultOfSecond())
    } catch (error) {
      // Without this one the other has nobody to answer.
      this.#abortBoth(error)
      throw error
    } finally {
      this.#close()
      call.signal.removeEventListener('abort', onAbort)
    }
  }

  #lane(): Lane {
    const lane: Lane = new Lane(this.#input.call, (head) => {
      this.#win(lane)
      // It counts the attempts from its own place.
      head.headers['x-gateway-attempts'] = this.#second === undefined ? '1' : '2'
    })
    return lane
  }

  async #startSecond(): Promise<void> {
    const second = await this.#input.second()
    if (second === undefined || this.#isClosed || !second.mayBegin()) return
    this.#second = Object.assign(this.#lane(), { target: second.target })
    this.#second.result = this.#run(this.#second, second.ask)
    // The first is waited for before: until then nobody else hears of it, which would end the process.
    this.#second.result.catch(() => {})
  }

  async #resultOfSecond(): Promise<ExchangeResult | undefined> {
    try {
      return await this.#second?.result
    } catch (error) {
      if (this.#winner === this.#second) throw error
      this.#input.onUnexpected(error)
      return undefined
    }
  }

  async #run(lane: Lane, ask: (call: Call) => Promise<ExchangeResult>): Promise<ExchangeResult> {
    const result = await ask(lane.call)
    if (result.type === 'answered' || result.type === 'broken') this.#win(lane)
    if (result.type === 'failed' && lane === this.#first && isFinal(result.failure)) this.#win(lane)
    return result
  }

  /** Nothing waits between the first content and the end of the other. */
  #win(lane: Lane): void {
    if (this.#winner !== undefined) return
    this.#winner = lane
    this.#close()
    const loser = lane === this.#first ? this.#second : this.#first
    loser?.lose()
  }

  #close(): void {
    this.#isClosed = true
    clearTimeout(this.#timer)
  }

  #abortBoth(reason: unknown): void {
    this.#close()
    this.#first.abort(reason)
    this.#second?.abort(reason)
  }

  #raced(first: ExchangeResult, second: ExchangeResult | undefined): Raced {
    this.#first.mark(first)
    if (second === undefined || this.#second === undefined) {
      return { attempts: [first.attempt], result: first, second: undefined, isFirstCut: false }
    }
    this.#second.mark(second)
    const won = this.#winner === this.#second
    const answered = won ? second : first
    // Where the client hung up that is what came of the call, whatever one of them had said before.
    const result = this.#winner === undefined && second.type === 'aborted' ? second : answered
    if (result.type === 'answered') result.head.headers['x-gateway-attempts'] = '2'
    return {
      attempts: [first.attempt, second.attempt],
      result,
      second: { target: this.#second.target, result: second, won },
      isFirstCut: this.#first.hasLost && first.type === 'aborted',
    }
  }
}

/** One of the two: the call with an end of its own, and a way to the client that opens for whoever is first. */
class Lane {
  readonly call: Call
  readonly #controller = new AbortController()
  result: Promise<ExchangeResult> | undefined
  hasLost = false

  constructor(call: Call, onHead: (head: ReplyHead) => void) {
    this.call = { ...call, signal: this.#controller.signal, sink: new GateSink(call.sink, onHead) }
  }

  abort(reason: unknown): void {
    this.#controller.abort(reason)
  }

  lose(): void {
    this.hasLost = true
    this.abort(new Error('another provider was faster'))
  }

  /** Providers bill the prompt they took in, whoever was faster; one that has begun to refuse it bills nothing. */
  mark(result: ExchangeResult): void {
    if (!this.hasLost || result.type !== 'aborted') return
    const { attempt } = result
    attempt.errorCode = hedgeLost
    const isRefused = attempt.status !== undefined && attempt.status >= 300
    if (result.isSent !== false && !isRefused) attempt.produced = true
  }
}

/** Tells of the head before it is sent; nothing comes before the head. */
class GateSink implements Sink {
  readonly #sink: Sink
  readonly #onHead: (head: ReplyHead) => void

  constructor(sink: Sink, onHead: (head: ReplyHead) => void) {
    this.#sink = sink
    this.#onHead = onHead
  }

  get headSent(): boolean {
    return this.#sink.headSent
  }

  head(head: ReplyHead): void {
    this.#onHead(head)
    this.#sink.head(head)
  }

  write(bytes: Uint8Array): boolean {
    return this.#sink.write(bytes)
  }

  onDrain(resume: () => void): void {
    this.#sink.onDrain(resume)
  }

  end(bytes: Uint8Array): void {
    this.#sink.end(bytes)
  }
}

/** Of a race that nobody won, why the second failed. */
export function failureOf({ second }: Raced): { target: Target; failure: Failed } | undefined {
  if (second === undefined || second.result.type !== 'failed') return undefined
  return { target: second.target, failure: second.result.failure }
}

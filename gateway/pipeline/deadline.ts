import type { Timeouts } from '../providers/types.ts'

/** A longer setTimeout fires at once. */
const longestTimerMs = 2 ** 31 - 1

export type Limit = 'ttftTimeout' | 'idleTimeout' | 'timeout'

/**
 * One timer for an attempt's three limits (first content, silence, all in all). Activity only notes the time; the timer
 * looks at it when it fires, so a stream of many small pieces costs no timer work per piece.
 */
export class Deadline {
  readonly #timeouts: Timeouts
  readonly #expire: (limit: Limit, ms: number) => void
  readonly #startedMs: number
  readonly #nowMs: () => number
  #timer: NodeJS.Timeout | undefined
  #lastMs: number
  #hasContent = false
  #paused = false

  constructor(timeouts: Timeouts, nowMs: () => number, expire: (limit: Limit, ms: number) => void) {
    this.#timeouts = timeouts
    this.#expire = expire
    this.#nowMs = nowMs
    this.#startedMs = this.#lastMs = nowMs()
    this.#arm(this.#startedMs)
  }

  activity(): void {
    this.#lastMs = this.#nowMs()
  }

  /** From now on silence counts. */
  content(): void {
    if (this.#hasContent) return
    this.#hasContent = true
    this.activity()
  }

  /** While the client is slower than the provider, silence is our own doing. */
  paused(is: boolean): void {
    this.#paused = is
    this.activity()
  }

  stop(): void {
    clearTimeout(this.#timer)
  }

  /** Never later than a silence could end, so that `content` need not touch the timer. */
  #arm(now: number): void {
    const delayMs = Math.min(this.#next(now).leftMs, this.#timeouts.idleMs, longestTimerMs)
    this.#timer = setTimeout(() => this.#check(), Math.max(1, Math.ceil(delayMs)))
  }

  #check(): void {
    const now = this.#nowMs()
    const { limit, leftMs, ms } = this.#next(now)
    if (leftMs > 0) return this.#arm(now)
    this.#expire(limit, ms)
  }

  /** The limit that ends first. */
  #next(now: number): { limit: Limit; leftMs: number; ms: number } {
    const { totalMs, idleMs, firstTokenMs } = this.#timeouts
    let next: { limit: Limit; leftMs: number; ms: number } = {
      limit: 'timeout',
      leftMs: this.#startedMs + totalMs - now,
      ms: totalMs,
    }
    const consider = (limit: Limit, ms: number, since: number): void => {
      const leftMs = since + ms - now
      if (leftMs < next.leftMs) next = { limit, leftMs, ms }
    }
    if (!this.#hasContent && firstTokenMs !== undefined) consider('ttftTimeout', firstTokenMs, this.#startedMs)
    // Before the first content a provider may think in silence for long: that is what ttftTimeout bounds.
    if (this.#hasContent) consider('idleTimeout', idleMs, this.#paused ? now : this.#lastMs)
    return next
  }
}

/** Fewer say nothing of the slowest twentieth. */
export const fewestSamples = 20
export const windowSize = 200
/** What a provider did longer ago says little of how it does now. */
export const windowMs = 6 * 3_600_000
/** Sorting at every call would be in vain: so many new ones hardly move the percentile. */
const refreshEvery = 8

/**
 * How long the last calls took, milliseconds. A call that was cut off adds the time until then, a lower bound: that is
 * enough, because it was cut off beyond the percentile, and how far beyond does not move it.
 */
export class LatencyWindow {
  readonly #durations = new Float64Array(windowSize)
  readonly #times = new Float64Array(windowSize)
  #count = 0
  #next = 0
  #sinceRefresh = 0
  #known: number | undefined

  /** `nowMs` on the monotonic clock. */
  add(durationMs: number, nowMs: number): void {
    this.#durations[this.#next] = durationMs
    this.#times[this.#next] = nowMs
    this.#next = (this.#next + 1) % windowSize
    this.#count = Math.min(this.#count + 1, windowSize)
    this.#sinceRefresh += 1
  }

  /** The time within which 95 % were there (nearest rank); undefined while too few are known. */
  p95(nowMs: number): number | undefined {
    if (this.#known !== undefined && this.#sinceRefresh < refreshEvery && !this.#isStale(nowMs)) return this.#known
    this.#sinceRefresh = 0
    const current = this.#durations.subarray(0, this.#count).filter((_, index) => this.#isCurrent(index, nowMs))
    this.#known = percentile(current, 0.95)
    return this.#known
  }

  /** The newest is old: so are all. */
  #isStale(nowMs: number): boolean {
    return !this.#isCurrent((this.#next + windowSize - 1) % windowSize, nowMs)
  }

  #isCurrent(index: number, nowMs: number): boolean {
    return nowMs - (this.#times[index] ?? -Infinity) <= windowMs
  }
}

function percentile(durations: Float64Array, share: number): number | undefined {
  if (durations.length < fewestSamples) return undefined
  return durations.toSorted()[Math.ceil(share * durations.length) - 1]
}

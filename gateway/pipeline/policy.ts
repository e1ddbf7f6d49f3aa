/** What to do after a failed attempt: pure, so that it can be read and tested as a table. */

export interface AttemptFailure {
  /** The same target may succeed if asked again soon. */
  retryable: boolean
  /** Another target may succeed. */
  fallback: boolean
  /** The target asked for patience: more calls now only make it worse. */
  busy: boolean
  retryAfterMs: number | undefined
}

export interface PolicyState {
  /** Attempts made so far in this call, the failed one included. */
  attempts: number
  maxAttempts: number
  /** Retries made on the current target. */
  retries: number
  maxRetries: number
  /** Whether another target is left. */
  hasNext: boolean
}

export type Step = { type: 'retry'; delayMs: number } | { type: 'next' } | { type: 'stop' }

export const backoffBaseMs = 500
export const backoffCapMs = 8000
/** A longer retry-after is not worth holding the client for: it gets the answer and the header. */
export const retryAfterCapMs = 20_000

/** `random` in [0, 1). */
export function nextStep(state: PolicyState, failure: AttemptFailure, random: number): Step {
  if (state.attempts >= state.maxAttempts) return { type: 'stop' }
  const canMove = failure.fallback && state.hasNext
  if (canMove && (failure.busy || !failure.retryable)) return { type: 'next' }
  if (failure.retryable && state.retries < state.maxRetries) {
    const delayMs = retryDelayMs(state.retries, failure.retryAfterMs, random)
    if (delayMs !== undefined) return { type: 'retry', delayMs }
  }
  return canMove ? { type: 'next' } : { type: 'stop' }
}

/** Full jitter (AWS, "Exponential Backoff And Jitter"); undefined when the provider asks for more than the cap. */
export function retryDelayMs(retries: number, retryAfterMs: number | undefined, random: number): number | undefined {
  if (retryAfterMs !== undefined) return retryAfterMs > retryAfterCapMs ? undefined : retryAfterMs
  return Math.round(random * Math.min(backoffCapMs, backoffBaseMs * 2 ** retries))
}

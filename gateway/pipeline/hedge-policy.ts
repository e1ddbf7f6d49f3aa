import type { Breaker } from './breaker.ts'
import type { Route, Target } from './call.ts'
import type { AttemptFailure } from './policy.ts'

/** When a second request may be made beside a slow first one: pure, so that it can be read and tested as a table. */

/** Whether calls that came this way are watched at all. */
export function isWatched({ alias }: Pick<Route, 'alias'>, aliases: ReadonlySet<string> | undefined): boolean {
  return aliases === undefined || (alias !== undefined && aliases.has(alias))
}

/** Who would be asked beside `targets[index]`: the next one after it that may be. */
export function secondTarget(
  targets: readonly Target[],
  index: number,
  breaker: Pick<Breaker, 'opensInMs'>,
): Target | undefined {
  const first = targets[index]
  if (first === undefined || !mayBeHedged(first)) return undefined
  for (let at = index + 1; at < targets.length; at += 1) {
    const target = targets[at]
    if (target !== undefined && target.key !== first.key && mayHedge(target, breaker)) return target
  }
  return undefined
}

/** What costs nothing (counting tokens) is quick and not worth a second request. */
function mayBeHedged({ dialect }: Target): boolean {
  return dialect.provider?.isFree !== true
}

function mayHedge(target: Target, breaker: Pick<Breaker, 'opensInMs'>): boolean {
  // A stand-in is for failures: nobody asked for another model because the one they want takes its time.
  if (target.substituted || target.provider.problem !== undefined || !mayBeHedged(target)) return false
  return breaker.opensInMs(target.key) === 0
}

/** The first target has refused the request itself: so would the client be told without a second one. */
export function isFinal({ retryable, fallback }: AttemptFailure): boolean {
  return !retryable && !fallback
}

/** After a quiet stretch so many second requests may be made at once. */
export const creditCap = 10

/** In whole millionths: ten tenths make one. */
const millionths = 1_000_000

/** A share of all calls, kept as credit: each call adds its share, each second request takes one. Begins with none. */
export class HedgeCredit {
  readonly #share: number
  #credit = 0

  /** `maxRate` in (0, 1]. */
  constructor(maxRate: number) {
    this.#share = Math.round(maxRate * millionths)
  }

  add(): void {
    this.#credit = Math.min(this.#credit + this.#share, creditCap * millionths)
  }

  get isEnough(): boolean {
    return this.#credit >= millionths
  }

  take(): void {
    this.#credit -= millionths
  }
}

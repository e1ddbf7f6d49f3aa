import type { HedgeConfig } from '../config/hedge.ts'
import type { Breaker } from './breaker.ts'
import type { Call, Route, Target } from './call.ts'
import { HedgeCredit, isWatched, secondTarget } from './hedge-policy.ts'
import type { Raced } from './hedge-race.ts'
import { isRepeatable } from './hedge-repeatable.ts'
import { LatencyWindow } from './hedge-window.ts'

/** What came of a second request, or why there was none: a label of the metrics. */
export type HedgeOutcome = 'won' | 'lost' | 'failed' | 'aborted' | 'over_rate' | 'over_budget'

/** Second requests beside slow first ones: what is measured for them, and how many there may be. */
export interface Hedging {
  /** Once per call, before its first request; undefined: whatever happens, no second one is made. */
  watch: (call: Call, route: Route, index: number) => Watch | undefined
}

export interface Watch {
  /** Who would be asked too. */
  second: Target
  /** undefined: not enough is known yet. */
  delayMs: number | undefined
  credit: HedgeCredit
  /** Whether calls fail there now and then: that is no place to ask for the sake of speed. */
  isSound: () => boolean
  /** What came of the first request; `isCut`: it would have taken longer. */
  measure: (raced: Pick<Raced, 'result' | 'isFirstCut' | 'attempts'>) => void
  tell: (outcome: HedgeOutcome) => void
  onUnexpected: (error: unknown) => void
}

export interface HedgePorts {
  breaker: Breaker
  /** Milliseconds, monotonic. */
  nowMs: () => number
  onHedge: (told: { call: Call; target: Target; outcome: HedgeOutcome; delayMs: number | undefined }) => void
  onUnexpected: (error: unknown, call: Call) => void
}

/** Clients choose model names: what is measured must not grow with what they make up. */
const windowLimit = 1000

export function createHedging({ after, maxRate, aliases }: HedgeConfig, ports: HedgePorts): Hedging {
  const { breaker, nowMs } = ports
  const watched = aliases === undefined ? undefined : new Set(aliases)
  const credit = new HedgeCredit(maxRate)
  const windows = new Map<string, LatencyWindow>()

  function windowOf(key: string): LatencyWindow {
    let window = windows.get(key)
    if (window !== undefined) return window
    if (windows.size >= windowLimit) windows.clear()
    windows.set(key, (window = new LatencyWindow()))
    return window
  }

  return {
    watch(call, route, index) {
      const { alias, targets } = route
      const first = targets[index]
      if (first === undefined || !isWatched(route, watched)) return undefined
      const second = secondTarget(targets, index, breaker)
      if (second === undefined || !isRepeatable(call, [first, second])) return undefined
      credit.add()
      // Of a stream the first content is waited for, of a whole answer its end.
      const window = after === 'p95' ? windowOf(`${call.stream ? 'stream' : 'whole'} ${alias ?? first.key}`) : undefined
      const delayMs = after === 'p95' ? window?.p95(nowMs()) : after
      return {
        second,
        delayMs,
        credit,
        isSound: () => breaker.open().every(({ key }) => key !== second.key),
        measure({ attempts: [attempt], result, isFirstCut }) {
          if (attempt === undefined || window === undefined) return
          const hasAnswered = result.attempt === attempt && (result.type === 'answered' || result.type === 'broken')
          if (hasAnswered || isFirstCut) window.add(attempt.firstTokenMs ?? attempt.durationMs, nowMs())
        },
        tell: (outcome) => ports.onHedge({ call, target: second, outcome, delayMs }),
        onUnexpected: (error) => ports.onUnexpected(error, call),
      }
    },
  }
}

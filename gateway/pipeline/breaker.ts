/**
 * A circuit breaker per provider and model: after `failureThreshold` failures in a row nobody asks for a while, then one
 * call tries. It is fed with what really came of a call, also when a 200 carried an error or a stream broke.
 */
export interface Breaker {
  /** Whether the target may be asked now. true may be the one probe of a half-open circuit: report what came of it. */
  allows(key: string): boolean
  /** Milliseconds until `allows` may be true again; 0 when closed. */
  opensInMs(key: string): number
  report(key: string, outcome: 'success' | 'failure' | 'neutral'): void
  /** Open circuits, for /ready and metrics. */
  open(): { key: string; opensInMs: number; failures: number }[]
}

interface Circuit {
  failures: number
  /** Monotonic milliseconds; undefined while closed. */
  openUntilMs: number | undefined
  /** How often it opened in a row: each time twice as long. */
  openings: number
  probing: boolean
}

export const failureThreshold = 5
const circuitLimit = 1000
export const openBaseMs = 10_000
export const openCapMs = 120_000

function forgetClosed(circuits: Map<string, Circuit>): void {
  for (const [key, circuit] of circuits) if (circuit.openUntilMs === undefined) circuits.delete(key)
}

/**
 * `isOpenElsewhere`: another gateway has given this target up. Then one failure of our own is enough: it may not be
 * believed unseen, because it could be that gateway's network that fails.
 */
export function createBreaker(
  nowMs: () => number,
  onChange: (key: string, open: boolean) => void,
  isOpenElsewhere: (key: string) => boolean = () => false,
): Breaker {
  const circuits = new Map<string, Circuit>()

  const trip = (key: string, circuit: Circuit): void => {
    circuit.openUntilMs = nowMs() + Math.min(openCapMs, openBaseMs * 2 ** circuit.openings)
    circuit.openings += 1
    onChange(key, true)
  }

  return {
    allows(key) {
      const circuit = circuits.get(key)
      if (circuit?.openUntilMs === undefined) return true
      if (circuit.probing || nowMs() < circuit.openUntilMs) return false
      circuit.probing = true
      return true
    },
    opensInMs(key) {
      const until = circuits.get(key)?.openUntilMs
      return until === undefined ? 0 : Math.max(0, until - nowMs())
    },
    report(key, outcome) {
      const circuit = circuits.get(key)
      if (outcome === 'success') {
        if (circuit === undefined) return
        if (circuit.openUntilMs !== undefined) onChange(key, false)
        circuits.delete(key)
        return
      }
      if (outcome === 'neutral') {
        if (circuit !== undefined) circuit.probing = false
        return
      }
      const failed = circuit ?? { failures: 0, openUntilMs: undefined, openings: 0, probing: false }
      failed.failures += 1
      // Clients choose model names: circuits must not grow with what they make up.
      if (circuits.size >= circuitLimit && circuit === undefined) forgetClosed(circuits)
      circuits.set(key, failed)
      const wasProbe = failed.probing
      failed.probing = false
      const isClosed = failed.openUntilMs === undefined
      if (wasProbe || (isClosed && (failed.failures >= failureThreshold || isOpenElsewhere(key)))) trip(key, failed)
    },
    open() {
      return [...circuits]
        .filter(([, circuit]) => circuit.openUntilMs !== undefined)
        .map(([key, { failures, openUntilMs }]) => ({
          key,
          failures,
          opensInMs: Math.max(0, (openUntilMs ?? 0) - nowMs()),
        }))
    },
  }
}

import type { Counter, Demand, Limit, LimitState, Verdict } from './counter.ts'

/** A counter that answers at once. */
export interface MemoryCounter extends Counter {
  take(demands: Demand[]): Verdict
  settle(demands: Demand[]): void
  peek(limits: Limit[]): LimitState[]
  /** Goes on from what another counter, the common one, said of this limit. */
  adopt(limit: Limit, window: { used: number; resetMs: number }): void
}

/** A fixed window: begins with the first take after the last one ended, so an idle limit is a full one. */
interface Window {
  startedAt: number
  windowMs: number
  used: number
}

/** How often windows that ended are dropped; they count as absent before that. */
const sweepMs = 60_000

/** Counts in this process: synchronous, so nothing can come between asking and taking. `now` is in milliseconds. */
export function createMemoryCounter({ now }: { now: () => number }): MemoryCounter {
  const windows = new Map<string, Window>()
  let nextSweep = now() + sweepMs

  function current(limit: Limit, at: number): Window | undefined {
    const window = windows.get(limit.id)
    return window === undefined || hasEnded(window, limit.windowMs, at) ? undefined : window
  }

  function opened(limit: Limit, at: number): Window {
    const open = current(limit, at)
    if (open !== undefined) return open
    const window = { startedAt: at, windowMs: limit.windowMs, used: 0 }
    windows.set(limit.id, window)
    return window
  }

  function take(demands: Demand[]): Verdict {
    const at = now()
    if (at >= nextSweep) sweep(at)
    const refused = refusal(demands, at)
    if (refused !== undefined) return { allowed: false, refused, states: statesOf(demands, at) }
    const states: LimitState[] = []
    for (const demand of demands) {
      const window = opened(demand, at)
      window.used += demand.amount
      states.push(stateOf(demand, window, at))
    }
    return { allowed: true, states }
  }

  /** The limit that says no; of several the one that frees last, because until then trying again is in vain. */
  function refusal(demands: Demand[], at: number): LimitState | undefined {
    let worst: LimitState | undefined
    for (const demand of demands) {
      const window = current(demand, at)
      if ((window?.used ?? 0) + demand.amount <= demand.limit) continue
      const state = stateOf(demand, window, at)
      if (worst === undefined || state.resetMs > worst.resetMs) worst = state
    }
    return worst
  }

  function statesOf(limits: Limit[], at: number): LimitState[] {
    return limits.map((limit) => stateOf(limit, current(limit, at), at))
  }

  function settle(demands: Demand[]): void {
    const at = now()
    for (const demand of demands) {
      const window = current(demand, at)
      if (window === undefined || (demand.takenAt ?? at) < window.startedAt) continue
      window.used = Math.max(0, window.used + demand.amount)
    }
  }

  function sweep(at: number): void {
    nextSweep = at + sweepMs
    for (const [id, window] of windows) {
      if (hasEnded(window, window.windowMs, at)) windows.delete(id)
    }
  }

  function adopt({ id, windowMs }: Limit, { used, resetMs }: { used: number; resetMs: number }): void {
    const at = now()
    if (at >= nextSweep) sweep(at)
    windows.set(id, { startedAt: at + resetMs - windowMs, windowMs, used })
  }

  return { take, settle, adopt, peek: (limits) => statesOf(limits, now()) }
}

/** By the length that is configured now: after a reload a shorter window ends sooner. */
function hasEnded(window: Window, windowMs: number, at: number): boolean {
  return at >= window.startedAt + windowMs
}

function stateOf({ id, unit, limit, windowMs }: Limit, window: Window | undefined, at: number): LimitState {
  const used = window?.used ?? 0
  const resetMs = window === undefined ? windowMs : window.startedAt + windowMs - at
  return { id, unit, limit, remaining: Math.max(0, limit - used), resetMs }
}

import type { MemoryCounter } from './counter-memory.ts'
import { OwedCounts } from './counter-redis-owed.ts'
import { settleScript, takeScript } from './counter-redis-scripts.ts'
import type { Counter, Demand, Limit, LimitState, Verdict } from './counter.ts'
import { answerMs, type RedisLink } from './redis-link.ts'

export interface RedisCounterPorts {
  link: RedisLink
  /** Gateways with the same one count together. */
  prefix: string
  /** Counts while Redis is away, from where Redis was. */
  local: MemoryCounter
  /** This machine's clock, milliseconds. */
  now: () => number
  /** In place of the server's clock. */
  serverNow?: () => number
}

/**
 * Counts for all gateways on one Redis. While it is away this process counts for itself, and tells Redis what it
 * counted when it answers again: what several gateways let through meanwhile may be above a limit, nothing is forgotten.
 */
export function createRedisCounter({ link, prefix, local, now, serverNow }: RedisCounterPorts): Counter {
  const owed = new OwedCounts(now)
  const keyOf = ({ id }: Limit): string => `{${prefix}:limits}:${id}`
  const time = (): string | number => serverNow?.() ?? ''

  async function take(demands: Demand[]): Promise<Verdict> {
    const decided = await decide('take', demands, (reply) => {
      // Redis counted after all, beside what was counted here.
      if (reply.fits) owed.add(demands, -1)
    })
    if (decided === undefined) return takeHere(demands)
    const states = demands.map((demand, index) => stateOf(demand, decided.windows[index]))
    if (decided.fits) return { allowed: true, states }
    const refused = refusal(demands, decided.windows, states)
    return refused === undefined ? takeHere(demands) : { allowed: false, refused, states }
  }

  function takeHere(demands: Demand[]): Verdict {
    const verdict = local.take(demands)
    if (verdict.allowed) owed.add(demands, 1)
    return verdict
  }

  async function settle(demands: Demand[]): Promise<void> {
    const at = now()
    const args = demands.flatMap(({ windowMs, amount, takenAt }) => [
      windowMs,
      amount,
      takenAt === undefined ? '' : at - takenAt,
    ])
    local.settle(demands)
    try {
      // A window begins a little after the call that opens it was taken here: by at most what a take may last.
      const onLate = (): void => owed.add(demands, -1)
      await link.run(settleScript, { keys: demands.map(keyOf), args: [time(), answerMs, ...args], onLate })
    } catch {
      owed.add(demands, 1)
    }
  }

  async function peek(limits: Limit[]): Promise<LimitState[]> {
    const decided = await decide(
      'peek',
      limits.map((limit) => ({ ...limit, amount: 0 })),
    )
    if (decided === undefined) return local.peek(limits)
    return limits.map((limit, index) => stateOf(limit, decided.windows[index]))
  }

  /** undefined: Redis is away. */
  async function decide(
    mode: 'take' | 'add' | 'peek',
    demands: Demand[],
    onLate?: (reply: Reply) => void,
  ): Promise<Reply | undefined> {
    if (demands.length === 0) return { fits: true, windows: [] }
    const amounts = demands.flatMap(({ limit, windowMs, amount }) => [limit, windowMs, amount])
    try {
      const reply = readReply(
        await link.run(takeScript, {
          keys: demands.map(keyOf),
          args: [time(), mode, ...amounts],
          ...(onLate === undefined ? {} : { onLate: (late: unknown) => onLate(readReply(late)) }),
        }),
      )
      for (const [index, demand] of demands.entries()) adopt(demand, reply.windows[index])
      return reply
    } catch {
      return undefined
    }
  }

  /** Should Redis go away now, counting goes on from here. */
  function adopt(limit: Limit, window: WindowState | undefined): void {
    if (window !== undefined && window.used > 0) local.adopt(limit, { used: window.used, resetMs: window.resetMs })
  }

  link.onHealed(() => {
    const demands = owed.collect()
    void decide('add', demands, () => owed.add(demands, -1)).then((told) => {
      if (told === undefined) owed.add(demands, 1)
    })
  })

  return { take, settle, peek }
}

interface WindowState {
  used: number
  resetMs: number
}

interface Reply {
  fits: boolean
  windows: WindowState[]
}

function readReply(reply: unknown): Reply {
  const [fits, ...numbers] = Array.isArray(reply) ? reply.map((each) => Number(String(each))) : []
  const windows = Array.from({ length: numbers.length / 2 }, (_, index) => ({
    used: numbers[2 * index] ?? 0,
    resetMs: numbers[2 * index + 1] ?? 0,
  }))
  return { fits: fits === 1, windows }
}

function stateOf({ id, unit, limit, windowMs }: Limit, window: WindowState | undefined): LimitState {
  const { used, resetMs } = window ?? { used: 0, resetMs: windowMs }
  return { id, unit, limit, remaining: Math.max(0, limit - used), resetMs }
}

/** The limit that says no; of several the one that frees last, because until then trying again is in vain. */
function refusal(demands: Demand[], windows: WindowState[], states: LimitState[]): LimitState | undefined {
  let worst: LimitState | undefined
  for (const [index, { amount, limit }] of demands.entries()) {
    const state = states[index]
    if (state === undefined || (windows[index]?.used ?? 0) + amount <= limit) continue
    if (worst === undefined || state.resetMs > worst.resetMs) worst = state
  }
  return worst
}

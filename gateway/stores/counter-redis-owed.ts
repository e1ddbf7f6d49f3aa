import type { Demand } from './counter.ts'

/** More limits than that are not kept in mind: client keys are configured, so there are never so many. */
const mostLimits = 10_000

/** What was counted here and not in Redis (or the other way round: less than nothing), to be told when it is back. */
export class OwedCounts {
  readonly #now: () => number
  #owed = new Map<string, { demand: Demand; since: number }>()

  constructor(now: () => number) {
    this.#now = now
  }

  add(demands: readonly Demand[], sign: 1 | -1): void {
    const at = this.#now()
    for (const demand of demands) {
      const before = this.#owed.get(demand.id)
      const isOver = before !== undefined && at >= before.since + demand.windowMs
      const amount = (isOver ? 0 : (before?.demand.amount ?? 0)) + sign * demand.amount
      if (before === undefined && this.#owed.size >= mostLimits) continue
      this.#owed.set(demand.id, {
        demand: { ...demand, amount },
        since: isOver ? at : (before?.since ?? at),
      })
    }
  }

  /** What is still worth telling; nothing is owed after it. */
  collect(): Demand[] {
    const at = this.#now()
    const demands = [...this.#owed.values()]
      .filter(({ demand, since }) => demand.amount !== 0 && at < since + demand.windowMs)
      .map(({ demand }) => demand)
    this.#owed = new Map()
    return demands
  }
}

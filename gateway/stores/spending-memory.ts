import { hasRoom, type Account, type AccountState, type SpendChange } from './spending.ts'
import type { SpendDemand, Spending, SpendVerdict } from './spending.ts'

interface Sums {
  startsAt: number
  spentNanoUsd: number
  heldNanoUsd: number
}

/** The accounts of this process alone. Nothing in here waits, so nothing comes between a look and a hold. */
export function createMemorySpending(): Spending {
  const accounts = new Map<string, Sums>()

  /** undefined: the period is over. */
  function sumsOf({ id, startsAt }: Account): Sums | undefined {
    const known = accounts.get(id)
    if (known !== undefined && known.startsAt >= startsAt) return known.startsAt === startsAt ? known : undefined
    const fresh = { startsAt, spentNanoUsd: 0, heldNanoUsd: 0 }
    accounts.set(id, fresh)
    return fresh
  }

  function stateOf(account: Account): AccountState {
    const { id, startsAt, endsAt, limitNanoUsd } = account
    const { spentNanoUsd = 0, heldNanoUsd = 0 } = sumsOf(account) ?? {}
    return { id, startsAt, endsAt, limitNanoUsd, spentNanoUsd, heldNanoUsd }
  }

  return {
    hold(demands: readonly SpendDemand[]): SpendVerdict {
      for (const demand of demands) {
        const state = stateOf(demand)
        if (!hasRoom(state, demand)) return { allowed: false, refused: state }
      }
      for (const demand of demands) {
        const sums = sumsOf(demand)
        if (sums !== undefined) sums.heldNanoUsd += demand.amountNanoUsd
      }
      return { allowed: true, states: demands.map(stateOf) }
    },
    settle(changes: readonly SpendChange[]): AccountState[] {
      return changes.flatMap((change) => {
        const sums = sumsOf(change)
        if (sums === undefined) return []
        sums.heldNanoUsd = Math.max(0, sums.heldNanoUsd - change.heldNanoUsd)
        sums.spentNanoUsd += change.spentNanoUsd
        return [stateOf(change)]
      })
    },
    peek: (wanted) => wanted.map(stateOf),
    load(spent) {
      for (const { account, spentNanoUsd } of spent) {
        const { id, startsAt } = account
        const known = accounts.get(id)
        const heldNanoUsd = known?.startsAt === startsAt ? known.heldNanoUsd : 0
        accounts.set(id, { startsAt, spentNanoUsd, heldNanoUsd })
      }
    },
  }
}

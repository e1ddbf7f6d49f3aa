import type { BudgetsConfig } from '../config/budgets.ts'
import type { AccountState } from '../stores/spending.ts'
import type { Budget } from './budget.ts'
import { levelText } from './words.ts'

/** What people are told of a budget, once per level and period. */
export interface BudgetNotice {
  budget: Budget
  level: 'near' | 'reached'
  spentNanoUsd: number
  limitNanoUsd: number
  /** Milliseconds since 1970. */
  resetsAt: number
  text: string
}

interface Told {
  startsAt: number
  limitNanoUsd: number
  rank: number
  endsAt: number
  budget: Budget
}

/** Remembers what was said. */
export class Levels {
  readonly #tell: (notice: BudgetNotice) => void
  readonly #told = new Map<string, Told>()
  #action: BudgetsConfig['action'] = 'block'
  #warnAt = 1

  constructor(tell: (notice: BudgetNotice) => void) {
    this.#tell = tell
  }

  configure(action: BudgetsConfig['action'], warnAt: number): void {
    this.#action = action
    this.#warnAt = warnAt
  }

  /** `known`: it was so before the process started, and was said then. */
  reached(budget: Budget, state: AccountState, { endsAt, how }: { endsAt: number; how: 'news' | 'known' }): void {
    const share = state.spentNanoUsd / state.limitNanoUsd
    const rank = share >= 1 ? 2 : share >= this.#warnAt ? 1 : 0
    this.#raise(budget, state, { rank, endsAt, isQuiet: how === 'known' })
  }

  /** Too little is left for a call: to whoever waits for it that is the end of the budget. */
  refused(budget: Budget, state: AccountState, endsAt: number): void {
    this.#raise(budget, state, { rank: 2, endsAt, isQuiet: false })
  }

  /** Those that had nothing left when last heard of, and whose period still runs. */
  usedUp(now: number): { budget: Budget; endsAt: number }[] {
    return [...this.#told.values()].filter(({ rank, endsAt }) => rank === 2 && now < endsAt)
  }

  #raise(
    budget: Budget,
    state: AccountState,
    { rank, endsAt, isQuiet }: { rank: number; endsAt: number; isQuiet: boolean },
  ): void {
    const { startsAt, limitNanoUsd, spentNanoUsd } = state
    const told = this.#told.get(budget.id)
    const isSame = told?.startsAt === startsAt && told.limitNanoUsd === limitNanoUsd
    if (rank <= (isSame ? told.rank : 0)) return
    this.#told.set(budget.id, { startsAt, limitNanoUsd, rank, endsAt, budget })
    if (isQuiet) return
    const level = rank === 2 ? 'reached' : 'near'
    const text = levelText(budget, state, level === 'near' ? '' : thenText(this.#action)).trim()
    this.#tell({ budget, level, spentNanoUsd, limitNanoUsd, resetsAt: endsAt, text })
  }
}

function thenText(action: BudgetsConfig['action']): string {
  if (action === 'block') return 'Calls that cost something are refused until it begins anew.'
  if (action === 'warn') return 'Calls go on: the action is only to warn.'
  return `Calls go on as "${action.degrade}".`
}

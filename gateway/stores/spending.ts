/**
 * What is spent of budgets, and what is held back for calls under way: of this process (memory), or of all gateways on
 * one Redis. Money is integers of 1e-9 USD.
 */
export interface Spending {
  /** All or nothing: holds in every account, or in none and says which refused. Exact under concurrency. */
  hold(demands: readonly SpendDemand[]): SpendVerdict | Promise<SpendVerdict>
  /**
   * Gives back what was held and adds what was really spent; an account may occur several times. Answers how the changed
   * accounts stand. Of a period that is over: nothing.
   */
  settle(changes: readonly SpendChange[]): AccountState[] | Promise<AccountState[]>
  /** State without a change. */
  peek(accounts: readonly Account[]): AccountState[] | Promise<AccountState[]>
  /**
   * What is spent, as the ledger of this process has it; what is held stays held. Where others spend as well, theirs
   * stays beside it, and no sum gets less. Its periods are the ones that run from now on, whatever was known: another time
   * zone's day may have begun earlier.
   */
  load(spent: readonly { account: Account; spentNanoUsd: number }[]): void | Promise<void>
}

/** One budget in one of its periods. A later `startsAt` than was known begins with nothing spent and nothing held. */
export interface Account {
  id: string
  /** When its period began, milliseconds since 1970. */
  startsAt: number
  /** When it ends. */
  endsAt: number
  limitNanoUsd: number
}

export interface SpendDemand extends Account {
  /** 0 where nobody knows: passes while anything is left, and holds nothing. */
  amountNanoUsd: number
  /** Held even where it does not fit. */
  isForced: boolean
}

export interface SpendChange extends Account {
  /** To be given back. */
  heldNanoUsd: number
  /** To be added. */
  spentNanoUsd: number
}

export interface AccountState extends Account {
  spentNanoUsd: number
  heldNanoUsd: number
}

export type SpendVerdict =
  | { allowed: true; states: AccountState[] }
  /** The first that said no, in the order of the demands. */
  | { allowed: false; refused: AccountState }

/** Whoever does not know the amount needs at least something to be left. */
export function hasRoom({ spentNanoUsd, heldNanoUsd }: AccountState, demand: SpendDemand): boolean {
  if (demand.isForced) return true
  return spentNanoUsd + heldNanoUsd + Math.max(1, demand.amountNanoUsd) <= demand.limitNanoUsd
}

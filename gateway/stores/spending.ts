/**
 * What is spent of budgets, and what is held back for calls under way. Memory now; anything that decides atomically can
 * stand here. Money is integers of 1e-9 USD.
 */
export interface Spending {
  /** All or nothing: holds in every account, or in none and says which refused. Exact under concurrency. */
  hold(demands: readonly SpendDemand[]): SpendVerdict | Promise<SpendVerdict>
  /** Gives back what was held and adds what was really spent. Of a period that is over: nothing. */
  settle(changes: readonly SpendChange[]): AccountState[] | Promise<AccountState[]>
  /** State without a change. */
  peek(accounts: readonly Account[]): AccountState[] | Promise<AccountState[]>
  /** Puts what is spent in place of what was known; what is held stays held. */
  load(spent: readonly { account: Account; spentNanoUsd: number }[]): void | Promise<void>
}

/** One budget in one of its periods. A later `startsAt` than was known begins with nothing spent and nothing held. */
export interface Account {
  id: string
  /** When its period began, milliseconds since 1970. */
  startsAt: number
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

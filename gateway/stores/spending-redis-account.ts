import type { Account, AccountState } from './spending.ts'

/** What this gateway knows of one account. 1e-9 USD. */
export interface KnownAccount {
  account: Account
  ownSpent: number
  /** For calls of this gateway under way. */
  ownHeld: number
  /** Asked of Redis to be held, and not answered yet. */
  asked: number
  /** As Redis had it last. */
  othersSpent: number
  othersHeld: number
  /** `ID=SPENT,...`, to be told to a Redis that forgot. */
  others: string
  /** Redis has heard of this gateway in this account. */
  isTold: boolean
}

/** One account of a reply of `accountsScript`. */
export interface ToldAccount {
  spent: number
  held: number
  ownSpent: number
  ownHeld: number
  wasKnown: boolean
  /** undefined: not asked for. */
  others: string | undefined
}

export interface AccountsReply {
  /** Index of the account that has no room. */
  refusedAt: number | undefined
  accounts: ToldAccount[]
}

const perAccount = 6

export function readAccountsReply(reply: unknown): AccountsReply {
  const [refused = '0', ...values] = Array.isArray(reply) ? reply.map(String) : []
  const accounts = Array.from({ length: Math.floor(values.length / perAccount) }, (_, index) => {
    const at = index * perAccount
    const [spent = 0, held = 0, ownSpent = 0, ownHeld = 0, known = 0] = values.slice(at, at + 5).map(Number)
    return { spent, held, ownSpent, ownHeld, wasKnown: known === 1, others: values[at + 5] || undefined }
  })
  return { refusedAt: refused === '0' ? undefined : Number(refused) - 1, accounts }
}

/** Accounts by id, each in the latest period that was asked for. */
export class KnownAccounts {
  readonly #known = new Map<string, KnownAccount>()

  /** undefined: its period is over. */
  of(account: Account): KnownAccount | undefined {
    const { id, startsAt } = account
    const known = this.#known.get(id)
    if (known !== undefined && known.account.startsAt >= startsAt) {
      return known.account.startsAt === startsAt ? known : undefined
    }
    const nothing = { ownSpent: 0, ownHeld: 0, asked: 0, othersSpent: 0, othersHeld: 0, others: '', isTold: false }
    const fresh = { account, ...nothing }
    this.#known.set(id, fresh)
    return fresh
  }

  /** From now on this is its period, whatever was known. */
  begin(account: Account): KnownAccount | undefined {
    const { id, startsAt } = account
    if (this.#known.get(id)?.account.startsAt !== startsAt) this.#known.delete(id)
    return this.of(account)
  }

  all(): KnownAccount[] {
    return [...this.#known.values()]
  }
}

/** As all gateways together stand, as far as it is known here. */
export function knownState(
  { ownSpent, ownHeld, othersSpent, othersHeld }: KnownAccount,
  account: Account,
): AccountState {
  return stateIn(account, ownSpent + othersSpent, ownHeld + othersHeld)
}

export function stateIn(account: Account, spentNanoUsd: number, heldNanoUsd: number): AccountState {
  const { id, startsAt, endsAt, limitNanoUsd } = account
  return { id, startsAt, endsAt, limitNanoUsd, spentNanoUsd, heldNanoUsd }
}

/** Takes over what Redis said. Returns false where it has forgotten what it was told. */
export function takeOver(known: KnownAccount, told: ToldAccount): boolean {
  const isKept = told.wasKnown || !known.isTold
  known.isTold = true
  known.othersSpent = told.spent - told.ownSpent
  known.othersHeld = told.held - told.ownHeld
  // This gateway's own, from before its ledger was lost.
  known.ownSpent = Math.max(known.ownSpent, told.ownSpent)
  known.others = told.others ?? known.others
  return isKept
}

import type { RedisLink } from './redis-link.ts'
import { KnownAccounts, knownState, readAccountsReply, stateIn, takeOver } from './spending-redis-account.ts'
import type { AccountsReply, KnownAccount, ToldAccount } from './spending-redis-account.ts'
import { accountsScript } from './spending-redis-script.ts'
import { hasRoom, type Account, type AccountState, type SpendChange } from './spending.ts'
import type { SpendDemand, Spending, SpendVerdict } from './spending.ts'

export interface RedisSpendingPorts {
  link: RedisLink
  /** Gateways with the same one spend together. */
  prefix: string
  /** Of this gateway's ledger, and of no other: what it spent is kept under it. */
  gatewayId: string
  /** Milliseconds since 1970. */
  now: () => number
  /** How long holds are believed of a gateway that is not heard any more. */
  leaseMs?: number
  /** In place of the server's clock. */
  serverNow?: () => number
}

/** Calls may take longer: what is held is renewed meanwhile. */
export const holdLeaseMs = 15_000
/** An account is kept so long after its period, for gateways whose clock is behind. */
const keepMs = 86_400_000

/** One account in one question. */
interface Asked<Of extends Account = Account> {
  account: Of
  known: KnownAccount
}

/**
 * Budgets that all gateways on one Redis spend from. Each gateway tells what it spent itself, and Redis adds it up. While
 * Redis is away this one goes on by what it knows, and tells what became of it when Redis answers again.
 */
export class RedisSpending implements Spending {
  readonly #ports: RedisSpendingPorts
  readonly #leaseMs: number
  readonly #known = new KnownAccounts()
  #renewal: NodeJS.Timeout | undefined
  /** How often all that is held was told. */
  #tellings = 0

  constructor(ports: RedisSpendingPorts) {
    this.#ports = ports
    this.#leaseMs = ports.leaseMs ?? holdLeaseMs
    // The first that is sent then, so that no call decides by a Redis that came back empty.
    ports.link.onHealed(() => this.#tellAll(this.#known.all()))
  }

  async hold(demands: readonly SpendDemand[]): Promise<SpendVerdict> {
    const asked = this.#current(demands)
    for (const { account, known } of asked) known.asked += account.amountNanoUsd
    this.#renewLater()
    const tellings = this.#tellings
    const reply = await this.#add(asked, ({ account }) => account.amountNanoUsd, limitOf)
    for (const { account, known } of asked) known.asked -= account.amountNanoUsd
    if (reply === undefined) return holdHere(asked)
    const states = statesOf(asked, reply)
    const refused = reply.refusedAt === undefined ? undefined : states[reply.refusedAt]
    if (refused !== undefined) {
      // It was told as held, because it was not known to be refused then.
      if (tellings !== this.#tellings) void this.#add(asked, ({ account }) => -account.amountNanoUsd, noLimit)
      return { allowed: false, refused }
    }
    for (const { account, known } of asked) known.ownHeld += account.amountNanoUsd
    return { allowed: true, states }
  }

  async settle(changes: readonly SpendChange[]): Promise<AccountState[]> {
    const asked = this.#current(merged(changes))
    for (const { account, known } of asked) {
      known.ownHeld = Math.max(0, known.ownHeld - account.heldNanoUsd)
      known.ownSpent += account.spentNanoUsd
    }
    return statesOf(asked, await this.#add(asked, ({ account }) => -account.heldNanoUsd, noLimit))
  }

  async peek(accounts: readonly Account[]): Promise<AccountState[]> {
    const asked = this.#current(accounts)
    return statesOf(asked, await this.#tell(asked))
  }

  async load(spent: readonly { account: Account; spentNanoUsd: number }[]): Promise<void> {
    for (const { account, spentNanoUsd } of spent) {
      const known = this.#known.begin(account)
      if (known !== undefined) known.ownSpent = Math.max(known.ownSpent, spentNanoUsd)
    }
    await this.#tell(this.#current(spent.map(({ account }) => account)))
  }

  close(): void {
    clearInterval(this.#renewal)
  }

  #current<Of extends Account>(accounts: readonly Of[]): Asked<Of>[] {
    return accounts.flatMap((account) => {
      const known = this.#known.of(account)
      return known === undefined ? [] : [{ account, known }]
    })
  }

  #add<Of extends Account>(
    asked: readonly Asked<Of>[],
    amountOf: (each: Asked<Of>) => number,
    limitOf: (account: Of) => number | '',
  ): Promise<AccountsReply | undefined> {
    const args = asked.flatMap((each) => [
      this.#keepMs(each.account),
      limitOf(each.account),
      each.known.ownSpent,
      amountOf(each),
      '',
    ])
    return this.#ask('add', asked, args)
  }

  #tell(asked: readonly Asked[]): Promise<AccountsReply | undefined> {
    this.#tellings += 1
    const args = asked.flatMap(({ account, known: { ownSpent, ownHeld, asked: open, others } }) => [
      this.#keepMs(account),
      '',
      ownSpent,
      ownHeld + open,
      others,
    ])
    return this.#ask('tell', asked, args)
  }

  #tellAll(known: readonly KnownAccount[]): void {
    void this.#tell(known.map((each) => ({ account: each.account, known: each })))
  }

  /** undefined: Redis is away. */
  async #ask(
    mode: 'add' | 'tell',
    asked: readonly Asked[],
    args: (string | number)[],
  ): Promise<AccountsReply | undefined> {
    if (asked.length === 0) return { refusedAt: undefined, accounts: [] }
    const { link, gatewayId, serverNow } = this.#ports
    const keys = asked.flatMap(({ account }) => this.#keysOf(account))
    const start = [serverNow?.() ?? '', this.#leaseMs, gatewayId, mode]
    let reply: AccountsReply
    try {
      reply = readAccountsReply(await link.run(accountsScript, { keys, args: [...start, ...args] }))
    } catch {
      // Whatever became of it: when Redis is back it is told how all stands.
      return undefined
    }
    let isKept = true
    for (const [index, { known }] of asked.entries()) {
      const told = reply.accounts[index]
      if (told !== undefined && !takeOver(known, told)) isKept = false
    }
    if (!isKept && mode === 'add') this.#tellAll(this.#known.all())
    return reply
  }

  /** All in one slot of a cluster: a call is checked against several at once. */
  #keysOf({ id, startsAt }: Account): string[] {
    const key = `{${this.#ports.prefix}:budgets}:${startsAt}:${id}`
    return [`${key}:spent`, `${key}:held`]
  }

  #keepMs({ endsAt }: Account): number {
    return Math.max(0, endsAt - this.#ports.now()) + keepMs
  }

  /** Runs while anything is held. */
  #renewLater(): void {
    this.#renewal ??= setInterval(() => {
      const held = this.#known.all().filter(({ ownHeld, asked }) => ownHeld + asked > 0)
      if (held.length > 0) return this.#tellAll(held)
      clearInterval(this.#renewal)
      this.#renewal = undefined
    }, this.#leaseMs / 3).unref()
  }
}

/** Each account once: a script looks at all of them before it changes any. */
function merged(changes: readonly SpendChange[]): SpendChange[] {
  const byAccount = Map.groupBy(changes, ({ id, startsAt }) => `${startsAt}:${id}`)
  return [...byAccount.values()].map((own) => ({
    ...(own[0] as SpendChange),
    heldNanoUsd: own.reduce((sum, { heldNanoUsd }) => sum + heldNanoUsd, 0),
    spentNanoUsd: own.reduce((sum, { spentNanoUsd }) => sum + spentNanoUsd, 0),
  }))
}

function limitOf({ isForced, limitNanoUsd }: SpendDemand): number | '' {
  return isForced ? '' : limitNanoUsd
}

function noLimit(): '' {
  return ''
}

function holdHere(asked: readonly Asked<SpendDemand>[]): SpendVerdict {
  for (const { account, known } of asked) {
    const state = knownState(known, account)
    if (!hasRoom(state, account)) return { allowed: false, refused: state }
  }
  for (const { account, known } of asked) known.ownHeld += account.amountNanoUsd
  return { allowed: true, states: statesOf(asked, undefined) }
}

/** What Redis said, or what is known without it. */
function statesOf(asked: readonly Asked[], reply: AccountsReply | undefined): AccountState[] {
  return asked.map(({ account, known }, index) => {
    const told: ToldAccount | undefined = reply?.accounts[index]
    return told === undefined ? knownState(known, account) : stateIn(account, told.spent, told.held)
  })
}

import { localTimeZone } from '../config/calendar.ts'
import type { BudgetsConfig } from '../config/budgets.ts'
import type { AttemptRow } from '../stores/ledger.ts'
import type { ReadableLedger } from '../stores/ledger-reader.ts'
import type { Account, AccountState, SpendChange, SpendDemand, Spending, SpendVerdict } from '../stores/spending.ts'
import { budgetsOf, periodAt, type Budget, type BudgetPeriod, type Span } from './budget.ts'
import { createBudgetIndex, type BudgetIndex, type Spender } from './index-budgets.ts'
import { Levels, type BudgetNotice } from './levels.ts'
import { spentOf } from './sums.ts'
import { usedUpText } from './words.ts'

/** Asked once per attempt, before it. */
export interface HoldQuestion extends Spender {
  callId: string
  /** 1e-9 USD; 0 = it costs nothing, undefined = nobody knows. */
  estimateNanoUsd: number | undefined
  /** It is asked for in place of another: budgets that degrade have had their way. */
  isDegraded: boolean
  /**
   * For a second request beside one that is under way: held on top of what the call holds, only where all budgets have
   * room, whatever their action, and without a word where one has not.
   */
  isAlongside?: boolean
}

/** A budget that has no room. */
export interface NoRoom {
  budget: Budget
  state: AccountState
  /** When its period ends, milliseconds since 1970. */
  endsAt: number
  timeZone: string
}

export interface Held {
  /** Nothing is held. */
  refused?: NoRoom
  /** Spent up, and only warned of. */
  over: Budget[]
}

export interface BudgetStanding extends AccountState {
  budget: Budget
}

export interface KeeperPorts {
  ledger: Pick<ReadableLedger, 'append' | 'hours'>
  spending: Spending
  /** Milliseconds since 1970. */
  now: () => number
  /** Once per budget, level and period. */
  onLevel: (notice: BudgetNotice) => void
  /** Of the limit, 1 = all of it; undefined: there is no such budget any more. */
  onShare: (budgetId: string, share: number | undefined) => void
  /** The ledger cannot say what is spent. */
  onUnread: (error: unknown) => void
}

interface Active {
  config: BudgetsConfig
  timeZone: string
  index: BudgetIndex
}

interface Asked {
  demands: SpendDemand[]
  question: HoldQuestion
  active: Active
}

const nothing: Held = { over: [] }

/**
 * The budgets in force and what is spent of them; outlives configurations. The sums are the ledger's, read when budgets
 * are set, and kept from then on by what goes into the ledger: so all of it passes through here.
 */
export class BudgetKeeper {
  readonly #ports: KeeperPorts
  readonly #levels: Levels
  #active: Active | undefined
  #loading: Promise<void> | undefined
  #spans = new Map<BudgetPeriod, Span>()
  /** By call, what is held for it. */
  readonly #holds = new Map<string, Map<string, SpendDemand>>()
  /** Calls whose holds are being asked for. */
  readonly #waiting = new Map<string, { count: number; isOver: boolean }>()
  /** Rows on their way into the ledger. */
  #appending = 0
  #onIdle: (() => void) | undefined

  constructor(ports: KeeperPorts) {
    this.#ports = ports
    this.#levels = new Levels(ports.onLevel)
  }

  /** Resolves when the sums are read; calls wait for that by themselves. Never rejects. */
  async configure(config: BudgetsConfig): Promise<void> {
    const before = this.#active
    const budgets = budgetsOf(config)
    const ids = new Set(budgets.map(({ id }) => id))
    for (const { id } of before?.index.budgets ?? []) if (!ids.has(id)) this.#ports.onShare(id, undefined)
    if (budgets.length === 0) {
      this.#active = undefined
      return
    }
    const active = { config, timeZone: config.timeZone ?? localTimeZone(), index: createBudgetIndex(budgets) }
    this.#active = active
    this.#spans = new Map()
    this.#levels.configure(config.action, config.warnAt)
    // One load after the other: what the first reads may be of other periods.
    const earlier = this.#loading ?? Promise.resolve()
    const loading = earlier.then(() => this.#load(active, before === undefined))
    this.#loading = loading
    await loading
    if (this.#loading === loading) this.#loading = undefined
  }

  /** Whether anything is limited: nobody need ask otherwise. */
  get isActive(): boolean {
    return this.#active !== undefined
  }

  get action(): BudgetsConfig['action'] {
    return this.#active?.config.action ?? 'block'
  }

  /** Whether a budget concerns it. */
  concerns(spender: Spender): boolean {
    return this.#active !== undefined && this.#active.index.of(spender).length > 0
  }

  hold(question: HoldQuestion): Held | Promise<Held> {
    const active = this.#active
    if (active === undefined || question.estimateNanoUsd === 0) return nothing
    const concerned = active.index.of(question)
    if (concerned.length === 0) return nothing
    if (this.#loading !== undefined) return this.#loading.then(() => this.hold(question))
    const demands = this.#demands(concerned, question, active)
    if (demands.length === 0) return nothing
    const verdict = this.#ports.spending.hold(demands)
    return verdict instanceof Promise
      ? this.#decideLater(verdict, { demands, question, active })
      : this.#decide(verdict, { demands, question, active })
  }

  /** The ledger's own `append`, behind which what is held becomes what is spent. */
  async append(rows: AttemptRow[]): Promise<void> {
    if (this.#loading !== undefined) await this.#loading
    this.#appending += 1
    try {
      await this.#ports.ledger.append(rows)
    } finally {
      await this.#count(rows)
      this.#appending -= 1
      if (this.#appending === 0) this.#onIdle?.()
    }
  }

  /** Of a call that never came to rows. */
  release(callId: string): void {
    const changes = this.#givenBack(callId)
    if (changes.length > 0) void this.#settle(changes)
  }

  async standings(): Promise<BudgetStanding[]> {
    if (this.#loading !== undefined) await this.#loading
    const active = this.#active
    if (active === undefined) return []
    const states = await this.#ports.spending.peek(active.index.budgets.map((budget) => this.#account(budget, active)))
    return states.flatMap((state) => {
      const budget = active.index.byId.get(state.id)
      return budget === undefined ? [] : [{ ...state, budget }]
    })
  }

  /** Tells anew how budgets stand: a period may have ended without a call, and other gateways may have spent. */
  async refresh(): Promise<void> {
    const states = await this.standings()
    const active = this.#active
    if (active !== undefined) for (const state of states) this.#tell(state, active, 'news')
  }

  /** What keeps the gateway from answering as it should, for people. A key or a feature that has spent its share does not. */
  problems(): string[] {
    const active = this.#active
    if (active === undefined || active.config.action === 'warn') return []
    return this.#levels.usedUp(this.#ports.now()).flatMap(({ budget, endsAt }) => {
      const isOurs = budget.scope === 'all' || budget.scope === 'provider'
      // Since then it may have been raised, or taken out.
      const isCurrent = active.index.byId.get(budget.id)?.limitNanoUsd === budget.limitNanoUsd
      return isOurs && isCurrent ? [usedUpText(budget, { endsAt, timeZone: active.timeZone })] : []
    })
  }

  get timeZone(): string {
    return this.#active?.timeZone ?? localTimeZone()
  }

  async #load(active: Active, isFirst: boolean): Promise<void> {
    const { ledger, spending, onUnread } = this.#ports
    if (this.#appending > 0) await new Promise<void>((resolve) => (this.#onIdle = resolve))
    this.#onIdle = undefined
    const spans = {
      daily: this.#span('daily', active),
      weekly: this.#span('weekly', active),
      monthly: this.#span('monthly', active),
    }
    const { budgets } = active.index
    try {
      const sums = await spentOf(budgets, spans, ledger)
      const accounts = budgets.map((budget) => this.#account(budget, active))
      await spending.load(accounts.map((account) => ({ account, spentNanoUsd: sums.get(account.id) ?? 0 })))
      const states = await spending.peek(accounts)
      for (const state of states) this.#tell(state, active, isFirst ? 'known' : 'news')
    } catch (error) {
      onUnread(error)
    }
  }

  #demands(concerned: readonly Budget[], question: HoldQuestion, active: Active): SpendDemand[] {
    const { action } = active.config
    const isAlongside = question.isAlongside === true
    const isForced = !isAlongside && (action === 'warn' || (question.isDegraded && action !== 'block'))
    const held = this.#holds.get(question.callId)
    const wanted = question.estimateNanoUsd ?? 0
    return concerned.flatMap((budget) => {
      const account = this.#account(budget, active)
      const before = held?.get(budget.id)
      const already = before?.startsAt === account.startsAt ? before.amountNanoUsd : undefined
      if (isAlongside) return [{ ...account, amountNanoUsd: wanted, isForced }]
      // A second attempt goes on with what is held for the first, unless it may cost more.
      if (already !== undefined && wanted <= already) return []
      return [{ ...account, amountNanoUsd: wanted - (already ?? 0), isForced }]
    })
  }

  /** A call can end while its hold is asked for: a hedge that came too late. */
  async #decideLater(verdict: Promise<SpendVerdict>, asked: Asked): Promise<Held> {
    const { callId } = asked.question
    const waiting = this.#waiting.get(callId) ?? { count: 0, isOver: false }
    this.#waiting.set(callId, waiting)
    waiting.count += 1
    const settled = await verdict
    waiting.count -= 1
    if (waiting.count === 0) this.#waiting.delete(callId)
    const held = this.#decide(settled, asked)
    if (waiting.isOver) this.release(callId)
    return held
  }

  #decide(verdict: SpendVerdict, asked: Asked): Held {
    const { demands, question, active } = asked
    if (!verdict.allowed) {
      const budget = active.index.byId.get(verdict.refused.id) as Budget
      // By now the next one may have begun.
      const { endsAt } = verdict.refused
      if (question.isAlongside !== true) this.#levels.refused(budget, verdict.refused, endsAt)
      return { refused: { budget, state: verdict.refused, endsAt, timeZone: active.timeZone }, over: [] }
    }
    const held = this.#holds.get(question.callId) ?? new Map<string, SpendDemand>()
    this.#holds.set(question.callId, held)
    for (const demand of demands) {
      const before = held.get(demand.id)
      const already = before?.startsAt === demand.startsAt ? before.amountNanoUsd : 0
      held.set(demand.id, { ...demand, amountNanoUsd: already + demand.amountNanoUsd })
    }
    return { over: overOf(verdict.states, active) }
  }

  async #count(rows: readonly AttemptRow[]): Promise<void> {
    const active = this.#active
    const [first] = rows
    if (first === undefined) return
    const changes = this.#givenBack(first.callId)
    for (const row of active === undefined ? [] : rows) {
      const { costNanoUsd: spentNanoUsd = 0 } = row
      if (spentNanoUsd === 0) continue
      for (const budget of active?.index.of(row) ?? []) {
        const account = this.#account(budget, active as Active)
        // A call of yesterday that ends today was paid for yesterday, as in the ledger.
        if (row.startedAt >= account.startsAt) changes.push({ ...account, heldNanoUsd: 0, spentNanoUsd })
      }
    }
    if (changes.length > 0) await this.#settle(changes)
  }

  #givenBack(callId: string): SpendChange[] {
    const waiting = this.#waiting.get(callId)
    if (waiting !== undefined) waiting.isOver = true
    const held = this.#holds.get(callId)
    if (held === undefined) return []
    this.#holds.delete(callId)
    const current = [...held.values()].filter((demand) => this.#isCurrent(demand))
    return current.map(({ amountNanoUsd: heldNanoUsd, id, startsAt, endsAt, limitNanoUsd }) => ({
      ...{ id, startsAt, endsAt, limitNanoUsd },
      heldNanoUsd,
      spentNanoUsd: 0,
    }))
  }

  /** A period that is over, or is another time zone's, must not seem to begin with what it gives back. */
  #isCurrent({ id, startsAt }: Account): boolean {
    const active = this.#active
    const budget = active?.index.byId.get(id)
    return active === undefined || budget === undefined || this.#span(budget.period, active).startsAt === startsAt
  }

  async #settle(changes: SpendChange[]): Promise<void> {
    const settled = this.#ports.spending.settle(changes)
    const states = settled instanceof Promise ? await settled : settled
    const active = this.#active
    if (active === undefined) return
    for (const state of states) this.#tell(state, active, 'news')
  }

  #tell(state: AccountState, active: Active, how: 'news' | 'known'): void {
    const budget = active.index.byId.get(state.id)
    if (budget === undefined) return
    this.#tellShare(state)
    this.#levels.reached(budget, state, { endsAt: state.endsAt, how })
  }

  #tellShare({ id, spentNanoUsd, limitNanoUsd }: AccountState): void {
    this.#ports.onShare(id, spentNanoUsd / limitNanoUsd)
  }

  #account({ id, period, limitNanoUsd }: Budget, active: Active): Account {
    return { id, limitNanoUsd, ...this.#span(period, active) }
  }

  /** A clock that is set back does not begin an old period again. */
  #span(period: BudgetPeriod, { timeZone }: Active): Span {
    const now = this.#ports.now()
    const known = this.#spans.get(period)
    if (known !== undefined && now < known.endsAt) return known
    const span = periodAt(period, now, timeZone)
    this.#spans.set(period, span)
    return span
  }
}

/** Forced ones, where the others would have refused. */
function overOf(states: readonly AccountState[], { index }: Active): Budget[] {
  return states.flatMap(({ id, spentNanoUsd, heldNanoUsd, limitNanoUsd }) => {
    const budget = spentNanoUsd + heldNanoUsd > limitNanoUsd ? index.byId.get(id) : undefined
    return budget === undefined ? [] : [budget]
  })
}

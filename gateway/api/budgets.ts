import type { BudgetKeeper, BudgetStanding } from '../budgets/keeper.ts'
import { budgetPeriods, nanoOf, type BudgetPeriod, type BudgetScope } from '../budgets/budget.ts'
import { by } from '../budgets/sums.ts'
import type { BudgetsConfig } from '../config/budgets.ts'
import { isTimeZone } from '../config/calendar.ts'
import type { BudgetAmounts, BudgetSettings, BudgetState } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import type { HourRow, LedgerReader } from '../stores/ledger-reader.ts'
import type { HandlersOf } from './api.ts'
import { dayMs, hourMs } from './buckets.ts'
import type { Configuration } from './configuration.ts'
import { pace, paceDays } from './forecast.ts'

export interface BudgetsPorts {
  configuration: Pick<Configuration, 'current' | 'edit'>
  keeper: Pick<BudgetKeeper, 'standings' | 'timeZone'>
  ledger: Pick<LedgerReader, 'hours'>
  /** What keeps the gateway from what it shares with others; empty: nothing. */
  storeNotices: () => string[]
  /** Milliseconds since 1970. */
  now: () => number
}

export function createBudgetsHandlers(ports: BudgetsPorts): HandlersOf<'budgets'> {
  const { configuration, keeper, ledger, now, storeNotices } = ports
  return {
    async 'budgets.get'() {
      const standings = await keeper.standings()
      const { budgets } = configuration.current().config
      const settings = settingsOf(budgets)
      const states = await statesOf(standings, { ledger, now: now() })
      const sharing = budgets.backend === 'memory' ? 'alone' : storeNotices().length === 0 ? 'shared' : 'away'
      return { settings, states, timeZone: keeper.timeZone, sharing }
    },
    'budgets.save': (settings) => {
      check(settings)
      const { backend } = configuration.current().config.budgets
      const section = written(settings, backend)
      const isEmpty = Object.values(section).every((value) => value === undefined)
      return configuration.edit([{ path: ['budgets'], value: isEmpty ? undefined : section }])
    },
  }
}

function settingsOf(config: BudgetsConfig): BudgetSettings {
  const { perKey, perProvider, perFeature, action, warnAt, timeZone = null } = config
  return {
    all: amountsOf(config),
    perKey: named(perKey),
    perProvider: named(perProvider),
    perFeature: named(perFeature),
    action,
    warnAt,
    timeZone,
  }
}

type UsdAmounts = Partial<Record<BudgetPeriod, number | undefined>>

function amountsOf(amounts: UsdAmounts): BudgetAmounts {
  const of = (period: BudgetPeriod): number | null => {
    const usd = amounts[period]
    return usd === undefined ? null : nanoOf(usd)
  }
  return { daily: of('daily'), weekly: of('weekly'), monthly: of('monthly') }
}

function named(amounts: Record<string, UsdAmounts>): Record<string, BudgetAmounts> {
  return Object.fromEntries(Object.entries(amounts).map(([name, each]) => [name, amountsOf(each)]))
}

/** Said here, where the form's own field can be named. */
function check({ timeZone, perKey, perProvider, perFeature }: BudgetSettings): void {
  if (timeZone !== null && !isTimeZone(timeZone)) {
    const text = `"${timeZone}" is no time zone; write an IANA name such as Europe/Berlin.`
    throw new GatewayError('invalid_request', text, { param: 'timeZone' })
  }
  for (const [field, amounts] of Object.entries({ perKey, perProvider, perFeature })) {
    for (const [name, each] of Object.entries(amounts)) {
      if (budgetPeriods.some((period) => each[period] !== null)) continue
      throw new GatewayError('invalid_request', 'Give an amount for a day, a week or a month.', {
        param: `${field}.${name}`,
      })
    }
  }
}

/** As it stands in the file; undefined takes an entry out. */
function written(
  { all, action, warnAt, timeZone, ...names }: BudgetSettings,
  backend: BudgetsConfig['backend'],
): object {
  const { perKey, perProvider, perFeature } = names
  return {
    timeZone: timeZone ?? undefined,
    backend: backend === 'memory' ? undefined : backend,
    ...usdOf(all),
    perKey: entries(perKey),
    perProvider: entries(perProvider),
    perFeature: entries(perFeature),
    action: action === 'block' ? undefined : action,
    warnAt: warnAt === 0.8 ? undefined : warnAt,
  }
}

function usdOf(amounts: BudgetAmounts): UsdAmounts {
  const of = (nanoUsd: number | null): number | undefined => (nanoUsd === null ? undefined : nanoUsd / 1e9)
  return { daily: of(amounts.daily), weekly: of(amounts.weekly), monthly: of(amounts.monthly) }
}

function entries(amounts: Record<string, BudgetAmounts>): object | undefined {
  const all = Object.entries(amounts)
  return all.length === 0 ? undefined : Object.fromEntries(all.map(([name, each]) => [name, usdOf(each)]))
}

async function statesOf(
  standings: readonly BudgetStanding[],
  { ledger, now }: Pick<BudgetsPorts, 'ledger'> & { now: number },
): Promise<BudgetState[]> {
  const from = now - paceDays * dayMs
  const scopes = [...new Set(standings.map(({ budget }) => budget.scope))]
  const rows = new Map<BudgetScope, HourRow[]>()
  for (const scope of scopes) rows.set(scope, await ledger.hours({ from, to: now + hourMs, ...by(scope) }))
  return standings.map((standing) => {
    const { scope, name } = standing.budget
    const own = (rows.get(scope) ?? []).filter((row) => scope === 'all' || row.name === name)
    return stateOf(standing, { now, perDayNanoUsd: pace(own, now) })
  })
}

/** Pure. `perDayNanoUsd`: undefined = too little is known. */
export function stateOf(
  { budget, endsAt, startsAt, limitNanoUsd, spentNanoUsd, heldNanoUsd }: BudgetStanding,
  { now, perDayNanoUsd }: { now: number; perDayNanoUsd: number | undefined },
): BudgetState {
  const { scope, name = null, period } = budget
  const left = limitNanoUsd - spentNanoUsd
  const runsOut = perDayNanoUsd === undefined ? undefined : now + Math.max(0, left / perDayNanoUsd) * dayMs
  return {
    scope,
    name,
    period,
    limitNanoUsd,
    spentNanoUsd,
    heldNanoUsd,
    startsAt,
    resetsAt: endsAt,
    forecastNanoUsd:
      perDayNanoUsd === undefined ? null : Math.round(spentNanoUsd + (perDayNanoUsd * (endsAt - now)) / dayMs),
    runsOutAt: left <= 0 ? now : runsOut === undefined || runsOut >= endsAt ? null : Math.round(runsOut),
  }
}

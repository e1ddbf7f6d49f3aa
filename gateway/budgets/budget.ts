import { startOfDay, startOfMonth, startOfWeek } from '../config/calendar.ts'
import type { BudgetsConfig } from '../config/budgets.ts'

export const budgetPeriods = ['daily', 'weekly', 'monthly'] as const
export type BudgetPeriod = (typeof budgetPeriods)[number]

/** Whose spending is counted. */
export type BudgetScope = 'all' | 'key' | 'provider' | 'feature'

/** One amount that may be spent in each of its periods. */
export interface Budget {
  /** `daily`, `monthly/key/ci`: names its account and its metric. */
  id: string
  scope: BudgetScope
  /** Of the key, provider or feature; undefined: everybody's. */
  name: string | undefined
  period: BudgetPeriod
  /** 1e-9 USD. */
  limitNanoUsd: number
  /** Where it stands in gateway.yaml: `budgets.perKey.ci.daily`. */
  path: string
}

type Amounts = Partial<Record<BudgetPeriod, number | undefined>>

/** USD -> integers of 1e-9 USD. */
export function nanoOf(usd: number): number {
  return Math.round(usd * 1e9)
}

/** Every amount of the section, the widest scope first. */
export function budgetsOf(config: BudgetsConfig): Budget[] {
  return [
    ...ofScope('all', undefined, config),
    ...named('key', config.perKey),
    ...named('provider', config.perProvider),
    ...named('feature', config.perFeature),
  ]
}

function named(scope: Exclude<BudgetScope, 'all'>, amounts: Record<string, Amounts>): Budget[] {
  return Object.entries(amounts).flatMap(([name, each]) => ofScope(scope, name, each))
}

const sections = { key: 'perKey', provider: 'perProvider', feature: 'perFeature' } as const

function ofScope(scope: BudgetScope, name: string | undefined, amounts: Amounts): Budget[] {
  const section = scope === 'all' ? 'budgets' : `budgets.${sections[scope]}.${name}`
  return budgetPeriods.flatMap((period) => {
    const usd = amounts[period]
    if (usd === undefined) return []
    const id = scope === 'all' ? period : `${period}/${scope}/${name}`
    return [{ id, scope, name, period, limitNanoUsd: nanoOf(usd), path: `${section}.${period}` }]
  })
}

/** Milliseconds since 1970; `endsAt` is exclusive, and the beginning of the next. */
export interface Span {
  startsAt: number
  endsAt: number
}

const starts = { daily: startOfDay, weekly: startOfWeek, monthly: startOfMonth }

/** Days begin at midnight there, weeks on Monday, months on the first; clocks that change make them longer or shorter. */
export function periodAt(period: BudgetPeriod, time: number, timeZone: string): Span {
  const start = starts[period]
  return { startsAt: start(time, timeZone, 0), endsAt: start(time, timeZone, 1) }
}

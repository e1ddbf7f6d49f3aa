import {
  budgetPeriods,
  type BudgetAmounts,
  type BudgetPeriod,
  type BudgetScope,
  type BudgetSettings,
} from '../../../gateway/contract.ts'

/** Those that have names; `all` has none. */
export type NamedScope = Exclude<BudgetScope, 'all'>

const namedScopes: readonly NamedScope[] = ['key', 'provider', 'feature']

/** Whom a row of amounts is for. */
export interface Whose {
  scope: BudgetScope
  /** null: everybody. */
  name: string | null
}

export const noAmounts: BudgetAmounts = { daily: null, weekly: null, monthly: null }

const sections = { key: 'perKey', provider: 'perProvider', feature: 'perFeature' } as const

export function amountsOf(settings: BudgetSettings, { scope, name }: Whose): BudgetAmounts {
  if (scope === 'all') return settings.all
  return settings[sections[scope]][name ?? ''] ?? noAmounts
}

/** Everybody first, then every name that has an amount. */
export function rowsOf(settings: BudgetSettings): Whose[] {
  const named = namedScopes.flatMap((scope) =>
    Object.keys(settings[sections[scope]]).map((name): Whose => ({ scope, name })),
  )
  return [{ scope: 'all', name: null }, ...named]
}

export interface AmountChange {
  period: BudgetPeriod
  /** undefined: emptied. */
  usd: number | undefined
}

/** A name without any amount is taken out. */
export function withAmount(settings: BudgetSettings, whose: Whose, { period, usd }: AmountChange): BudgetSettings {
  const amounts = { ...amountsOf(settings, whose), [period]: usd === undefined ? null : Math.round(usd * 1e9) }
  return withAmounts(settings, whose, amounts)
}

export function withAmounts(settings: BudgetSettings, { scope, name }: Whose, amounts: BudgetAmounts): BudgetSettings {
  if (scope === 'all') return { ...settings, all: amounts }
  const section = sections[scope]
  const { [name ?? '']: _before, ...others } = settings[section]
  const isEmpty = budgetPeriods.every((period) => amounts[period] === null)
  // An amount that is changed stays at its place.
  const next = isEmpty ? others : { ...settings[section], [name ?? '']: amounts }
  return { ...settings, [section]: next }
}

export function isSame(one: Whose, other: Whose): boolean {
  return one.scope === other.scope && one.name === other.name
}

/** Why it cannot be added; undefined: it can. */
export function newBudgetProblem(whose: Whose, existing: readonly Whose[]): string | undefined {
  const name = whose.name ?? ''
  if (name === '') return `Enter the name of a ${whose.scope}.`
  if (name.length > 256) return 'The name is too long.'
  return existing.some((each) => isSame(each, whose)) ? `The ${whose.scope} ${name} is in the list already.` : undefined
}

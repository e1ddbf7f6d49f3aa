import type { Budget, BudgetScope } from './budget.ts'

/** Who spends, and where. */
export interface Spender {
  key: string
  provider?: string | undefined
  feature?: string | undefined
}

export interface BudgetIndex {
  budgets: readonly Budget[]
  byId: ReadonlyMap<string, Budget>
  /** Those that count what this spender spends. */
  of(spender: Spender): readonly Budget[]
}

const none: readonly Budget[] = []

/** By scope and name, so that a call looks at its own budgets only. */
export function createBudgetIndex(budgets: readonly Budget[]): BudgetIndex {
  const ofAll = budgets.filter(({ scope }) => scope === 'all')
  const keys = byName(budgets, 'key')
  const providers = byName(budgets, 'provider')
  const features = byName(budgets, 'feature')
  return {
    budgets,
    byId: new Map(budgets.map((budget) => [budget.id, budget])),
    of({ key, provider, feature }) {
      const ofKey = keys.get(key) ?? none
      const ofProvider = provider === undefined ? none : (providers.get(provider) ?? none)
      const ofFeature = feature === undefined ? none : (features.get(feature) ?? none)
      if (ofKey.length + ofProvider.length + ofFeature.length === 0) return ofAll
      // A provider's last: where another says no as well, no other provider is of use.
      return [...ofAll, ...ofKey, ...ofFeature, ...ofProvider]
    },
  }
}

function byName(budgets: readonly Budget[], scope: BudgetScope): Map<string, Budget[]> {
  return Map.groupBy(
    budgets.filter((budget) => budget.scope === scope),
    ({ name }) => name ?? '',
  )
}

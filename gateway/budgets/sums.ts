import type { LedgerReader } from '../stores/ledger-reader.ts'
import { hourMs } from '../stores/roll-up.ts'
import type { Budget, BudgetPeriod, BudgetScope, Span } from './budget.ts'

/** What the ledger's hours hold of these budgets, by budget id. 1e-9 USD. */
export async function spentOf(
  budgets: readonly Budget[],
  spans: Record<BudgetPeriod, Span>,
  ledger: Pick<LedgerReader, 'hours'>,
): Promise<Map<string, number>> {
  const sums = new Map<string, number>()
  for (const [scope, own] of Map.groupBy(budgets, ({ scope }) => scope)) {
    const from = Math.min(...own.map(({ period }) => spans[period].startsAt))
    const to = Math.max(...own.map(({ period }) => spans[period].endsAt))
    const rows = await ledger.hours({ from, to, ...by(scope) })
    for (const budget of own) {
      // An hour that the period begins in counts whole: too much rather than too little.
      const first = Math.floor(spans[budget.period].startsAt / hourMs)
      const concerns = rows.filter(({ hour, name }) => hour >= first && (scope === 'all' || name === budget.name))
      sums.set(
        budget.id,
        concerns.reduce((sum, { costNanoUsd }) => sum + costNanoUsd, 0),
      )
    }
  }
  return sums
}

/** How the ledger groups by it. */
export function by(scope: BudgetScope): { by?: 'key' | 'provider' | 'feature' } {
  return scope === 'all' ? {} : { by: scope }
}

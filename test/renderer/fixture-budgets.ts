import type { BudgetSettings, BudgetState } from '../../gateway/contract.ts'
import type { FixtureAnswers, FixtureMood } from './fixture-client.ts'

const usd = 1e9

const settings: BudgetSettings = {
  all: { daily: 5 * usd, weekly: null, monthly: 200 * usd },
  perKey: {
    ci: { daily: 1 * usd, weekly: null, monthly: null },
    codex: { daily: null, weekly: 12 * usd, monthly: null },
  },
  perProvider: { anthropic: { daily: null, weekly: null, monthly: 60 * usd } },
  perFeature: {},
  action: 'block',
  warnAt: 0.8,
  timeZone: null,
}

const none: BudgetSettings = {
  ...settings,
  all: { daily: null, weekly: null, monthly: null },
  perKey: {},
  perProvider: {},
}

/** A month that goes well, a provider that runs out before its end, and a key that has spent its day. */
export function fixtureBudgets(mood: FixtureMood, now: number): FixtureAnswers {
  const at = (month: number, day: number, hour = 0): number => new Date(2026, month, day, hour).getTime()
  const day = { startsAt: at(10, 24), resetsAt: at(10, 25) }
  const week = { startsAt: at(10, 23), resetsAt: at(10, 30) }
  const month = { startsAt: at(10, 1), resetsAt: at(11, 1) }
  const states: BudgetState[] = [
    state({ scope: 'all', name: null, period: 'daily', ...day }, [5, 3.9, 4.6], null),
    state({ scope: 'all', name: null, period: 'monthly', ...month }, [200, 133.65, 172.4], null),
    state({ scope: 'key', name: 'ci', period: 'daily', ...day }, [1, 1.0042, 1.6], now),
    state({ scope: 'key', name: 'codex', period: 'weekly', ...week }, [12, 2.4, 9.1], null),
    state({ scope: 'provider', name: 'anthropic', period: 'monthly', ...month }, [60, 51.7, 70.2], at(10, 27, 16)),
  ]
  const isEmpty = mood === 'empty'
  return {
    'budgets.get': () => ({
      settings: isEmpty ? none : settings,
      states: isEmpty ? [] : states,
      timeZone: 'Europe/Berlin',
      sharing: 'alone',
    }),
    'budgets.save': () => ({ undo: 'undo-1' }),
  }
}

type Place = Pick<BudgetState, 'scope' | 'name' | 'period' | 'startsAt' | 'resetsAt'>

/** [limit, spent, forecast] in USD. */
function state(
  place: Place,
  [limit, spent, forecast]: readonly [number, number, number],
  runsOutAt: number | null,
): BudgetState {
  const nano = (amount: number): number => Math.round(amount * usd)
  return {
    ...place,
    limitNanoUsd: nano(limit),
    spentNanoUsd: nano(spent),
    heldNanoUsd: 0,
    forecastNanoUsd: nano(forecast),
    runsOutAt,
  }
}

import { wallTime } from '../config/calendar.ts'
import type { AccountState } from '../stores/spending.ts'
import type { Budget } from './budget.ts'

/** `the daily budget of the key "ci"`, `the monthly budget` */
export function budgetName({ scope, name, period }: Pick<Budget, 'scope' | 'name' | 'period'>): string {
  return scope === 'all' ? `the ${period} budget` : `the ${period} budget of the ${scope} "${name}"`
}

/** For whoever cannot go on because of it. `mayCostNanoUsd`: undefined = not known. */
export function refusalText(
  budget: Budget,
  state: Pick<AccountState, 'spentNanoUsd' | 'heldNanoUsd'>,
  { endsAt, timeZone, mayCostNanoUsd }: { endsAt: number; timeZone: string; mayCostNanoUsd: number | undefined },
): string {
  const { spentNanoUsd: spent, heldNanoUsd: held } = state
  const name = capital(budgetName(budget))
  const isUsedUp = spent >= budget.limitNanoUsd
  const first = isUsedUp ? `${name} is used up` : `${name} has too little left for this call`
  const sums = [
    `${usdText(spent)} of ${usdText(budget.limitNanoUsd)} USD are spent`,
    ...(held === 0 ? [] : [`${usdText(held)} are held for calls under way`]),
    ...(isUsedUp || mayCostNanoUsd === undefined ? [] : [`this call may cost ${usdText(mayCostNanoUsd)}`]),
  ]
  const until = `It begins anew at ${wallTime(endsAt, timeZone)} (${timeZone}).`
  return `${first}: ${sums.join(', ')}. ${until} ${advice(budget, isUsedUp)}`
}

/** `The daily budget is used up until 2026-11-25 00:00 (Europe/Berlin).` */
export function usedUpText(budget: Budget, { endsAt, timeZone }: { endsAt: number; timeZone: string }): string {
  return `${capital(budgetName(budget))} is used up until ${wallTime(endsAt, timeZone)} (${timeZone}).`
}

function advice({ path }: Budget, isUsedUp: boolean): string {
  const raise = `raise it on the Budgets page or as ${path} in gateway.yaml`
  return isUsedUp
    ? `To go on before, ${raise}.`
    : `Ask for a shorter answer (max_tokens) or a cheaper model, or ${raise}.`
}

/** `80 % of the daily budget are spent: 4 of 5 USD.` */
export function levelText(
  budget: Budget,
  { spentNanoUsd, limitNanoUsd }: Pick<AccountState, 'spentNanoUsd' | 'limitNanoUsd'>,
  then: string,
): string {
  const percent = Math.floor((spentNanoUsd / limitNanoUsd) * 100)
  return `${percent} % of ${budgetName(budget)} are spent: ${usdText(spentNanoUsd)} of ${usdText(limitNanoUsd)} USD. ${then}`
}

/** Cents; less than a dollar to three places that say something. */
function usdText(nanoUsd: number): string {
  const usd = nanoUsd / 1e9
  if (usd >= 1) return usd.toFixed(2).replace(/\.00$/, '')
  return (
    usd
      .toFixed(9)
      .replace(/(\.0*\d{1,3}).*$/, '$1')
      .replace(/\.?0+$/, '') || '0'
  )
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

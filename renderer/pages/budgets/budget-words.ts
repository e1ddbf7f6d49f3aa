import type { BudgetPeriod, BudgetState } from '../../../gateway/contract.ts'
import { formatMoney, formatPercent } from '../../lib/format.ts'
import type { Whose } from './budget-edit.ts'

export const periodTitles: Record<BudgetPeriod, string> = { daily: 'A day', weekly: 'A week', monthly: 'A month' }

export function whoseTitle({ scope, name }: Whose): string {
  if (scope === 'all' || name === null) return 'Everybody'
  return scope === 'key' && name === 'anonymous' ? 'No key' : name
}

export function whoseNote({ scope, name }: Whose): string {
  if (scope === 'all') return 'All calls together'
  if (scope === 'key') return name === 'anonymous' ? 'Calls without a key' : 'Client key'
  return scope === 'provider' ? 'Provider' : 'Feature'
}

/** `$4.18 spent, 84 %` */
export function spentText({ spentNanoUsd, limitNanoUsd }: BudgetState): string {
  return `${formatMoney(spentNanoUsd)} spent, ${formatPercent(spentNanoUsd / limitNanoUsd)}`
}

/** Where it is heading, in a few words; undefined: nobody can tell. */
export function outlookText(state: BudgetState, now: number): string | undefined {
  const { spentNanoUsd, limitNanoUsd, resetsAt, runsOutAt, forecastNanoUsd } = state
  if (spentNanoUsd >= limitNanoUsd) return `Used up until ${whenText(resetsAt, now)}`
  if (runsOutAt !== null) return `Runs out ${onText(runsOutAt, now)}`
  return forecastNanoUsd === null ? undefined : `Heading for ${formatMoney(forecastNanoUsd)}`
}

type BudgetTone = 'accent' | 'warn' | 'bad'

/** `warnAt`: the share from which it is warned. */
export function toneOf({ spentNanoUsd, limitNanoUsd, runsOutAt }: BudgetState, warnAt: number): BudgetTone {
  const share = spentNanoUsd / limitNanoUsd
  if (share >= 1) return 'bad'
  return share >= warnAt || runsOutAt !== null ? 'warn' : 'accent'
}

/** Those with nothing left. */
export function usedUp(states: readonly BudgetState[]): BudgetState[] {
  return states.filter(({ spentNanoUsd, limitNanoUsd }) => spentNanoUsd >= limitNanoUsd)
}

/** `The daily budget of the key ci is used up until midnight.` */
export function usedUpText(state: BudgetState, now: number): string {
  const { scope, name, period, resetsAt } = state
  const whose = scope === 'all' ? '' : ` of the ${scope} ${name}`
  return `The ${period} budget${whose} is used up until ${whenText(resetsAt, now)}.`
}

/** `at 17:40`, `on 24 Nov` */
function onText(time: number, now: number): string {
  return isSameDay(time, now) ? `at ${clock(time)}` : `on ${day(time)}`
}

/** `midnight`, `17:40`, `1 Dec` */
function whenText(time: number, now: number): string {
  if (time - now <= 86_400_000 && new Date(time).getHours() === 0 && new Date(time).getMinutes() === 0) {
    return 'midnight'
  }
  return isSameDay(time, now) ? clock(time) : day(time)
}

function isSameDay(one: number, other: number): boolean {
  return new Date(one).toDateString() === new Date(other).toDateString()
}

function clock(time: number): string {
  return new Date(time).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' })
}

function day(time: number): string {
  return new Date(time).toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
}

import type { BudgetPeriod, BudgetState } from '../../../gateway/contract.ts'
import { NumberField } from '../../ui/number-field.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { outlookText, periodTitles, spentText, toneOf } from './budget-words.ts'

export interface AmountCellProps {
  /** Read out before the name of the period: `Everybody`. */
  title: string
  period: BudgetPeriod
  limitNanoUsd: number | null
  /** undefined: there is no such budget, or nothing is known of it yet. */
  state: BudgetState | undefined
  warnAt: number
  now: number
  onCommit: (usd: number | undefined) => void
}

/** One amount, and how much of it is gone. */
export function AmountCell({ title, period, limitNanoUsd, state, warnAt, now, onCommit }: AmountCellProps) {
  const label = `${periodTitles[period]}, in USD`
  const isCurrent = state !== undefined && limitNanoUsd === state.limitNanoUsd
  return (
    <div className="flex min-w-0 flex-col gap-1.5">
      <NumberField
        label={label}
        hidesLabel
        placeholder="no budget"
        isDecimal
        suffix="$"
        min={0.000_001}
        max={1_000_000}
        value={limitNanoUsd === null ? undefined : limitNanoUsd / 1e9}
        onCommit={onCommit}
      />
      {isCurrent && <Standing label={`Spent of the budget of ${title}: ${label}`} {...{ state, warnAt, now }} />}
    </div>
  )
}

interface StandingProps {
  label: string
  state: BudgetState
  warnAt: number
  now: number
}

function Standing({ label, state, warnAt, now }: StandingProps) {
  const { spentNanoUsd, limitNanoUsd, forecastNanoUsd } = state
  const tone = toneOf(state, warnAt)
  const outlook = outlookText(state, now)
  return (
    <>
      <ProgressBar
        label={label}
        share={spentNanoUsd / limitNanoUsd}
        expected={forecastNanoUsd === null ? undefined : forecastNanoUsd / limitNanoUsd}
        tone={tone}
        valueText={spentText(state)}
      />
      <p className="text-small text-muted">{spentText(state)}</p>
      {outlook !== undefined && (
        <p className={tone === 'accent' ? 'text-small text-muted' : `text-small text-${tone}`}>{outlook}</p>
      )}
    </>
  )
}

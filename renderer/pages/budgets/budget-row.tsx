import { X } from 'lucide-react'
import { budgetPeriods, type BudgetAmounts, type BudgetState } from '../../../gateway/contract.ts'
import { IconButton } from '../../ui/button.tsx'
import { AmountCell } from './amount-cell.tsx'
import type { AmountChange, Whose } from './budget-edit.ts'
import { periodTitles, whoseNote, whoseTitle } from './budget-words.ts'

const rowClass =
  'grid grid-cols-[minmax(0,1fr)_repeat(3,minmax(0,168px))_24px] items-start gap-4 max-[720px]:grid-cols-[1fr_1fr_1fr_24px]'

export interface BudgetRowProps {
  whose: Whose
  amounts: BudgetAmounts
  /** Of this row. */
  states: readonly BudgetState[]
  warnAt: number
  now: number
  onChange: (change: AmountChange) => void
  onRemove?: () => void
}

/** What one may spend, in each of the three periods. */
export function BudgetRow({ whose, amounts, states, warnAt, now, onChange, onRemove }: BudgetRowProps) {
  const title = whoseTitle(whose)
  return (
    <fieldset aria-label={title} className={rowClass}>
      <div className="min-w-0 pt-1.5 max-[720px]:col-span-4">
        <p className={whose.scope === 'all' ? 'font-medium' : 'truncate font-mono text-mono'} title={title}>
          {title}
        </p>
        <p className="text-small text-muted">{whoseNote(whose)}</p>
      </div>
      {budgetPeriods.map((period) => (
        <AmountCell
          key={period}
          title={title}
          period={period}
          limitNanoUsd={amounts[period]}
          state={states.find((state) => state.period === period)}
          warnAt={warnAt}
          now={now}
          onCommit={(usd) => onChange({ period, usd })}
        />
      ))}
      {onRemove !== undefined && (
        <IconButton
          icon={X}
          label={`Remove the budgets of ${title}`}
          size="small"
          className="mt-1"
          onClick={onRemove}
        />
      )}
    </fieldset>
  )
}

/** Names of the columns; each field has its own for those who hear it. */
export function BudgetHeading() {
  return (
    <div aria-hidden className={`${rowClass} text-small font-medium text-muted`}>
      <span className="max-[720px]:hidden">Whose calls</span>
      {budgetPeriods.map((period) => (
        <span key={period}>{periodTitles[period]}</span>
      ))}
      <span />
    </div>
  )
}

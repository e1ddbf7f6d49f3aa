import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { formatMoney } from '../../lib/format.ts'
import { Card } from '../../ui/layout.tsx'
import { Unread } from './problems.tsx'
import { ProgressBar } from '../../ui/progress-bar.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Money } from '../../ui/values.tsx'
import { useForecast } from './queries.ts'

/** This month so far, where it is heading, and against the budget when there is one. Independent of the range above. */
export function MonthCard() {
  const { data, error } = useForecast()
  return (
    <Card
      title="This month"
      actions={
        <Link href="/budgets" className="rounded-small text-small text-accent-ink hover:underline">
          {data?.budgetNanoUsd === null ? 'Set a budget' : 'Budgets'}
        </Link>
      }
    >
      {error !== null && <Unread />}
      {data === undefined && error === null && <SkeletonRows rows={3} />}
      {data !== undefined && (
        <div className="flex flex-col gap-3">
          <p>
            <span className="text-page font-semibold">
              <Money nanoUsd={data.monthNanoUsd} />
            </span>
            <span className="text-muted">
              {data.budgetNanoUsd === null ? ' so far' : ` of ${formatMoney(data.budgetNanoUsd)}`}
            </span>
          </p>
          <MonthBar {...data} />
          <dl className="flex flex-col gap-1">
            <Line title={`Forecast for ${lastDay(data.monthEndsAt)}`}>
              {data.forecastNanoUsd === null ? (
                <span className="text-muted">not known yet</span>
              ) : (
                <Money nanoUsd={data.forecastNanoUsd} />
              )}
            </Line>
            <Line title="Today">
              <Money nanoUsd={data.todayNanoUsd} />
            </Line>
          </dl>
        </div>
      )}
    </Card>
  )
}

interface MonthBarProps {
  monthNanoUsd: number
  forecastNanoUsd: number | null
  budgetNanoUsd: number | null
}

/** Against the budget, or else against the forecast. */
function MonthBar({ monthNanoUsd, forecastNanoUsd, budgetNanoUsd }: MonthBarProps) {
  const whole = budgetNanoUsd ?? forecastNanoUsd
  if (whole === null || whole <= 0) return null
  const expected = (forecastNanoUsd ?? monthNanoUsd) / whole
  const isOver = budgetNanoUsd !== null && monthNanoUsd > budgetNanoUsd
  return (
    <ProgressBar
      label={budgetNanoUsd === null ? 'Spent of what is forecast for this month' : "Spent of this month's budget"}
      share={monthNanoUsd / whole}
      expected={expected}
      tone={isOver ? 'bad' : budgetNanoUsd !== null && expected > 1 ? 'warn' : 'accent'}
      valueText={`${formatMoney(monthNanoUsd)} of ${formatMoney(whole)}`}
    />
  )
}

function Line({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className="flex justify-between gap-4">
      <dt className="text-muted">{title}</dt>
      <dd>{children}</dd>
    </div>
  )
}

function lastDay(monthEndsAt: number): string {
  return new Date(monthEndsAt - 1).toLocaleDateString(undefined, { day: 'numeric', month: 'short' })
}

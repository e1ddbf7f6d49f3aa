import { useState } from 'react'
import type { BudgetSettings, MethodOutput } from '../../../gateway/contract.ts'
import { useAct, useMethod } from '../../client/query.ts'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { Card, PageBody, PageHeader } from '../../ui/layout.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { ReadOnlyNote } from '../settings/read-only-note.tsx'
import { AddBudget } from './add-budget.tsx'
import { AfterCard } from './after-card.tsx'
import { amountsOf, isSame, noAmounts, rowsOf, withAmount, withAmounts, type Whose } from './budget-edit.ts'
import { BudgetHeading, BudgetRow } from './budget-row.tsx'
import { usedUp, usedUpText } from './budget-words.ts'

const refetchMs = 5_000

/** How much may be spent in a day, a week and a month: by everybody, by a key, at a provider, for a feature. */
export function Page() {
  const budgets = useMethod('budgets.get', {}, { refetchMs })
  return (
    <PageBody>
      <PageHeader
        title="Budgets"
        description="What a call may cost is held back before it is made, so that calls side by side do not overspend."
      />
      <ReadOnlyNote />
      {budgets.error !== null && (
        <ErrorNote error={budgets.error} action={<Button onClick={() => void budgets.refetch()}>Try again</Button>} />
      )}
      {budgets.isPending && <SkeletonRows rows={6} />}
      {budgets.data !== undefined && <Editor overview={budgets.data} />}
    </PageBody>
  )
}

function Editor({ overview }: { overview: MethodOutput<'budgets.get'> }) {
  const { settings, states, timeZone, sharing } = overview
  const now = useNow(60_000)
  const [added, setAdded] = useState<readonly Whose[]>([])
  const save = useAct('budgets.save', {
    optimistic: (cache, input) => cache.update('budgets.get', (old) => ({ ...old, settings: input })),
  })
  const saved = rowsOf(settings)
  const rows = [...saved, ...added.filter((whose) => !saved.some((each) => isSame(each, whose)))]
  const change = (next: BudgetSettings, whose: Whose) => {
    // An emptied row stays in view, so that another amount can be typed.
    setAdded((before) => [...before.filter((each) => !isSame(each, whose)), whose])
    save.mutate(next)
  }
  const remove = (whose: Whose) => {
    setAdded((before) => before.filter((each) => !isSame(each, whose)))
    if (saved.some((each) => isSame(each, whose))) save.mutate(withAmounts(settings, whose, noAmounts))
  }
  return (
    <>
      {usedUp(states).map((state) => (
        <Note
          key={`${state.scope} ${state.name} ${state.period}`}
          kind="warn"
          title={usedUpText(state, now)}
          text={afterText(settings)}
        />
      ))}
      <Card title="What may be spent">
        <div className="flex flex-col gap-5">
          <BudgetHeading />
          {rows.map((whose) => (
            <BudgetRow
              key={`${whose.scope} ${whose.name}`}
              whose={whose}
              amounts={amountsOf(settings, whose)}
              states={states.filter((state) => isSame(state, whose))}
              warnAt={settings.warnAt}
              now={now}
              onChange={(amount) => change(withAmount(settings, whose, amount), whose)}
              {...(whose.scope === 'all' ? {} : { onRemove: () => remove(whose) })}
            />
          ))}
          <AddBudget existing={rows} onAdd={(whose) => setAdded((before) => [...before, whose])} />
        </div>
      </Card>
      <AfterCard
        settings={settings}
        timeZone={timeZone}
        timeZoneError={save.error?.field === 'timeZone' ? save.error.message : undefined}
        onChange={(next) => save.mutate(next)}
      />
      {sharing !== 'alone' && <p className="text-muted">{sharingText[sharing]}</p>}
      <p className="text-muted">
        A call must fit all budgets that concern it. Where a provider has nothing left, another one may answer. Models
        whose price is not known cannot be counted; Models shows which they are.
      </p>
    </>
  )
}

const sharingText = {
  shared: 'All gateways on the same Redis spend from these budgets: what is spent and held is that of all.',
  away: 'Redis does not answer. Until it does, this gateway counts from what it last knew of the others.',
}

function afterText({ action }: BudgetSettings): string {
  if (action === 'block') return 'Calls that cost something are refused.'
  return action === 'warn' ? 'Calls go on all the same.' : `Calls go on as ${action.degrade}.`
}

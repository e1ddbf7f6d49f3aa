import type { BudgetAction, BudgetSettings } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { Card } from '../../ui/layout.tsx'
import { NumberField } from '../../ui/number-field.tsx'
import { Segmented } from '../../ui/segmented.tsx'
import { Select } from '../../ui/select.tsx'
import { TextField } from '../../ui/text-field.tsx'

export interface AfterCardProps {
  settings: BudgetSettings
  /** Of the gateway, where the settings name none. */
  timeZone: string
  /** Beside the field of the time zone. */
  timeZoneError: string | undefined
  onChange: (settings: BudgetSettings) => void
}

type Kind = 'block' | 'warn' | 'degrade'

const kinds: readonly { value: Kind; label: string }[] = [
  { value: 'block', label: 'Refuse it' },
  { value: 'degrade', label: 'Ask a cheaper alias' },
  { value: 'warn', label: 'Only warn' },
]

const explanations: Record<Kind, string> = {
  block: 'The client is told which budget it was and until when. Cached answers and free providers still answer.',
  degrade: 'The alias answers in place of the model that was asked for, and the client is told. It goes on counting.',
  warn: 'Calls go on and may spend more than the budget.',
}

function kindOf(action: BudgetAction): Kind {
  return typeof action === 'object' ? 'degrade' : action
}

/** What happens at the end of a budget, and before it. */
export function AfterCard({ settings, timeZone, timeZoneError, onChange }: AfterCardProps) {
  const aliases = useMethod('aliases.list', {}, { staleMs: 60_000 }).data?.aliases ?? []
  const kind = kindOf(settings.action)
  const choose = (next: Kind) => {
    const [first] = aliases
    if (next !== 'degrade') onChange({ ...settings, action: next })
    else if (first !== undefined) onChange({ ...settings, action: { degrade: first.name } })
  }
  return (
    <Card title="When a call does not fit">
      <div className="flex flex-col gap-4">
        <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
          <Segmented
            label="When a call does not fit"
            options={kinds.map((each) => ({ ...each, disabled: each.value === 'degrade' && aliases.length === 0 }))}
            value={kind}
            onChange={choose}
          />
          {typeof settings.action === 'object' && (
            <Select
              label="Alias to ask instead"
              hidesLabel
              className="w-56"
              options={aliases.map(({ name }) => ({ value: name, label: name }))}
              value={settings.action.degrade}
              onChange={(degrade) => onChange({ ...settings, action: { degrade } })}
            />
          )}
        </div>
        <p className="text-muted">{explanations[kind]}</p>
        <div className="flex flex-wrap gap-4">
          <NumberField
            label="Warn at"
            help="Once in each period, by a notification and in the log."
            className="w-56"
            suffix="%"
            isRequired
            min={1}
            max={100}
            value={Math.round(settings.warnAt * 100)}
            onCommit={(percent) => percent !== undefined && onChange({ ...settings, warnAt: percent / 100 })}
          />
          <TextField
            label="Time zone"
            help="Days begin at its midnight, weeks on Monday, months on the first."
            error={timeZoneError}
            className="w-72"
            placeholder={timeZone}
            value={settings.timeZone ?? ''}
            onCommit={(text) => onChange({ ...settings, timeZone: text.trim() === '' ? null : text.trim() })}
          />
        </div>
      </div>
    </Card>
  )
}

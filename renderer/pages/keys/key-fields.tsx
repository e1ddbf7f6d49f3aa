import { DurationField, NumberField } from '../../ui/number-field.tsx'
import { Select, type Option } from '../../ui/select.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { isoDay, type DraftProblems, type ExpiryChoice, type KeyDraft } from './key-draft.ts'
import { expiryWords } from './key-words.ts'

export interface KeyFieldsProps {
  draft: KeyDraft
  onChange: (draft: KeyDraft) => void
  problems: DraftProblems
  now: number
  /** When it ends by now; null: never, or it is new. */
  expiresAt?: number | null
}

const choices: readonly Option<ExpiryChoice>[] = [
  { value: 'never', label: 'Never' },
  { value: '30', label: 'In 30 days' },
  { value: '90', label: 'In 90 days' },
  { value: '365', label: 'In a year' },
  { value: 'day', label: 'After a day of your choice' },
]

/** What a key may ask for, how much, and until when. */
export function KeyFields({ draft, onChange, problems, now, expiresAt = null }: KeyFieldsProps) {
  const asItIs: Option<ExpiryChoice> = { value: 'as-it-is', label: `${expiryWords(expiresAt)} UTC` }
  const isTimed = expiresAt !== null && expiresAt % 86_400_000 !== 0
  return (
    <>
      <TextArea
        label="Models and aliases"
        isMono
        rows={3}
        placeholder="All of them"
        value={draft.models}
        onChange={(models) => onChange({ ...draft, models })}
        help="One per line; * stands for anything. An alias allows itself, and not what it leads to. Empty: all."
      />
      <div className="grid grid-cols-2 items-start gap-4">
        <Select
          label="Expires"
          options={isTimed ? [asItIs, ...choices] : choices}
          value={draft.expiry}
          onChange={(expiry) => onChange({ ...draft, expiry, day: draft.day === '' ? isoDay(now) : draft.day })}
        />
        {draft.expiry === 'day' && (
          <TextField
            label="Last day (UTC)"
            type="date"
            value={draft.day}
            onChange={(day) => onChange({ ...draft, day })}
            error={problems.day}
          />
        )}
      </div>
      <div className="grid grid-cols-3 items-start gap-4">
        <NumberField
          label="Requests"
          placeholder="any number"
          value={draft.requests}
          min={1}
          onCommit={(requests) => onChange({ ...draft, requests })}
        />
        <NumberField
          label="Tokens"
          placeholder="any number"
          value={draft.tokens}
          min={1}
          onCommit={(tokens) => onChange({ ...draft, tokens })}
        />
        <DurationField
          label="Within"
          value={draft.windowMs}
          min={1_000}
          max={31 * 86_400_000}
          isRequired
          onCommit={(windowMs) => onChange({ ...draft, windowMs: windowMs ?? draft.windowMs })}
        />
        <p className="col-span-3 -mt-2 text-small text-muted">
          A limit of its own stands in place of the one for each key, and holds even where limits are off.
        </p>
      </div>
    </>
  )
}

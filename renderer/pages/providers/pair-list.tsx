import { ArrowRight, Plus, X } from 'lucide-react'
import { useState } from 'react'
import { Button, IconButton } from '../../ui/button.tsx'
import { FocusFirst } from '../../ui/focus-first.tsx'
import { TextField } from '../../ui/text-field.tsx'
import type { Pair } from './more-form.ts'
import { ListField } from './list-field.tsx'

export interface PairListProps {
  label: string
  help: string
  error: string | undefined
  pairs: readonly Pair[]
  onChange: (pairs: Pair[]) => void
  /** What stands on either side of the arrow, for screen readers and empty fields. */
  from: { label: string; placeholder: string }
  to: { label: string; placeholder: string }
  addLabel: string
}

/** Names that stand for other names, one row each. */
export function PairList({ label, help, error, pairs, onChange, from, to, addLabel }: PairListProps) {
  const change = (index: number, pair: Pair) => onChange(pairs.map((each, at) => (at === index ? pair : each)))
  return (
    <ListField {...{ label, help, error }}>
      {pairs.map((pair, index) => (
        <PairRow
          // Rows have nothing else that is theirs and stays.
          key={index}
          {...{ pair, from, to }}
          place={index + 1}
          onChange={(changed) => change(index, changed)}
          onRemove={() => onChange(pairs.filter((_, at) => at !== index))}
        />
      ))}
      <Button
        size="small"
        icon={Plus}
        className="self-start"
        onClick={() => onChange([...pairs, { from: '', to: '' }])}
      >
        {addLabel}
      </Button>
    </ListField>
  )
}

interface PairRowProps extends Pick<PairListProps, 'from' | 'to'> {
  pair: Pair
  /** From 1. */
  place: number
  onChange: (pair: Pair) => void
  onRemove: () => void
}

function PairRow({ pair, place, from, to, onChange, onRemove }: PairRowProps) {
  const [isNew] = useState(pair.from === '' && pair.to === '')
  return (
    <div className="flex items-center gap-2">
      <FocusFirst isActive={isNew}>
        <TextField
          label={`${from.label} ${place}`}
          placeholder={from.placeholder}
          hidesLabel
          isMono
          className="flex-1"
          value={pair.from}
          onChange={(text) => onChange({ ...pair, from: text })}
        />
      </FocusFirst>
      <ArrowRight aria-hidden className="size-3.5 shrink-0 text-faint" strokeWidth={1.75} />
      <TextField
        label={`${to.label} ${place}`}
        placeholder={to.placeholder}
        hidesLabel
        isMono
        className="flex-1"
        value={pair.to}
        onChange={(text) => onChange({ ...pair, to: text })}
      />
      <IconButton icon={X} size="small" label={`Remove ${pair.from.trim() || 'this row'}`} onClick={onRemove} />
    </div>
  )
}

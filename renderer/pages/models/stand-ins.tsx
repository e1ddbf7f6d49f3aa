import { clsx } from 'clsx'
import { ArrowRight, X } from 'lucide-react'
import { useState } from 'react'
import type { Model } from '../../../gateway/contract.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { FocusFirst } from '../../ui/focus-first.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { priceWords } from './price-words.ts'
import { withoutStandIn, withStandIn, type ChainStep } from './routing-edits.ts'

export interface StandInsProps {
  step: ChainStep
  models: readonly Model[]
  onChange: (step: ChainStep) => void
}

/** Which of this provider's models stands in for which other: `gpt-6` becomes `claude-sonnet-5` there. */
export function StandIns({ step, models, onChange }: StandInsProps) {
  const [isAdding, setIsAdding] = useState(false)
  const pairs = Object.entries(step.models ?? {})
  return (
    <div className="flex flex-col gap-1">
      {pairs.map(([model, standIn]) => (
        <div key={model} className="flex min-w-0 items-center gap-2 font-mono text-mono">
          <span className="truncate text-muted">{model}</span>
          <ArrowRight aria-hidden className="size-3 shrink-0 text-faint" />
          <span className="sr-only">becomes</span>
          <span className="truncate">{standIn}</span>
          <IconButton
            icon={X}
            size="small"
            label={`No stand-in for ${model}`}
            onClick={() => onChange(withoutStandIn(step, model))}
          />
        </div>
      ))}
      {isAdding ? (
        <NewStandIn
          {...{ step, models }}
          onAdd={(model, standIn) => {
            onChange(withStandIn(step, model, standIn))
            setIsAdding(false)
          }}
          onCancel={() => setIsAdding(false)}
        />
      ) : (
        <p className="flex flex-wrap items-center gap-x-1 text-small text-muted">
          {pairs.length === 0 && 'Is asked for the same model, or for the first one it lists.'}
          <Button
            kind="quiet"
            size="small"
            className={clsx('text-accent-ink!', pairs.length === 0 ? 'px-1!' : '-ml-2')}
            onClick={() => setIsAdding(true)}
          >
            Add a stand-in
          </Button>
        </p>
      )}
    </div>
  )
}

interface NewStandInProps {
  step: ChainStep
  models: readonly Model[]
  onAdd: (model: string, standIn: string) => void
  onCancel: () => void
}

function NewStandIn({ step, models, onAdd, onCancel }: NewStandInProps) {
  const [model, setModel] = useState('')
  const [standIn, setStandIn] = useState('')
  const isWhole = model.trim() !== '' && standIn.trim() !== ''
  const others = new Set(models.filter(({ provider }) => provider !== step.provider).map(({ id }) => id))
  const own = models.filter(({ provider }) => provider === step.provider)
  return (
    <div className="flex flex-col gap-2 rounded-control bg-sunken p-3">
      <FocusFirst>
        <Combobox
          label="In place of"
          value={model}
          onChange={setModel}
          suggestions={[{ value: '*', note: 'any other model' }, ...[...others].map((value) => ({ value }))]}
        />
      </FocusFirst>
      <Combobox
        label={`${step.provider} is asked for`}
        value={standIn}
        onChange={setStandIn}
        suggestions={own.map(({ id, price }) => ({ value: id, note: priceWords(price) }))}
      />
      <div className="flex justify-end gap-2">
        <Button size="small" kind="quiet" onClick={onCancel}>
          Cancel
        </Button>
        <Button size="small" kind="primary" disabled={!isWhole} onClick={() => onAdd(model.trim(), standIn.trim())}>
          Add
        </Button>
      </div>
    </div>
  )
}

import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { Limit, Limits } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/layout.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { newModelProblem } from './limit-edit.ts'
import { LimitHeading, LimitRow } from './limit-row.tsx'

export interface ModelLimitsProps {
  perModel: Limits['perModel']
  onChange: (model: string, limit: Limit | null) => void
}

/** A row per model. A row without numbers is not saved yet: a limit without one means nothing. */
export function ModelLimits({ perModel, onChange }: ModelLimitsProps) {
  const [added, setAdded] = useState<readonly string[]>([])
  const saved = Object.keys(perModel)
  const names = [...saved, ...added.filter((name) => !saved.includes(name))]
  const change = (model: string, limit: Limit | null) => {
    // An emptied row stays in view, so that another number can be typed.
    setAdded((before) => [...before.filter((name) => name !== model), model])
    onChange(model, limit)
  }
  const remove = (model: string) => {
    setAdded((before) => before.filter((name) => name !== model))
    if (saved.includes(model)) onChange(model, null)
  }
  return (
    <Card title="For each model">
      <div className="flex flex-col gap-4">
        {names.length > 0 && <LimitHeading title="Model, alias or pattern" />}
        {names.map((model) => (
          <LimitRow
            key={model}
            title={model}
            isMono
            whom="for it"
            limit={perModel[model] ?? null}
            onChange={(limit) => change(model, limit)}
            onRemove={() => remove(model)}
          />
        ))}
        <AddModel existing={names} onAdd={(model) => setAdded((before) => [...before, model])} />
      </div>
    </Card>
  )
}

function AddModel({ existing, onAdd }: { existing: readonly string[]; onAdd: (model: string) => void }) {
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string>()
  const models = useMethod('models.list', {}, { staleMs: 60_000 }).data?.models ?? []
  const aliases = useMethod('aliases.list', {}, { staleMs: 60_000 }).data?.aliases ?? []
  const known = [...new Set([...aliases.map((alias) => alias.name), ...models.map(({ id }) => id)])]
  const add = () => {
    const found = newModelProblem(name.trim(), existing)
    setProblem(found)
    if (found !== undefined) return
    onAdd(name.trim())
    setName('')
  }
  return (
    <form
      className="flex items-start gap-2 border-t border-line pt-4 first:border-t-0 first:pt-0"
      onSubmit={(event) => {
        event.preventDefault()
        add()
      }}
    >
      <NameField
        label="Model to limit"
        placeholder="Model, alias or gpt-4*"
        className="w-72"
        value={name}
        error={problem}
        onChange={(text) => {
          setName(text)
          setProblem(undefined)
        }}
        known={known.filter((each) => !existing.includes(each))}
      />
      <Button type="submit" icon={Plus}>
        Add model
      </Button>
    </form>
  )
}

import { Plus } from 'lucide-react'
import { useState } from 'react'
import type { UsageDimension } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Select } from '../../ui/select.tsx'
import { NameField } from '../../ui/name-field.tsx'
import { newBudgetProblem, type NamedScope, type Whose } from './budget-edit.ts'

const scopes: readonly { value: NamedScope; label: string; placeholder: string }[] = [
  { value: 'key', label: 'Client key', placeholder: 'Name of the key' },
  { value: 'provider', label: 'Provider', placeholder: 'Name of the provider' },
  { value: 'feature', label: 'Feature', placeholder: 'metadata.feature of the calls' },
]

/** A row of one's own for a key, a provider or a feature. */
export function AddBudget({ existing, onAdd }: { existing: readonly Whose[]; onAdd: (whose: Whose) => void }) {
  const [scope, setScope] = useState<NamedScope>('key')
  const [name, setName] = useState('')
  const [problem, setProblem] = useState<string>()
  const known = useKnownNames(scope).filter((each) => !existing.some((row) => row.scope === scope && row.name === each))
  const add = () => {
    const whose = { scope, name: name.trim() }
    const found = newBudgetProblem(whose, existing)
    setProblem(found)
    if (found !== undefined) return
    onAdd(whose)
    setName('')
  }
  return (
    <form
      className="flex flex-wrap items-start gap-2 border-t border-line pt-4"
      onSubmit={(event) => {
        event.preventDefault()
        add()
      }}
    >
      <Select label="Budget for a" hidesLabel className="w-36" options={scopes} value={scope} onChange={setScope} />
      <NameField
        label="Name"
        placeholder={scopes.find(({ value }) => value === scope)?.placeholder}
        className="w-64"
        value={name}
        error={problem}
        onChange={(text) => {
          setName(text)
          setProblem(undefined)
        }}
        known={known}
      />
      <Button type="submit" icon={Plus}>
        Add budget
      </Button>
    </form>
  )
}

const monthMs = 31 * 86_400_000

/** Those that are configured, and those that were seen of late. */
function useKnownNames(scope: NamedScope): string[] {
  const [from] = useState(() => Date.now() - monthMs)
  const by: UsageDimension = scope
  const seen = useMethod('usage.groups', { from, to: from + 2 * monthMs, by }, { staleMs: 60_000 }).data?.groups ?? []
  const keys = useMethod('clientKeys.list', {}, { enabled: scope === 'key', staleMs: 60_000 }).data?.keys ?? []
  const providers = useMethod('providers.list', {}, { enabled: scope === 'provider', staleMs: 60_000 }).data?.providers
  const configured = scope === 'key' ? keys : scope === 'provider' ? (providers ?? []) : []
  return [...new Set([...configured.map(({ name }) => name), ...seen.flatMap(({ name }) => name ?? [])])]
}

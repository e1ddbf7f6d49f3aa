import { useState, type FormEvent } from 'react'
import type { CatalogEntry, Provider, Status } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Code } from '../../ui/code.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { CheckResult } from './check-result.tsx'
import { Group } from './group.tsx'
import { exportLine, keyDraftProblem, newReference, startKeyDraft, typedKey } from './key-draft.ts'
import { KeyEntry } from './key-entry.tsx'
import { keyOrigin, keyWords } from './provider-words.ts'

export interface KeySectionProps {
  provider: Provider
  entry: CatalogEntry | undefined
  status: Status
  onRemoveKey: () => void
}

/** Which key it has, and how to put another in its place. The old one works until the new one is saved. */
export function KeySection({ provider, entry, status, onRemoveKey }: KeySectionProps) {
  const { key } = provider
  const [isReplacing, setIsReplacing] = useState(false)
  const isOpen = isReplacing || key.state === 'missing'
  return (
    <Group title="Key">
      <div className="flex items-center justify-between gap-4">
        <div className="min-w-0">
          <p className={key.state === 'set' ? 'font-mono text-mono' : key.state === 'missing' ? 'text-bad' : ''}>
            {key.state === 'set' ? keyWords(key) : key.state === 'missing' ? 'Missing' : 'None'}
          </p>
          <p className="text-small wrap-anywhere text-muted">{keyOrigin(key)}.</p>
        </div>
        <span className="flex shrink-0 gap-2">
          {!isOpen && (
            <Button size="small" onClick={() => setIsReplacing(true)}>
              {key.state === 'set' ? 'Replace' : 'Add a key'}
            </Button>
          )}
          {key.state === 'set' && (
            <Button size="small" kind="quiet" onClick={onRemoveKey}>
              Remove
            </Button>
          )}
        </span>
      </div>
      {key.state === 'missing' && status.secretStore.kind !== 'none' && key.reference !== null && (
        <p className="text-small text-muted">
          Paste it below, or set <code>{key.reference}</code> where the gateway is started.
        </p>
      )}
      {isOpen && <NewKey {...{ provider, entry, status }} onDone={() => setIsReplacing(false)} />}
      {key.from === 'environment' && isReplacing && key.reference !== null && (
        <Code text={exportLine(key.reference, status.platform)} label="Copy the line" />
      )}
    </Group>
  )
}

interface NewKeyProps extends Omit<KeySectionProps, 'onRemoveKey'> {
  onDone: () => void
}

function NewKey({ provider, entry, status, onDone }: NewKeyProps) {
  const [draft, setDraft] = useState(() => startKeyDraft(status.secretStore))
  const check = useAct('providers.check', { saved: false, toastErrors: false })
  const set = useAct('keys.set', { saved: `The ${provider.title} key is saved`, toastErrors: false, onDone })
  const typed = typedKey(draft)
  const problem = keyDraftProblem(draft, status.secretStore)
  const save = (event: FormEvent) => {
    event.preventDefault()
    if (typed !== undefined && problem === undefined) set.mutate({ provider: provider.name, ...typed })
  }
  const reference =
    provider.key.reference ??
    newReference({ provider: provider.name, keyName: entry?.keyName ?? null, present: [provider.key] })
  return (
    <form onSubmit={save} className="flex flex-col gap-3">
      <KeyEntry
        label="New key"
        draft={draft}
        onChange={(changed) => {
          check.reset()
          setDraft(changed)
        }}
        keyPage={entry?.keyPage ?? null}
        error={problem}
        {...{ reference, status }}
      />
      {draft.way === 'keep' && (
        <div className="flex justify-end gap-2">
          {provider.key.state !== 'missing' && (
            <Button size="small" kind="quiet" onClick={onDone}>
              Cancel
            </Button>
          )}
          <Button
            size="small"
            disabled={typed === undefined}
            isBusy={check.isPending}
            onClick={() => typed !== undefined && check.mutate({ provider: { name: provider.name }, key: typed.key })}
          >
            Test this key
          </Button>
          <Button
            size="small"
            kind="primary"
            type="submit"
            disabled={typed === undefined || problem !== undefined}
            isBusy={set.isPending}
          >
            Save key
          </Button>
        </div>
      )}
      <CheckResult check={check.data} error={check.error} />
      {set.error !== null && <ErrorNote error={set.error} />}
    </form>
  )
}

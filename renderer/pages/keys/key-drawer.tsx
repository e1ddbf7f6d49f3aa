import { Ban, CircleCheck, Trash2 } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import { Link } from 'wouter'
import type { ClientKey } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/dialog.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { draftOf, draftProblems, rulesOf, sameRules } from './key-draft.ts'
import { KeyFields } from './key-fields.tsx'
import { stateOf } from './key-words.ts'
import { NewSecret } from './new-secret.tsx'
import type { ShownKey } from './shown-key.tsx'

export interface KeyDrawerProps {
  row: ClientKey
  now: number
  isReadOnly: boolean
  onClose: () => void
  onMade: (shown: ShownKey) => void
}

/** One key: what it may do, a new secret for it, and its end. */
export function KeyDrawer({ row, now, isReadOnly, onClose, onMade }: KeyDrawerProps) {
  const formId = useId()
  const [draft, setDraft] = useState(() => draftOf(row))
  const save = useAct('clientKeys.update', {
    saved: `The key ${row.name} is saved`,
    toastErrors: false,
    onDone: onClose,
  })
  const problems = draftProblems(draft, now, { isNew: false, taken: [] })
  const isSound = Object.keys(problems).length === 0
  const hasChanged = isSound && !sameRules(rulesOf(draft, now, row), rulesOf(draftOf(row), now, row))
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (hasChanged) save.mutate({ name: row.name, ...rulesOf(draft, now, row) })
  }
  return (
    <Drawer
      open
      onOpenChange={onClose}
      title={row.name}
      description={descriptionOf(row, now)}
      {...(isReadOnly
        ? {}
        : { footer: <Actions {...{ row, formId, hasChanged, onClose }} isSaving={save.isPending} /> })}
    >
      <div className="flex flex-col gap-6">
        {save.error !== null && <ErrorNote error={save.error} />}
        {row.tool !== null && <ToolNote tool={row.tool} />}
        <fieldset disabled={isReadOnly}>
          <form id={formId} onSubmit={submit} className="flex flex-col gap-4">
            <KeyFields draft={draft} onChange={setDraft} {...{ problems, now }} expiresAt={row.expiresAt} />
          </form>
        </fieldset>
        {!isReadOnly && <NewSecret {...{ row, onMade, now }} />}
      </div>
    </Drawer>
  )
}

function descriptionOf(row: ClientKey, now: number): string {
  const { words } = stateOf(row, now)
  return row.starts === null ? words : `${words} · begins with ${row.starts}`
}

function ToolNote({ tool }: { tool: NonNullable<ClientKey['tool']> }) {
  return (
    <Note
      title={`Connect made it for ${tool.name}.`}
      text={
        <>
          It stands in the settings of {tool.name}.{' '}
          <Link href={`/connect?tool=${tool.id}`} className="underline">
            Open it on Connect
          </Link>
        </>
      }
    />
  )
}

interface ActionsProps {
  row: ClientKey
  formId: string
  hasChanged: boolean
  isSaving: boolean
  onClose: () => void
}

function Actions({ row, formId, hasChanged, isSaving, onClose }: ActionsProps) {
  const isRevoked = row.state === 'revoked'
  const remove = useAct('clientKeys.remove', { saved: `The key ${row.name} is removed`, onDone: onClose })
  const revoke = useAct('clientKeys.revoke', {
    saved: isRevoked ? `${row.name} is let in again` : `${row.name} is shut out`,
    onDone: onClose,
  })
  return (
    <>
      <Button kind="quiet" icon={Trash2} isBusy={remove.isPending} onClick={() => remove.mutate({ name: row.name })}>
        Remove
      </Button>
      <Button
        kind="quiet"
        icon={isRevoked ? CircleCheck : Ban}
        className="mr-auto"
        isBusy={revoke.isPending}
        onClick={() => revoke.mutate({ name: row.name, revoked: !isRevoked })}
      >
        {isRevoked ? 'Let it in again' : 'Revoke'}
      </Button>
      <Button kind="primary" type="submit" form={formId} disabled={!hasChanged} isBusy={isSaving}>
        Save
      </Button>
    </>
  )
}

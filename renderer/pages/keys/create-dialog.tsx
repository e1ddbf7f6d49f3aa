import { useId, useState, type FormEvent } from 'react'
import { useAct } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FocusFirst } from '../../ui/focus-first.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { draftProblems, rulesOf, startDraft } from './key-draft.ts'
import { KeyFields } from './key-fields.tsx'
import type { ShownKey } from './shown-key.tsx'

export interface CreateDialogProps {
  taken: readonly string[]
  now: number
  onClose: () => void
  /** The one moment in which the key is known. */
  onMade: (shown: ShownKey) => void
}

/** A new key: whose it is, and what it may do. */
export function CreateDialog({ taken, now, onClose, onMade }: CreateDialogProps) {
  const formId = useId()
  const [draft, setDraft] = useState(startDraft)
  const [wasTried, setWasTried] = useState(false)
  const create = useAct('clientKeys.create', {
    saved: ({ name }) => `The key ${name} is made`,
    toastErrors: false,
    forgets: true,
    onDone: ({ key }, { name, models }) => onMade({ name, key, models, isNew: true }),
  })
  const problems = draftProblems(draft, now, { isNew: true, taken })
  const shown = wasTried ? problems : {}
  const save = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (Object.keys(problems).length === 0) create.mutate({ name: draft.name, ...rulesOf(draft, now) })
  }
  const atName = create.error?.field === 'name' ? create.error.message : undefined
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width={560}
      title="Create a key"
      description="A caller sends it with every call. Its calls, costs and limits are counted under its name."
      footer={
        <>
          {create.error !== null && atName === undefined && (
            <div className="w-full">
              <ErrorNote error={create.error} />
            </div>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={formId} isBusy={create.isPending}>
            Create the key
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={save} className="flex flex-col gap-4">
        <FocusFirst isActive>
          <TextField
            label="Name"
            isMono
            placeholder="build-server"
            value={draft.name}
            onChange={(name) => setDraft({ ...draft, name: name.trim() })}
            error={shown.name ?? atName}
            help="Who or what will use it."
          />
        </FocusFirst>
        <KeyFields draft={draft} onChange={setDraft} problems={shown} now={now} />
      </form>
    </Dialog>
  )
}

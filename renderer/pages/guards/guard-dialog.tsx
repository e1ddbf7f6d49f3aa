import { useId, useState, type FormEvent } from 'react'
import type { GuardOverview, GuardRule } from '../../../gateway/contract.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FocusFirst } from '../../ui/focus-first.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { draftOf, draftProblems, ruleOf, startDraft, type GuardDraft } from './guard-draft.ts'
import { GuardFields } from './guard-fields.tsx'

export interface GuardDialogProps {
  /** Absent: a new one. */
  rule?: GuardRule | undefined
  /** Names of the other guards. */
  taken: readonly string[]
  detectors: GuardOverview['detectors']
  onClose: () => void
  onSave: (rule: GuardRule) => void
}

/** What a guard looks for, where, and what is done about it. */
export function GuardDialog({ rule, taken, detectors, onClose, onSave }: GuardDialogProps) {
  const formId = useId()
  const [draft, setDraft] = useState<GuardDraft>(() => (rule === undefined ? startDraft : draftOf(rule)))
  const [wasTried, setWasTried] = useState(false)
  const problems = draftProblems(draft, taken)
  const save = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (Object.keys(problems).length > 0) return
    onSave(ruleOf(draft))
    onClose()
  }
  const shown = wasTried ? problems : {}
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width={600}
      title={rule === undefined ? 'Add a guard' : `Guard ${rule.name}`}
      description="It knows patterns, no more: a help against accidents, not a wall against somebody who wants through."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={formId}>
            {rule === undefined ? 'Add the guard' : 'Save'}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={save} className="flex flex-col gap-4">
        <FocusFirst isActive>
          <TextField
            label="Name"
            isMono
            placeholder="keep-secrets"
            value={draft.name}
            onChange={(name) => setDraft({ ...draft, name })}
            error={shown.name}
            help="Traffic, metrics and errors say it."
          />
        </FocusFirst>
        <GuardFields draft={draft} onChange={setDraft} problems={shown} detectors={detectors} />
      </form>
    </Dialog>
  )
}

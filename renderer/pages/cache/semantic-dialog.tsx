import { useId, useState, type FormEvent } from 'react'
import type { SemanticSettings } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Combobox } from '../../ui/combobox.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FocusFirst } from '../../ui/focus-first.tsx'
import { DurationField, NumberField } from '../../ui/number-field.tsx'
import { Select } from '../../ui/select.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import {
  semanticDraftOf,
  semanticProblems,
  semanticSettingsOf,
  startSemantic,
  type SemanticDraft,
  type SemanticProblems,
} from './semantic-draft.ts'

export interface SemanticDialogProps {
  /** null: it is off. */
  settings: SemanticSettings | null
  cacheTtlMs: number
  onClose: () => void
  onSave: (settings: SemanticSettings) => void
}

/** For which names questions are compared, by whom, and how alike they must be. */
export function SemanticDialog({ settings, cacheTtlMs, onClose, onSave }: SemanticDialogProps) {
  const formId = useId()
  const [draft, setDraft] = useState(() => (settings === null ? startSemantic : semanticDraftOf(settings)))
  const [wasTried, setWasTried] = useState(false)
  const problems = semanticProblems(draft, cacheTtlMs)
  const save = (event: FormEvent) => {
    event.preventDefault()
    setWasTried(true)
    if (Object.keys(problems).length > 0) return
    onSave(semanticSettingsOf(draft))
    onClose()
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width={600}
      title={settings === null ? 'Answer similar questions from the cache' : 'Similar questions'}
      description="Two questions that look alike can want different answers. Use it for names whose callers can live with that, such as a help page; never for code or numbers."
      footer={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={formId}>
            {settings === null ? 'Turn it on' : 'Save'}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={save} className="flex flex-col gap-4">
        <SemanticFields draft={draft} onChange={setDraft} problems={wasTried ? problems : {}} />
      </form>
    </Dialog>
  )
}

interface FieldsProps {
  draft: SemanticDraft
  onChange: (draft: SemanticDraft) => void
  problems: SemanticProblems
}

function SemanticFields({ draft, onChange, problems }: FieldsProps) {
  const providers = useMethod('providers.list', {}, { staleMs: 60_000 }).data?.providers ?? []
  const models = useMethod('models.list', {}, { staleMs: 60_000 }).data?.models ?? []
  const embedding = models.filter(({ id }) => /embed/i.test(id)).map(({ id }) => ({ value: id }))
  return (
    <>
      <FocusFirst isActive>
        <TextArea
          label="Aliases and models"
          isMono
          rows={3}
          placeholder="help-page"
          value={draft.aliases}
          onChange={(aliases) => onChange({ ...draft, aliases })}
          error={problems.aliases}
          help="One per line, as clients ask for them. All others are left alone."
        />
      </FocusFirst>
      <div className="grid grid-cols-2 items-start gap-4">
        <Select
          label="Vectors come from"
          placeholder="A provider"
          options={providers.map(({ name }) => ({ value: name, label: name }))}
          value={draft.provider === '' ? undefined : draft.provider}
          onChange={(provider) => onChange({ ...draft, provider })}
          error={problems.provider}
          help="Each new question is sent there; it costs a little, and shows in Traffic."
        />
        <Combobox
          label="Its model"
          placeholder="text-embedding-3-small"
          suggestions={embedding}
          value={draft.model}
          onChange={(model) => onChange({ ...draft, model })}
          error={problems.model}
        />
        <NumberField
          label="Alike at least"
          isDecimal
          isRequired
          min={0.5}
          max={1}
          value={draft.threshold}
          onCommit={(threshold) => onChange({ ...draft, threshold: threshold ?? draft.threshold })}
          help="1 is the same. Lower finds more, and more that is wrong."
        />
        <DurationField
          label="Use an answer for"
          placeholder="as long as the cache"
          min={1000}
          value={draft.ttlMs}
          onCommit={(ttlMs) => onChange({ ...draft, ttlMs })}
          error={problems.ttlMs}
        />
        <NumberField
          label="Questions kept"
          isRequired
          min={1}
          max={100_000}
          value={draft.maxEntries}
          onCommit={(maxEntries) => onChange({ ...draft, maxEntries: maxEntries ?? draft.maxEntries })}
          help="Then the oldest go."
        />
      </div>
    </>
  )
}

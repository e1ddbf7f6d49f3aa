import { Trash2 } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import type { CatalogEntry, Provider, Status } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { DurationField, NumberField } from '../../ui/number-field.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { CheckResult } from './check-result.tsx'
import { Group } from './group.tsx'
import { KeySection } from './key-section.tsx'
import { formChanges, hasChanges, startForm, type ProviderForm } from './provider-changes.ts'
import { stateOf } from './provider-words.ts'

export interface EditDrawerProps {
  provider: Provider
  entry: CatalogEntry | undefined
  status: Status
  onClose: () => void
  onRemoveKey: () => void
  onRemove: () => void
}

/** Everything of one provider: its key, where it is, what it serves, how long it may take. */
export function EditDrawer({ provider, entry, status, onClose, onRemoveKey, onRemove }: EditDrawerProps) {
  const formId = useId()
  const { form, setForm, edit, check, save } = useEdit(provider, onClose)
  return (
    <Drawer
      open
      onOpenChange={onClose}
      title={provider.title}
      description={`${provider.name} · ${stateOf(provider).words}`}
      footer={
        <>
          <div className="flex w-full flex-col gap-2 empty:hidden">
            <CheckResult check={check.data} error={check.error} />
            {save.error !== null && errorAt(save.error, 'baseUrl') === undefined && <ErrorNote error={save.error} />}
          </div>
          <Button kind="quiet" icon={Trash2} onClick={onRemove} className="mr-auto">
            Remove
          </Button>
          <Button onClick={() => check.mutate({ provider: edit })} isBusy={check.isPending}>
            Test
          </Button>
          <Button kind="primary" type="submit" form={formId} disabled={!hasChanges(edit)} isBusy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-6">
        <KeySection {...{ provider, entry, status, onRemoveKey }} />
        <form
          id={formId}
          className="flex flex-col gap-6"
          onSubmit={(event: FormEvent) => {
            event.preventDefault()
            if (hasChanges(edit)) save.mutate(edit)
          }}
        >
          <Group title="Address and models">
            <TextField
              label="Base URL"
              isMono
              placeholder={entry?.baseUrl ?? 'https://example.com/v1'}
              value={form.baseUrl}
              onChange={(baseUrl) => setForm({ ...form, baseUrl })}
              error={errorAt(save.error, 'baseUrl')}
              help={entry?.baseUrl ? `Empty: ${entry.baseUrl}` : 'The address its API starts at.'}
            />
            <Models {...{ form, setForm }} found={check.data?.models ?? []} />
          </Group>
          <Group title="Order, patience and retries">
            <Numbers {...{ form, setForm }} />
          </Group>
        </form>
      </div>
    </Drawer>
  )
}

function useEdit(provider: Provider, onClose: () => void) {
  const [form, setForm] = useState(() => startForm(provider))
  const check = useAct('providers.check', { saved: false, toastErrors: false })
  const save = useAct('providers.save', { saved: `${provider.title} is saved`, toastErrors: false, onDone: onClose })
  return { form, setForm, edit: formChanges(provider, form), check, save }
}

function errorAt(error: { field: string | null; message: string } | null, field: string): string | undefined {
  return error?.field?.split('.').includes(field) === true ? error.message : undefined
}

interface FormProps {
  form: ProviderForm
  setForm: (form: ProviderForm) => void
}

function Models({ form, setForm, found }: FormProps & { found: readonly string[] }) {
  return (
    <div className="flex flex-col gap-2">
      <TextArea
        label="Models"
        isMono
        rows={4}
        placeholder="Whatever it lists itself"
        value={form.models}
        onChange={(models) => setForm({ ...form, models })}
        help="One per line; * stands for anything. Empty: whatever the provider lists itself."
      />
      {found.length > 0 && (
        <Button size="small" className="self-start" onClick={() => setForm({ ...form, models: found.join('\n') })}>
          Fill in the {found.length} models that the test found
        </Button>
      )}
    </div>
  )
}

const none = 'Default'

function Numbers({ form, setForm }: FormProps) {
  const field = (name: keyof ProviderForm) => ({
    placeholder: none,
    onCommit: (value: number | undefined) => setForm({ ...form, [name]: value }),
  })
  const longest = { min: 1, max: 86_400_000 }
  return (
    <div className="grid grid-cols-2 items-start gap-4">
      <NumberField
        label="Priority"
        {...field('priority')}
        value={form.priority}
        min={0}
        max={1000}
        help="The lowest number is asked first."
      />
      <NumberField
        label="Retries"
        {...field('maxRetries')}
        value={form.maxRetries}
        min={0}
        max={10}
        help="After the first try."
      />
      <DurationField
        label="Whole answer"
        {...field('timeoutMs')}
        {...longest}
        value={form.timeoutMs}
        help="Then the call is given up."
      />
      <DurationField
        label="Connecting"
        {...field('connectTimeoutMs')}
        {...longest}
        value={form.connectTimeoutMs}
        help="Until the connection stands."
      />
      <DurationField
        label="First token"
        {...field('firstTokenTimeoutMs')}
        {...longest}
        placeholder="No limit of its own"
        value={form.firstTokenTimeoutMs}
        help="Then the next target is tried."
      />
      <DurationField
        label="Silence"
        {...field('idleTimeoutMs')}
        {...longest}
        value={form.idleTimeoutMs}
        help="Between two pieces of a stream."
      />
    </div>
  )
}

import { Trash2 } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import type { CatalogEntry, Provider, Status } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/dialog.tsx'
import { ErrorNote } from '../../ui/notes.tsx'
import { TextArea } from '../../ui/text-area.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { CheckResult } from './check-result.tsx'
import { Group } from './group.tsx'
import { KeySection } from './key-section.tsx'
import { AzureFields, More } from './more-fields.tsx'
import { moreProblems } from './more-form.ts'
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
  const { form, setForm, edit, problems, check, save, ifSound } = useEdit(provider, onClose)
  const change = (changes: Partial<ProviderForm>) => setForm({ ...form, ...changes })
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
          <Button onClick={() => ifSound(() => check.mutate({ provider: edit }))} isBusy={check.isPending}>
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
            if (hasChanges(edit)) ifSound(() => save.mutate(edit))
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
          {(entry?.hasDeployments === true || form.apiVersion !== '' || form.deployments.length > 0) && (
            <Group title="Azure">
              <AzureFields {...{ form, problems }} onChange={change} />
            </Group>
          )}
          <More {...{ form, problems, entry, provider }} onChange={change} configHome={status.configHome} />
        </form>
      </div>
    </Drawer>
  )
}

function useEdit(provider: Provider, onClose: () => void) {
  const [form, setForm] = useState(() => startForm(provider))
  const check = useAct('providers.check', { saved: false, toastErrors: false })
  const save = useAct('providers.save', { saved: `${provider.title} is saved`, toastErrors: false, onDone: onClose })
  const [wasTried, setWasTried] = useState(false)
  const problems = moreProblems(form)
  return {
    form,
    setForm,
    edit: formChanges(provider, form),
    /** Said only once something was tried: nobody is told off while typing. */
    problems: wasTried ? problems : {},
    check,
    save,
    ifSound: (run: () => void) => {
      setWasTried(true)
      if (Object.keys(problems).length === 0) run()
    },
  }
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

import { useId, useState, type FormEvent } from 'react'
import type { CatalogEntry, Provider, Status } from '../../../gateway/contract.ts'
import { useAct } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { CheckResult } from './check-result.tsx'
import { FocusFirst } from '../../ui/focus-first.tsx'
import { keyDraftProblem, newReference, refersToKey, startKeyDraft, typedKey } from './key-draft.ts'
import { KeyEntry } from './key-entry.tsx'
import { AzureFields, More } from './more-fields.tsx'
import { moreProblems, untouched, type MoreForm, type MoreProblems } from './more-form.ts'
import { useAddProvider } from './mutations.ts'
import { draftEdit, draftProblems, foreignHost, type DraftProblems, type ProviderDraft } from './provider-draft.ts'

export interface AddFormProps {
  entry: CatalogEntry
  draft: ProviderDraft
  isFromLink: boolean
  providers: readonly Provider[]
  status: Status
  onBack: () => void
  onClose: () => void
}

/** Name, key and address of a new provider: test it, then save it. */
export function AddForm(props: AddFormProps) {
  const { entry, isFromLink, providers, status, onBack, onClose } = props
  const formId = useId()
  const form = useAddForm(props)
  const { draft, key, more, shown } = form
  const [wantsAddress, setWantsAddress] = useState(entry.needsBaseUrl || entry.isLocal || draft.baseUrl !== '')
  const reference = newReference({
    provider: draft.name,
    keyName: entry.keyName,
    present: providers.map((provider) => provider.key),
  })
  return (
    <Dialog
      open
      onOpenChange={onClose}
      width={560}
      title={`Add ${entry.title}`}
      footer={
        <>
          <div className="flex w-full flex-col gap-2 empty:hidden">
            <CheckResult check={form.check.data} error={form.check.error} />
            {form.adding.error !== null && <AddFailure isHalfDone={form.adding.isHalfDone} error={form.adding.error} />}
          </div>
          <Button kind="quiet" onClick={onBack} className="mr-auto">
            Back to the catalogue
          </Button>
          <Button onClick={form.test} isBusy={form.check.isPending}>
            Test
          </Button>
          <Button kind="primary" type="submit" form={formId} isBusy={form.adding.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={form.save} className="flex flex-col gap-4">
        {isFromLink && <LinkNote host={foreignHost(draft, entry)} title={entry.title} />}
        <TextField
          label="Name"
          isMono
          value={draft.name}
          onChange={(name) => form.change({ ...draft, name })}
          error={shown.name}
          help="Aliases refer to it by this name, and so do calls for “name/model”."
        />
        {wantsAddress && (
          <FocusFirst isActive={entry.needsBaseUrl}>
            <TextField
              label="Base URL"
              isMono
              inputMode="url"
              placeholder={entry.baseUrl ?? 'https://example.com/v1'}
              value={draft.baseUrl}
              onChange={(baseUrl) => form.change({ ...draft, baseUrl })}
              error={shown.baseUrl}
              help={
                entry.needsBaseUrl || entry.baseUrl === null
                  ? 'The address its API starts at.'
                  : `Empty: ${entry.baseUrl}`
              }
            />
          </FocusFirst>
        )}
        <FocusFirst isActive={!entry.needsBaseUrl}>
          <KeyEntry
            label="Key"
            draft={key}
            onChange={form.changeKey}
            keyPage={entry.keyPage}
            isOptional={!entry.needsKey}
            emptyHelp={
              entry.needsKey
                ? `Leave it empty if ${reference} is set already.`
                : 'Leave it empty where none is asked for.'
            }
            error={shown.key}
            {...{ reference, status }}
          />
        </FocusFirst>
        {!wantsAddress && (
          <Button kind="quiet" size="small" className="self-start px-0!" onClick={() => setWantsAddress(true)}>
            Use another address than {entry.baseUrl}
          </Button>
        )}
        {entry.hasDeployments && <AzureFields form={more} problems={shown} onChange={form.changeMore} />}
        <More form={more} problems={shown} onChange={form.changeMore} entry={entry} configHome={status.configHome} />
      </form>
    </Dialog>
  )
}

function LinkNote({ host, title }: { host: string | undefined; title: string }) {
  if (host === undefined) {
    return <Note title="A link filled in this form." text="Nothing is kept until you press Save." />
  }
  return (
    <Note
      kind="warn"
      title={`A link filled in this form. It would send your ${title} key and all your prompts to ${host}.`}
      text="Go on only if you know that address. Nothing is sent until you press Test, nothing is kept until you press Save."
    />
  )
}

function AddFailure({ isHalfDone, error }: { isHalfDone: boolean; error: { message: string; hint: string | null } }) {
  if (!isHalfDone) return <ErrorNote error={error} />
  const message = `The provider is added, but its key is not kept: ${error.message}`
  return <ErrorNote error={{ message, hint: error.hint ?? 'Press Save to try again.' }} />
}

interface FormProblems extends DraftProblems, MoreProblems {
  key?: string | undefined
}

const untried: FormProblems = {}

function useAddForm({ entry, draft: start, providers, status, onClose }: AddFormProps) {
  const [draft, setDraft] = useState(start)
  const [key, setKey] = useState(() => startKeyDraft(status.secretStore))
  const [more, setMore] = useState(untouched)
  const [wasTried, setWasTried] = useState(false)
  const check = useAct('providers.check', { saved: false, toastErrors: false })
  const adding = useAddProvider()
  // After a half-done save the name is our own.
  const others = providers.filter(({ name }) => !(adding.isHalfDone && name === draft.name)).map(({ name }) => name)
  const keyProblem = keyDraftProblem(key, status.secretStore)
  const entryProblems = { ...draftProblems(draft, entry, others), ...moreProblems(more) }
  const isSound = Object.keys(entryProblems).length === 0
  const problems: FormProblems = { ...entryProblems, key: keyProblem }
  const edit = { ...draftEdit(draft, entry, more), ...(refersToKey(key) ? { refersToKey: true } : {}) }
  const typed = typedKey(key)
  return {
    draft,
    key,
    more,
    check,
    adding,
    /** Said only once something was tried: nobody is told off while typing. */
    shown: wasTried ? problems : untried,
    change: (changed: ProviderDraft) => {
      check.reset()
      setDraft(changed)
    },
    changeKey: (changed: typeof key) => {
      check.reset()
      setKey(changed)
    },
    changeMore: (changes: Partial<MoreForm>) => {
      check.reset()
      setMore({ ...more, ...changes })
    },
    test: () => {
      setWasTried(true)
      // A key need not be agreed to be kept before it is tested.
      if (!isSound) return
      check.mutate({ provider: edit, ...(typed === undefined ? {} : { key: typed.key }) })
    },
    save: (event: FormEvent) => {
      event.preventDefault()
      setWasTried(true)
      if (!isSound || keyProblem !== undefined) return
      // What failed is told by `adding.error`.
      adding.add({ edit, key: typed, title: entry.title }).then(onClose, () => undefined)
    },
  }
}

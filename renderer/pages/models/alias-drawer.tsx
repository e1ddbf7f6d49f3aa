import { Plus, Trash2 } from 'lucide-react'
import { useId, useState, type FormEvent } from 'react'
import type { Alias, Model } from '../../../gateway/contract.ts'
import { useAct, useMethod } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/dialog.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { Switch } from '../../ui/switch.tsx'
import { TextField } from '../../ui/text-field.tsx'
import { FocusFirst } from '../../ui/focus-first.tsx'
import { moved } from '../../lib/move.ts'
import { OrderedList } from '../../ui/ordered-list.tsx'
import { Warnings } from './alias-list.tsx'
import {
  aliasProblems,
  draftTargets,
  isAsked,
  sharesOf,
  startAliasDraft,
  withChange,
  withoutTarget,
  withTarget,
  type AliasDraft,
} from './alias-draft.ts'
import { useRemoveAlias } from './mutations.ts'
import { TargetEditor } from './target-editor.tsx'
import { useSettled } from './use-settled.ts'

export interface AliasDrawerProps {
  /** What it starts from; with `was` it is there already. */
  start: Pick<Alias, 'name' | 'targets'>
  was: string | undefined
  /** A link filled it in. */
  isFromLink: boolean
  aliases: readonly Alias[]
  providers: readonly string[]
  models: readonly Model[]
  onClose: () => void
}

/** One alias: its name, where it leads, in which order or with which shares. */
export function AliasDrawer(props: AliasDrawerProps) {
  const { was, isFromLink, providers, models, onClose } = props
  const formId = useId()
  const { draft, setDraft, shown, warnings, save, submit } = useAliasEditor(props)
  const remove = useRemoveAlias()
  return (
    <Drawer
      open
      onOpenChange={onClose}
      width={600}
      title={was === undefined ? 'New alias' : `Alias ${was}`}
      footer={
        <>
          {was !== undefined && (
            <Button
              kind="quiet"
              icon={Trash2}
              className="mr-auto"
              onClick={() => {
                remove.mutate({ name: was })
                onClose()
              }}
            >
              Remove
            </Button>
          )}
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="primary" type="submit" form={formId} isBusy={save.isPending}>
            Save
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} className="flex flex-col gap-5">
        {providers.length === 0 && (
          <Note
            kind="warn"
            title="There is no provider yet."
            text="Add one on the Providers page; an alias leads to its models."
          />
        )}
        {isFromLink && <Note title="A link filled in this form." text="Nothing is kept until you press Save." />}
        <FocusFirst>
          <TextField
            label="Name"
            isMono
            placeholder="fast"
            value={draft.name}
            onChange={(name) => setDraft({ ...draft, name })}
            error={shown.name}
            help={
              was !== undefined && draft.name.trim() !== was
                ? `Tools that ask for “${was}” must be told the new name.`
                : 'Tools ask for this in place of a model.'
            }
          />
        </FocusFirst>
        <Targets {...{ draft, setDraft, providers, models }} problem={shown.targets} />
        {warnings.length > 0 && (
          <output className="flex flex-col gap-1 rounded-card bg-warn-soft px-4 py-3">
            <Warnings warnings={warnings} />
          </output>
        )}
        {save.error !== null && <ErrorNote error={save.error} />}
      </form>
    </Drawer>
  )
}

function useAliasEditor({ start, was, aliases, onClose }: AliasDrawerProps) {
  const [draft, setDraft] = useState(() => startAliasDraft(start))
  const [wasTried, setWasTried] = useState(false)
  const save = useAct('aliases.save', {
    saved: ({ name }) => `The alias ${name} is saved`,
    toastErrors: false,
    onDone: onClose,
  })
  const settled = useSettled(draft)
  const check = useMethod(
    'aliases.check',
    { name: settled.name.trim() || 'new', targets: draftTargets(settled) },
    { enabled: isAsked(settled) },
  )
  const others = aliases.flatMap(({ name }) => (name === was ? [] : [name]))
  const problems = aliasProblems(draft, others)
  return {
    draft,
    setDraft,
    save,
    shown: wasTried ? problems : {},
    warnings: isAsked(settled) ? (check.data?.warnings ?? []) : [],
    submit: (event: FormEvent) => {
      event.preventDefault()
      setWasTried(true)
      if (problems.name !== undefined || problems.targets !== undefined) return
      save.mutate({
        name: draft.name.trim(),
        targets: draftTargets(draft),
        ...(was === undefined ? {} : { was }),
      })
    },
  }
}

interface TargetsProps {
  draft: AliasDraft
  setDraft: (draft: AliasDraft) => void
  providers: readonly string[]
  models: readonly Model[]
  problem: string | undefined
}

function Targets({ draft, setDraft, providers, models, problem }: TargetsProps) {
  const { targets } = draft
  const isWeighted = draft.isWeighted && targets.length > 1
  const shares = sharesOf(targets)
  const add = () => setDraft(withTarget(draft, targets.at(-1)?.provider ?? providers[0] ?? ''))
  return (
    <div className="flex flex-col gap-3">
      <div>
        <p className="font-medium">Targets</p>
        <p className="text-small text-muted">
          {isWeighted
            ? 'Weights decide who is asked first; the others stand in when that fails.'
            : 'The first is asked; the next one when that fails.'}
        </p>
      </div>
      {targets.length > 0 && (
        <div className="rounded-card border border-line">
          <OrderedList
            label="Targets, first asked first"
            items={targets}
            keyOf={(target) => String(target.id)}
            nameOf={(target) => (target.model === '' ? `target at ${target.provider}` : target.model)}
            rowClass="px-2"
            onMove={(from, to) => setDraft({ ...draft, targets: moved(targets, from, to) })}
          >
            {(target, index) => (
              <TargetEditor
                {...{ target, providers, models }}
                share={isWeighted ? (shares[index] ?? 0) : undefined}
                onChange={(change) => setDraft(withChange(draft, target.id, change))}
                onRemove={() => setDraft(withoutTarget(draft, target.id))}
              />
            )}
          </OrderedList>
        </div>
      )}
      {problem !== undefined && <p className="text-small text-bad">{problem}</p>}
      <Button size="small" icon={Plus} onClick={add} className="self-start" disabled={targets.length >= 20}>
        Add a target
      </Button>
      {targets.length > 1 && (
        <Switch
          label="Split calls by weight"
          help="Instead of always asking the first: 3 and 1 send three of four calls to the first."
          checked={draft.isWeighted}
          onChange={(isWeighted) => setDraft({ ...draft, isWeighted })}
        />
      )}
    </div>
  )
}

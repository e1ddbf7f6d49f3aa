import { ShieldCheck } from 'lucide-react'
import { useSearchParams } from 'wouter'
import type { GuardOverview, GuardRule } from '../../../gateway/contract.ts'
import { useFreshUsage, useMethod } from '../../client/query.ts'
import { useCommands } from '../../lib/commands.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, PageBody, PageHeader } from '../../ui/layout.tsx'
import { EmptyState, ErrorNote } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { ReadOnlyNote } from '../settings/read-only-note.tsx'
import { GuardDialog } from './guard-dialog.tsx'
import { suggestions } from './guard-draft.ts'
import { GuardList } from './guard-list.tsx'
import { checkTitles } from './guard-words.ts'
import { useSaveGuards } from './mutations.ts'
import { TryCard } from './try-card.tsx'

/** What is looked for in requests and answers, and what is done about it. `?guard=name` opens that one, `?new` a form. */
export function Page() {
  useFreshUsage()
  const [search, setSearch] = useSearchParams()
  const overview = useMethod('guards.get', {}, { refetchMs: 30_000 })
  const isReadOnly = useMethod('status.get', {}).data?.configHome === 'none'
  const startNew = () => setSearch({ new: '' })
  useCommands([{ id: 'guards new', title: 'Add a guard', group: 'Actions', run: startNew }])
  return (
    <PageBody>
      <PageHeader
        title="Guards"
        description="Secrets, personal data, injected orders. Patterns catch accidents; they are no wall."
      >
        <Button kind="primary" icon={ShieldCheck} disabled={overview.data === undefined} onClick={startNew}>
          Add a guard
        </Button>
      </PageHeader>
      <ReadOnlyNote />
      {overview.error !== null && (
        <ErrorNote error={overview.error} action={<Button onClick={() => void overview.refetch()}>Try again</Button>} />
      )}
      {overview.isPending && <SkeletonRows rows={6} />}
      {overview.data !== undefined && (
        <Editor
          overview={overview.data}
          isReadOnly={isReadOnly}
          opened={search.get('guard')}
          isNew={search.has('new')}
          onOpen={(guard) => setSearch({ guard })}
          onClose={() => setSearch({}, { replace: true })}
        />
      )}
    </PageBody>
  )
}

interface EditorProps {
  overview: GuardOverview
  isReadOnly: boolean
  opened: string | null
  isNew: boolean
  onOpen: (name: string) => void
  onClose: () => void
}

function Editor({ overview, isReadOnly, opened, isNew, onOpen, onClose }: EditorProps) {
  const { guards, counts, countsAreCut, detectors } = overview
  const save = useSaveGuards()
  const rule = guards.find(({ name }) => name === opened)
  const isOpen = isNew || rule !== undefined
  const put = (next: GuardRule) => {
    const at = rule === undefined ? guards.length : guards.indexOf(rule)
    save.mutate({ guards: guards.toSpliced(at, rule === undefined ? 0 : 1, next) })
  }
  return (
    <>
      <Card title="What is looked for">
        {guards.length === 0 ? (
          <Suggestions isReadOnly={isReadOnly} onAdd={(suggested) => save.mutate({ guards: [suggested] })} />
        ) : (
          <GuardList
            {...{ guards, counts, isReadOnly, onEdit: onOpen }}
            areCut={countsAreCut}
            onRemove={(name) => save.mutate({ guards: guards.filter((guard) => guard.name !== name) })}
          />
        )}
      </Card>
      {guards.length > 0 && <TryCard />}
      {isOpen && !isReadOnly && (
        <GuardDialog
          key={rule?.name ?? ''}
          {...{ rule, detectors, onClose }}
          taken={guards.map(({ name }) => name).filter((name) => name !== rule?.name)}
          onSave={put}
        />
      )}
    </>
  )
}

function Suggestions({ isReadOnly, onAdd }: { isReadOnly: boolean; onAdd: (rule: GuardRule) => void }) {
  return (
    <EmptyState
      title="Nothing is looked for"
      text="Requests and answers pass as they are. Begin with one of these, or add your own."
      action={
        <div className="flex flex-wrap justify-center gap-2">
          {suggestions.map((rule) => (
            <Button key={rule.name} disabled={isReadOnly} onClick={() => onAdd(rule)}>
              {checkTitles[rule.check]} in requests: {rule.action === 'redact' ? 'take them out' : 'tell the client'}
            </Button>
          ))}
        </div>
      }
    />
  )
}

import { Trash2 } from 'lucide-react'
import { useState } from 'react'
import type { CacheState } from '../../../gateway/contract.ts'
import { useFreshUsage, useMethod } from '../../client/query.ts'
import { useCommands } from '../../lib/commands.tsx'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/dialog.tsx'
import { Card, PageBody, PageHeader } from '../../ui/layout.tsx'
import { EmptyState, ErrorNote } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { ReadOnlyNote } from '../settings/read-only-note.tsx'
import { CacheSettings } from './cache-settings.tsx'
import { clearQuestion } from './cache-words.ts'
import { CachedModels, TopEntries } from './entries.tsx'
import { Figures } from './figures.tsx'
import { SemanticCard } from './semantic-card.tsx'
import { useClearCache } from './mutations.ts'

/** What is answered from memory, what that saves, and a way to forget it. */
export function Page() {
  useFreshUsage()
  const cache = useMethod('cache.get', {}, { refetchMs: 30_000 })
  const [clearing, setClearing] = useState<{ model?: string }>()
  const isEmpty = cache.data === undefined || cache.data.entries === 0
  const clearAll = () => setClearing({})
  useCommands(isEmpty ? [] : [{ id: 'cache clear', title: 'Clear the cache', group: 'Actions', run: clearAll }])
  return (
    <PageBody>
      <PageHeader title="Cache" description="The same question again costs nothing.">
        <Button icon={Trash2} onClick={clearAll} disabled={isEmpty}>
          Clear all
        </Button>
      </PageHeader>
      <ReadOnlyNote />
      {cache.error !== null && (
        <ErrorNote error={cache.error} action={<Button onClick={() => void cache.refetch()}>Try again</Button>} />
      )}
      {cache.isPending && <SkeletonRows rows={8} />}
      {cache.data !== undefined && <Contents state={cache.data} onClear={(model) => setClearing({ model })} />}
      {cache.data !== undefined && clearing !== undefined && (
        <ClearDialog state={cache.data} model={clearing.model} onClose={() => setClearing(undefined)} />
      )}
    </PageBody>
  )
}

function Contents({ state, onClear }: { state: CacheState; onClear: (model: string) => void }) {
  return (
    <>
      <CacheSettings state={state} />
      <Figures state={state} />
      {state.entries === 0 ? (
        <Card>
          <EmptyState
            title={state.enabled ? 'Nothing is kept yet' : 'The cache is off'}
            text={nextStep(state.enabled)}
          />
        </Card>
      ) : (
        <>
          <CachedModels models={state.models} onClear={onClear} />
          {state.top.length > 0 && <TopEntries entries={state.top} />}
        </>
      )}
      <SemanticCard state={state} />
    </>
  )
}

function nextStep(isEnabled: boolean): string {
  return isEnabled
    ? 'Send the same request twice: the second answer comes from here, with the header “x-cache: HIT”.'
    : 'Turn on “Keep answers” above. It takes effect at once, for every tool that uses the gateway.'
}

interface ClearDialogProps {
  state: CacheState
  model: string | undefined
  onClose: () => void
}

/** What was cleared cannot be brought back: this is the one question the page asks. */
function ClearDialog({ state, model, onClose }: ClearDialogProps) {
  const clear = useClearCache()
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      {...clearQuestion(state, model)}
      confirmLabel="Clear"
      onConfirm={() => clear.mutate(model === undefined ? {} : { model })}
    />
  )
}

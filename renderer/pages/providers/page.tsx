import { Plus } from 'lucide-react'
import { useSearchParams } from 'wouter'
import type { CatalogEntry, Provider, Status } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { useCommands } from '../../lib/commands.tsx'
import { Button } from '../../ui/button.tsx'
import { Card, PageBody, PageHeader } from '../../ui/layout.tsx'
import { EmptyState, ErrorNote, Note } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { AddDialog } from './add-dialog.tsx'
import { EditDrawer } from './edit-drawer.tsx'
import { readLink } from './provider-draft.ts'
import { ProviderList, useRemoval } from './provider-list.tsx'

/** `?add=groq&name=..&baseUrl=..` opens the form filled in, `?add` the catalogue, `?provider=openai` that one. */
export function Page() {
  const [, setSearch] = useSearchParams()
  const providers = useMethod('providers.list', {}, { refetchMs: 5_000 })
  const status = useMethod('status.get', {})
  const add = () => setSearch({ add: '' })
  useCommands([{ id: 'provider add', title: 'Add a provider', group: 'Actions', keywords: ['key', 'new'], run: add }])
  const cannotEdit = status.data?.configHome === 'none'
  return (
    <PageBody>
      <PageHeader
        title="Providers"
        description="Where calls are sent. The first one that serves a model is asked first."
      >
        <Button kind="primary" icon={Plus} onClick={add} disabled={cannotEdit}>
          Add provider
        </Button>
      </PageHeader>
      {cannotEdit && (
        <Note
          title="This gateway runs without a configuration file, so nothing can be changed here."
          text="Start it with --config gateway.yaml to edit providers from this page."
        />
      )}
      {providers.error !== null && (
        <ErrorNote
          error={providers.error}
          action={<Button onClick={() => void providers.refetch()}>Try again</Button>}
        />
      )}
      {providers.isPending && <SkeletonRows />}
      {providers.data !== undefined &&
        (providers.data.providers.length === 0 ? (
          <NoProvider onAdd={add} />
        ) : (
          <ProviderList providers={providers.data.providers} onEdit={(provider) => setSearch({ provider })} />
        ))}
      {providers.data !== undefined && status.data !== undefined && (
        <Opened providers={providers.data.providers} status={status.data} />
      )}
    </PageBody>
  )
}

function NoProvider({ onAdd }: { onAdd: () => void }) {
  return (
    <Card>
      <EmptyState
        title="No provider yet"
        text="Add the first one with its key. Until then a built-in demo answers every call, for free."
        action={
          <Button kind="primary" icon={Plus} onClick={onAdd}>
            Add provider
          </Button>
        }
      />
    </Card>
  )
}

/** What the address opens: the form of a new provider, or the drawer of one that is there. */
function Opened({ providers, status }: { providers: readonly Provider[]; status: Status }) {
  const [search, setSearch] = useSearchParams()
  const catalog = useMethod('providers.catalog', {}, { staleMs: Infinity })
  const close = () => setSearch({}, { replace: true })
  const removal = useRemoval(close)
  if (catalog.data === undefined) return null
  const { entries } = catalog.data
  const edited = providers.find(({ name }) => name === search.get('provider'))
  return (
    <>
      <Adding {...{ entries, providers, status, search }} onClose={close} />
      {edited !== undefined && (
        <EditDrawer
          key={edited.name}
          provider={edited}
          entry={entries.find(({ id }) => id === edited.type)}
          status={status}
          onClose={close}
          onRemoveKey={() => removal.removeKey(edited)}
          onRemove={() => removal.remove(edited)}
        />
      )}
      {removal.dialog}
    </>
  )
}

interface AddingProps {
  entries: readonly CatalogEntry[]
  providers: readonly Provider[]
  status: Status
  search: URLSearchParams
  onClose: () => void
}

function Adding({ entries, providers, status, search, onClose }: AddingProps) {
  if (!search.has('add') && search.get('from') !== 'link') return null
  const isByHand = search.get('add') === ''
  const link = isByHand
    ? undefined
    : readLink(
        search,
        entries,
        providers.map(({ name }) => name),
      )
  return <AddDialog key={search.toString()} {...{ entries, providers, status, link, onClose }} />
}

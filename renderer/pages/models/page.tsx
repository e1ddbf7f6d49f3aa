import { useDeferredValue, useMemo } from 'react'
import { Plus } from 'lucide-react'
import { useSearchParams } from 'wouter'
import type { Alias, MethodOutput, Model } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { useCommands } from '../../lib/commands.tsx'
import { sortRows } from '../../lib/sort-rows.ts'
import { Button } from '../../ui/button.tsx'
import { Card, PageBody, PageHeader } from '../../ui/layout.tsx'
import { EmptyState, ErrorNote } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Table } from '../../ui/table.tsx'
import { Tabs } from '../../ui/tabs.tsx'
import { AliasDrawer } from './alias-drawer.tsx'
import { AliasList } from './alias-list.tsx'
import { ExplainCard } from './explain-card.tsx'
import { FallbackCard } from './fallback-card.tsx'
import { modelColumns } from './model-columns.tsx'
import { openedAlias } from './opened-alias.ts'
import { priceFinder } from './price-words.ts'
import { nameSuggestions } from './suggestions.ts'

/** `?tab=models` the table, `?explain=gpt-6` a question, `?alias=fast` the editor, `?alias` a new one. */
export function Page() {
  const [search, setSearch] = useSearchParams()
  const models = useMethod('models.list', {}, { staleMs: 60_000 })
  const count = models.data?.models.length
  const set = (changes: Record<string, string>) => setSearch({ ...keptOf(search), ...changes })
  const add = () => set({ alias: '' })
  useCommands([{ id: 'alias add', title: 'New alias', group: 'Actions', keywords: ['model', 'name'], run: add }])
  return (
    <PageBody>
      <PageHeader title="Models" description="The names that tools may ask for, and where each of them leads.">
        <Button kind="primary" icon={Plus} onClick={add}>
          New alias
        </Button>
      </PageHeader>
      <Tabs
        label="Models"
        value={search.get('tab') === 'models' ? 'models' : 'aliases'}
        onChange={(tab) => setSearch({ ...keptOf(search), tab })}
        items={[
          {
            id: 'aliases',
            title: 'Aliases and fallback',
            content: <Routing models={models.data?.models ?? []} set={set} />,
          },
          {
            id: 'models',
            title: count === undefined ? 'All models' : `All models (${count.toLocaleString('en-US')})`,
            content: <AllModels models={models} />,
          },
        ]}
      />
    </PageBody>
  )
}

/** What stays in the address while something is opened over the page. */
function keptOf(search: URLSearchParams): Record<string, string> {
  return Object.fromEntries([...search].filter(([name]) => name === 'tab' || name === 'explain'))
}

interface RoutingProps {
  models: readonly Model[]
  set: (changes: Record<string, string>) => void
}

function Routing({ models, set }: RoutingProps) {
  const [search] = useSearchParams()
  const routing = useMethod('aliases.list', {})
  const providers = useMethod('providers.list', {}).data?.providers.map(({ name }) => name)
  const explained = search.get('explain') ?? ''
  if (routing.data === undefined) {
    return routing.error === null ? (
      <SkeletonRows />
    ) : (
      <ErrorNote error={routing.error} action={<Button onClick={() => void routing.refetch()}>Try again</Button>} />
    )
  }
  const { aliases, fallbackChain, defaultProvider } = routing.data
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-6 wide:grid-cols-[minmax(0,1fr)_380px] wide:grid-rows-[auto_1fr]">
      <AliasList
        aliases={aliases}
        priceOf={priceFinder(models)}
        onAdd={() => set({ alias: '' })}
        onEdit={(alias) => set({ alias })}
        onExplain={(explain) => set({ explain })}
      />
      <ExplainCard
        key={explained}
        className="wide:col-start-2 wide:row-span-2 wide:row-start-1"
        model={explained}
        onAsk={(explain) => set({ explain })}
        suggestions={nameSuggestions(aliases, models)}
      />
      <FallbackCard chain={fallbackChain} {...{ defaultProvider, models }} providers={providers ?? []} />
      {providers !== undefined && <Editor {...{ routing: routing.data, models, providers, set }} />}
    </div>
  )
}

interface EditorProps extends RoutingProps {
  routing: MethodOutput<'aliases.list'>
  providers: readonly string[]
}

function Editor({ routing, models, providers, set }: EditorProps) {
  const [search] = useSearchParams()
  const aliases: readonly Alias[] = routing.aliases
  const opened = openedAlias(search, aliases, providers)
  if (opened === undefined) return null
  return (
    <AliasDrawer key={opened.was ?? 'new'} {...opened} {...{ aliases, providers, models }} onClose={() => set({})} />
  )
}

/** So many rows are drawn at once; the rest follows without holding anything up. */
const firstRows = 60
const noModels: readonly Model[] = []

function AllModels({ models }: { models: ReturnType<typeof useMethod<'models.list'>> }) {
  const listed = models.data?.models
  const sorted = useMemo(() => sortRows(listed ?? noModels, ({ provider }) => provider, false), [listed])
  const rows = useDeferredValue(sorted, sorted.slice(0, firstRows))
  if (listed === undefined)
    return models.error === null ? (
      <SkeletonRows />
    ) : (
      <ErrorNote error={models.error} action={<Button onClick={() => void models.refetch()}>Try again</Button>} />
    )
  return (
    <Card title="Prices in USD per 1M tokens" isFlush>
      <Table
        label="All models"
        columns={modelColumns}
        rows={rows}
        rowKey={({ provider, id }) => `${provider}/${id}`}
        initialSort={{ column: 'provider', descending: false }}
        filterText={({ provider, id, capabilities }) => `${provider}/${id} ${capabilities.join(' ')}`}
        csvName="models"
        empty={
          <EmptyState
            title="No models yet"
            text="They are listed here as soon as a provider is added that can be reached."
          />
        }
      />
    </Card>
  )
}

import { useSearchParams } from 'wouter'
import type { Tool, ToolList } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { useCommands } from '../../lib/commands.tsx'
import type { Suggestion } from '../../lib/suggestions.ts'
import { Button } from '../../ui/button.tsx'
import { CopyButton } from '../../ui/copy-button.tsx'
import { Card, PageBody, PageHeader } from '../../ui/layout.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { MovedNote } from './moved-note.tsx'
import { ToolDrawer } from './tool-drawer.tsx'
import { ToolRow } from './tool-row.tsx'
import { groupTools } from './tool-words.ts'

/** The AI tools of this machine, each pointed at the gateway with a click. `?tool=claude-code` opens that one. */
export function Page() {
  const [search, setSearch] = useSearchParams()
  const list = useMethod('tools.list', {}, { refetchMs: 10_000 })
  const open = (tool: string) => setSearch({ tool })
  useCommands(
    (list.data?.tools ?? []).map(({ id, name }) => ({
      id: `connect ${id}`,
      title: `Connect ${name}`,
      group: 'Tools',
      run: () => open(id),
    })),
  )
  const opened = list.data?.tools.find(({ id }) => id === search.get('tool'))
  return (
    <PageBody>
      <PageHeader
        title="Connect"
        description="Point your AI tools at the gateway. Each gets a key of its own, so its calls and costs show apart."
      >
        {list.data !== undefined && (
          <span className="flex items-center gap-1">
            <code>{list.data.baseUrl}</code>
            <CopyButton text={list.data.baseUrl} label="Copy the address" />
          </span>
        )}
      </PageHeader>
      {list.error !== null && (
        <ErrorNote error={list.error} action={<Button onClick={() => void list.refetch()}>Try again</Button>} />
      )}
      {list.data === undefined ? list.isPending && <SkeletonRows /> : <Groups list={list.data} onOpen={open} />}
      {opened !== undefined && (
        <OpenedTool
          key={opened.id}
          tool={opened}
          canEdit={list.data?.canEdit === true}
          onClose={() => setSearch({}, { replace: true })}
        />
      )}
    </PageBody>
  )
}

function Groups({ list, onOpen }: { list: ToolList; onOpen: (tool: string) => void }) {
  const { here, absent, byHand } = groupTools(list.tools)
  return (
    <>
      {!list.canEdit && (
        <Note
          title="Tools cannot be connected from here with a click."
          text={list.whyNot ?? 'Every one has its texts to copy.'}
        />
      )}
      {list.canEdit && <MovedNote tools={list.tools.filter(({ isElsewhere }) => isElsewhere)} baseUrl={list.baseUrl} />}
      <ToolCard title="On this machine" tools={here} onOpen={onOpen} />
      <ToolCard title="Not found on this machine" tools={absent} onOpen={onOpen} />
      <ToolCard title="By hand" tools={byHand} onOpen={onOpen} />
    </>
  )
}

interface ToolCardProps {
  title: string
  tools: readonly Tool[]
  onOpen: (tool: string) => void
}

function ToolCard({ title, tools, onOpen }: ToolCardProps) {
  if (tools.length === 0) return null
  return (
    <Card title={title} isFlush>
      <ul className="mt-2">
        {tools.map((tool) => (
          <ToolRow key={tool.id} tool={tool} onOpen={() => onOpen(tool.id)} />
        ))}
      </ul>
    </Card>
  )
}

function OpenedTool({ tool, canEdit, onClose }: { tool: Tool; canEdit: boolean; onClose: () => void }) {
  const aliases = useMethod('aliases.list', {}).data?.aliases ?? []
  const models = useMethod('models.list', {}).data?.models ?? []
  const names: Suggestion[] = [
    ...aliases.map(({ name }) => ({ value: name, note: 'alias' })),
    ...models.map(({ id, provider }) => ({ value: id, note: provider })),
  ]
  return <ToolDrawer {...{ tool, canEdit, names, onClose }} />
}

import { useMethod } from '../../client/query.ts'
import { Button } from '../../ui/button.tsx'
import { EmptyState } from '../../ui/notes.tsx'
import { firstCurl } from './curl.ts'

/** Nothing was ever called: a first call to copy. */
export function NoCalls() {
  const status = useMethod('status.get', {}).data
  const aliases = useMethod('aliases.list', {}, { staleMs: 60_000 }).data?.aliases
  const models = useMethod('models.list', {}, { staleMs: 60_000 }).data?.models
  const url = status?.url ?? undefined
  const model = aliases?.[0]?.name ?? models?.[0]?.id
  if (url === undefined) {
    return <EmptyState title="No calls yet" text="The gateway does not listen now. Its calls will be listed here." />
  }
  return (
    <EmptyState
      title="No calls yet"
      text="Every call through the gateway is listed here a moment after it ends. Point a tool at it, or try this in a terminal:"
      command={firstCurl(url, model ?? 'gpt-5-mini')}
    />
  )
}

export function NothingFits({ onClear }: { onClear: () => void }) {
  return (
    <EmptyState
      title="No call fits these filters"
      text="New calls that fit appear here by themselves."
      action={<Button onClick={onClear}>Clear the filters</Button>}
    />
  )
}

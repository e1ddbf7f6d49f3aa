import { KeyRound } from 'lucide-react'
import { useState } from 'react'
import { useSearchParams } from 'wouter'
import type { ClientKeyList } from '../../../gateway/contract.ts'
import { useMethod } from '../../client/query.ts'
import { useCommands } from '../../lib/commands.tsx'
import { useNow } from '../../lib/use-now.ts'
import { Button } from '../../ui/button.tsx'
import { PageBody, PageHeader } from '../../ui/layout.tsx'
import { ErrorNote, Note } from '../../ui/notes.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { useSettingsEditor } from '../settings/queries.ts'
import { AccessCard } from './access-card.tsx'
import { CreateDialog } from './create-dialog.tsx'
import { KeyDrawer } from './key-drawer.tsx'
import { KeyTable } from './key-table.tsx'
import { ShownKeyDialog, type ShownKey } from './shown-key.tsx'

/** Who may call, each with a key of their own. `?key=phone` opens that one, `?new` the form for another. */
export function Page() {
  const [search, setSearch] = useSearchParams()
  const list = useMethod('clientKeys.list', {}, { refetchMs: 15_000 })
  const { editor } = useSettingsEditor()
  const isReadOnly = list.data === undefined || list.data.whyReadOnly !== null
  const startNew = () => setSearch({ new: '' })
  useCommands([{ id: 'keys new', title: 'Create a client key', group: 'Actions', run: startNew }])
  const create = (
    <Button kind="primary" icon={KeyRound} disabled={isReadOnly} onClick={startNew}>
      Create a key
    </Button>
  )
  return (
    <PageBody>
      <PageHeader
        title="Keys"
        description="Give each caller a key of its own: its calls and costs show apart, and it can be limited or shut out."
      >
        {create}
      </PageHeader>
      <Exposed onClose={() => editor?.save({ anonymous: false })} />
      {list.data !== undefined && list.data.whyReadOnly !== null && (
        <Note title="Nothing can be changed here." text={list.data.whyReadOnly} />
      )}
      {list.error !== null && (
        <ErrorNote error={list.error} action={<Button onClick={() => void list.refetch()}>Try again</Button>} />
      )}
      {list.isPending && <SkeletonRows rows={6} />}
      {list.data !== undefined && editor !== undefined && (
        <AccessCard {...{ editor, isReadOnly }} keys={list.data.keys} />
      )}
      {list.data !== undefined && (
        <Keys
          {...{ list: list.data, isReadOnly, action: create }}
          opened={search.get('key')}
          isNew={search.has('new')}
          onOpen={(key) => setSearch({ key })}
          onClose={() => setSearch({}, { replace: true })}
        />
      )}
    </PageBody>
  )
}

/** Where there are keys and they keep nobody out; that there are none at all, the frame says on every page. */
function Exposed({ onClose }: { onClose: () => void }) {
  const status = useMethod('status.get', {}).data
  if (status?.exposure !== 'anonymous') return null
  return (
    <Note
      kind="bad"
      title="Everybody who reaches this gateway can spend your money."
      text={`It listens on ${status.host} and answers calls without a key, so the keys below keep nobody out.`}
      action={
        <Button kind="danger" onClick={onClose}>
          Refuse calls without a key
        </Button>
      }
    />
  )
}

interface KeysProps {
  list: ClientKeyList
  isReadOnly: boolean
  action: React.ReactNode
  opened: string | null
  isNew: boolean
  onOpen: (name: string) => void
  onClose: () => void
}

function Keys({ list: { keys }, isReadOnly, action, opened, isNew, onOpen, onClose }: KeysProps) {
  const now = useNow()
  // Here alone, and only until the dialog is closed.
  const [shown, setShown] = useState<ShownKey>()
  const made = (key: ShownKey) => {
    onClose()
    setShown(key)
  }
  const row = keys.find(({ name }) => name === opened)
  return (
    <>
      <KeyTable {...{ keys, now, onOpen, action }} />
      {row !== undefined && <KeyDrawer key={row.name} {...{ row, now, isReadOnly, onClose }} onMade={made} />}
      {isNew && !isReadOnly && (
        <CreateDialog taken={keys.map(({ name }) => name)} {...{ now, onClose }} onMade={made} />
      )}
      {shown !== undefined && <ShownKeyDialog shown={shown} onClose={() => setShown(undefined)} />}
    </>
  )
}

import type { ClientKey } from '../../../gateway/contract.ts'
import { plainUsd } from '../../lib/format.ts'
import { Badge, StatusDot } from '../../ui/badge.tsx'
import { Card } from '../../ui/layout.tsx'
import { EmptyState } from '../../ui/notes.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Count, Money, RelativeTime } from '../../ui/values.tsx'
import { dayWords, expiryWords, limitWords, modelsWords, stateOf } from './key-words.ts'

export interface KeyTableProps {
  keys: readonly ClientKey[]
  now: number
  onOpen: (name: string) => void
  /** Under the text of an empty list. */
  action: React.ReactNode
}

/** Every key: what it may do, until when, and what was done with it. */
export function KeyTable({ keys, now, onOpen, action }: KeyTableProps) {
  return (
    <Card title="Keys" isFlush>
      <div className={keys.length > 0 ? '-mt-9' : ''}>
        <Table
          label="Client keys"
          columns={columnsAt(now)}
          rows={keys}
          rowKey={({ name }) => name}
          onOpen={({ name }) => onOpen(name)}
          csvName="client keys"
          filterText={({ name, models, tool }) => `${name} ${modelsWords(models)} ${tool?.name ?? ''}`}
          empty={
            <EmptyState
              title="No keys yet"
              text="Without one all callers are the same to the gateway. With a key for each, you see who spends what, limit it, and can shut one out."
              action={action}
            />
          }
        />
      </div>
    </Card>
  )
}

function columnsAt(now: number): Column<ClientKey>[] {
  return [
    { id: 'name', title: 'Name', cell: (key) => <Name {...{ row: key, now }} />, sort: ({ name }) => name },
    {
      id: 'models',
      title: 'Models',
      cell: ({ models }) => <Short isQuiet={models === null} isMono={models !== null} text={modelsWords(models)} />,
      sort: ({ models }) => modelsWords(models),
    },
    {
      id: 'limit',
      title: 'Limit',
      cell: ({ limit }) => <Short isQuiet={limit === null} text={limitWords(limit)} />,
      csv: ({ limit }) => limitWords(limit),
    },
    {
      id: 'expires',
      title: 'Expires',
      cell: (row) => <Span {...row} />,
      sort: ({ expiresAt }) => expiresAt ?? Infinity,
      csv: ({ expiresAt }) => isoOf(expiresAt),
    },
    {
      id: 'used',
      title: 'Last used',
      cell: ({ lastUsedAt }) => (
        <span className="block w-20 py-1 leading-tight whitespace-normal">
          {lastUsedAt === null ? <span className="text-muted">Never</span> : <RelativeTime time={lastUsedAt} />}
        </span>
      ),
      sort: ({ lastUsedAt }) => lastUsedAt ?? 0,
      csv: ({ lastUsedAt }) => isoOf(lastUsedAt),
    },
    {
      id: 'calls',
      title: '30 d calls',
      cell: ({ calls }) => <Count count={calls} />,
      sort: ({ calls }) => calls,
      align: 'right',
      width: '76px',
    },
    {
      id: 'cost',
      title: '30 d cost',
      cell: ({ costNanoUsd }) => <Money nanoUsd={costNanoUsd} />,
      sort: ({ costNanoUsd }) => costNanoUsd,
      csv: ({ costNanoUsd }) => plainUsd(costNanoUsd),
      align: 'right',
      width: '76px',
    },
  ]
}

function Name({ row, now }: { row: ClientKey; now: number }) {
  const { tone, words } = stateOf(row, now)
  return (
    <span className="flex min-w-0 items-center gap-2">
      <StatusDot tone={tone} label={words} />
      <span className="truncate font-medium" title={row.starts === null ? undefined : `${row.starts}-…`}>
        {row.name}
      </span>
      {row.tool !== null && <Badge>Connect</Badge>}
      {row.state !== 'active' && <Badge tone={tone}>{words}</Badge>}
      {row.previousUntil !== null && <Badge tone="accent">2 keys</Badge>}
    </span>
  )
}

/** Its last day, and below it since when it is. */
function Span({ expiresAt, createdAt }: ClientKey) {
  return (
    <span className="block py-1 leading-tight">
      <span className={expiresAt === null ? 'text-muted' : ''}>{expiryWords(expiresAt)}</span>
      {createdAt !== null && (
        <span className="block text-small text-muted" title={`Created ${new Date(createdAt).toLocaleString()}`}>
          since {dayWords(createdAt)}
        </span>
      )}
    </span>
  )
}

/** Three lines at most, all of it on hover. */
function Short({ text, isQuiet, isMono = false }: { text: string; isQuiet: boolean; isMono?: boolean }) {
  const look = isQuiet ? 'text-muted' : isMono ? 'font-mono text-mono' : ''
  return (
    <span
      className={`line-clamp-3 w-28 leading-tight max-medium:w-20 whitespace-normal wrap-anywhere ${look}`}
      title={text}
    >
      {text}
    </span>
  )
}

function isoOf(time: number | null): string | undefined {
  return time === null ? undefined : new Date(time).toISOString()
}

import type { CacheState } from '../../../gateway/contract.ts'
import { Button } from '../../ui/button.tsx'
import { Card } from '../../ui/layout.tsx'
import { Table, type Column } from '../../ui/table.tsx'
import { Count, Money, RelativeTime } from '../../ui/values.tsx'
import { plainUsd } from '../../lib/format.ts'
import { writeSize } from './size.ts'

type Entry = CacheState['top'][number]
type ModelEntry = CacheState['models'][number]

/** The table's filter stands in the line of the card's title instead of below it. */
const besideTitle = '-mt-9'

function Size({ bytes }: { bytes: number }) {
  return <span title={`${bytes.toLocaleString('en-US')} bytes`}>{writeSize(bytes)}</span>
}

function modelColumns(onClear: (model: string) => void): Column<ModelEntry>[] {
  return [
    { id: 'model', title: 'Model', cell: ({ model }) => <Id text={model} />, sort: ({ model }) => model },
    {
      id: 'entries',
      title: 'Answers',
      cell: ({ entries }) => <Count count={entries} />,
      sort: ({ entries }) => entries,
      align: 'right',
      width: '120px',
    },
    {
      id: 'bytes',
      title: 'Size',
      cell: ({ bytes }) => <Size bytes={bytes} />,
      sort: ({ bytes }) => bytes,
      align: 'right',
      width: '120px',
    },
    {
      id: 'clear',
      title: 'Clear',
      cell: ({ model }) => (
        <Button size="small" aria-label={`Clear the answers of ${model}`} onClick={() => onClear(model)}>
          Clear
        </Button>
      ),
      align: 'right',
      width: '90px',
    },
  ]
}

/** What is kept of each model, and a way to be rid of it. */
export function CachedModels({ models, onClear }: { models: CacheState['models']; onClear: (model: string) => void }) {
  return (
    <Card title="By model" isFlush>
      <div className={besideTitle}>
        <Table
          label="Cached answers by model"
          columns={modelColumns(onClear)}
          rows={models}
          rowKey={({ model }) => model}
          initialSort={{ column: 'bytes', descending: true }}
          csvName="cache by model"
          filterText={({ model }) => model}
          maxHeight={400}
        />
      </div>
    </Card>
  )
}

const topColumns: Column<Entry>[] = [
  { id: 'model', title: 'Model', cell: ({ model }) => <Id text={model} />, sort: ({ model }) => model },
  { id: 'key', title: 'Entry', cell: ({ key }) => <Id text={key} isQuiet />, csv: ({ key }) => key, width: '140px' },
  {
    id: 'hits',
    title: 'Hits',
    cell: ({ hits }) => <Count count={hits} />,
    sort: ({ hits }) => hits,
    align: 'right',
    width: '80px',
  },
  {
    id: 'saved',
    title: 'Saved (USD)',
    cell: ({ savedNanoUsd }) => <Money nanoUsd={savedNanoUsd} />,
    sort: ({ savedNanoUsd }) => savedNanoUsd,
    csv: ({ savedNanoUsd }) => (savedNanoUsd === null ? null : plainUsd(savedNanoUsd)),
    align: 'right',
    width: '110px',
  },
  {
    id: 'bytes',
    title: 'Size',
    cell: ({ bytes }) => <Size bytes={bytes} />,
    sort: ({ bytes }) => bytes,
    align: 'right',
    width: '90px',
  },
  {
    id: 'stored',
    title: 'Stored',
    cell: ({ storedAt }) => <RelativeTime time={storedAt} />,
    sort: ({ storedAt }) => storedAt,
    csv: ({ storedAt }) => new Date(storedAt).toISOString(),
    align: 'right',
    width: '120px',
  },
  {
    id: 'expires',
    title: 'Expires',
    cell: ({ expiresAt }) => <RelativeTime time={expiresAt} />,
    sort: ({ expiresAt }) => expiresAt,
    csv: ({ expiresAt }) => new Date(expiresAt).toISOString(),
    align: 'right',
    width: '120px',
  },
]

/** The answers that were given again most often. */
export function TopEntries({ entries }: { entries: CacheState['top'] }) {
  return (
    <Card title="Most asked" isFlush>
      <div className={besideTitle}>
        <Table
          label="Most asked answers"
          columns={topColumns}
          rows={entries}
          rowKey={({ key, model }) => `${model} ${key}`}
          initialSort={{ column: 'hits', descending: true }}
          csvName="cache most asked"
          filterText={({ model, key }) => `${model} ${key}`}
          maxHeight={480}
        />
      </div>
    </Card>
  )
}

function Id({ text, isQuiet = false }: { text: string; isQuiet?: boolean }) {
  return (
    <code title={text} className={isQuiet ? 'text-muted' : undefined}>
      {text}
    </code>
  )
}

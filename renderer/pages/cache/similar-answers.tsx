import { Link } from 'wouter'
import type { SemanticState } from '../../../gateway/contract.ts'
import { Table, type Column } from '../../ui/table.tsx'
import { RelativeTime } from '../../ui/values.tsx'

type Row = SemanticState['recent'][number]

/** The last answers that were another question's, each beside the call it came from: look whether they fit. */
export function SimilarAnswers({ recent }: { recent: readonly Row[] }) {
  return (
    <Table
      label="Similar questions, answered from the cache"
      columns={columns}
      rows={recent}
      rowKey={({ callId }) => callId}
      csvName="similar questions"
    />
  )
}

const columns: Column<Row>[] = [
  { id: 'at', title: 'When', cell: ({ at }) => <RelativeTime time={at} />, sort: ({ at }) => at },
  { id: 'model', title: 'Asked for', cell: ({ model }) => <code>{model}</code>, sort: ({ model }) => model },
  {
    id: 'similarity',
    title: 'Similarity',
    cell: ({ similarity }) => (similarity === null ? '–' : similarity.toFixed(3)),
    sort: ({ similarity }) => similarity ?? 0,
    align: 'right',
  },
  { id: 'call', title: 'Question', cell: ({ callId }) => <CallLink callId={callId} text="the call" /> },
  {
    id: 'source',
    title: 'Answer of',
    cell: ({ sourceCallId }) =>
      sourceCallId === null ? '–' : <CallLink callId={sourceCallId} text="an earlier call" />,
  },
]

function CallLink({ callId, text }: { callId: string; text: string }) {
  return (
    <Link className="font-medium text-accent-ink hover:underline" href={`/traffic/${encodeURIComponent(callId)}`}>
      {text}
    </Link>
  )
}

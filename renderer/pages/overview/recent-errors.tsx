import { Link } from 'wouter'
import type { CallRow } from '../../../gateway/contract.ts'
import { Badge } from '../../ui/badge.tsx'
import { Card } from '../../ui/layout.tsx'
import { Unread } from './problems.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { RelativeTime } from '../../ui/values.tsx'
import { useRecentErrors } from './queries.ts'

/** The last few calls that failed, whenever that was. */
export function RecentErrors({ className }: { className?: string }) {
  const { data, error } = useRecentErrors()
  return (
    <Card
      title="Recent errors"
      isFlush
      {...(className === undefined ? {} : { className })}
      actions={
        <Link href="/traffic?outcome=failed" className="rounded-small text-small text-accent-ink hover:underline">
          All errors
        </Link>
      }
    >
      {error !== null && (
        <div className="px-4 pb-4">
          <Unread />
        </div>
      )}
      {data === undefined && error === null && <SkeletonRows rows={4} />}
      {data?.calls.length === 0 && <p className="px-4 pt-1 pb-4 text-muted">No call has failed.</p>}
      <ul className="pb-2">
        {data?.calls.map((call) => (
          <li key={call.callId}>
            <ErrorLink call={call} />
          </li>
        ))}
      </ul>
    </Card>
  )
}

function ErrorLink({ call }: { call: CallRow }) {
  return (
    <Link
      href={`/traffic/${encodeURIComponent(call.callId)}`}
      className="flex flex-col px-4 py-1.5 -outline-offset-2! hover:bg-hover"
    >
      <span className="flex items-center gap-2">
        <Badge tone="bad">{call.status ?? 'none'}</Badge>
        <span className="min-w-0 flex-1 truncate">{errorWords(call)}</span>
      </span>
      <span className="flex justify-between gap-2 text-small text-muted">
        <span className="truncate">
          {call.model ?? call.requestedModel}
          {call.provider !== null && ` at ${call.provider}`}
        </span>
        <span className="shrink-0">
          <RelativeTime time={call.startedAt} />
        </span>
      </span>
    </Link>
  )
}

/** `rate_limit_exceeded` reads as "rate limit exceeded". */
function errorWords({ errorCode, outcome }: CallRow): string {
  if (errorCode !== null) return errorCode.replaceAll('_', ' ')
  return outcome === 'broken' ? 'the answer broke off' : 'failed'
}

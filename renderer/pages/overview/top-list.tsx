import { clsx } from 'clsx'
import { Link } from 'wouter'
import type { UsageDimension } from '../../../gateway/contract.ts'
import { colourOf } from '../../lib/colour-of.ts'
import { formatCount } from '../../lib/format.ts'
import type { TimeRange } from '../../lib/range.ts'
import { Card } from '../../ui/layout.tsx'
import { Unread } from './problems.tsx'
import { SkeletonRows } from '../../ui/skeleton.tsx'
import { Money } from '../../ui/values.tsx'
import { useGroups } from './queries.ts'

export interface TopListProps {
  title: string
  by: UsageDimension
  range: TimeRange
  nameless: string
  /** The filter of Traffic that shows the calls of a row. */
  filter: 'model' | 'key' | 'provider'
}

const shown = 5

/** Where the money goes: the largest few, each a way into its calls. */
export function TopList({ title, by, range, nameless, filter }: TopListProps) {
  const { data, error, isPlaceholderData } = useGroups(range, by)
  const groups = data?.groups ?? []
  const largest = Math.max(1, ...groups.map(({ costNanoUsd }) => costNanoUsd))
  return (
    <Card title={title} isFlush>
      {error !== null && (
        <div className="px-4 pb-4">
          <Unread />
        </div>
      )}
      {data === undefined && error === null && <SkeletonRows rows={4} />}
      {data !== undefined && groups.length === 0 && <p className="px-4 pt-1 pb-4 text-muted">No calls in this span</p>}
      <ul className={clsx('pb-2', isPlaceholderData && 'dimmed')}>
        {groups.slice(0, shown).map(({ name, costNanoUsd, requests }) => (
          <li key={name ?? ''}>
            <Link
              href={name === null ? '/traffic' : `/traffic?${filter}=${encodeURIComponent(name)}`}
              title={`${formatCount(requests)} calls`}
              className="flex h-10 flex-col justify-center gap-1 px-4 -outline-offset-2! hover:bg-hover"
            >
              <span className="flex items-baseline justify-between gap-3">
                <span className={clsx('truncate', name === null && 'text-muted')}>{name ?? nameless}</span>
                <Money nanoUsd={costNanoUsd} />
              </span>
              <span aria-hidden className="h-1 rounded-full bg-hover">
                <span
                  className="block h-full rounded-full"
                  style={{ width: `${Math.max(1, (costNanoUsd / largest) * 100)}%`, background: colourOf(name) }}
                />
              </span>
            </Link>
          </li>
        ))}
      </ul>
      {groups.length > shown && (
        <p className="px-4 pb-3 text-small text-muted">
          {groups.length - shown} more,{' '}
          <Money nanoUsd={groups.slice(shown).reduce((sum, group) => sum + group.costNanoUsd, 0)} />
        </p>
      )}
    </Card>
  )
}

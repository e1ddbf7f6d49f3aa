import { Link } from 'wouter'
import type { DiagnosticCheck } from '../../../gateway/contract.ts'
import { StatusDot } from '../../ui/badge.tsx'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Duration } from '../../ui/values.tsx'
import { outcomeNames, outcomeTones, remedyPage } from './check-words.ts'

export interface CheckListProps {
  checks: readonly DiagnosticCheck[]
  /** The others have their turn yet. */
  shown: number
}

/** Each check with what it found and what to do. */
export function CheckList({ checks, shown }: CheckListProps) {
  return (
    <ol aria-label="Checks">
      {checks.map((check, index) => (
        <li key={check.name} className="min-h-11 border-t border-line px-4 py-3 first:border-t-0">
          {index < shown ? <Found check={check} /> : <Turn name={check.name} isNow={index === shown} />}
        </li>
      ))}
    </ol>
  )
}

const rowClass =
  'grid grid-cols-[16px_180px_minmax(0,1fr)_72px] items-baseline gap-x-3 max-[720px]:grid-cols-[16px_1fr]'

function Found({ check }: { check: DiagnosticCheck }) {
  const { name, outcome, detail, remedy, durationMs } = check
  const page = remedyPage(check)
  return (
    <div className={`${rowClass} appear`}>
      <StatusDot tone={outcomeTones[outcome]} label={outcomeNames[outcome]} />
      <span className="font-medium wrap-anywhere">{name}</span>
      <div className="min-w-0 wrap-anywhere max-[720px]:col-start-2">
        <p className={outcome === 'skipped' ? 'text-muted' : undefined}>{detail}</p>
        {(remedy !== null || page !== undefined) && (
          <p className="text-muted">
            {remedy}{' '}
            {page !== undefined && (
              <Link href={page.path} className="rounded-small text-accent-ink underline underline-offset-2">
                {page.label}
              </Link>
            )}
          </p>
        )}
      </div>
      <span className="text-right text-muted max-[720px]:hidden">
        {outcome !== 'skipped' && <Duration ms={durationMs} />}
      </span>
    </div>
  )
}

function Turn({ name, isNow }: { name: string; isNow: boolean }) {
  return (
    <div className={`${rowClass} text-faint`}>
      <StatusDot tone={isNow ? 'accent' : 'neutral'} label={isNow ? 'Under way' : 'Waits'} />
      <span>{name}</span>
    </div>
  )
}

/** Nothing is known yet: the list is on its way. */
export function WaitingList() {
  return (
    <output aria-label="The checks are running" className="block">
      <p className="px-4 pt-3 pb-1 text-muted">
        Asking the port, the data folder, the key store and every provider. This takes a few seconds at most.
      </p>
      {Array.from({ length: 7 }, (_, row) => (
        <div key={row} className="flex h-11 items-center gap-4 border-t border-line px-4 first:border-t-0">
          <Skeleton className="h-4 w-32" />
          <Skeleton className="h-4 w-64" />
        </div>
      ))}
    </output>
  )
}

import { clsx } from 'clsx'
import type { ReactNode } from 'react'
import type { Totals } from '../../../gateway/contract.ts'
import { formatChange, formatCount, formatPercent, formatTokens } from '../../lib/format.ts'
import type { TimeRange } from '../../lib/range.ts'
import { Skeleton } from '../../ui/skeleton.tsx'
import { Count, Duration, Money } from '../../ui/values.tsx'
import { allTokens } from './measures.ts'
import { useLatency, useSummary } from './queries.ts'

/** The five numbers that answer most visits, each against the span before. */
export function Figures({ range, spanWords }: { range: TimeRange; spanWords: string }) {
  const summary = useSummary(range)
  const latency = useLatency(range)
  // The page says why, once.
  if (summary.error !== null) return null
  const { total, previous } = summary.data ?? {}
  const firstToken = latency.data?.firstTokenMs
  return (
    <section
      aria-label={`Figures, ${spanWords}`}
      className={clsx(
        'grid grid-cols-5 gap-px overflow-hidden rounded-card border border-line bg-line',
        summary.isPlaceholderData && 'dimmed',
      )}
    >
      <Figure
        title="Spend"
        change={change(total, previous, ({ costNanoUsd }) => costNanoUsd)}
        note={unpricedNote(total) ?? (previous && previous.costNanoUsd > 0 && beforeWords(range))}
      >
        {total && <Money nanoUsd={total.costNanoUsd} />}
      </Figure>
      <Figure
        title="Requests"
        change={change(total, previous, ({ requests }) => requests)}
        note={total && `${formatTokens(allTokens(total))} tokens`}
      >
        {total && <Count count={total.requests} />}
      </Figure>
      <Figure title="Saved by cache" note={total && hitWords(total)}>
        {total && <Money nanoUsd={total.savedNanoUsd + total.semanticSavedNanoUsd} />}
      </Figure>
      <Figure
        title="Errors"
        note={total && errorWords(total)}
        isBad={total !== undefined && total.errors / total.requests > 0.05}
      >
        {total && <Count count={total.errors} />}
      </Figure>
      <Figure
        title="First token, p95"
        note={
          firstToken ? (
            <span>
              median <Duration ms={firstToken.p50} />
            </span>
          ) : undefined
        }
      >
        {latency.data && <Duration ms={firstToken?.p95} />}
      </Figure>
    </section>
  )
}

interface FigureProps {
  title: string
  change?: string | undefined
  note?: ReactNode
  isBad?: boolean
  children: ReactNode
}

function Figure({ title, change, note, isBad = false, children }: FigureProps) {
  const isEmpty = children === undefined || children === null
  return (
    <div className="flex min-w-0 flex-col gap-1 bg-card px-3 py-3 medium:px-4">
      <span className="text-small text-muted">{title}</span>
      <span className={clsx('truncate text-figure font-semibold tracking-tight', isBad && 'text-bad')}>
        {isEmpty ? <Skeleton className="h-8 w-24" /> : children}
      </span>
      <span className="flex h-4 gap-1.5 truncate text-small text-muted">
        {change !== undefined && (
          <span title="Against the span of the same length before" className="text-ink">
            {change}
          </span>
        )}
        {note}
      </span>
    </div>
  )
}

function change(now: Totals | undefined, before: Totals | undefined, measure: (totals: Totals) => number) {
  return now === undefined || before === undefined ? undefined : formatChange(measure(now), measure(before))
}

function unpricedNote(total: Totals | undefined): string | undefined {
  if (total === undefined || total.unpricedAttempts === 0) return undefined
  return `${formatCount(total.unpricedAttempts)} unpriced`
}

function hitWords({ cacheHits, cacheMisses, semanticHits }: Totals): string {
  const hits = cacheHits + semanticHits
  const asked = hits + cacheMisses
  if (asked === 0) return 'not asked'
  const similar = semanticHits === 0 ? '' : `, ${formatPercent(semanticHits / hits)} of them similar`
  return `${formatPercent(hits / asked)} of calls hit${similar}`
}

function errorWords({ errors, requests }: Totals): string {
  return requests === 0 ? 'no calls' : `${formatPercent(errors / requests)} of calls`
}

function beforeWords({ from, to }: TimeRange): ReactNode {
  const hours = Math.round((to - from) / 3_600_000)
  const length = hours < 48 ? `${hours} h` : `${Math.round(hours / 24)} days`
  return <span className="max-medium:sr-only">vs {length} before</span>
}

import { clsx } from 'clsx'
import type { AttemptDetail, CallRow } from '../../../gateway/contract.ts'
import { formatDuration } from '../../lib/format.ts'
import type { Tone } from '../../ui/badge.tsx'
import { answeredBy, outcomeText } from './call-words.ts'
import { outcomeTones } from './outcome-tones.ts'
import { timelineOf, type TimelineBar } from './timeline.ts'

const fills: Record<Tone, string> = {
  good: 'bg-good',
  bad: 'bg-bad',
  warn: 'bg-warn',
  accent: 'bg-accent',
  neutral: 'bg-line-strong',
}

/** What happened when: one bar for each provider that was asked, on one axis from the start of the call. */
export function AttemptTimeline({ call, attempts }: { call: CallRow; attempts: readonly AttemptDetail[] }) {
  const { bars, ticks } = timelineOf(call, attempts)
  if (bars.length === 0) return null
  const hasTick = bars.some(({ firstToken }) => firstToken !== undefined)
  return (
    <section
      aria-label="Attempts in the order of time"
      className="rounded-card border border-line bg-card px-4 pt-2 pb-3"
    >
      <ol className="flex flex-col">
        {bars.map((bar) => (
          <Bar key={bar.attempt.number} bar={bar} ticks={ticks} isOnly={bars.length === 1} />
        ))}
      </ol>
      <div className="mt-1 flex gap-4">
        <div className="relative h-4 min-w-0 flex-1 text-small text-faint" aria-hidden>
          {ticks.map(({ at, atMs }) => (
            <span
              key={atMs}
              className={clsx(
                'absolute top-0 whitespace-nowrap',
                at > 0.9 ? '-translate-x-full' : at > 0 && '-translate-x-1/2',
              )}
              style={{ left: `${at * 100}%` }}
            >
              {formatDuration(atMs)}
            </span>
          ))}
        </div>
        <span className="w-16 shrink-0" />
      </div>
      {hasTick && (
        <p className="mt-1 flex items-center gap-2 text-small text-faint">
          <span aria-hidden className="h-3 w-0.5 bg-accent" /> first token
        </p>
      )}
    </section>
  )
}

interface BarProps {
  bar: TimelineBar
  ticks: readonly { at: number }[]
  isOnly: boolean
}

function Bar({ bar, ticks, isOnly }: BarProps) {
  const { attempt, start, width, firstToken, startMs } = bar
  const who = answeredBy(attempt) ?? 'No provider was asked'
  const outcome = attempt.number === 0 && attempt.outcome === 'ok' ? 'Answered from the cache' : outcomeText(attempt)
  const first = attempt.firstTokenMs === null ? '' : `, first token after ${formatDuration(attempt.firstTokenMs)}`
  const isFailure = attempt.outcome === 'error' || attempt.outcome === 'broken'
  const words = `Began after ${formatDuration(startMs)}, took ${formatDuration(attempt.durationMs)}${first}`
  return (
    <li className="py-1">
      <div className="flex flex-wrap items-baseline justify-between gap-x-3">
        <span className="min-w-0 truncate">
          {!isOnly && <span className="text-faint">{attempt.number} </span>}
          {who}
        </span>
        <span className={clsx('text-small', isFailure ? 'text-bad' : 'text-muted')}>{outcome}</span>
      </div>
      <div className="flex items-center gap-4">
        <div title={words} className="relative h-4 min-w-0 flex-1">
          <span className="sr-only">{words}</span>
          {ticks.map(({ at }) => (
            <span key={at} className="absolute inset-y-0 w-px bg-line" style={{ left: `${at * 100}%` }} />
          ))}
          <span
            className={clsx('absolute top-1 h-2 rounded-small', fills[outcomeTones[attempt.outcome]])}
            style={{ left: `${start * 100}%`, width: `max(3px, ${width * 100}%)` }}
          />
          {firstToken !== undefined && (
            <span className="absolute inset-y-0 w-0.5 bg-accent" style={{ left: `${firstToken * 100}%` }} />
          )}
        </div>
        <span className="w-16 shrink-0 text-right text-small whitespace-nowrap">
          {formatDuration(attempt.durationMs)}
        </span>
      </div>
    </li>
  )
}

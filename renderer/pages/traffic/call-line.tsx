/* oxlint-disable jsx-a11y/prefer-tag-over-role -- rows are placed by hand: a virtual list cannot be a <table> */
import { clsx } from 'clsx'
import { memo } from 'react'
import type { CallRow } from '../../../gateway/contract.ts'
import { formatDuration, formatExactTime } from '../../lib/format.ts'
import { StatusDot } from '../../ui/badge.tsx'
import { Money } from '../../ui/values.tsx'
import { CallTokens } from './call-tokens.tsx'
import { answeredBy, cacheTitles, isHit, listTime, outcomeText } from './call-words.ts'
import { outcomeTones } from './outcome-tones.ts'
import { durationBar } from './duration-bar.ts'

/** Columns by the width of the list, not of the window: beside an open call there is room for the first few only. */
export const lineClass = clsx(
  'grid h-8 items-center gap-x-3 px-4',
  'grid-cols-[82px_8px_minmax(0,1fr)_72px]',
  '@min-[440px]:grid-cols-[82px_8px_minmax(0,1fr)_72px_64px]',
  '@min-[660px]:grid-cols-[92px_8px_84px_minmax(0,1fr)_100px_84px_108px] @min-[660px]:gap-x-4 @min-[660px]:px-6',
  '@min-[900px]:grid-cols-[92px_8px_112px_minmax(0,1fr)_100px_84px_152px]',
)

export interface CallLineProps {
  call: CallRow
  index: number
  /** Pixels from the top of the list. */
  start: number
  scaleMs: number
  /** Decides between the time of day and the date; need not be exact. */
  now: number
  /** Its detail is beside the list. */
  isOpen: boolean
  /** In the tab order. */
  isActive: boolean
}

/** One call in 32 pixels. Clicks and keys are the list's affair. */
export const CallLine = memo(function CallLine({ call, index, start, scaleMs, now, isOpen, isActive }: CallLineProps) {
  return (
    <div
      role="row"
      aria-rowindex={index + 2}
      aria-selected={isOpen}
      tabIndex={isActive ? 0 : -1}
      data-active={isActive ? '' : undefined}
      data-index={index}
      style={{ transform: `translateY(${start}px)` }}
      className={clsx(
        lineClass,
        'absolute inset-x-0 top-0 -outline-offset-2! focus-visible:bg-hover',
        isOpen ? 'bg-selected!' : 'hover:bg-hover',
      )}
    >
      <span role="gridcell" className="truncate text-muted" title={formatExactTime(call.startedAt)}>
        {listTime(call.startedAt, now)}
      </span>
      <span role="gridcell" className="flex">
        <StatusDot tone={outcomeTones[call.outcome]} label={outcomeText(call)} />
      </span>
      <span role="gridcell" className="hidden truncate text-muted @min-[660px]:block" title={call.key}>
        {call.key}
      </span>
      <ModelCell call={call} />
      <span role="gridcell" className="hidden text-right whitespace-nowrap @min-[660px]:block">
        <CallTokens call={call} />
      </span>
      <span role="gridcell" className="text-right whitespace-nowrap">
        <Cost call={call} />
      </span>
      <DurationCell {...{ call, scaleMs }} />
    </div>
  )
})

const failureInks: Record<CallRow['outcome'], string> = {
  ok: '',
  error: 'text-bad',
  broken: 'text-bad',
  refused: 'text-warn',
  aborted: 'text-muted',
}

/** What was asked for, then who answered; for a failure, why. */
function ModelCell({ call }: { call: CallRow }) {
  const answered = answeredBy(call)
  const failed = call.outcome !== 'ok' && call.errorCode !== null
  return (
    <span role="gridcell" className="grid grid-cols-[minmax(0,max-content)_minmax(0,1fr)_auto] items-baseline gap-2">
      <span className="truncate" title={call.requestedModel}>
        {call.requestedModel}
      </span>
      {failed ? (
        <span className={clsx('truncate text-small', failureInks[call.outcome])}>{call.errorCode}</span>
      ) : (
        answered !== undefined && (
          <span className="hidden truncate text-small text-muted @min-[340px]:inline" title={answered}>
            <span aria-hidden>→ </span>
            <span className="sr-only">answered by </span>
            {call.model === call.requestedModel ? call.provider : answered}
          </span>
        )
      )}
      {call.attempts > 1 && (
        <span
          className="col-start-3 text-small whitespace-nowrap text-warn"
          title={`${call.attempts} attempts were made`}
        >
          <span className="@min-[440px]:hidden">×{call.attempts}</span>
          <span className="hidden @min-[440px]:inline">{call.attempts} tries</span>
        </span>
      )}
    </span>
  )
}

/** A hit costs nothing; what it saved says more than a zero. */
function Cost({ call }: { call: CallRow }) {
  if (!isHit(call)) return <Money nanoUsd={call.costNanoUsd} />
  return (
    <span className="text-good" title={cacheTitles[call.cache]}>
      {call.cache === 'HIT' ? 'cached' : 'similar'}
    </span>
  )
}

function DurationCell({ call, scaleMs }: { call: CallRow; scaleMs: number }) {
  const { width, tick, isCut } = durationBar(call, scaleMs)
  const first = call.firstTokenMs === null ? '' : `, first token after ${formatDuration(call.firstTokenMs)}`
  return (
    <span
      role="gridcell"
      className="hidden items-center gap-2 @min-[440px]:flex"
      title={`${formatDuration(call.durationMs)}${first}`}
    >
      <span aria-hidden className="relative hidden h-1.5 min-w-0 flex-1 @min-[660px]:block">
        <span
          className={clsx('absolute inset-y-0 left-0 bg-line-strong/70', isCut ? 'rounded-l-full' : 'rounded-full')}
          style={{ width: `max(2px, ${width * 100}%)` }}
        />
        {isCut && <span className="absolute inset-y-0 right-1 w-0.5 -skew-x-12 bg-card" />}
        {tick !== undefined && (
          <span className="absolute -inset-y-0.5 w-0.5 bg-accent" style={{ left: `${tick * 100}%` }} />
        )}
      </span>
      <span className="w-16 shrink-0 text-right whitespace-nowrap text-muted">{formatDuration(call.durationMs)}</span>
    </span>
  )
}

/** Stays in view above the lines. */
export function CallHeading({ scaleMs }: { scaleMs: number }) {
  const cell = 'truncate'
  return (
    <div
      role="row"
      aria-rowindex={1}
      className={clsx(lineClass, 'sticky top-0 z-10 border-b border-line bg-card text-small font-medium text-muted')}
    >
      <span role="columnheader" className={cell}>
        Time
      </span>
      <span role="columnheader">
        <span className="sr-only">Outcome</span>
      </span>
      <span role="columnheader" className={clsx(cell, 'hidden @min-[660px]:block')}>
        Tool
      </span>
      <span role="columnheader" className={cell}>
        Model
      </span>
      <span role="columnheader" className={clsx(cell, 'hidden text-right @min-[660px]:block')}>
        Tokens in / out
      </span>
      <span role="columnheader" className={clsx(cell, 'text-right')}>
        Cost
      </span>
      <span role="columnheader" className="hidden justify-between @min-[440px]:flex">
        Duration
        <span className="hidden font-normal text-faint @min-[660px]:inline" title="Length of a full bar">
          {formatDuration(scaleMs)}
        </span>
      </span>
    </div>
  )
}

import type { AttemptDetail, CallRow } from '../../../gateway/contract.ts'

/** The attempts of a call on one axis of time. Shares are of the axis, 0 to 1. */
export interface Timeline {
  /** Milliseconds at the right end. */
  spanMs: number
  /** Round times from 0 on, never beyond the end. */
  ticks: { atMs: number; at: number }[]
  bars: TimelineBar[]
}

export interface TimelineBar {
  attempt: AttemptDetail
  start: number
  width: number
  /** Where the first token came; undefined: it did not, or nobody measured. */
  firstToken: number | undefined
  /** Milliseconds from the start of the call. */
  startMs: number
}

type Span = Pick<CallRow, 'startedAt' | 'durationMs'>

/** Something has to be drawn also of what took no time. */
const leastSpanMs = 0.1

/** The ledger's clock may be set back in the middle of a call: nothing starts before the call or has no width. */
export function timelineOf(call: Span, attempts: readonly AttemptDetail[]): Timeline {
  const starts = attempts.map((attempt) => Math.max(0, attempt.startedAt - call.startedAt))
  const ends = attempts.map((attempt, index) => (starts[index] ?? 0) + attempt.durationMs)
  const spanMs = Math.max(leastSpanMs, call.durationMs, ...ends)
  const bars = attempts.map((attempt, index): TimelineBar => {
    const startMs = starts[index] ?? 0
    const firstToken = attempt.firstTokenMs === null ? undefined : (startMs + attempt.firstTokenMs) / spanMs
    return { attempt, startMs, start: startMs / spanMs, width: attempt.durationMs / spanMs, firstToken }
  })
  return { spanMs, ticks: ticksOf(spanMs), bars }
}

/** Durations are written with one decimal: steps below that would all look the same. */
const leastStepMs = 0.1

function ticksOf(spanMs: number): Timeline['ticks'] {
  const rough = spanMs / 4
  const power = 10 ** Math.floor(Math.log10(rough))
  const step = Math.max(leastStepMs, ([1, 2, 5, 10].find((step) => rough <= step * power) ?? 10) * power)
  return Array.from({ length: Math.floor(spanMs / step) + 1 }, (_, index) => {
    const atMs = Math.round(index * step * 10) / 10
    return { atMs, at: atMs / spanMs }
  })
}

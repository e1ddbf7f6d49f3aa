import type { AttemptRow, Ledger, UsageGroup, UsageTotals } from './ledger.ts'

/** What the window asks of the ledger beyond the sums that `Ledger.usage` gives. Never on the loop that serves streams. */
export interface LedgerReader {
  /** Newest first. */
  calls(query: CallsQuery): Promise<{ calls: CallSummary[]; hasMore: boolean }>
  /** All attempts of a call in order, and what was captured of it; undefined: no such call (any more). */
  call(callId: string): Promise<CallRecord | undefined>
  /** From hourly roll-ups: one entry per hour and name that occurs, hours in order. Hour = Unix time / 3,600,000. */
  hours(query: HoursQuery): Promise<HourRow[]>
  /** Percentiles of the calls that a provider answered (no hits, nothing that failed), for each span [edges[i], edges[i+1]) and for all of them. */
  latency(edges: readonly number[]): Promise<LatencyReport>
  /** Distinct values among the calls kept. */
  names(): Promise<{ providers: string[]; models: string[]; keys: string[] }>
}

/** What the opt-in for headers and bodies writes. Nobody waits for it, and a crash may lose the last moments. */
export interface CaptureWriter {
  /** `startedAt`: milliseconds since 1970, of the call. */
  capture(callId: string, startedAt: number, capture: Capture): void
}

/** What both stores of calls are: the account, its reader, and the place for captures. */
export type ReadableLedger = Ledger & LedgerReader & CaptureWriter

export interface CallsQuery {
  limit: number
  before?: { startedAt: number; id: number }
  filter: {
    outcome?: 'ok' | 'failed' | 'aborted' | 'refused'
    provider?: string
    /** What the provider was asked for; the client's name where nobody was asked. */
    model?: string
    key?: string
    cache?: AttemptRow['cache']
    /** Only calls in which a guard found something. */
    guarded?: true
    /** Anywhere in a model's name, alias, provider, key, feature, error code or call id, in any case (of ASCII). */
    text?: string
  }
}

/** The attempt that decided the call, with the money of all its attempts. */
export interface CallSummary extends AttemptRow {
  id: number
  /** Of a provider: 0 for a hit, and for what was refused. */
  attempts: number
}

export interface CallRecord {
  attempts: AttemptRow[]
  capture: Capture | undefined
}

/** Headers are redacted before they come here. */
export interface Capture {
  requestHeaders: [string, string][]
  responseHeaders: [string, string][]
  /** Text of the bodies, cut at the cap. */
  request: string | undefined
  response: string | undefined
  truncated: boolean
  /** Dialects, where the provider's was another. */
  translated: { from: string; to: string } | undefined
  warnings: string[]
  cacheReason: string
}

export interface HoursQuery {
  /** Milliseconds since 1970; the hours that contain them count whole. */
  from: number
  to: number
  by?: Exclude<UsageGroup, 'day' | 'hour'>
}

export type HourRow = UsageTotals & { hour: number; name: string | null }

export interface Percentiles {
  p50: number
  p95: number
  p99: number
}

/** Milliseconds. null: no call to take it from. */
export interface LatencySpan {
  durationMs: Percentiles | null
  firstTokenMs: Percentiles | null
}

export interface LatencyReport {
  total: LatencySpan
  spans: LatencySpan[]
}

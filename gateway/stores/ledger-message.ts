import type { UsageQuery, UsageReport } from './ledger.ts'
import type { LedgerReader } from './ledger-reader.ts'

/** What travels between the gateway and the ledger's thread. */

export interface LedgerThreadData {
  file: string
  /** Of the journal that this process writes; absent without one. */
  writer?: string | undefined
  /** What all captures together may take, bytes. */
  capturesMaxBytes: number
  /** Longest wait for another process that writes. */
  busyTimeoutMs?: number | undefined
}

/** Rows that were journaled together: packed (see `packRow`), as JSON, which crosses to the thread as one string. */
export interface JournaledRows {
  /** Counted from 1; 0 for rows that no journal has. */
  sequence: number
  json: string
}

export interface CaptureLine {
  callId: string
  /** Milliseconds since 1970. */
  startedAt: number
  json: string
}

/** From the first hour with calls to the end of the last, milliseconds since 1970. */
export interface HoursSpan {
  from: number
  to: number
}

/** What the thread is asked, and with what it answers. */
export interface LedgerQuestions extends LedgerReader {
  usage(query: UsageQuery): Promise<UsageReport>
  span(): Promise<HoursSpan | undefined>
  prune(before: number): Promise<number>
}

export type QuestionName = keyof LedgerQuestions
export type QuestionInput<Name extends QuestionName> = Parameters<LedgerQuestions[Name]>
export type QuestionAnswer<Name extends QuestionName> = Awaited<ReturnType<LedgerQuestions[Name]>>

type Orders =
  | { kind: 'append'; batches: JournaledRows[] }
  | { kind: 'capture'; lines: CaptureLine[] }
  | { kind: 'ask'; id: number; name: QuestionName; input: readonly unknown[] }
  | { kind: 'close' }

export type LedgerOrder<Kind extends Orders['kind'] = Orders['kind']> = Extract<Orders, { kind: Kind }>

export type LedgerAnswer =
  | { kind: 'ready' }
  /** The database could not be opened; the thread ends. */
  | { kind: 'unusable'; message: string }
  | { kind: 'warning'; message: string }
  /** Answers to `append` carry no id: they come in the order of the batches. */
  | { kind: 'committed' }
  /** `retry`: it may work later (disk full, locked). */
  | { kind: 'failed'; message: string; retry: boolean }
  /** To each `capture`, whatever came of it. */
  | { kind: 'captured'; problem: string | undefined }
  | { kind: 'answer'; id: number; value: unknown }
  | { kind: 'refused'; id: number; message: string }

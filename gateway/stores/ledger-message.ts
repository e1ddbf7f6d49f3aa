import type { UsageQuery, UsageReport } from './ledger.ts'

/** What travels between the gateway and the ledger's thread. */

export interface LedgerThreadData {
  file: string
  /** Of the journal that this process writes; absent without one. */
  writer?: string | undefined
}

/** Rows that were journaled together: packed (see `packRow`), as JSON, which crosses to the thread as one string. */
export interface JournaledRows {
  /** Counted from 1; 0 for rows that no journal has. */
  sequence: number
  json: string
}

type Orders =
  | { kind: 'append'; batches: JournaledRows[] }
  | { kind: 'usage'; id: number; query: UsageQuery }
  | { kind: 'prune'; id: number; before: number }
  | { kind: 'close' }

export type LedgerOrder<Kind extends Orders['kind'] = Orders['kind']> = Extract<Orders, { kind: Kind }>

export type LedgerAnswer =
  | { kind: 'ready' }
  /** The database could not be opened; the thread ends. */
  | { kind: 'unusable'; message: string }
  /** Answers to `append` carry no id: they come in the order of the batches. */
  | { kind: 'committed' }
  /** `retry`: it may work later (disk full, locked). */
  | { kind: 'failed'; message: string; retry: boolean }
  | { kind: 'answer'; id: number; value: UsageReport | number }
  | { kind: 'refused'; id: number; message: string }

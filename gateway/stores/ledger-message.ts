import type { UsageQuery, UsageReport } from './ledger.ts'
import type { Value } from './open-database.ts'

/** What travels between the gateway and the ledger's thread. */

export interface LedgerThreadData {
  file: string
}

type Orders =
  | { kind: 'append'; values: Value[] }
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
  | { kind: 'failed'; message: string }
  | { kind: 'answer'; id: number; value: UsageReport | number }
  | { kind: 'refused'; id: number; message: string }

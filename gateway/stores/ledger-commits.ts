import { mayPass } from './database-error.ts'
import type { LedgerDatabase } from './ledger-database.ts'
import type { JournaledRows, LedgerAnswer } from './ledger-message.ts'
import type { Value } from './open-database.ts'
import type { JournalLine } from './read-journals.ts'

/** A checkpoint writes each changed page once, however often it changed: seldom is cheaper. The log stays below 20 MB. */
const commitsPerCheckpoint = 1000

/** Commits what the gateway sends, a journal's lines in their order. */
export class LedgerCommits {
  readonly #ledger: LedgerDatabase
  readonly #writer: string | undefined
  readonly #explain: (error: unknown) => string
  #count = 0
  /** The first line that could not be committed: none after it may be, or it would count as committed. */
  #behindFrom: number | undefined

  constructor(ledger: LedgerDatabase, writer: string | undefined, explain: (error: unknown) => string) {
    this.#ledger = ledger
    this.#writer = writer
    this.#explain = explain
  }

  commit(batches: readonly JournaledRows[]): LedgerAnswer {
    const first = batches.find(({ sequence }) => sequence > 0)?.sequence
    if (first !== undefined && this.#behindFrom !== undefined && first > this.#behindFrom) {
      return { kind: 'failed', message: 'an earlier commit failed', retry: true }
    }
    try {
      this.#write(batches.map(({ sequence, json }) => ({ sequence, values: JSON.parse(json) as Value[] })))
      if (first !== undefined) this.#behindFrom = undefined
      return { kind: 'committed' }
    } catch (error) {
      const retry = mayPass(error)
      if (first !== undefined) this.#behindFrom = retry ? first : undefined
      return { kind: 'failed', message: this.#explain(error), retry }
    }
  }

  /** Nobody waits for this: those whose rows are in have been told. */
  checkpointWhenDue(): void {
    this.#count += 1
    if (this.#count % commitsPerCheckpoint !== 0) return
    try {
      this.#ledger.checkpoint()
    } catch {
      // What is wrong with the disk the next commit tells somebody.
    }
  }

  /** Lines that no journal has come along when it could not be written. */
  #write(lines: readonly JournalLine[]): void {
    const journaled = lines.filter(({ sequence }) => sequence > 0)
    if (this.#writer !== undefined && journaled.length > 0) this.#ledger.appendJournal(this.#writer, journaled)
    if (journaled.length === lines.length) return
    this.#ledger.append(lines.flatMap(({ sequence, values }) => (sequence === 0 ? values : [])))
  }
}

import type { CaptureLine } from './ledger-message.ts'
import type { Database, Statement } from './open-database.ts'

/** Headers and bodies of calls, bounded by size: the oldest make room. Synchronous, for the ledger's thread. */
export class LedgerCaptures {
  readonly #database: Database
  readonly #maxBytes: number
  readonly #insert: Statement
  readonly #total: Statement
  readonly #oldest: Statement
  readonly #delete: Statement
  readonly #prune: Statement

  constructor(database: Database, maxBytes: number) {
    this.#database = database
    this.#maxBytes = maxBytes
    this.#insert = database.prepare(
      'INSERT OR REPLACE INTO captures (call_id, started_at, bytes, json) VALUES (?, ?, ?, ?)',
    )
    this.#total = database.prepare('SELECT IFNULL(SUM(bytes), 0) AS bytes FROM captures')
    this.#oldest = database.prepare('SELECT rowid AS id, bytes FROM captures ORDER BY started_at, rowid LIMIT 64')
    this.#delete = database.prepare('DELETE FROM captures WHERE rowid = ?')
    this.#prune = database.prepare(
      'DELETE FROM captures WHERE rowid IN (SELECT rowid FROM captures WHERE started_at < ? ORDER BY started_at LIMIT ?)',
    )
  }

  keep(lines: readonly CaptureLine[]): void {
    this.#database.exec('BEGIN IMMEDIATE')
    try {
      for (const { callId, startedAt, json } of lines)
        this.#insert.run(callId, startedAt, Buffer.byteLength(json), json)
      this.#makeRoom()
      this.#database.exec('COMMIT')
    } catch (error) {
      this.#rollBack()
      throw error
    }
  }

  /** Deletes at most `limit` of calls that started before `before`; returns how many. */
  prune(before: number, limit: number): number {
    return Number(this.#prune.run(before, limit).changes)
  }

  /** The sum is asked again each time, because another gateway may write here too: the index has it in a millisecond. */
  #makeRoom(): void {
    let { bytes } = this.#total.get() as { bytes: number }
    while (bytes > this.#maxBytes) {
      for (const oldest of this.#oldest.all() as { id: number; bytes: number }[]) {
        if (bytes <= this.#maxBytes) return
        this.#delete.run(oldest.id)
        bytes -= oldest.bytes
      }
    }
  }

  /** A full disk may have rolled back by itself already. */
  #rollBack(): void {
    try {
      this.#database.exec('ROLLBACK')
    } catch {}
  }
}

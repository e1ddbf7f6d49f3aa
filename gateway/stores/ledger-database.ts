import { attemptColumns, rowWidth, unpackCounted } from './ledger-row.ts'
import { migrate } from './migrations.ts'
import type { JournalLine } from './read-journals.ts'
import type { Database, Statement, Value } from './open-database.ts'
import { columnOf, dimensions, rollUp, totalNames } from './roll-up.ts'
import type { CountedAttempt } from './roll-up.ts'

/** What is written, synchronous: belongs in a thread of its own. Brings the database up to date when made. */
export class LedgerDatabase {
  readonly #database: Database
  readonly #begin: Statement
  readonly #commit: Statement
  readonly #rollback: Statement
  readonly #insert: Statement
  readonly #upsert: Statement
  readonly #prune: Statement
  readonly #applied: Statement
  readonly #setApplied: Statement

  constructor(database: Database) {
    migrate(database)
    this.#database = database
    this.#begin = database.prepare('BEGIN IMMEDIATE')
    this.#commit = database.prepare('COMMIT')
    this.#rollback = database.prepare('ROLLBACK')
    this.#insert = database.prepare(insertSql())
    this.#upsert = database.prepare(upsertSql())
    this.#prune = database.prepare(pruneSql)
    this.#applied = database.prepare('SELECT sequence FROM journals WHERE writer = ?')
    this.#setApplied = database.prepare('INSERT OR REPLACE INTO journals (writer, sequence) VALUES (?, ?)')
  }

  /** Commits packed rows (see `packRow`) and their roll-ups: all or none. */
  append(packed: Value[]): void {
    this.#transact(() => this.#insertRows(packed))
  }

  /** Commits those lines of a writer's journal, in order, that are not in the tables yet: all or none. */
  appendJournal(writer: string, lines: readonly JournalLine[]): void {
    this.#transact(() => {
      const { sequence: applied } = (this.#applied.get(writer) ?? { sequence: 0 }) as { sequence: number }
      const missing = lines.filter(({ sequence }) => sequence > applied)
      const last = missing.at(-1)
      if (last === undefined) return
      this.#insertRows(missing.length === 1 ? last.values : missing.flatMap(({ values }) => values))
      this.#setApplied.run(writer, last.sequence)
    })
  }

  /** Its files are gone: nobody will ever bring its lines again. */
  forgetJournal(writer: string): void {
    this.#database.prepare('DELETE FROM journals WHERE writer = ?').run(writer)
  }

  /** Of which the last committed line is known. */
  journalWriters(): string[] {
    const rows = this.#database.prepare('SELECT writer FROM journals').all() as { writer: string }[]
    return rows.map(({ writer }) => writer)
  }

  #transact(work: () => void): void {
    this.#begin.run()
    try {
      work()
      this.#commit.run()
    } catch (error) {
      this.#undo()
      throw error
    }
  }

  #insertRows(packed: Value[]): void {
    const attempts: CountedAttempt[] = []
    for (let offset = 0; offset < packed.length; offset += rowWidth) {
      this.#insert.run(...packed.slice(offset, offset + rowWidth))
      attempts.push(unpackCounted(packed, offset))
    }
    for (const { hour, totals, ...keys } of rollUp(attempts).values()) {
      const sums = totalNames.map((name) => totals[name])
      this.#upsert.run(hour, ...dimensions.map((dimension) => keys[dimension]), ...sums)
    }
  }

  /** Deletes at most `limit` rows that started before `before`, oldest first; returns how many: fewer = no more left. */
  prune(before: number, limit: number): number {
    return Number(this.#prune.run(before, limit).changes)
  }

  /** Moves committed pages from the log into the file: up to some milliseconds of disk, so not inside a commit. */
  checkpoint(): void {
    this.#database.exec('PRAGMA wal_checkpoint(PASSIVE)')
  }

  close(): void {
    this.#database.close()
  }

  /** A full disk may have rolled back by itself already: then ROLLBACK is the error, and not the one to report. */
  #undo(): void {
    try {
      this.#rollback.run()
    } catch {}
  }
}

const pruneSql = `DELETE FROM attempts WHERE id IN
  (SELECT id FROM attempts WHERE started_at < ? ORDER BY started_at LIMIT ?)`

function insertSql(): string {
  return `INSERT INTO attempts (${attemptColumns.join(', ')}) VALUES (${attemptColumns.map(() => '?').join(', ')})`
}

function upsertSql(): string {
  const sums = totalNames.map(columnOf)
  const columns = ['hour', ...dimensions, ...sums]
  return `INSERT INTO usage_hours (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})
    ON CONFLICT DO UPDATE SET ${sums.map((column) => `${column} = ${column} + excluded.${column}`).join(', ')}`
}

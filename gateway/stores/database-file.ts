import { closeSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import { explainDatabaseError, isLocked } from './database-error.ts'

/** What the ledger needs of a database driver; node:sqlite and better-sqlite3 both have this shape. */
export interface Database {
  exec(sql: string): unknown
  prepare(sql: string): Statement
  close(): void
}

export interface Statement {
  run(...values: Value[]): { changes: number | bigint }
  all(...values: Value[]): object[]
  get(...values: Value[]): object | undefined
}

export type Value = string | number | null

export interface Lock {
  close(): void
}

/** A driver. Its errors carry SQLite's result code as `errcode`. */
export type Connect = (file: string) => Database

/** Longest wait for another process that holds the file. */
const patienceMs = 5000

/**
 * Opens (or makes) the database. `:memory:` is a database without a file.
 * Throws an Error that names the file and says what to do.
 */
export function openDatabaseWith(connect: Connect, file: string, busyTimeoutMs = patienceMs): Database {
  try {
    if (file !== ':memory:') prepareFile(file)
    return configured(connect(file), busyTimeoutMs)
  } catch (error) {
    throw explainDatabaseError(error, file)
  }
}

/**
 * An empty file that is held until it is closed or the process ends, however it ends: Node.js has no locks of its own,
 * SQLite's work on every system and between containers. undefined: somebody else holds it. Makes the file.
 */
export function lockFileWith(connect: Connect, file: string): Lock | undefined {
  const database = connect(file)
  try {
    // In memory: else the lock has a journal file of its own.
    database.exec('PRAGMA busy_timeout = 0; PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE')
    return database
  } catch (error) {
    database.close()
    if (isLocked(error)) return undefined
    throw error
  }
}

/** Made before SQLite makes it, so that only its owner can read it; the -wal and -shm files inherit that. */
function prepareFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
  closeSync(openSync(file, 'a', 0o600))
}

/**
 * WAL with synchronous=NORMAL: a commit is one write to the system, which outlives the process (kill -9), without an
 * fsync; only the last moments before a power cut can be lost, and the file stays whole. SQLite's own checkpoint
 * runs inside a commit: it is only the backstop of LedgerDatabase.checkpoint.
 */
function configured(database: Database, busyTimeoutMs: number): Database {
  try {
    database.exec(`PRAGMA busy_timeout = ${busyTimeoutMs}`)
    database.exec('PRAGMA journal_mode = WAL')
    database.exec('PRAGMA synchronous = NORMAL')
    database.exec('PRAGMA foreign_keys = ON')
    database.exec('PRAGMA wal_autocheckpoint = 12000')
    // Reads the schema: a damaged file is found here, not at the first call.
    database.prepare('SELECT count(*) FROM sqlite_schema').get()
    return database
  } catch (error) {
    database.close()
    throw error
  }
}

import { lockFileWith, openDatabaseWith, type Database, type Lock } from './database-file.ts'

/** THE place of the driver, node:sqlite: a build for a runtime without it puts another file here (test/e2e). */

export type { Database, Lock, Statement, Value } from './database-file.ts'

export function openDatabase(file: string, busyTimeoutMs?: number): Database {
  return openDatabaseWith(connect(), file, busyTimeoutMs)
}

export function lockFile(file: string): Lock | undefined {
  return lockFileWith(connect(), file)
}

function connect(): (file: string) => Database {
  const sqlite = process.getBuiltinModule('node:sqlite')
  if (sqlite !== undefined) return (file) => new sqlite.DatabaseSync(file)
  throw new Error(`this Node.js (${process.version}) has no node:sqlite, which the ledger needs: use Node.js 24`)
}

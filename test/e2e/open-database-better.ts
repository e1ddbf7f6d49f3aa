import BetterDatabase from 'better-sqlite3'
import { lockFileWith, openDatabaseWith, type Database, type Lock } from '../../gateway/stores/database-file.ts'

/** Stands for gateway/stores/open-database.ts in the end-to-end build: Electron 33 has Node 20, without node:sqlite. */

export function openDatabase(file: string, busyTimeoutMs?: number): Database {
  return openDatabaseWith(connect, file, busyTimeoutMs)
}

export function lockFile(file: string): Lock | undefined {
  return lockFileWith(connect, file)
}

function connect(file: string): Database {
  const database = numbered(() => new BetterDatabase(file))
  return {
    exec: (sql) => numbered(() => database.exec(sql)),
    close: () => numbered(() => database.close()),
    prepare(sql) {
      const statement = numbered(() => database.prepare(sql))
      return {
        run: (...values) => numbered(() => statement.run(...values)),
        all: (...values) => numbered(() => statement.all(...values)),
        get: (...values) => numbered(() => statement.get(...values)),
      }
    },
  }
}

/** https://sqlite.org/rescode.html: those that gateway/stores/database-error.ts knows. */
const resultCodes: [name: string, code: number][] = [
  ['SQLITE_BUSY', 5],
  ['SQLITE_READONLY', 8],
  ['SQLITE_IOERR', 10],
  ['SQLITE_CORRUPT', 11],
  ['SQLITE_FULL', 13],
  ['SQLITE_CANTOPEN', 14],
  ['SQLITE_NOTADB', 26],
]

/** This driver tells the result code by name (`SQLITE_BUSY_SNAPSHOT`), node:sqlite by number. */
function numbered<T>(work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error
    const found = resultCodes.find(([name]) => String(error.code).startsWith(name))
    throw found === undefined ? error : Object.assign(error, { errcode: found[1] })
  }
}

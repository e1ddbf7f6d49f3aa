import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { explainDatabaseError } from '../../../gateway/stores/database-error.ts'
import { LedgerCaptures } from '../../../gateway/stores/ledger-captures.ts'
import { LedgerDatabase } from '../../../gateway/stores/ledger-database.ts'
import { LedgerQueries } from '../../../gateway/stores/ledger-queries.ts'
import { packRow } from '../../../gateway/stores/ledger-row.ts'
import * as nodeSqlite from '../../../gateway/stores/open-database.ts'
import { attempt, hour } from '../../conformance/ledger.ts'
import type * as BetterSqlite from '../../e2e/open-database-better.ts'

const { openDatabase } = nodeSqlite

/** The one that ships, and the one of the end-to-end build. */
const drivers = [
  ['node:sqlite', nodeSqlite],
  ['better-sqlite3', await betterSqlite()],
] as const

/** Optional (package.json): npm leaves it out where it cannot run node-gyp. */
async function betterSqlite(): Promise<typeof BetterSqlite | undefined> {
  try {
    return await import('../../e2e/open-database-better.ts')
  } catch (error) {
    if (!String(error).includes("'better-sqlite3'")) throw error
    console.warn('skipped: better-sqlite3 is not installed (node-gyp needs Python and a compiler)')
    return undefined
  }
}

describe.each(drivers)('openDatabase: %s', (_, driver) => {
  if (driver === undefined) return test.skip('better-sqlite3 is not installed')
  const { openDatabase, lockFile } = driver
  let folder: string
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'llm-gateway-database-'))
  })
  afterAll(() => rmSync(folder, { recursive: true }))

  test('makes the file and its folder, for the owner alone, in WAL mode', () => {
    const file = join(folder, 'new/deep/ledger.db')
    const database = openDatabase(file)
    expect(Object.values(database.prepare('PRAGMA journal_mode').get() ?? {})).toEqual(['wal'])
    expect(Object.values(database.prepare('PRAGMA synchronous').get() ?? {})).toEqual([1])
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0)
    database.close()
  })

  const unusable: [string, (file: string) => void, RegExp][] = [
    [
      'not a database',
      (file) => writeFileSync(file, 'hello '.repeat(1000)),
      /is not a database, or is damaged: move it/,
    ],
    ['a folder', (file) => mkdirSync(file), /is a folder: move it away/],
    ['cut off', (file) => cutOff(openDatabase(file), file), /is damaged: move it away and restart/],
    ['locked', (file) => lock(openDatabase(file)), /is locked by another process: stop the other gateway/],
  ]

  test.each(unusable)('%s: says which file and what to do', (name, prepare, message) => {
    const file = join(folder, `${name}.db`)
    prepare(file)
    const open = (): unknown => openDatabase(file, 1)
    expect(open).toThrow(message)
    expect(open).toThrow(file)
  })

  test('below a file', () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    expect(() => openDatabase(join(file, 'ledger.db'))).toThrow(/below something that is not a folder: choose another/)
  })

  test('a lock is held by one, until it is closed; it leaves an empty file', () => {
    const file = join(folder, 'held')
    const lock = lockFile(file)
    expect(lock).toBeDefined()
    expect(lockFile(file)).toBeUndefined()
    lock?.close()
    lockFile(file)?.close()
    expect(statSync(file).size).toBe(0)
    expect(readdirSync(folder).filter((name) => name.startsWith('held'))).toEqual(['held'])
  })

  test('a lock where none can be made', () => {
    expect(() => lockFile(join(folder, 'nowhere/lock'))).toThrow()
  })

  test('the ledger writes and reads with it', () => {
    const database = openDatabase(join(folder, 'whole.db'))
    const ledger = new LedgerDatabase(database)
    const captures = new LedgerCaptures(database, 1000)
    const queries = new LedgerQueries(database)
    const values: (string | number | null)[] = []
    packRow(attempt({ firstTokenMs: 3 }), values)
    ledger.appendJournal('ab', [{ sequence: 1, values }])
    captures.keep([{ callId: 'call-1', startedAt: hour, json: '{"request":"x"}' }])
    expect(queries.call('call-1')).toEqual({ attempts: [attempt({ firstTokenMs: 3 })], capture: { request: 'x' } })
    expect(queries.calls({ limit: 1, filter: { text: 'gpt' } }).calls).toMatchObject([{ attempts: 1 }])
    expect(queries.usage({ groupBy: ['day'] }).total).toMatchObject({ requests: 1, costNanoUsd: 1000 })
    expect(queries.latency([hour, hour + 1]).total.firstTokenMs).toEqual({ p50: 3, p95: 3, p99: 3 })
    expect(queries.names().keys).toEqual(['anonymous'])
    expect([ledger.prune(hour + 1, 10), captures.prune(hour + 1, 10)]).toEqual([1, 1])
    ledger.close()
  })
})

test('a Node.js without node:sqlite is told so', () => {
  const builtin = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
  expect(() => openDatabase(':memory:')).toThrow(/has no node:sqlite.*use Node\.js 24/)
  builtin.mockRestore()
})

/** A valid header that promises pages which are not there. */
function cutOff(database: nodeSqlite.Database, file: string): void {
  database.exec('PRAGMA journal_mode = DELETE; CREATE TABLE a (x)')
  for (let index = 0; index < 100; index += 1) database.exec(`CREATE TABLE t${index} (x)`)
  database.close()
  const sqlite = process.getBuiltinModule('node:fs')
  sqlite.truncateSync(file, 4096)
}

/** By the driver under test: two copies of SQLite in one process do not see each other's locks. */
function lock(database: nodeSqlite.Database): void {
  database.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; CREATE TABLE a (x)')
}

describe('explainDatabaseError', () => {
  const sqlite = (errcode: number): Error => Object.assign(new Error('driver words'), { errcode })
  const cases: [string, unknown, string][] = [
    ['disk full', sqlite(13), 'the ledger l.db could not be written: the disk is full: free some space'],
    [
      'an extended code',
      sqlite(5 | (1 << 8)),
      'the ledger l.db is locked by another process: stop the other gateway, or give this one its own --data-dir',
    ],
    [
      'not writable',
      Object.assign(new Error('x'), { code: 'EACCES' }),
      'the ledger l.db may not be written by this user: change its owner or mode, or choose another --data-dir',
    ],
    ['anything else', new Error('odd'), 'the ledger l.db could not be used: odd'],
    ['no error at all', 'odd', 'the ledger l.db could not be used: odd'],
  ]

  test.each(cases)('%s', (_, error, message) => {
    const explained = explainDatabaseError(error, 'l.db')
    expect(explained.message).toBe(message)
    expect(explained.cause).toBe(error)
  })
})

import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { explainDatabaseError } from '../../../gateway/stores/database-error.ts'
import { openDatabase } from '../../../gateway/stores/open-database.ts'

describe('openDatabase', () => {
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
    ['cut off', (file) => cutOff(file), /is damaged: move it away and restart/],
    ['locked', (file) => lock(file), /is locked by another process: stop the other gateway/],
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

  test('a Node.js without node:sqlite is told so', () => {
    const builtin = vi.spyOn(process, 'getBuiltinModule').mockReturnValue(undefined as never)
    expect(() => openDatabase(':memory:')).toThrow(/has no node:sqlite.*use Node\.js 24/)
    builtin.mockRestore()
  })
})

/** A valid header that promises pages which are not there. */
function cutOff(file: string): void {
  const database = openDatabase(file)
  database.exec('PRAGMA journal_mode = DELETE; CREATE TABLE a (x)')
  for (let index = 0; index < 100; index += 1) database.exec(`CREATE TABLE t${index} (x)`)
  database.close()
  const sqlite = process.getBuiltinModule('node:fs')
  sqlite.truncateSync(file, 4096)
}

function lock(file: string): void {
  const database = openDatabase(file)
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

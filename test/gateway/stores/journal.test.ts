import type * as FileSystem from 'node:fs'
import {
  appendFileSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { journalFiles, openJournal } from '../../../gateway/stores/journal.ts'
import { LedgerDatabase } from '../../../gateway/stores/ledger-database.ts'
import { LedgerQueries } from '../../../gateway/stores/ledger-queries.ts'
import { recoverJournals } from '../../../gateway/stores/ledger-recovery.ts'
import { packRow, rowWidth } from '../../../gateway/stores/ledger-row.ts'
import { openDatabase, type Value } from '../../../gateway/stores/open-database.ts'
import { readJournal } from '../../../gateway/stores/read-journals.ts'
import { attempt } from '../../conformance/ledger.ts'

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof FileSystem>()
  return { ...fs, writeSync: vi.fn<typeof fs.writeSync>(fs.writeSync) }
})

/** A packed call with some weight to it. */
function row(callId: string, weight = 0): string {
  const values: Value[] = []
  packRow(attempt({ callId }), values)
  values[6] = 'x'.repeat(weight)
  return JSON.stringify(values)
}

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-gateway-journal-'))
  file = join(folder, 'ledger.db')
})
afterEach(() => rmSync(folder, { recursive: true }))

const names = (): string[] => readdirSync(folder).filter((name) => name.includes('journal-'))
const sequences = (writer: string): number[] => readJournal(file, writer).map(({ sequence }) => sequence)
const sizes = (writer: string): number[] => journalFiles(file, writer).parts.map((part) => statSync(part).size)

describe('openJournal', () => {
  test('lines are counted, and in the file when write returns', () => {
    const journal = openJournal(file)
    expect([journal.write(row('one')), journal.write(row('two'))]).toEqual([1, 2])
    const lines = readJournal(file, journal.writer)
    expect(lines.map(({ sequence, values }) => [sequence, values[0], values.length])).toEqual([
      [1, 'one', rowWidth],
      [2, 'two', rowWidth],
    ])
    expect(statSync(journalFiles(file, journal.writer).parts[0]).mode & 0o077).toBe(0)
    journal.close()
  })

  test('rows of a gateway from before the guards are read, with nothing in what they did not have', () => {
    const journal = openJournal(file)
    const former = (JSON.parse(row('one')) as Value[]).slice(0, 27)
    journal.write(JSON.stringify([...former, ...former]))
    const [line] = readJournal(file, journal.writer)
    expect(line?.values).toEqual([...former, null, null, null, ...former, null, null, null])
    journal.close()
  })

  test('closed, it goes once the database has everything, and stays until then', () => {
    const done = openJournal(file)
    done.committed(done.write(row('one')))
    done.close()
    openJournal(file).close()
    expect(names()).toEqual([])
    const behind = openJournal(file)
    behind.committed(behind.write(row('one')))
    behind.write(row('two'))
    behind.close()
    expect(sequences(behind.writer)).toEqual([1, 2])
  })

  test('two files by turns: a full one is emptied when the database has all of it', () => {
    const journal = openJournal(file)
    const write = (): number => journal.write(row('call', 700_000))
    write()
    write()
    expect(sizes(journal.writer)[1]).toBe(0)
    write()
    expect(sequences(journal.writer)).toEqual([1, 2, 3])
    expect(sizes(journal.writer)[1]).toBeGreaterThan(0)
    journal.committed(1)
    expect(sequences(journal.writer)).toEqual([1, 2, 3])
    journal.committed(2)
    expect(sequences(journal.writer)).toEqual([3])
    expect(sizes(journal.writer)[0]).toBe(0)
    write()
    write()
    expect(sequences(journal.writer)).toEqual([3, 4, 5])
    journal.committed(5)
    expect(sequences(journal.writer).length).toBeLessThan(3)
    journal.close()
    expect(names()).toEqual([])
  })

  test('with a database that takes nothing it grows, and loses nothing', () => {
    const journal = openJournal(file)
    for (let count = 0; count < 6; count += 1) journal.write(row('call', 700_000))
    expect(sequences(journal.writer)).toEqual([1, 2, 3, 4, 5, 6])
    journal.close()
  })

  test('a full disk takes a part of a line: nothing of it is left, and the next line is whole', () => {
    const journal = openJournal(file)
    journal.write(row('one'))
    // All but the newline: read again, that would be a line.
    vi.mocked(writeSync).mockImplementationOnce((descriptor, line) => {
      return writeSync(descriptor, (line as unknown as Buffer).subarray(0, -1))
    })
    expect(() => journal.write(row('lost'))).toThrow(/only a part/)
    expect(journal.write(row('two'))).toBe(2)
    expect(readJournal(file, journal.writer).map(({ values }) => values[0])).toEqual(['one', 'two'])
    journal.close()
  })

  test('a disk that takes nothing: the error is the caller’s, and the number is not used up', () => {
    const journal = openJournal(file)
    vi.mocked(writeSync).mockImplementationOnce(() => {
      throw Object.assign(new Error('no space left on device'), { code: 'ENOSPC' })
    })
    expect(() => journal.write(row('lost'))).toThrow(/no space/)
    expect(journal.write(row('one'))).toBe(1)
    journal.close()
  })
})

describe('readJournal', () => {
  const tails: [what: string, tail: string][] = [
    ['a line that was cut off', `3 ${row('three').slice(0, 40)}`],
    ['a number alone', '3'],
    ['a number cut off', '3 '],
    ['zeros, as after a power cut', '\0'.repeat(50)],
    ['no number', `x ${row('three')}\n`],
    ['number 0', `0 ${row('three')}\n`],
  ]

  test.each(tails)('%s is not a line', (_, tail) => {
    const [part] = journalFiles(file, 'ab').parts
    writeFileSync(part, `1 ${row('one')}\n2 ${row('two')}\n${tail}`)
    expect(sequences('ab')).toEqual([1, 2])
  })

  test.each(['[1,2,3]', '{"a":1}', `[${'{},'.repeat(rowWidth - 1)}{}]`])('refuses what are no rows: %s', (text) => {
    writeFileSync(journalFiles(file, 'ab').parts[1], `1 ${text}\n`)
    expect(() => readJournal(file, 'ab')).toThrow(/line 1 has no rows/)
  })
})

describe('recoverJournals', () => {
  let ledger: LedgerDatabase
  let requests: () => number
  const warn = vi.fn<(message: string) => void>()
  const recover = (): void => recoverJournals(ledger, file, warn)

  beforeEach(() => {
    const database = openDatabase(file)
    ledger = new LedgerDatabase(database)
    requests = () => new LedgerQueries(database).usage({}).total.requests
    warn.mockClear()
  })
  afterEach(() => ledger.close())

  /** A gateway that was killed before its thread had committed the last lines. */
  function killed(committed: number, lines: number): string {
    const journal = openJournal(file)
    for (let count = 0; count < lines; count += 1) journal.write(row(`${journal.writer}-${count}`))
    ledger.appendJournal(journal.writer, readJournal(file, journal.writer).slice(0, committed))
    journal.close()
    return journal.writer
  }

  test('commits what is missing, and only that; then nothing is left', () => {
    killed(2, 5)
    recover()
    expect(requests()).toBe(5)
    expect([names(), ledger.journalWriters(), warn.mock.calls]).toEqual([[], [], []])
    recover()
    expect(requests()).toBe(5)
  })

  test('killed between the commit and the removal of the files: nothing counts twice', () => {
    const writer = killed(0, 3)
    ledger.appendJournal(writer, readJournal(file, writer))
    recover()
    expect(requests()).toBe(3)
  })

  test('two that start together: one finds nothing left', () => {
    killed(0, 3)
    const other = new LedgerDatabase(openDatabase(file))
    recover()
    recoverJournals(other, file, warn)
    other.close()
    expect(requests()).toBe(3)
  })

  test('a gateway that lives keeps its journal; dead, it has none', () => {
    const alive = openJournal(file)
    alive.write(row('one'))
    recover()
    expect([requests(), names().length]).toEqual([0, 3])
    alive.close()
    recover()
    expect([requests(), names().length]).toEqual([1, 0])
  })

  test('a journal that cannot be read is set aside and told; others are recovered, the gateway starts', () => {
    const bad = killed(0, 1)
    appendFileSync(journalFiles(file, bad).parts[0], '2 [1,2,3]\n')
    killed(0, 2)
    recover()
    expect(requests()).toBe(2)
    const aside = `ledger.db.journal-${bad}-a.unreadable`
    expect(warn.mock.calls).toEqual([[expect.stringContaining(`(line 2 has no rows of this gateway's)`)]])
    expect(warn.mock.calls[0]?.[0]).toContain(aside)
    expect(readFileSync(join(folder, aside), 'utf8')).toContain(`${bad}-0`)
    recover()
    expect(warn).toHaveBeenCalledTimes(1)
  })

  test('a database that is locked now: told, and left for the next start', () => {
    killed(0, 2)
    const other = openDatabase(file)
    other.exec('BEGIN IMMEDIATE')
    const impatient = new LedgerDatabase(openDatabase(file, 1))
    recoverJournals(impatient, file, warn)
    expect(warn.mock.calls[0]?.[0]).toMatch(/is locked by another process.*recorded at the next start/)
    other.exec('COMMIT')
    other.close()
    recoverJournals(impatient, file, warn)
    impatient.close()
    expect(requests()).toBe(2)
  })

  test('journals that are gone are forgotten', () => {
    const writer = killed(1, 1)
    for (const name of names()) rmSync(join(folder, name))
    expect(ledger.journalWriters()).toEqual([writer])
    recover()
    expect(ledger.journalWriters()).toEqual([])
  })
})

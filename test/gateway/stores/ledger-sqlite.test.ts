import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openSqliteLedger } from '../../../gateway/stores/ledger-sqlite.ts'
import { openDatabase } from '../../../gateway/stores/open-database.ts'
import { attempt, describeLedger, hour } from '../../conformance/ledger.ts'
import { capture, describeLedgerReader } from '../../conformance/ledger-reader.ts'

let folder: string
let count = 0
const newFile = (): string => join(folder, `ledger-${(count += 1)}.db`)

function namesBeside(file: string): string[] {
  return readdirSync(dirname(file)).filter((name) => name.startsWith(basename(file)))
}

function journalText(file: string): string {
  const parts = namesBeside(file).filter((name) => /journal-.*-[ab]$/.test(name))
  return parts.map((name) => readFileSync(join(folder, name), 'utf8')).join('')
}

/** What the database has, past the ledger. */
function callIds(file: string): string[] {
  const database = openDatabase(file)
  const rows = database.prepare('SELECT call_id FROM attempts ORDER BY id').all() as { call_id: string }[]
  database.close()
  return rows.map((row) => row.call_id)
}

/** `next` resolves with the first warning. */
function warnings(): { warn: (message: string) => void; next: () => Promise<string> } {
  const { promise, resolve } = Promise.withResolvers<string>()
  return { warn: resolve, next: () => promise }
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-gateway-ledger-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describeLedger('SQLite', () => openSqliteLedger({ file: newFile() }))
describeLedgerReader('SQLite', () => openSqliteLedger({ file: newFile() }))

describe('openSqliteLedger', () => {
  test('close commits what was appended; it is there when opened again', async () => {
    const file = newFile()
    const first = await openSqliteLedger({ file })
    const appended = first.append([attempt()])
    await first.close()
    await appended
    const second = await openSqliteLedger({ file })
    expect((await second.usage({})).total.requests).toBe(1)
    await second.close()
  })

  test('a row is in the file when append resolves: in the journal, and in a moment in the database', async () => {
    const file = newFile()
    const ledger = await openSqliteLedger({ file })
    await ledger.append([attempt({ callId: 'there' })])
    expect(journalText(file)).toContain('"there"')
    await ledger.usage({})
    expect(callIds(file)).toEqual(['there'])
    await ledger.close()
  })

  test('close leaves the database alone in the folder', async () => {
    const file = newFile()
    const ledger = await openSqliteLedger({ file })
    expect(namesBeside(file).filter((name) => name.includes('journal-'))).toHaveLength(3)
    await ledger.append([attempt()])
    await ledger.close()
    expect(namesBeside(file)).toEqual([basename(file)])
  })

  test('an unusable file is told by ready and by append, with what to do; nothing is left beside it', async () => {
    const file = newFile()
    writeFileSync(file, 'not a database, surely '.repeat(100))
    const ledger = await openSqliteLedger({ file, retentionMs: 1000 })
    await expect(ledger.ready).rejects.toThrow(`the ledger ${file} is not a database, or is damaged: move it away`)
    await expect(ledger.append([attempt()])).rejects.toThrow(file)
    await expect(ledger.usage({})).rejects.toThrow(file)
    await ledger.close()
    expect(namesBeside(file)).toEqual([basename(file)])
  })

  test('what was taken before a file turned out to be unusable is recorded when it is replaced', async () => {
    const file = newFile()
    writeFileSync(file, 'not a database, surely '.repeat(100))
    const ledger = await openSqliteLedger({ file })
    await ledger.append([attempt({ callId: 'early' })])
    await ledger.close()
    rmSync(file)
    const again = await openSqliteLedger({ file })
    await again.ready
    expect(callIds(file)).toEqual(['early'])
    await again.close()
  })

  test('a file of a newer gateway is refused', async () => {
    const file = newFile()
    const database = openDatabase(file)
    database.exec('PRAGMA user_version = 99')
    database.close()
    const ledger = await openSqliteLedger({ file })
    await expect(ledger.ready).rejects.toThrow(/newer LLM Gateway/)
    await ledger.close()
  })

  test('the thread survives a batch that fails, and that is told', async () => {
    const file = newFile()
    const { warn, next } = warnings()
    const ledger = await openSqliteLedger({ file, warn })
    await ledger.append([attempt()])
    await ledger.usage({})
    const database = openDatabase(file)
    database.exec('ALTER TABLE attempts RENAME TO hidden')
    await ledger.append([attempt()])
    await ledger.usage({})
    expect(await next()).toMatch(/no such table.*some calls are missing from the ledger/)
    database.exec('ALTER TABLE hidden RENAME TO attempts')
    await ledger.append([attempt()])
    expect((await ledger.usage({})).total.requests).toBe(2)
    database.close()
    await ledger.close()
  })

  test('while another process holds the database rows wait, and arrive in order', async () => {
    const file = newFile()
    const { warn, next } = warnings()
    const ledger = await openSqliteLedger({ file, warn, busyTimeoutMs: 1 })
    await ledger.ready
    const other = openDatabase(file)
    other.exec('BEGIN IMMEDIATE')
    const ids = Array.from({ length: 20 }, (_, index) => `call-${index}`)
    for (const callId of ids.slice(0, 10)) await ledger.append([attempt({ callId })])
    expect(await next()).toMatch(/is locked by another process.*; calls are kept in a journal beside it/)
    for (const callId of ids.slice(10)) await ledger.append([attempt({ callId })])
    expect((await ledger.usage({})).total.requests).toBe(0)
    other.exec('COMMIT')
    await vi.waitFor(async () => expect((await ledger.usage({})).total.requests).toBe(20), { timeout: 4000 })
    expect(callIds(file)).toEqual(ids)
    other.close()
    await ledger.close()
  })

  test('a close while another process holds the database leaves the rows to the next start', async () => {
    const file = newFile()
    const first = await openSqliteLedger({ file, busyTimeoutMs: 1 })
    await first.ready
    const other = openDatabase(file)
    other.exec('BEGIN IMMEDIATE')
    await first.append([attempt({ callId: 'late' })])
    await first.close()
    other.exec('COMMIT')
    expect(callIds(file)).toEqual([])
    const second = await openSqliteLedger({ file })
    await second.ready
    expect(callIds(file)).toEqual(['late'])
    other.close()
    await second.close()
  })

  test('two on one database, as two gateways may be: neither touches the journal of the other', async () => {
    const file = newFile()
    const first = await openSqliteLedger({ file })
    await first.append([attempt({ callId: 'first' })])
    const second = await openSqliteLedger({ file })
    await second.append([attempt({ callId: 'second' })])
    await second.ready
    expect(namesBeside(file).filter((name) => name.endsWith('-lock'))).toHaveLength(2)
    await first.append([attempt({ callId: 'third' })])
    await first.close()
    expect((await second.usage({})).total.requests).toBe(3)
    expect(callIds(file).toSorted()).toEqual(['first', 'second', 'third'])
    await second.close()
  })

  test('captures have a cap: the oldest go, whatever order they came in', async () => {
    const ledger = await openSqliteLedger({ file: newFile(), capturesMaxBytes: 3000 })
    const ids = ['newest', 'oldest', 'middle']
    await ledger.append(ids.map((callId) => attempt({ callId })))
    const times = { newest: 3, oldest: 1, middle: 2 }
    for (const [callId, time] of Object.entries(times)) {
      ledger.capture(callId, hour + time, { ...capture, response: 'x'.repeat(1000) })
    }
    const kept = await Promise.all(ids.map(async (id) => (await ledger.call(id))?.capture !== undefined))
    expect(kept).toEqual([true, false, true])
    await ledger.close()
  })

  test('retention prunes at start; appends go on meanwhile', async () => {
    const file = newFile()
    const first = await openSqliteLedger({ file })
    const old = Array.from({ length: 3000 }, (_, index) => attempt({ startedAt: hour - index }))
    await first.append([...old, attempt({ startedAt: hour + 1 })])
    await first.close()

    const second = await openSqliteLedger({ file, retentionMs: 1000, now: () => hour + 1001 })
    await second.ready
    const prune = second.prune(hour + 1)
    await second.append([attempt({ startedAt: hour + 2 })])
    await prune
    await second.usage({})
    const database = openDatabase(file)
    const left = database.prepare('SELECT started_at FROM attempts ORDER BY started_at').all()
    expect(left).toMatchObject([{ started_at: hour + 1 }, { started_at: hour + 2 }])
    database.close()
    await second.close()
  })

  test('retention prunes again every hour, until closed', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
    const ledger = await openSqliteLedger({ file: newFile(), retentionMs: 1000, now: () => hour + 1001 })
    await ledger.ready
    await ledger.append([attempt({ startedAt: hour })])
    vi.advanceTimersByTime(3_600_000)
    // Answered after the prune that the clock has just asked for: nothing is left for this one.
    expect(await ledger.prune(hour + 1)).toBe(0)
    await ledger.close()
    expect(vi.getTimerCount()).toBe(0)
    vi.useRealTimers()
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { openSqliteLedger } from '../../../gateway/stores/ledger-sqlite.ts'
import { openDatabase } from '../../../gateway/stores/open-database.ts'
import { attempt, describeLedger, hour } from '../../conformance/ledger.ts'

let folder: string
let count = 0
const newFile = (): string => join(folder, `ledger-${(count += 1)}.db`)

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'llm-gateway-ledger-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describeLedger('SQLite', () => openSqliteLedger({ file: newFile() }))

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

  test('a row is in the file when append resolves', async () => {
    const file = newFile()
    const ledger = await openSqliteLedger({ file })
    await ledger.append([attempt({ callId: 'there' })])
    const database = openDatabase(file)
    expect(database.prepare('SELECT call_id FROM attempts').all()).toMatchObject([{ call_id: 'there' }])
    database.close()
    await ledger.close()
  })

  test('an unusable file is told by ready and by append, with what to do', async () => {
    const file = newFile()
    writeFileSync(file, 'not a database, surely '.repeat(100))
    const ledger = await openSqliteLedger({ file, retentionMs: 1000 })
    const append = ledger.append([attempt()])
    await expect(ledger.ready).rejects.toThrow(`the ledger ${file} is not a database, or is damaged: move it away`)
    await expect(append).rejects.toThrow(file)
    await ledger.close()
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

  test('the thread survives a batch that fails', async () => {
    const file = newFile()
    const ledger = await openSqliteLedger({ file })
    await ledger.append([attempt()])
    const database = openDatabase(file)
    database.exec('ALTER TABLE attempts RENAME TO hidden')
    await expect(ledger.append([attempt()])).rejects.toThrow(/no such table/)
    database.exec('ALTER TABLE hidden RENAME TO attempts')
    await ledger.append([attempt()])
    expect((await ledger.usage({})).total.requests).toBe(2)
    database.close()
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

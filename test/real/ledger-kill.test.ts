import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { openSqliteLedger } from '../../gateway/stores/ledger-sqlite.ts'
import { openDatabase } from '../../gateway/stores/open-database.ts'
import { attempt } from '../conformance/ledger.ts'

/** Appends for ever, 16 calls at a time, and notes each call's id in a file once its append has resolved. */
const appender = `
  import { openSync, writeSync } from 'node:fs'
  const [module, file, notes, row, round] = process.argv.slice(1)
  const { openSqliteLedger } = await import(module)
  const ledger = await openSqliteLedger({ file })
  const note = openSync(notes, 'a')
  let count = 0
  async function caller() {
    for (;;) {
      const callId = 'round-' + round + '-call-' + count++
      await ledger.append([{ ...JSON.parse(row), callId }])
      writeSync(note, callId + '\\n')
      if (count === 16) console.log('appending')
    }
  }
  await Promise.all(Array.from({ length: 16 }, caller))
`

const module = new URL('../../gateway/stores/ledger-sqlite.ts', import.meta.url).href

/** Kills the appender the given time after it has begun to note ids. */
async function appendAndKill(file: string, notes: string, round: number): Promise<void> {
  const values = [module, file, notes, JSON.stringify(attempt()), String(round)]
  const child = spawn(process.execPath, ['--input-type=module', '-e', appender, ...values], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const closed = once(child, 'close')
  await Promise.race([once(child.stdout, 'data'), closed])
  await delay(Math.random() * 250)
  expect(child.kill('SIGKILL'), 'the appender still ran').toBe(true)
  await closed
}

/** The next start commits what the killed ones have left. */
async function readBack(file: string): Promise<void> {
  const ledger = await openSqliteLedger({ file })
  await ledger.ready
  await ledger.close()
}

test('kill -9 at any moment loses no row whose append had resolved, and the sums agree with the rows', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm-gateway-kill-'))
  const file = join(folder, 'ledger.db')
  const notes = join(folder, 'notes')
  for (let round = 0; round < 8; round += 1) await appendAndKill(file, notes, round)

  await readBack(file)

  const noted = readFileSync(notes, 'utf8').split('\n').slice(0, -1)
  const database = openDatabase(file)
  const rows = database.prepare('SELECT call_id FROM attempts').all() as { call_id: string }[]
  const written = new Set(rows.map((row) => row.call_id))
  expect(noted.length).toBeGreaterThan(100)
  expect(noted.filter((id) => !written.has(id))).toEqual([])
  expect(written.size).toBe(rows.length)
  expect(database.prepare('SELECT SUM(requests) AS requests FROM usage_hours').get()).toMatchObject({
    requests: rows.length,
  })
  expect(Object.values(database.prepare('PRAGMA integrity_check').get() ?? {})).toEqual(['ok'])
  database.close()
  expect(readdirSync(folder).toSorted()).toEqual(['ledger.db', 'notes'])
  rmSync(folder, { recursive: true })
})

test('kill -9 of a gateway whose thread could never commit: the journal has it all, once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'llm-gateway-kill-'))
  const file = join(folder, 'ledger.db')
  const notes = join(folder, 'notes')
  await readBack(file)
  const database = openDatabase(file)
  database.exec('BEGIN IMMEDIATE')
  await appendAndKill(file, notes, 1)
  expect(database.prepare('SELECT COUNT(*) AS count FROM attempts').get()).toMatchObject({ count: 0 })
  database.exec('COMMIT')

  await readBack(file)
  await readBack(file)
  const noted = readFileSync(notes, 'utf8').split('\n').slice(0, -1)
  const rows = database.prepare('SELECT call_id FROM attempts').all() as { call_id: string }[]
  const written = new Set(rows.map((row) => row.call_id))
  expect(noted.length).toBeGreaterThan(15)
  expect(noted.filter((id) => !written.has(id))).toEqual([])
  expect(written.size).toBe(rows.length)
  database.close()
  rmSync(folder, { recursive: true })
})

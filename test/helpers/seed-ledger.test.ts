import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { LedgerQueries } from '../../gateway/stores/ledger-queries.ts'
import { openDatabase, type Database } from '../../gateway/stores/open-database.ts'
import { seedLedger } from './seed-ledger.ts'

const now = Date.UTC(2026, 10, 24, 12)
const options = { calls: 2000, now, days: 30 }

describe('seedLedger', () => {
  let folder: string
  let database: Database
  let queries: LedgerQueries
  let rows: number

  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'llm-gateway-seed-'))
    rows = await seedLedger(join(folder, 'ledger.db'), options)
    database = openDatabase(join(folder, 'ledger.db'))
    queries = new LedgerQueries(database)
  })
  afterAll(() => {
    database.close()
    rmSync(folder, { recursive: true })
  })

  test('as many calls as asked for, in the days asked for, the last of them a moment ago', () => {
    expect(queries.usage({}).total.requests).toBe(2000)
    const [first] = queries.calls({ limit: 1, filter: {} }).calls
    expect(first?.startedAt).toBeGreaterThan(now - 1_800_000)
    expect(first?.startedAt).toBeLessThanOrEqual(now)
    expect(queries.usage({ to: now - 31 * 86_400_000 }).total.requests).toBe(0)
  })

  test('everything that a page can show occurs', () => {
    const { total } = queries.usage({})
    for (const [name, value] of Object.entries(total)) expect(value, name).toBeGreaterThan(0)
    expect(rows).toBeGreaterThan(2000)
    for (const outcome of ['ok', 'failed', 'aborted', 'refused'] as const) {
      expect(queries.calls({ limit: 1, filter: { outcome } }).calls, outcome).toHaveLength(1)
    }
    expect(queries.calls({ limit: 1, filter: { guarded: true } }).calls).toHaveLength(1)
    const names = queries.names()
    expect([names.providers.length, names.models.length, names.keys.length]).toEqual([6, expect.any(Number), 5])
    expect(total.errors / total.requests).toBeLessThan(0.1)
  })

  test('money is what the prices make of the tokens', () => {
    const row = database
      .prepare("SELECT * FROM attempts WHERE model = 'gpt-5' AND cache_read_tokens > 0 AND outcome = 'ok' LIMIT 1")
      .get() as { input_tokens: number; cache_read_tokens: number; output_tokens: number; cost_nano_usd: number }
    const fresh = row.input_tokens - row.cache_read_tokens
    expect(row.cost_nano_usd).toBe(fresh * 1250 + row.cache_read_tokens * 125 + row.output_tokens * 10_000)
  })

  test('the same seed makes the same, another makes another', async () => {
    const total = async (name: string, seed: number): Promise<unknown> => {
      const file = join(folder, name)
      await seedLedger(file, { ...options, calls: 50, seed })
      const database = openDatabase(file)
      const rows = database.prepare('SELECT * FROM attempts ORDER BY id').all()
      database.close()
      return rows
    }
    const first = await total('a.db', 7)
    expect(await total('b.db', 7)).toEqual(first)
    expect(await total('c.db', 8)).not.toEqual(first)
  })
})

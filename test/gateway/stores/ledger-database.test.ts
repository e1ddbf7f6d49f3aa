import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LedgerDatabase } from '../../../gateway/stores/ledger-database.ts'
import { LedgerQueries } from '../../../gateway/stores/ledger-queries.ts'
import { attemptColumns, packRow } from '../../../gateway/stores/ledger-row.ts'
import type { AttemptRow, UsageTotals } from '../../../gateway/stores/ledger.ts'
import { openDatabase } from '../../../gateway/stores/open-database.ts'
import type { Database, Value } from '../../../gateway/stores/open-database.ts'
import { attempt, hour, refused } from '../../conformance/ledger.ts'

function pack(...rows: AttemptRow[]): Value[] {
  const values: Value[] = []
  for (const row of rows) packRow(row, values)
  return values
}

/** A row that a strict table refuses. */
function withBadDuration(): Value[] {
  const values = pack(attempt())
  values[attemptColumns.indexOf('duration_ms')] = 'not a number'
  return values
}

describe('LedgerDatabase', () => {
  let database: Database
  let ledger: LedgerDatabase
  const total = (): UsageTotals => new LedgerQueries(database).usage({}).total
  const rows = (): object[] => database.prepare('SELECT * FROM attempts ORDER BY id').all()

  beforeEach(() => {
    database = openDatabase(':memory:')
    ledger = new LedgerDatabase(database)
  })
  afterEach(() => ledger.close())

  test('keeps what is told of an attempt; what is not told is NULL, not 0', () => {
    ledger.append(pack(attempt({ status: 0, firstTokenMs: 1.5, feature: 'chat', userId: 'u' }), refused()))
    expect(rows()).toMatchObject([
      {
        call_id: 'call-1',
        attempt: 1,
        final: 1,
        started_at: hour,
        dialect: 'openai-chat',
        stream: 0,
        requested_model: 'fast',
        alias: 'fast',
        provider: 'openai',
        model: 'gpt-4o',
        key: 'anonymous',
        feature: 'chat',
        user_id: 'u',
        outcome: 'ok',
        status: 0,
        error_code: null,
        cache: 'MISS',
        input_tokens: 100,
        cache_read_tokens: null,
        output_tokens: 50,
        cost_nano_usd: 1000,
        saved_nano_usd: null,
        duration_ms: 12.5,
        first_token_ms: 1.5,
      },
      { provider: null, model: null, input_tokens: null, cost_nano_usd: null, error_code: 'rate_limit_exceeded' },
    ])
  })

  test('a batch that fails leaves neither rows nor sums, and the next one works', () => {
    const bad = [...pack(attempt()), ...withBadDuration()]
    expect(() => ledger.append(bad)).toThrow(/cannot store TEXT/)
    expect(rows()).toEqual([])
    expect(total().requests).toBe(0)
    ledger.append(pack(attempt()))
    expect(total().requests).toBe(1)
  })

  test('deletes in bounded steps, the oldest first', () => {
    ledger.append(pack(...[5, 1, 3, 2, 4].map((minutes) => attempt({ startedAt: hour + minutes }))))
    expect(ledger.prune(hour + 5, 3)).toBe(3)
    expect(rows()).toMatchObject([{ started_at: hour + 5 }, { started_at: hour + 4 }])
    expect(ledger.prune(hour + 5, 3)).toBe(1)
  })

  test('deleting and paging use the index on time', () => {
    const plan = database
      .prepare(
        'EXPLAIN QUERY PLAN SELECT id FROM attempts WHERE (started_at, id) < (?, ?) ORDER BY started_at DESC, id DESC LIMIT 50',
      )
      .all(hour, 1)
    expect(JSON.stringify(plan)).toMatch(/USING COVERING INDEX attempts_started_at/)
    expect(JSON.stringify(plan)).not.toMatch(/TEMP B-TREE/)
  })

  test('sums beyond what a number holds exactly are told nearly, not refused', () => {
    const million = 1_000_000_000_000_000
    for (let index = 0; index < 20; index += 1) ledger.append(pack(attempt({ costNanoUsd: million })))
    expect(total().costNanoUsd).toBe(20 * million)
  })

  test('lines of a journal that come again count once; those after them are taken', () => {
    const lines = [1, 2, 3].map((sequence) => ({ sequence, values: pack(attempt({ callId: `call-${sequence}` })) }))
    ledger.appendJournal('w', lines.slice(0, 2))
    ledger.appendJournal('w', lines)
    ledger.appendJournal('w', lines)
    ledger.appendJournal('other', lines.slice(0, 1))
    expect(rows().map((row) => (row as { call_id: string }).call_id)).toEqual(['call-1', 'call-2', 'call-3', 'call-1'])
    expect(total().requests).toBe(4)
  })

  test('lines that fail are not taken for committed', () => {
    const bad = [{ sequence: 1, values: withBadDuration() }]
    expect(() => ledger.appendJournal('w', bad)).toThrow(/cannot store TEXT/)
    ledger.appendJournal('w', [{ sequence: 1, values: pack(attempt()) }])
    expect(total().requests).toBe(1)
    expect(ledger.journalWriters()).toEqual(['w'])
    ledger.forgetJournal('w')
    expect(ledger.journalWriters()).toEqual([])
  })

  test('a database that is opened again goes on counting', () => {
    ledger.append(pack(attempt()))
    const again = new LedgerDatabase(database)
    again.append(pack(attempt()))
    expect(total().requests).toBe(2)
  })
})

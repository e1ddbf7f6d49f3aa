import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { LedgerCommits } from '../../../gateway/stores/ledger-commits.ts'
import { LedgerDatabase } from '../../../gateway/stores/ledger-database.ts'
import type { JournaledRows } from '../../../gateway/stores/ledger-message.ts'
import { packRow } from '../../../gateway/stores/ledger-row.ts'
import { openDatabase, type Database, type Value } from '../../../gateway/stores/open-database.ts'
import { attempt } from '../../conformance/ledger.ts'

function rows(sequence: number, callId = `call-${sequence}`): JournaledRows {
  const values: Value[] = []
  packRow(attempt({ callId }), values)
  return { sequence, json: JSON.stringify(values) }
}

describe('LedgerCommits', () => {
  let folder: string
  let other: Database
  let ledger: LedgerDatabase
  let commits: LedgerCommits
  const committed = { kind: 'committed' }
  const locked = { kind: 'failed', message: 'database is locked', retry: true }
  const behind = { kind: 'failed', message: 'an earlier commit failed', retry: true }
  const callIds = (): unknown[] =>
    other
      .prepare('SELECT call_id FROM attempts ORDER BY id')
      .all()
      .map((row) => Object.values(row)[0])

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'llm-gateway-commits-'))
    ledger = new LedgerDatabase(openDatabase(join(folder, 'ledger.db'), 1))
    other = openDatabase(join(folder, 'ledger.db'), 1)
    commits = new LedgerCommits(ledger, 'ab', (error) => (error as Error).message)
  })
  afterEach(() => {
    ledger.close()
    other.close()
    rmSync(folder, { recursive: true })
  })

  test('after a commit that failed no later one is made until it is, or its lines would count as committed', () => {
    other.exec('BEGIN IMMEDIATE')
    expect(commits.commit([rows(1)])).toEqual(locked)
    other.exec('COMMIT')
    expect(commits.commit([rows(2)])).toEqual(behind)
    expect(callIds()).toEqual([])
    expect(commits.commit([rows(1), rows(2)])).toEqual(committed)
    expect(commits.commit([rows(3)])).toEqual(committed)
    expect(callIds()).toEqual(['call-1', 'call-2', 'call-3'])
  })

  test('a commit that can never be made does not keep the later ones back', () => {
    const bad = { sequence: 1, json: rows(1).json.replace('12.5', '"long"') }
    expect(commits.commit([bad])).toMatchObject({ kind: 'failed', retry: false })
    expect(commits.commit([rows(2)])).toEqual(committed)
    expect(callIds()).toEqual(['call-2'])
  })

  test('lines sent again after they were committed count once', () => {
    commits.commit([rows(1)])
    expect(commits.commit([rows(1), rows(2)])).toEqual(committed)
    expect(callIds()).toEqual(['call-1', 'call-2'])
  })

  test('rows that no journal has are committed whatever waits', () => {
    other.exec('BEGIN IMMEDIATE')
    commits.commit([rows(1)])
    other.exec('COMMIT')
    expect(commits.commit([rows(0, 'alone')])).toEqual(committed)
    expect(commits.commit([rows(1)])).toEqual(committed)
    expect(commits.commit([rows(2), rows(0, 'mixed'), rows(3)])).toEqual(committed)
    expect(callIds()).toEqual(['alone', 'call-1', 'call-2', 'call-3', 'mixed'])
  })

  test('a checkpoint that cannot be made stops nothing', () => {
    for (let count = 0; count < 999; count += 1) commits.checkpointWhenDue()
    ledger.close()
    expect(() => commits.checkpointWhenDue()).not.toThrow()
    ledger = new LedgerDatabase(openDatabase(join(folder, 'ledger.db'), 1))
  })
})

import { expect, test } from 'vitest'
import { packRow, rowWidth, unpackCounted } from '../../../gateway/stores/ledger-row.ts'
import type { Value } from '../../../gateway/stores/open-database.ts'
import { rollUp } from '../../../gateway/stores/roll-up.ts'
import { attempt, hour, refused } from '../../conformance/ledger.ts'

test('a batch of calls to one model is one entry', () => {
  const rows = Array.from({ length: 64 }, (_, index) => attempt({ callId: `call-${index}`, startedAt: hour + index }))
  const entries = [...rollUp(rows).values()]
  expect(entries).toHaveLength(1)
  expect(entries[0]).toMatchObject({ hour: hour / 3_600_000, model: 'gpt-4o', alias: 'fast', feature: '' })
  expect(entries[0]?.totals).toMatchObject({ requests: 64, inputTokens: 6400, costNanoUsd: 64_000 })
})

test('an attempt counts in the hour it began in, and for what the provider was asked for', () => {
  const rows = [attempt({ startedAt: hour - 1 }), attempt(), refused({ requestedModel: 'typo' })]
  const entries = [...rollUp(rows).values()].map(({ hour, model, provider }) => [hour, model, provider])
  const now = hour / 3_600_000
  expect(entries).toEqual([
    [now - 1, 'gpt-4o', 'openai'],
    [now, 'gpt-4o', 'openai'],
    [now, 'typo', ''],
  ])
})

test('names that look alike when put together stay apart', () => {
  expect(rollUp([attempt({ alias: 'a', key: 'b' }), attempt({ alias: 'ab', key: '' })]).size).toBe(2)
})

test('a packed row counts as the row does', () => {
  const full = {
    cacheReadTokens: 1,
    cacheWriteTokens: 2,
    reasoningTokens: 3,
    savedNanoUsd: 4,
    feature: 'chat',
    estimated: true,
  }
  const rows = [attempt(), attempt(full), refused({ cache: 'HIT' }), attempt({ final: false, outcome: 'broken' })]
  const packed: Value[] = []
  for (const row of rows) packRow(row, packed)
  expect(packed).toHaveLength(rows.length * rowWidth)
  expect(rollUp(rows.map((_, index) => unpackCounted(packed, index * rowWidth)))).toEqual(rollUp(rows))
})

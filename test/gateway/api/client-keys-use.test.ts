import { expect, test } from 'vitest'
import { createKeyUse } from '../../../gateway/api/client-keys-use.ts'
import { createMemoryLedger } from '../../../gateway/stores/ledger-memory.ts'
import type { AttemptRow } from '../../../gateway/stores/ledger.ts'

const now = Date.UTC(2026, 10, 24, 12, 34)
const dayMs = 86_400_000

function row(key: string, startedAt: number, costNanoUsd = 5): AttemptRow {
  return {
    callId: `${key}-${startedAt}`,
    attempt: 1,
    final: true,
    startedAt,
    dialect: 'openai-chat',
    stream: false,
    requestedModel: 'm',
    key,
    outcome: 'ok',
    cache: 'MISS',
    estimated: false,
    costNanoUsd,
    durationMs: 1,
  }
}

test('calls and money of 30 days; last used to the moment, to the hour where it is longer ago, or never', async () => {
  const ledger = createMemoryLedger()
  await ledger.append([
    row('busy', now - 2000),
    row('busy', now - 20 * dayMs),
    row('quiet', now - 5 * dayMs),
    row('old', now - 60 * dayMs),
  ])
  const asked: string[] = []
  const read = createKeyUse(
    { ...ledger, calls: (query) => (asked.push(query.filter.key ?? ''), ledger.calls(query)) },
    () => now,
  )
  const hourOf = (at: number): number => Math.floor(at / 3_600_000) * 3_600_000
  const expected = new Map([
    ['busy', { calls: 2, costNanoUsd: 10, lastUsedAt: now - 2000 }],
    ['quiet', { calls: 1, costNanoUsd: 5, lastUsedAt: hourOf(now - 5 * dayMs) }],
    ['old', { calls: 0, costNanoUsd: 0, lastUsedAt: hourOf(now - 60 * dayMs) }],
    ['never', { calls: 0, costNanoUsd: 0, lastUsedAt: null }],
  ])
  expect(await read(['busy', 'quiet', 'old', 'never'])).toEqual(expected)
  expect(asked).toEqual(['busy'])

  expect(await read(['busy', 'quiet', 'old', 'never'])).toEqual(expected)
  expect(asked).toEqual(['busy'])
  await ledger.append([row('busy', now - 1000)])
  expect((await read(['busy'])).get('busy')).toMatchObject({ calls: 3, lastUsedAt: now - 1000 })
})

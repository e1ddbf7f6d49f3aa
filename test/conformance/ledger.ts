import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { AttemptRow, Ledger, UsageQuery } from '../../gateway/stores/ledger.ts'

/** 2026-11-23 08:00 UTC, a full hour. */
export const hour = Date.UTC(2026, 10, 23, 8)
const hourMs = 3_600_000

/** A successful call of 100 + 50 tokens for 1,000 nano-USD, unless told otherwise. */
export function attempt(changes: Partial<AttemptRow> = {}): AttemptRow {
  return {
    callId: 'call-1',
    attempt: 1,
    final: true,
    startedAt: hour,
    dialect: 'openai-chat',
    stream: false,
    requestedModel: 'fast',
    alias: 'fast',
    provider: 'openai',
    model: 'gpt-4o',
    key: 'anonymous',
    outcome: 'ok',
    status: 200,
    cache: 'MISS',
    inputTokens: 100,
    outputTokens: 50,
    estimated: false,
    costNanoUsd: 1000,
    durationMs: 12.5,
    ...changes,
  }
}

/** A call that no provider saw. */
export function refused(changes: Partial<AttemptRow> = {}): AttemptRow {
  const { alias: _, provider: _1, model: _2, inputTokens: _3, outputTokens: _4, costNanoUsd: _5, ...rest } = attempt()
  return { ...rest, attempt: 0, outcome: 'refused', status: 429, errorCode: 'rate_limit_exceeded', ...changes }
}

const zero = {
  requests: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
  costNanoUsd: 0,
  savedNanoUsd: 0,
  cacheHits: 0,
  cacheMisses: 0,
  semanticHits: 0,
  semanticSavedNanoUsd: 0,
  unpricedAttempts: 0,
  estimatedAttempts: 0,
}

/** [what, rows, what the total has besides zeros] */
const totals: [string, AttemptRow[], Partial<typeof zero>][] = [
  ['nothing', [], {}],
  ['a call', [attempt()], { requests: 1, inputTokens: 100, outputTokens: 50, costNanoUsd: 1000, cacheMisses: 1 }],
  [
    'a retried call: one request, both attempts paid for',
    [attempt({ final: false, outcome: 'broken', costNanoUsd: 400 }), attempt({ attempt: 2, costNanoUsd: 600 })],
    { requests: 1, inputTokens: 200, outputTokens: 100, costNanoUsd: 1000, cacheMisses: 1 },
  ],
  [
    'every kind of token',
    [attempt({ cacheReadTokens: 1, cacheWriteTokens: 2, reasoningTokens: 3, cache: 'BYPASS' })],
    {
      requests: 1,
      inputTokens: 100,
      outputTokens: 50,
      cacheReadTokens: 1,
      cacheWriteTokens: 2,
      reasoningTokens: 3,
      costNanoUsd: 1000,
    },
  ],
  [
    'a hit: nothing spent, something saved, and not "unpriced"',
    [refused({ outcome: 'ok', status: 200, cache: 'HIT', inputTokens: 100, outputTokens: 50, savedNanoUsd: 1000 })],
    { requests: 1, inputTokens: 100, outputTokens: 50, savedNanoUsd: 1000, cacheHits: 1 },
  ],
  [
    'a semantic hit: counted and saved apart from exact ones',
    [
      refused({
        outcome: 'ok',
        status: 200,
        cache: 'SEMANTIC',
        similarity: 0.97,
        sourceCallId: 'a',
        savedNanoUsd: 1000,
      }),
    ],
    { requests: 1, semanticHits: 1, semanticSavedNanoUsd: 1000 },
  ],
  ['a refused call', [refused()], { requests: 1, errors: 1, cacheMisses: 1 }],
  [
    'errors: error, broken and refused; not the client that hung up',
    (['ok', 'error', 'aborted', 'broken', 'refused'] as const).map((outcome) => refused({ outcome, cache: 'BYPASS' })),
    { requests: 5, errors: 3 },
  ],
  [
    'a failed attempt that was saved by the next is no error',
    [attempt({ final: false, outcome: 'error', cache: 'BYPASS' }), attempt({ attempt: 2, cache: 'BYPASS' })],
    { requests: 1, inputTokens: 200, outputTokens: 100, costNanoUsd: 2000 },
  ],
  [
    'estimated tokens',
    [attempt({ estimated: true, cache: 'BYPASS' })],
    { requests: 1, inputTokens: 100, outputTokens: 50, costNanoUsd: 1000, estimatedAttempts: 1 },
  ],
  [
    'a price of 0 is a price',
    [attempt({ costNanoUsd: 0, cache: 'BYPASS' })],
    { requests: 1, inputTokens: 100, outputTokens: 50 },
  ],
]

/** The behaviour that every ledger has. `open` makes an empty one. */
export function describeLedger(name: string, open: () => Promise<Ledger>): void {
  describe(`ledger: ${name}`, () => {
    let ledger: Ledger
    beforeEach(async () => {
      ledger = await open()
    })
    afterEach(() => ledger.close())

    test.each(totals)('counts %s', async (_, rows, expected) => {
      await ledger.append(rows)
      expect(await ledger.usage({})).toEqual({ total: { ...zero, ...expected }, groups: [] })
    })

    test('tokens without a known price are counted as unpriced, not as free', async () => {
      const { costNanoUsd: _, ...unpriced } = attempt()
      await ledger.append([unpriced, attempt(), refused()])
      expect((await ledger.usage({})).total).toMatchObject({ unpricedAttempts: 1, costNanoUsd: 1000 })
    })

    test('adds to what earlier commits of the same hour hold', async () => {
      await ledger.append([attempt()])
      await ledger.append([attempt({ callId: 'call-2' }), attempt({ callId: 'call-3' })])
      expect((await ledger.usage({})).total).toMatchObject({ requests: 3, inputTokens: 300, costNanoUsd: 3000 })
    })

    test('money adds up exactly', async () => {
      const rows = Array.from({ length: 1000 }, (_, index) => attempt({ costNanoUsd: 900_000_000_000 + index }))
      await ledger.append(rows)
      expect((await ledger.usage({})).total.costNanoUsd).toBe(900_000_000_499_500)
    })

    test('appends that run at the same time are all counted, and seen by a question asked before they are done', async () => {
      const appends = Array.from({ length: 200 }, (_, index) => ledger.append([attempt({ callId: `call-${index}` })]))
      expect((await ledger.usage({})).total.requests).toBe(200)
      await Promise.all(appends)
    })

    const groupings: [UsageQuery['groupBy'] & {}, unknown[]][] = [
      [['provider'], [{ provider: 'anthropic' }, { provider: 'openai' }, { provider: null }]],
      [['model'], [{ model: 'claude' }, { model: 'gpt-4o' }, { model: 'unknown-model' }]],
      [['alias'], [{ alias: null }, { alias: 'fast' }]],
      [['key'], [{ key: 'team' }, { key: 'anonymous' }]],
      [['feature'], [{ feature: 'chat' }, { feature: null }]],
      [['day'], [{ day: '2026-11-23' }, { day: '2026-11-24' }]],
      [
        ['hour'],
        [{ hour: '2026-11-23T08:00:00Z' }, { hour: '2026-11-23T09:00:00Z' }, { hour: '2026-11-24T08:00:00Z' }],
      ],
      [
        ['key', 'provider'],
        [
          { key: 'team', provider: 'anthropic' },
          { key: 'anonymous', provider: 'openai' },
          { key: 'anonymous', provider: null },
        ],
      ],
      [
        ['day', 'provider'],
        [
          { day: '2026-11-23', provider: 'openai' },
          { day: '2026-11-23', provider: null },
          { day: '2026-11-24', provider: 'anthropic' },
        ],
      ],
      [
        ['provider', 'provider'],
        [{ provider: 'anthropic' }, { provider: 'openai' }, { provider: null }],
      ],
    ]

    test.each(groupings)('groups by %j, biggest cost first, time in order', async (groupBy, expected) => {
      const { alias: _, ...named } = attempt()
      await ledger.append([
        {
          ...named,
          startedAt: hour + 24 * hourMs,
          provider: 'anthropic',
          model: 'claude',
          key: 'team',
          costNanoUsd: 9000,
          feature: 'chat',
        },
        attempt(),
        attempt({ startedAt: hour + hourMs }),
        refused({ requestedModel: 'unknown-model' }),
      ])
      const report = await ledger.usage({ groupBy })
      expect(report.groups.map((entry) => entry.group)).toEqual(expected)
      expect(report.total.requests).toBe(4)
      expect(report.groups.reduce((sum, entry) => sum + entry.costNanoUsd, 0)).toBe(report.total.costNanoUsd)
      expect(report.groups.reduce((sum, entry) => sum + entry.requests, 0)).toBe(report.total.requests)
    })

    const ranges: [string, UsageQuery, number][] = [
      ['from a full hour on', { from: hour + hourMs }, 2],
      ['from within an hour: that hour counts whole', { from: hour + 1 }, 3],
      ['up to a full hour', { to: hour + hourMs }, 1],
      ['up to within an hour: that hour counts whole', { to: hour + hourMs + 1 }, 2],
      ['from and to', { from: hour + hourMs, to: hour + 2 * hourMs }, 1],
      ['nothing there', { from: hour + 5 * hourMs }, 0],
    ]

    test.each(ranges)('a range: %s', async (_, query, requests) => {
      await ledger.append([0, 1, 2].map((hours) => attempt({ startedAt: hour + hours * hourMs + 1 })))
      expect((await ledger.usage(query)).total.requests).toBe(requests)
    })

    test('prune deletes rows, tells how many, and leaves the account as it was', async () => {
      await ledger.append([0, 1, 2].map((hours) => attempt({ startedAt: hour + hours * hourMs })))
      const before = await ledger.usage({ groupBy: ['hour'] })
      expect(await ledger.prune(hour + hourMs)).toBe(1)
      expect(await ledger.prune(hour + hourMs)).toBe(0)
      expect(await ledger.prune(hour + 9 * hourMs)).toBe(2)
      expect(await ledger.usage({ groupBy: ['hour'] })).toEqual(before)
    })

    test('takes what clients and providers should not send: fractions, endless names, quotes, no number', async () => {
      await ledger.append([
        attempt({
          inputTokens: 10.4,
          costNanoUsd: 0.6,
          outputTokens: NaN,
          durationMs: Infinity,
          model: `m'"; DROP TABLE attempts; --\n${'x'.repeat(100_000)}`,
          feature: '🙂 Größe',
        }),
      ])
      const report = await ledger.usage({ groupBy: ['model', 'feature'] })
      expect(report.total).toMatchObject({ requests: 1, inputTokens: 10, outputTokens: 0, costNanoUsd: 1 })
      expect(report.groups[0]?.group.feature).toBe('🙂 Größe')
      expect(report.groups[0]?.group.model).toHaveLength(256)
    })

    test('an empty append is done at once', async () => {
      await expect(ledger.append([])).resolves.toBeUndefined()
    })
  })
}

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { AttemptRow } from '../../gateway/stores/ledger.ts'
import type { CallsQuery, Capture, ReadableLedger } from '../../gateway/stores/ledger-reader.ts'
import { attempt, hour, refused } from './ledger.ts'

const hourMs = 3_600_000

export const capture: Capture = {
  requestHeaders: [['content-type', 'application/json']],
  responseHeaders: [],
  request: '{"model":"fast"}',
  response: undefined,
  truncated: true,
  translated: { from: 'openai-chat', to: 'anthropic-messages' },
  warnings: ['seed was dropped'],
  cacheReason: 'not cacheable',
}

function hit(changes: Partial<AttemptRow> = {}): AttemptRow {
  return attempt({ attempt: 0, cache: 'HIT', costNanoUsd: 0, savedNanoUsd: 1000, ...changes })
}

function unpriced(changes: Partial<AttemptRow> = {}): AttemptRow {
  const { costNanoUsd: _, ...row } = attempt(changes)
  return row
}

/** Six calls, a minute apart, the newest last. */
const variety: AttemptRow[] = [
  attempt({ callId: 'plain', startedAt: hour }),
  attempt({ callId: 'retried', startedAt: hour + 60_000, final: false, outcome: 'error', costNanoUsd: 400 }),
  attempt({ callId: 'retried', startedAt: hour + 61_000, attempt: 2, provider: 'anthropic', model: 'claude_3%x' }),
  hit({ callId: 'hit', startedAt: hour + 120_000, key: 'Codex' }),
  refused({ callId: 'refused', startedAt: hour + 180_000, requestedModel: 'typo' }),
  attempt({ callId: 'broken', startedAt: hour + 240_000, outcome: 'broken', feature: 'Refactor', key: 'Codex' }),
  unpriced({ callId: 'aborted', startedAt: hour + 300_000, outcome: 'aborted', cache: 'BYPASS' }),
]

const filters: [what: string, filter: CallsQuery['filter'], callIds: string[]][] = [
  ['nothing', {}, ['aborted', 'broken', 'refused', 'hit', 'retried', 'plain']],
  ['what went well', { outcome: 'ok' }, ['hit', 'retried', 'plain']],
  ['what failed, before or after the answer began', { outcome: 'failed' }, ['broken']],
  ['clients that hung up', { outcome: 'aborted' }, ['aborted']],
  ['what was refused', { outcome: 'refused' }, ['refused']],
  ['the provider that decided', { provider: 'anthropic' }, ['retried']],
  ['the model that was asked', { model: 'claude_3%x' }, ['retried']],
  ["the client's model where nobody was asked", { model: 'typo' }, ['refused']],
  ['a key', { key: 'Codex' }, ['broken', 'hit']],
  ['a verdict of the cache', { cache: 'BYPASS' }, ['aborted']],
  ['several at once', { key: 'Codex', outcome: 'ok' }, ['hit']],
  ['text in a key, in any case', { text: 'cODEx' }, ['broken', 'hit']],
  ['text in a feature', { text: 'refac' }, ['broken']],
  ['text in an error code', { text: 'rate_limit' }, ['refused']],
  ['text in a call id', { text: 'retri' }, ['retried']],
  ['text with a wildcard means itself: %', { text: '%' }, ['retried']],
  ['text with a wildcard means itself: _', { text: 'e_3' }, ['retried']],
  ['text with a backslash', { text: '\\' }, []],
  ['text with quotes', { text: `' OR 1=1 --` }, []],
  ['empty text', { text: '', outcome: 'refused' }, ['refused']],
]

/** The reading that every ledger has. `open` makes an empty one. */
export function describeLedgerReader(name: string, open: () => Promise<ReadableLedger>): void {
  describe(`ledger reader: ${name}: calls by`, () => {
    let ledger: ReadableLedger
    beforeAll(async () => {
      ledger = await open()
      await ledger.append(variety)
    })
    afterAll(() => ledger.close())

    test.each(filters)('%s', async (_, filter, callIds) => {
      const { calls, hasMore } = await ledger.calls({ limit: 10, filter })
      expect(calls.map(({ callId }) => callId)).toEqual(callIds)
      expect(hasMore).toBe(false)
    })
  })

  describe(`ledger reader: ${name}`, () => {
    let ledger: ReadableLedger
    beforeEach(async () => {
      ledger = await open()
    })
    afterEach(() => ledger.close())

    describe('calls', () => {
      test('a call is its last attempt, with the money of all and their number', async () => {
        await ledger.append(variety)
        const { calls } = await ledger.calls({ limit: 1, filter: { provider: 'anthropic' } })
        expect(calls).toEqual([{ ...variety[2], id: expect.any(Number) as number, attempts: 2, costNanoUsd: 1400 }])
      })

      test('money is unknown when that of one attempt is', async () => {
        await ledger.append([unpriced({ final: false, outcome: 'error' }), attempt({ attempt: 2 })])
        const [call] = (await ledger.calls({ limit: 1, filter: {} })).calls
        expect(call).not.toHaveProperty('costNanoUsd')
        expect(call?.attempts).toBe(2)
      })

      test('a hit has no attempts, cost nothing and says what it saved', async () => {
        await ledger.append([hit()])
        const [call] = (await ledger.calls({ limit: 1, filter: {} })).calls
        expect(call).toMatchObject({ attempts: 0, costNanoUsd: 0, savedNanoUsd: 1000 })
      })

      test('pages follow each other without a gap or a repetition, also within one millisecond', async () => {
        const ids = Array.from({ length: 25 }, (_, index) => `call-${index}`)
        await ledger.append(ids.map((callId, index) => attempt({ callId, startedAt: hour + Math.floor(index / 10) })))
        const seen: string[] = []
        let before: CallsQuery['before']
        for (let page = 0; page < 3; page += 1) {
          const { calls, hasMore } = await ledger.calls({ limit: 10, filter: {}, ...(before ? { before } : {}) })
          expect(hasMore).toBe(page < 2)
          seen.push(...calls.map(({ callId }) => callId))
          before = calls.at(-1)
        }
        expect(seen).toEqual(ids.toReversed())
      })

      test('a call that was appended a moment ago is there', async () => {
        void ledger.append([attempt()])
        expect((await ledger.calls({ limit: 1, filter: {} })).calls).toHaveLength(1)
      })
    })

    describe('call', () => {
      test('all attempts in order; nothing that was not told', async () => {
        await ledger.append([variety[2] as AttemptRow, variety[1] as AttemptRow, attempt({ callId: 'other' })])
        expect(await ledger.call('retried')).toEqual({ attempts: [variety[1], variety[2]], capture: undefined })
      })

      test('with what was captured of it', async () => {
        await ledger.append([attempt()])
        ledger.capture('call-1', hour, capture)
        expect((await ledger.call('call-1'))?.capture).toEqual(capture)
      })

      test('one that is not there, or not any more', async () => {
        await ledger.append([attempt()])
        expect(await ledger.call('call-2')).toBeUndefined()
        ledger.capture('call-1', hour, capture)
        await ledger.prune(hour + 1)
        expect(await ledger.call('call-1')).toBeUndefined()
      })
    })

    describe('hours', () => {
      const rows = [
        attempt({ startedAt: hour - 1, provider: 'anthropic' }),
        attempt({ startedAt: hour }),
        attempt({ startedAt: hour + 1, provider: 'anthropic', costNanoUsd: 5 }),
        refused({ startedAt: hour + 2 * hourMs }),
      ]
      const first = hour / hourMs

      test('one entry per hour that has calls, in order', async () => {
        await ledger.append(rows)
        const hours = await ledger.hours({ from: hour - hourMs, to: hour + 3 * hourMs })
        expect(hours.map(({ hour, name, requests, costNanoUsd }) => [hour, name, requests, costNanoUsd])).toEqual([
          [first - 1, null, 1, 1000],
          [first, null, 2, 1005],
          [first + 2, null, 1, 0],
        ])
        expect(hours[0]).toMatchObject({ inputTokens: 100, outputTokens: 50, cacheMisses: 1, errors: 0 })
      })

      test('and per name; null for none; the hours of both ends count whole', async () => {
        await ledger.append(rows)
        const hours = await ledger.hours({ from: hour + 5, to: hour + 2 * hourMs + 1, by: 'provider' })
        expect(hours.map(({ hour, name, requests }) => [hour, name, requests])).toEqual([
          [first, 'anthropic', 1],
          [first, 'openai', 1],
          [first + 2, null, 1],
        ])
      })
    })

    test('hours of years: none is missing, none comes twice', async () => {
      const starts = Array.from({ length: 60 }, (_, index) => hour - index * 479 * hourMs - index)
      await ledger.append(starts.map((startedAt) => attempt({ startedAt })))
      const hours = await ledger.hours({ from: hour - 60 * 479 * hourMs, to: hour + 1, by: 'key' })
      const expected = starts.map((start) => [Math.floor(start / hourMs), 1]).toReversed()
      expect(hours.map(({ hour, requests }) => [hour, requests])).toEqual(expected)
    })

    test('hours of all times: the millions without calls are not asked for one by one', async () => {
      await ledger.append([attempt({ startedAt: hour })])
      const hours = await ledger.hours({ from: 0, to: 8.64e15 })
      expect(hours.map(({ requests }) => requests)).toEqual([1])
      expect(await ledger.hours({ from: hour + 2 * hourMs, to: 8.64e15 })).toEqual([])
    })

    describe('latency', () => {
      const timed = (startedAt: number, durationMs: number, firstTokenMs?: number): AttemptRow =>
        attempt({ startedAt, durationMs, ...(firstTokenMs === undefined ? {} : { firstTokenMs }) })

      test('exact percentiles by nearest rank, of each span and of all', async () => {
        await ledger.append([
          ...Array.from({ length: 100 }, (_, index) =>
            timed(hour + index, (index * 37) % 100, index % 2 ? 5 : undefined),
          ),
          timed(hour + hourMs, 1000),
          timed(hour + 2 * hourMs, 2000.5, 7),
        ])
        const report = await ledger.latency([hour, hour + hourMs, hour + 2 * hourMs, hour + 3 * hourMs])
        const same = (value: number): object => ({ p50: value, p95: value, p99: value })
        expect(report.spans).toEqual([
          { durationMs: { p50: 49, p95: 94, p99: 98 }, firstTokenMs: same(5) },
          { durationMs: same(1000), firstTokenMs: null },
          { durationMs: same(2000.5), firstTokenMs: same(7) },
        ])
        expect(report.total).toEqual({
          durationMs: { p50: 50, p95: 96, p99: 1000 },
          firstTokenMs: { p50: 5, p95: 5, p99: 7 },
        })
      })

      test('of calls that a provider answered: no hits, nothing that failed, no attempts before the last', async () => {
        await ledger.append([...variety, timed(hour - 1, 1), timed(hour + hourMs, 1)].map((row) => ({ ...row })))
        const { total, spans } = await ledger.latency([hour, hour + hourMs])
        expect(total.durationMs).toEqual({ p50: 12.5, p95: 12.5, p99: 12.5 })
        expect(spans).toHaveLength(1)
        expect(await ledger.latency([hour + 2, hour + 3])).toEqual({
          total: { durationMs: null, firstTokenMs: null },
          spans: [{ durationMs: null, firstTokenMs: null }],
        })
      })
    })

    test('names: each once, in order, none for none', async () => {
      await ledger.append(variety)
      expect(await ledger.names()).toEqual({
        providers: ['anthropic', 'openai'],
        models: ['claude_3%x', 'gpt-4o', 'typo'],
        keys: ['Codex', 'anonymous'],
      })
    })

    test('names of calls that are pruned go, when their hour is over', async () => {
      await ledger.append([attempt({ startedAt: hour - 1, key: 'old' }), attempt({ startedAt: hour, key: 'new' })])
      await ledger.prune(hour)
      expect((await ledger.names()).keys).toEqual(['new'])
    })

    test('an empty one answers everything', async () => {
      expect(await ledger.calls({ limit: 5, filter: {} })).toEqual({ calls: [], hasMore: false })
      expect(await ledger.hours({ from: 0, to: hour })).toEqual([])
      expect(await ledger.hours({ from: hour, to: hour + 1 })).toEqual([])
      expect(await ledger.names()).toEqual({ providers: [], models: [], keys: [] })
    })
  })
}

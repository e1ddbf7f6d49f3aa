import { describe, expect, test } from 'vitest'
import { cacheReason, createTrafficHandlers, type TrafficPorts } from '../../../gateway/api/traffic.ts'
import { methods } from '../../../gateway/contract.ts'
import { PriceBook } from '../../../gateway/models/price-book.ts'
import type { AttemptRow } from '../../../gateway/stores/ledger.ts'
import type { CallRecord, CallsQuery, Capture } from '../../../gateway/stores/ledger-reader.ts'
import { provider } from '../pipeline/stage.ts'

const row: AttemptRow = {
  callId: 'c1',
  attempt: 2,
  final: true,
  startedAt: 1000,
  dialect: 'openai-chat',
  stream: true,
  requestedModel: 'fast',
  alias: 'fast',
  provider: 'p',
  model: 'm',
  key: 'anonymous',
  outcome: 'ok',
  status: 200,
  cache: 'MISS',
  inputTokens: 1000,
  outputTokens: 0,
  estimated: false,
  costNanoUsd: 2_000_000,
  durationMs: 12.5,
}
const failed: AttemptRow = { ...row, attempt: 1, final: false, outcome: 'error', status: 500, costNanoUsd: 0 }
delete failed.inputTokens
delete failed.outputTokens

const capture: Capture = {
  requestHeaders: [['authorization', '***']],
  responseHeaders: [],
  request: '{}',
  response: undefined,
  truncated: true,
  translated: undefined,
  warnings: ['stop: dropped'],
  cacheReason: 'as it was',
}

function handlers(record: CallRecord | undefined, more: Partial<TrafficPorts> = {}) {
  const asked: CallsQuery[] = []
  const unused = (): never => {
    throw new Error('not asked here')
  }
  const made = createTrafficHandlers({
    ledger: {
      calls(query) {
        asked.push(query)
        return Promise.resolve({ calls: [{ ...row, id: 7, attempts: 2 }], hasMore: true })
      },
      call: () => Promise.resolve(record),
      names: () => Promise.resolve({ providers: ['p'], models: ['m'], keys: [] }),
      hours: unused,
      latency: unused,
    },
    recent: { get: () => undefined },
    prices: () => Promise.resolve(new PriceBook(() => undefined, { m: { input: 2, output: 2 } })),
    current: () => ({ providers: [provider()] }),
    capture: () => 'off',
    cacheEnabled: () => true,
    ...more,
  })
  return { ...made, asked }
}

test('the list hands the question on and adds nulls where nothing is known', async () => {
  const { 'traffic.list': list, asked } = handlers(undefined)
  const answer = await list({
    limit: 5,
    before: { startedAt: 9, id: 3 },
    filter: { outcome: 'failed', text: undefined },
  })
  expect(asked).toEqual([{ limit: 5, before: { startedAt: 9, id: 3 }, filter: { outcome: 'failed' } }])
  expect(methods['traffic.list'].output.parse(answer)).toEqual(answer)
  expect(answer.calls[0]).toMatchObject({ id: 7, attempts: 2, feature: null, firstTokenMs: null })
})

test('a call: its attempts, its arithmetic, and what was captured of it', async () => {
  const { 'traffic.get': get } = handlers({ attempts: [failed, row], capture }, { capture: () => 'all' })
  const answer = await get({ callId: 'c1' })
  expect(methods['traffic.get'].output.parse(answer)).toEqual(answer)
  expect(answer.call).toMatchObject({ callId: 'c1', attempts: 2, costNanoUsd: 2_000_000, outcome: 'ok' })
  expect(answer.attempts.map(({ number, costLines }) => [number, costLines.map(({ text }) => text)])).toEqual([
    [1, []],
    [2, ['1,000 prompt x $2.00 / 1M = $0.002']],
  ])
  expect(answer).toMatchObject({
    costNote: null,
    translated: null,
    warnings: ['stop: dropped'],
    cacheReason: 'as it was',
    requestHeaders: [['authorization', '***']],
    request: '{}',
    response: null,
    truncated: true,
    capture: 'all',
  })
})

test('one of the last calls has its headers also where nothing is captured', async () => {
  const recent: Capture = { ...capture, request: undefined, truncated: false }
  const { 'traffic.get': get } = handlers({ attempts: [row], capture: undefined }, { recent: { get: () => recent } })
  const { requestHeaders, request } = await get({ callId: 'c1' })
  expect([requestHeaders, request]).toEqual([[['authorization', '***']], null])
})

test('an older call: what is not kept is null, the dialects are what they would be today', async () => {
  const claude = provider({ type: 'anthropic' })
  const record = { attempts: [{ ...row, model: 'other' }], capture: undefined }
  const { 'traffic.get': get } = handlers(record, { current: () => ({ providers: [claude] }) })
  const answer = await get({ callId: 'c1' })
  expect(answer).toMatchObject({
    translated: { from: 'openai-chat', to: 'anthropic-messages' },
    warnings: null,
    requestHeaders: null,
    request: null,
    cacheReason: 'The cache was asked and had no answer to this request.',
  })
  expect(answer.costNote).toContain('The price that other at p had then is not known')
})

test('a call that is not there', async () => {
  await expect(handlers(undefined)['traffic.get']({ callId: 'x' })).rejects.toMatchObject({ code: 'not_found' })
})

describe('why the cache did what it did', () => {
  test.each([
    ['HIT', 'ok', true, 'had been answered before'],
    ['MISS', 'ok', false, 'had no answer'],
    ['BYPASS', 'refused', true, 'refused before'],
    ['BYPASS', 'ok', false, 'switched off'],
    ['BYPASS', 'ok', true, 'ruled it out'],
  ] as const)('%s, %s, enabled %s: %s', (cache, outcome, enabled, text) => {
    expect(cacheReason({ cache, outcome }, enabled)).toContain(text)
  })
})

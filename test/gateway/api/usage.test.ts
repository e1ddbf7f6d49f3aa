import { describe, expect, test } from 'vitest'
import { readUsage, type UsageParameters } from '../../../gateway/api/usage.ts'
import { GatewayError } from '../../../gateway/errors.ts'
import type { Ledger, UsageQuery, UsageTotals } from '../../../gateway/stores/ledger.ts'

const totals: UsageTotals = {
  requests: 3,
  errors: 1,
  inputTokens: 100,
  outputTokens: 50,
  cacheReadTokens: 40,
  cacheWriteTokens: 5,
  reasoningTokens: 20,
  costNanoUsd: 1_234_567,
  savedNanoUsd: 100_000_000,
  cacheHits: 1,
  semanticHits: 0,
  semanticSavedNanoUsd: 0,
  cacheMisses: 2,
  unpricedAttempts: 1,
  estimatedAttempts: 2,
}

const publicTotals = {
  total_requests: 3,
  total_tokens: 150,
  total_cost: 0.001234567,
  cache_hits: 1,
  cache_misses: 2,
  semantic_hits: 0,
  semantic_saved_cost: 0,
  total_errors: 1,
  input_tokens: 100,
  output_tokens: 50,
  cached_input_tokens: 40,
  cache_write_tokens: 5,
  reasoning_tokens: 20,
  saved_cost: 0.1,
  unpriced_attempts: 1,
  estimated_attempts: 2,
}

async function ask(parameters: UsageParameters) {
  const queries: UsageQuery[] = []
  const ledger = {
    usage: async (query: UsageQuery) => {
      queries.push(query)
      return { total: totals, groups: [{ ...totals, group: { model: 'm', key: null } }] }
    },
  }
  return { report: await readUsage(parameters, ledger as unknown as Ledger), query: queries[0] }
}

test('everything', async () => {
  const { report, query } = await ask({})
  expect(query).toEqual({})
  expect(report).toEqual({ ...publicTotals, from: null, to: null })
})

test('by group', async () => {
  const { report, query } = await ask({ group_by: 'model,key' })
  expect(query).toEqual({ groupBy: ['model', 'key'] })
  expect(report).toEqual({
    ...publicTotals,
    from: null,
    to: null,
    groups: [{ model: 'm', key: null, ...publicTotals }],
  })
})

describe('group_by', () => {
  test.each([
    ['', undefined],
    ['day', ['day']],
    [' model , hour ', ['model', 'hour']],
    [
      ['model', 'key'],
      ['model', 'key'],
    ],
    [
      ['model,key', 'day'],
      ['model', 'key', 'day'],
    ],
  ])('%j', async (given, groupBy) => {
    expect((await ask({ group_by: given })).query?.groupBy).toEqual(groupBy)
  })
})

describe('times', () => {
  const day = Date.UTC(2026, 10, 24)
  test.each([
    ['2026-11-24', day],
    ['2026-11-24T08:00:00Z', day + 8 * 3_600_000],
    ['2026-11-24T08:00:00+02:00', day + 6 * 3_600_000],
    [String(day / 1000), day],
    [`${day / 1000}.5`, day + 500],
    [String(day), day],
    ['0', 0],
  ])('%s', async (text, time) => {
    const { query, report } = await ask({ from: text })
    expect(query).toEqual({ from: time })
    expect(report).toMatchObject({ from: new Date(time).toISOString() })
  })
})

describe('refuses', () => {
  const table: [parameters: UsageParameters, param: string, message: RegExp][] = [
    [{ from: 'yesterday' }, 'from', /"from" is not a time: write ISO 8601/],
    [{ to: '' }, 'to', /"to" is not a time/],
    [{ from: '-5' }, 'from', /"from"|before/],
    [{ to: '99999999999999999999' }, 'to', /"to" is not a time/],
    [{ from: ['1', '2'] }, 'from', /"from" is not a time/],
    [{ from: '2026-02-01', to: '2026-01-01' }, 'from', /before "to"/],
    [{ from: '2026-02-01', to: '2026-02-01' }, 'from', /before "to"/],
    [{ group_by: 'colour' }, 'group_by', /cannot be "colour"; it may be model, provider/],
    [{ group_by: 'model,' }, 'group_by', /cannot be ""/],
    [{ group_by: 'toString' }, 'group_by', /cannot be "toString"/],
  ]
  test.each(table)('%j', async (parameters, param, message) => {
    const refusal = await ask(parameters).catch((error: unknown) => error)
    expect(refusal).toBeInstanceOf(GatewayError)
    expect(refusal).toMatchObject({ code: 'invalid_request', param })
    expect((refusal as GatewayError).message).toMatch(message)
  })
})

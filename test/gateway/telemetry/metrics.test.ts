import { beforeEach, describe, expect, test } from 'vitest'
import { createMetrics } from '../../../gateway/telemetry/metrics.ts'
import type { Metrics } from '../../../gateway/telemetry/metrics.ts'
import { version } from '../../../gateway/version.ts'
import { attempt, hour, refused } from '../../conformance/ledger.ts'

describe('metrics', () => {
  let metrics: Metrics
  beforeEach(() => {
    metrics = createMetrics()
  })

  /** The samples of a scrape, by name and labels. */
  async function scrape(): Promise<Map<string, number>> {
    const { text } = await metrics.render()
    const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))
    return new Map(
      lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]),
    )
  }

  test('the numbers without labels are there from the start, as zero', async () => {
    const samples = await scrape()
    const semantic = ['semantic_hits', 'semantic_refused_by_guard', 'semantic_embedding_failures']
    for (const name of ['requests', 'tokens', 'cost', 'cache_hits', 'cache_misses', 'fallbacks', ...semantic]) {
      expect(samples.get(`llm_gateway_${name}_total`), name).toBe(0)
    }
    expect(samples.get('llm_gateway_in_flight')).toBe(0)
  })

  test('every family and the process tell their type and help, in the text format', async () => {
    const { contentType, text } = await metrics.render()
    expect(contentType).toBe('text/plain; version=0.0.4; charset=utf-8')
    for (const [name, type] of [
      ['llm_gateway_requests_total', 'counter'],
      ['llm_gateway_provider_requests_total', 'counter'],
      ['llm_gateway_model_cost_total', 'counter'],
      ['llm_gateway_tokens_by_type_total', 'counter'],
      ['llm_gateway_errors_total', 'counter'],
      ['llm_gateway_retries_total', 'counter'],
      ['llm_gateway_rate_limited_total', 'counter'],
      ['llm_gateway_in_flight', 'gauge'],
      ['llm_gateway_breaker_open', 'gauge'],
      ['llm_gateway_redis_up', 'gauge'],
      ['llm_gateway_request_duration_seconds', 'histogram'],
      ['llm_gateway_time_to_first_token_seconds', 'histogram'],
      ['llm_gateway_overhead_seconds', 'histogram'],
      ['process_resident_memory_bytes', 'gauge'],
    ]) {
      expect(text).toContain(`# TYPE ${name} ${type}\n`)
      expect(text).toContain(`# HELP ${name} `)
    }
  })

  test('errors, by who must act and by provider: attempts that were made good again count for the provider alone', async () => {
    const failed = { outcome: 'error' as const, status: 503, errorCode: 'upstream_error' }
    metrics.recordCall([attempt(failed), attempt({ attempt: 2 })])
    metrics.recordCall([attempt({ ...failed, status: 401 })])
    metrics.recordCall([refused()])
    const samples = await scrape()
    const causes = ['client', 'account', 'limit', 'provider', 'gateway']
    const of = (name: string) => causes.map((cause) => samples.get(`llm_gateway_${name}cause="${cause}"}`))
    expect(of('errors_by_cause_total{')).toEqual([1, 1, 0, 0, 0])
    expect(of('provider_errors_total{provider="openai",')).toEqual([0, 1, 0, 1, 0])
  })

  test('calls that are not in the ledger', async () => {
    expect((await scrape()).get('llm_gateway_ledger_errors_total')).toBe(0)
    metrics.ledgerFailed()
    expect((await scrape()).get('llm_gateway_ledger_errors_total')).toBe(1)
  })

  test('the version', async () => {
    expect((await scrape()).get(`llm_gateway_build_info{version="${version}"}`)).toBe(1)
  })

  test('a call', async () => {
    metrics.recordCall([attempt({ costNanoUsd: 12_340_000_000, cacheReadTokens: 30, reasoningTokens: 20 })])
    const samples = await scrape()
    expect(Object.fromEntries(samples)).toMatchObject({
      llm_gateway_requests_total: 1,
      llm_gateway_tokens_total: 150,
      llm_gateway_cost_total: 12.34,
      llm_gateway_cache_hits_total: 0,
      llm_gateway_cache_misses_total: 1,
      'llm_gateway_provider_requests_total{provider="openai"}': 1,
      'llm_gateway_model_cost_total{model="gpt-4o"}': 12.34,
      'llm_gateway_tokens_by_type_total{provider="openai",model="gpt-4o",type="input"}': 100,
      'llm_gateway_tokens_by_type_total{provider="openai",model="gpt-4o",type="output"}': 50,
      'llm_gateway_tokens_by_type_total{provider="openai",model="gpt-4o",type="cache_read"}': 30,
      'llm_gateway_tokens_by_type_total{provider="openai",model="gpt-4o",type="reasoning"}': 20,
    })
  })

  test('times are seconds in cumulative buckets, from the start of the first attempt', async () => {
    metrics.recordCall([attempt({ durationMs: 300, firstTokenMs: 100 })], { overheadMs: 0.25 })
    metrics.recordCall([
      attempt({ final: false, outcome: 'error', durationMs: 900 }),
      attempt({ attempt: 2, startedAt: hour + 1000, durationMs: 700_000, firstTokenMs: 500 }),
    ])
    const samples = await scrape()
    const labels = 'provider="openai",model="gpt-4o"'
    const bucket = (name: string, le: string): number | undefined =>
      samples.get(`llm_gateway_${name}_seconds_bucket{le="${le}",${labels}}`)
    expect([bucket('request_duration', '0.25'), bucket('request_duration', '0.5')]).toEqual([0, 1])
    expect([bucket('request_duration', '600'), bucket('request_duration', '+Inf')]).toEqual([1, 2])
    expect(samples.get(`llm_gateway_request_duration_seconds_sum{${labels}}`)).toBeCloseTo(701.3)
    expect(samples.get(`llm_gateway_request_duration_seconds_count{${labels}}`)).toBe(2)
    expect([bucket('time_to_first_token', '0.1'), bucket('time_to_first_token', '2')]).toEqual([1, 2])
    expect([bucket('overhead', '0.0001'), bucket('overhead', '0.00025')]).toEqual([0, 1])
  })

  test('retries repeat provider and model; all else is a fallback', async () => {
    metrics.recordCall([
      attempt({ final: false, outcome: 'error' }),
      attempt({ attempt: 2, final: false, outcome: 'error' }),
      attempt({ attempt: 3, final: false, outcome: 'error', model: 'gpt-4o-mini' }),
      attempt({ attempt: 4, provider: 'anthropic', model: 'claude' }),
    ])
    const samples = await scrape()
    expect(samples.get('llm_gateway_requests_total')).toBe(1)
    expect(samples.get('llm_gateway_retries_total{provider="openai"}')).toBe(1)
    expect(samples.get('llm_gateway_fallbacks_total')).toBe(2)
    expect(samples.get('llm_gateway_provider_requests_total{provider="openai"}')).toBe(3)
  })

  test.each(['error', 'ok', 'aborted'] as const)(
    'of two side by side of which the first was not given up, the second (%s) is no fallback',
    async (outcome) => {
      const first = outcome === 'aborted' ? 'aborted' : 'ok'
      metrics.recordCall([
        attempt({ outcome: first }),
        attempt({ attempt: 2, final: false, provider: 'other', outcome }),
      ])
      expect((await scrape()).get('llm_gateway_fallbacks_total')).toBe(0)
    },
  )

  test.each([
    ['first', 'second'],
    ['second', 'first'],
  ])('of two side by side the %s is the call; the %s is no error, and neither is a fallback', async (winner) => {
    const lost = { final: false, outcome: 'aborted', errorCode: 'hedge_lost' } as const
    const first = { durationMs: 700, ...(winner === 'second' && lost) }
    const second = {
      attempt: 2,
      provider: 'other',
      startedAt: hour + 400,
      durationMs: 300,
      ...(winner === 'first' && lost),
    }
    metrics.recordCall([attempt(first), attempt(second)])
    const samples = await scrape()
    expect(samples.get('llm_gateway_fallbacks_total')).toBe(0)
    expect([...samples.keys()].filter((name) => name.startsWith('llm_gateway_errors_total'))).toEqual([])
    const provider = winner === 'first' ? 'openai' : 'other'
    const labels = `provider="${provider}",model="gpt-4o"`
    expect(samples.get(`llm_gateway_request_duration_seconds_sum{${labels}}`)).toBeCloseTo(0.7)
  })

  test('second requests, by what came of them', async () => {
    for (const outcome of ['won', 'lost', 'won']) metrics.hedge(outcome)
    const samples = await scrape()
    expect(samples.get('llm_gateway_hedges_total{outcome="won"}')).toBe(2)
    expect(samples.get('llm_gateway_hedges_total{outcome="lost"}')).toBe(1)
  })

  test('a hit and a refusal ask no provider', async () => {
    metrics.recordCall([attempt({ attempt: 0, cache: 'HIT', costNanoUsd: 0 })])
    metrics.recordCall([refused({ cache: 'BYPASS' })])
    metrics.rateLimited('global/requests')
    const samples = await scrape()
    expect(samples.get('llm_gateway_requests_total')).toBe(2)
    expect(samples.get('llm_gateway_cache_hits_total')).toBe(1)
    expect(samples.get('llm_gateway_cache_misses_total')).toBe(0)
    expect(samples.get('llm_gateway_errors_total{code="rate_limit_exceeded"}')).toBe(1)
    expect(samples.get('llm_gateway_rate_limited_total{limit="global/requests"}')).toBe(1)
    expect(samples.get('llm_gateway_request_duration_seconds_count{provider="",model=""}')).toBe(2)
    expect([...samples.keys()].filter((name) => name.startsWith('llm_gateway_provider_requests'))).toEqual([])
  })

  test('a model whose price is unknown has no cost, rather than a cost of 0', async () => {
    const { costNanoUsd: _, ...unpriced } = attempt()
    metrics.recordCall([unpriced])
    const names = [...(await scrape()).keys()]
    expect(names.filter((name) => name.startsWith('llm_gateway_model_cost_total'))).toEqual([])
  })

  test('names that clients make up get no series of their own', async () => {
    for (let index = 0; index < 1000; index += 1) {
      metrics.recordCall([refused({ requestedModel: `made-up-${index}` })])
      metrics.recordCall([attempt({ model: `misspelt-${index}`, outcome: 'error', status: 404 })])
    }
    const { text } = await metrics.render()
    expect(text).not.toMatch(/made-up|misspelt/)
    expect(text).toContain('llm_gateway_provider_requests_total{provider="openai"} 1000')
    expect(text).toContain('llm_gateway_tokens_by_type_total{provider="openai",model="other",type="input"} 100000')
  })

  test('models, error codes and limits beyond the bound are counted together', async () => {
    for (let index = 0; index < 1000; index += 1) {
      metrics.recordCall([attempt({ model: `model-${index}`, errorCode: `code-${index}`, costNanoUsd: 1e9 })])
      metrics.rateLimited(`limit-${index}`)
    }
    const samples = await scrape()
    const sumOf = (name: string): number =>
      [...samples].reduce((sum, [key, value]) => (key.startsWith(`${name}{`) ? sum + value : sum), 0)
    for (const name of ['errors_total', 'rate_limited_total', 'model_cost_total']) {
      expect(sumOf(`llm_gateway_${name}`), name).toBe(1000)
    }
    expect(samples.size).toBeLessThan(8000)
    expect(samples.get('llm_gateway_model_cost_total{model="other"}')).toBeGreaterThan(800)
  })

  test('label values are escaped', async () => {
    metrics.recordCall([attempt({ model: 'a"b\\c\nd' })])
    const { text } = await metrics.render()
    expect(text).toContain(String.raw`llm_gateway_model_cost_total{model="a\"b\\c\nd"}`)
  })

  test('gauges go up and down', async () => {
    metrics.inFlight(1)
    metrics.inFlight(1)
    metrics.inFlight(-1)
    metrics.breaker('openai', 'gpt-4o', true)
    metrics.breaker('openai', 'gpt-4o-mini', true)
    metrics.breaker('openai', 'gpt-4o-mini', false)
    const samples = await scrape()
    expect(samples.get('llm_gateway_in_flight')).toBe(1)
    expect(samples.get('llm_gateway_breaker_open{provider="openai",model="gpt-4o"}')).toBe(1)
    expect(samples.get('llm_gateway_breaker_open{provider="openai",model="gpt-4o-mini"}')).toBe(0)
  })

  test('two gateways in one process count apart', async () => {
    const other = createMetrics()
    other.recordCall([attempt()])
    await other.render()
    expect((await scrape()).get('llm_gateway_requests_total')).toBe(0)
  })
})

import { afterEach, describe, expect, test } from 'vitest'
import type { GatewayEvent } from '../../../gateway/contract.ts'
import { createMemoryLedger } from '../../../gateway/stores/ledger-memory.ts'
import type { AttemptRow } from '../../../gateway/stores/ledger.ts'
import { createTestGateway, type TestGateway } from '../../helpers/in-process.ts'
import { FakeUpstream, hello, obliging } from '../pipeline/stage.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close()
})

const provider = {
  name: 'p',
  type: 'openai',
  apiKey: 'sk-secret-of-p',
  baseUrl: 'http://127.0.0.1:9/v1',
  maxRetries: 0,
}
const other = { ...provider, name: 'q', models: ['cheap', 'm'], priority: 200 }

/** One token of `m` is 0.001 USD: the answer of 10 and 5 tokens costs 0.015, one of `cheap` a thousandth of it. */
const base = {
  providers: [{ ...provider, models: ['m', 'unpriced'] }],
  pricing: { overrides: { m: { input: 1000, output: 1000 }, cheap: { input: 1, output: 1 } } },
}

interface Scene {
  gateway: TestGateway
  upstream: FakeUpstream
  rows: AttemptRow[]
  post: (body?: object, headers?: Record<string, string>) => Promise<Reply>
}

interface Reply {
  status: number
  headers: Record<string, unknown>
  body: unknown
}

async function scene(config: object): Promise<Scene> {
  const upstream = new FakeUpstream()
  upstream.otherwise = obliging
  const memory = createMemoryLedger()
  const rows: AttemptRow[] = []
  const ledger = {
    ...memory,
    append: async (more: AttemptRow[]) => {
      rows.push(...more)
      await memory.append(more)
    },
  }
  const gateway = await createTestGateway({ ...base, ...config }, { upstream, ledger })
  closing.push(() => gateway.close())
  return {
    gateway,
    upstream,
    rows,
    post: (body = small, headers = {}) => postTo(gateway, '/v1/chat/completions', body, headers),
  }
}

async function postTo(
  gateway: TestGateway,
  url: string,
  body: object,
  headers: Record<string, string> = {},
): Promise<Reply> {
  const reply = await gateway.fastify.inject({ method: 'POST', url, payload: JSON.stringify(body), headers })
  return { status: reply.statusCode, headers: reply.headers, body: reply.json() }
}

const small = { ...hello, max_tokens: 5 }

describe('a call for which nothing is left', () => {
  const dialects: [name: string, url: string, body: object, status: number, error: object][] = [
    [
      'OpenAI chat',
      '/v1/chat/completions',
      hello,
      429,
      { error: { type: 'insufficient_quota', code: 'insufficient_quota', param: null } },
    ],
    [
      'OpenAI Responses',
      '/v1/responses',
      { model: 'm', input: 'Hello' },
      429,
      { error: { type: 'insufficient_quota', code: 'insufficient_quota' } },
    ],
    [
      'Anthropic',
      '/v1/messages',
      { ...hello, max_tokens: 5 },
      402,
      { type: 'error', error: { type: 'billing_error' } },
    ],
    [
      'Gemini',
      '/v1beta/models/m:generateContent',
      { contents: [{ parts: [{ text: 'Hello' }] }] },
      429,
      {
        error: {
          code: 429,
          status: 'RESOURCE_EXHAUSTED',
          details: [
            { reason: 'BUDGET_EXCEEDED' },
            { '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations: [{ quotaId: 'BudgetPerDay' }] },
          ],
        },
      },
    ],
  ]
  test.each(dialects)('%s', async (_, url, body, status, error) => {
    const { gateway, upstream, rows } = await scene({ budgets: { daily: 0.001, timeZone: 'Europe/Berlin' } })
    const reply = await postTo(gateway, url, body)
    expect(reply.status).toBe(status)
    expect(reply.headers['x-should-retry']).toBe('false')
    expect(reply.headers['retry-after']).toBeUndefined()
    expect(reply.body).toMatchObject(error)
    const { message } = (reply.body as { error: { message: string } }).error
    expect(message).toContain('The daily budget has too little left for this call: 0 of 0.001 USD are spent')
    expect(message).toContain('It begins anew at 2026-01-16 00:00 (Europe/Berlin).')
    expect(message).toContain('budgets.daily')
    expect(upstream.flights).toEqual([])
    expect(rows).toMatchObject([{ attempt: 0, outcome: 'refused', errorCode: 'budget_exceeded', costNanoUsd: 0 }])
  })

  test('streams are refused before they begin', async () => {
    const { post } = await scene({ budgets: { daily: 0.001 } })
    expect(await post({ ...small, stream: true })).toMatchObject({
      status: 429,
      body: { error: { type: 'insufficient_quota' } },
    })
  })

  test('says so when all is spent, and is served on the next day', async () => {
    const { gateway, post } = await scene({ budgets: { daily: 0.03, timeZone: 'UTC' } })
    expect((await post()).status).toBe(200)
    const refused = await post()
    expect(refused.status).toBe(429)
    expect(refused.body).toMatchObject({ error: { message: expect.stringContaining('0.015 of 0.03 USD are spent') } })
    gateway.clock.advance(12 * 3_600_000)
    expect((await post()).status).toBe(200)
  })

  test('of one key does not stop another', async () => {
    const { post } = await scene({
      auth: { keys: ['one', 'two'].map((name) => ({ name, key: `key-of-${name}` })) },
      budgets: { perKey: { one: { daily: 0.001 } } },
    })
    expect((await post(small, { authorization: 'Bearer key-of-one' })).body).toMatchObject({
      error: { message: expect.stringContaining('The daily budget of the key "one"') },
    })
    expect((await post(small, { authorization: 'Bearer key-of-two' })).status).toBe(200)
  })

  test('of one feature does not stop another', async () => {
    const { post } = await scene({ budgets: { perFeature: { search: { monthly: 0.001 } } } })
    const with_ = (feature: string): object => ({ ...small, 'x-gateway': { metadata: { feature } } })
    expect((await post(with_('search'))).status).toBe(429)
    expect((await post(with_('chat'))).status).toBe(200)
    expect((await post()).status).toBe(200)
  })
})

describe('what costs nothing passes', () => {
  test('an answer from the cache', async () => {
    const { post } = await scene({ cache: { enabled: true }, budgets: { daily: 0.05, timeZone: 'UTC' } })
    expect((await post()).headers['x-cache']).toBe('MISS')
    expect((await post({ ...small, messages: [{ role: 'user', content: 'Else' }] })).status).toBe(200)
    expect((await post({ ...small, messages: [{ role: 'user', content: 'Third' }] })).status).toBe(429)
    expect(await post()).toMatchObject({ status: 200, headers: { 'x-cache': 'HIT' } })
  })

  test('a free provider', async () => {
    const local = { ...provider, name: 'local', type: 'ollama', models: ['free'] }
    const { post } = await scene({ providers: [...base.providers, local], budgets: { daily: 0.001 } })
    expect((await post({ ...small, model: 'free' })).status).toBe(200)
  })

  test('a model without a price, with a warning, while anything is left', async () => {
    const { post } = await scene({ budgets: { daily: 0.04, timeZone: 'UTC' } })
    const reply = await post({ ...small, model: 'unpriced' })
    expect(reply.status).toBe(200)
    expect(reply.headers['x-gateway-warnings']).toContain('the price of p/unpriced is not known')
  })
})

describe('a provider’s own budget', () => {
  const budgets = { perProvider: { p: { daily: 0.001 } } }

  test('another provider answers', async () => {
    const { post, upstream } = await scene({ providers: [...base.providers, other], budgets })
    const reply = await post()
    expect(reply).toMatchObject({ status: 200, headers: { 'x-gateway-provider': 'q' } })
    expect(reply.headers['x-gateway-warnings']).toContain('the daily budget of the provider "p" has no room for p/m')
    expect(upstream.flights).toHaveLength(1)
  })

  test('refused where there is no other', async () => {
    const { post } = await scene({ budgets })
    expect(await post()).toMatchObject({
      status: 429,
      body: { error: { message: expect.stringContaining('budget of the provider "p"') } },
    })
  })

  test('the client is told of the budget where the other one fails', async () => {
    const { post, upstream } = await scene({ providers: [...base.providers, other], budgets })
    upstream.plays.push((flight) => flight.json({ error: { message: 'Down.' } }, 500))
    expect(await post()).toMatchObject({
      status: 429,
      body: { error: { message: expect.stringMatching(/budget of the provider "p".*Fallback failed too: q\/m/) } },
    })
  })
})

describe('degrade', () => {
  const config = {
    providers: [...base.providers, other],
    routing: { modelMappings: { small: { provider: 'q', model: 'cheap' } } },
    budgets: { daily: 0.001, action: { degrade: 'small' } },
  }

  test('the alias answers, the client is told, and it is counted', async () => {
    const { post, rows, upstream } = await scene(config)
    const reply = await post()
    expect(reply).toMatchObject({ status: 200, headers: { 'x-gateway-provider': 'q', 'x-gateway-model': 'cheap' } })
    expect(reply.headers['x-gateway-warnings']).toContain('so "small" is asked instead')
    expect(upstream.last.body['model']).toBe('cheap')
    expect(rows).toMatchObject([{ requestedModel: 'm', model: 'cheap', costNanoUsd: 15_000 }])
  })

  test('for a provider’s budget, once no other provider can answer', async () => {
    const ofProvider = { ...config, budgets: { perProvider: { p: { daily: 0.001 } }, action: { degrade: 'small' } } }
    const { post, upstream } = await scene(ofProvider)
    expect((await post()).headers['x-gateway-model']).toBe('m')
    upstream.plays.push((flight) => flight.json({ error: { message: 'Down.' } }, 500))
    const reply = await post()
    expect(reply).toMatchObject({ status: 200, headers: { 'x-gateway-model': 'cheap', 'x-gateway-attempts': '2' } })
    expect(upstream.flights).toHaveLength(3)
  })

  test('goes on where the cheap one costs more than is left', async () => {
    const { post } = await scene({ ...config, budgets: { ...config.budgets, daily: 0.000_001 } })
    expect((await post()).status).toBe(200)
    expect((await post()).status).toBe(200)
  })

  test('its answer is not kept as the other model’s', async () => {
    const { post, gateway } = await scene({ ...config, cache: { enabled: true } })
    expect((await post()).headers['x-gateway-model']).toBe('cheap')
    expect((await post()).headers['x-cache']).toBe('MISS')
    expect(gateway).toBeDefined()
  })

  test('where the cheap one fails, the budget is what the client hears of', async () => {
    const { post, upstream } = await scene(config)
    upstream.otherwise = (flight) => void flight.json({ error: { message: 'Down.' } }, 500)
    expect(await post()).toMatchObject({ status: 429, body: { error: { type: 'insufficient_quota' } } })
  })
})

test('warn: it goes on, and the client is told', async () => {
  const { post } = await scene({ budgets: { daily: 0.001, action: 'warn' } })
  const reply = await post()
  expect(reply.status).toBe(200)
  expect(reply.headers['x-gateway-warnings']).toContain('the daily budget is used up')
})

test('calls at the same time: only those whose estimates fit are asked', async () => {
  const { post, upstream, rows } = await scene({ budgets: { daily: 0.1, timeZone: 'UTC' } })
  upstream.otherwise = () => undefined
  let refused = 0
  const replying = Array.from({ length: 20 }, async () => {
    const reply = await post()
    if (reply.status === 429) refused += 1
    return reply
  })
  while (refused + upstream.flights.length < 20) await new Promise(setImmediate)
  // Each may cost its bytes / 4 + 5 tokens, 0.024 USD.
  expect(upstream.flights).toHaveLength(4)
  for (const flight of upstream.flights) obliging(flight)
  const served = (await Promise.all(replying)).filter(({ status }) => status === 200).length
  expect(served).toBe(4)
  const spent = rows.reduce((sum, { costNanoUsd = 0 }) => sum + costNanoUsd, 0)
  expect(spent).toBe(served * 15_000_000)
})

test('nothing stays held for a call whose provider failed', async () => {
  const { gateway, upstream, post } = await scene({ budgets: { daily: 1, timeZone: 'UTC' } })
  upstream.plays.push((flight) => void flight.error(new Error('reset')))
  expect((await post()).status).toBe(502)
  expect(await states(gateway)).toMatchObject([{ heldNanoUsd: 0 }])
})

test('people are told, by event and metric', async () => {
  const { gateway, post } = await scene({ budgets: { daily: 0.03, warnAt: 0.5, timeZone: 'UTC' } })
  const events: GatewayEvent[] = []
  gateway.api.subscribe((event) => events.push(event))
  await post()
  const told = events.filter(({ event }) => event === 'budget')
  expect(told).toMatchObject([
    { data: { scope: 'all', name: null, period: 'daily', level: 'near', spentNanoUsd: 15_000_000 } },
  ])
  const metrics = await gateway.fastify.inject('/metrics')
  expect(metrics.body).toContain('llm_gateway_budget_spent_ratio{budget="daily"} 0.5')
})

async function states(gateway: TestGateway): Promise<unknown> {
  const result = await gateway.api.call('budgets.get', {})
  return (result as { value: { states: unknown } }).value.states
}

test('what keeps the gateway from answering stands in its status, until it is over', async () => {
  const { gateway, post } = await scene({ budgets: { daily: 0.001, timeZone: 'UTC', perKey: { k: { daily: 0.001 } } } })
  const reasons = async (): Promise<unknown> => {
    const result = await gateway.api.call('status.get', {})
    return (result as { value: { reasons: string[] } }).value.reasons
  }
  expect(await reasons()).toEqual([])
  await post()
  expect(await reasons()).toEqual(['The daily budget is used up until 2026-01-16 00:00 (UTC).'])
  gateway.clock.advance(12 * 3_600_000)
  expect(await reasons()).toEqual([])
})

describe('configuration', () => {
  test('a reload takes budgets up, with what is spent, and lets go of them', async () => {
    const { gateway, post } = await scene({})
    await post()
    const { parseConfig } = await import('../../../gateway/config/load.ts')
    const { stringify } = await import('yaml')
    const load = (budgets: object) =>
      parseConfig(stringify({ logging: { level: 'silent' }, ...base, budgets }), { file: 'gateway.yaml', env: {} })
    gateway.reload(load({ daily: 0.015 }))
    expect((await post()).status).toBe(429)
    gateway.reload(load({}))
    expect((await post()).status).toBe(200)
  })
})

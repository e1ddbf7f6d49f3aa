import { beforeEach, describe, expect, test } from 'vitest'
import { GatewayError } from '../../../gateway/errors.ts'
import { createAdmit, limitHeaders, limitsOf, type Admit, type Ticket } from '../../../gateway/pipeline/admit.ts'
import type { Call, Caller } from '../../../gateway/pipeline/call.ts'
import { createMemoryCounter, type MemoryCounter } from '../../../gateway/stores/counter-memory.ts'
import type { ConfigInput } from '../../../gateway/config/schema.ts'
import { call, config, nobody, target } from './stage.ts'

let now: number
let counter: MemoryCounter
let refused: string[]

beforeEach(() => {
  now = 1_000_000
  counter = createMemoryCounter({ now: () => now })
  refused = []
})

function admitWith(rateLimit: NonNullable<ConfigInput['rateLimit']>): Admit {
  return createAdmit(config({ rateLimit: { enabled: true, ...rateLimit } }), {
    counter,
    now: () => now,
    onRefused: (id) => refused.push(id),
  })
}

const to = (model: string) => ({ alias: undefined, targets: [target({ model })] })

function ask(admit: Admit, { of = call(), by = nobody, model = 'm' }: { of?: Call; by?: Caller; model?: string } = {}) {
  return admit(of, by, to(model)) as Ticket
}

function refusalOf(act: () => unknown): GatewayError {
  try {
    act()
  } catch (error) {
    if (error instanceof GatewayError) return error
  }
  throw new Error('was not refused')
}

test('nothing limited: no headers, nothing to settle', () => {
  const ticket = ask(createAdmit(config(), { counter, now: () => now, onRefused: () => {} }))
  expect(ticket.headers).toEqual({})
  expect(ticket.settle({ input: 1 })).toBeUndefined()
})

test('limits that are switched off do not count', () => {
  const admit = admitWith({ enabled: false, global: { requests: 1 }, perModel: { m: { requests: 1 } } })
  for (let count = 0; count < 5; count += 1) expect(ask(admit).headers).toEqual({})
})

test('exactly as many as allowed, then 429 until the window is over', () => {
  const admit = admitWith({ global: { requests: 3, window: '1m' } })
  for (let left = 2; left >= 0; left -= 1) {
    expect(ask(admit).headers).toEqual({
      'x-ratelimit-limit-requests': '3',
      'x-ratelimit-remaining-requests': String(left),
      'x-ratelimit-reset-requests': '1m0s',
    })
  }
  now += 20_500
  const error = refusalOf(() => ask(admit))
  expect(error).toMatchObject({ code: 'rate_limit_exceeded', status: 429, retryAfterMs: 39_500 })
  expect(error.message).toBe('The limit of this gateway is reached: 3 requests per window. It frees in 40s.')
  expect(error.headers).toEqual({
    'x-ratelimit-limit-requests': '3',
    'x-ratelimit-remaining-requests': '0',
    'x-ratelimit-reset-requests': '40s',
  })
  expect(refused).toEqual(['global/requests'])
  now += 39_500
  expect(ask(admit).headers['x-ratelimit-remaining-requests']).toBe('2')
})

test('1,000 at once against 100: exactly 100', async () => {
  const admit = admitWith({ global: { requests: 100 } })
  const asked = Array.from({ length: 1000 }, async () => ask(admit))
  const results = await Promise.allSettled(asked)
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(100)
})

test('a caller has limits of its own, and is named', () => {
  const admit = admitWith({})
  const by = (name: string): Caller => ({
    ...nobody,
    name,
    limits: limitsOf(`key/${name}`, { requests: 1, window: 1000 }),
  })
  ask(admit, { by: by('app') })
  ask(admit, { by: by('other') })
  expect(refusalOf(() => ask(admit, { by: by('app') })).message).toMatch(/limit of the key "app" is reached/)
})

describe('per model', () => {
  test('by the name asked for, or the one it leads to', () => {
    const admit = admitWith({ perModel: { 'gpt-4': { requests: 1 } } })
    ask(admit, { model: 'gpt-4' })
    expect(refusalOf(() => ask(admit, { of: call({ model: 'gpt-4' }), model: 'other' })).message).toMatch(
      /limit of the model "gpt-4" is reached/,
    )
    expect(ask(admit, { model: 'gpt-4o' }).headers).toEqual({})
  })

  test('a pattern is one limit for all its models, and names with slashes are told whole', () => {
    const admit = admitWith({ perModel: { 'meta/*': { requests: 2 } } })
    ask(admit, { model: 'meta/a' })
    ask(admit, { model: 'meta/b' })
    expect(refusalOf(() => ask(admit, { model: 'meta/c' })).message).toContain('model "meta/*"')
  })
})

test('all or nothing: a refusal takes from no limit', () => {
  const admit = admitWith({ global: { requests: 10 }, perModel: { m: { requests: 1 } } })
  ask(admit)
  refusalOf(() => ask(admit))
  refusalOf(() => ask(admit))
  expect(ask(admit, { of: call({ model: 'x' }), model: 'x' }).headers['x-ratelimit-remaining-requests']).toBe('8')
})

describe('tokens', () => {
  const body = { model: 'm', max_tokens: 100, messages: [] }
  const promptTokens = Math.ceil(JSON.stringify(body).length / 4)

  test('are reserved before and corrected after', () => {
    const admit = admitWith({ global: { tokens: 1000 } })
    const ticket = ask(admit, { of: call(body) })
    expect(ticket.headers['x-ratelimit-remaining-tokens']).toBe(String(1000 - 100 - promptTokens))
    void ticket.settle({ input: 300, output: 50 })
    const other = ask(admit, { of: call(body) })
    expect(other.headers['x-ratelimit-remaining-tokens']).toBe(String(1000 - 350 - 100 - promptTokens))
    void other.settle(undefined)
    expect(counter.peek(limitsOf('global', { tokens: 1000, window: 60_000 }))[0]?.remaining).toBe(650)
  })

  test.each([
    ['max_completion_tokens before max_tokens', { max_completion_tokens: 10, max_tokens: 500 }, 10],
    ['a negative number counts as none', { max_tokens: -5 }, 0],
    ['text counts as none', { max_tokens: 'many' }, 0],
  ])('reserve: %s', (_what, more, answer) => {
    const of = call({ model: 'm', ...more })
    const ticket = ask(admitWith({ global: { tokens: 1000 } }), { of })
    const reserved = answer + Math.ceil(of.members.bytes.length / 4)
    expect(ticket.headers['x-ratelimit-remaining-tokens']).toBe(String(1000 - reserved))
  })

  test('no half tokens are told, whatever the client asks for', () => {
    const of = call({ model: 'm', max_tokens: 1.5 })
    const { headers } = ask(admitWith({ global: { tokens: 1000 } }), { of })
    expect(headers['x-ratelimit-remaining-tokens']).toMatch(/^\d+$/)
  })

  test('a reserve above the whole limit passes alone, and nothing beside it', () => {
    const admit = admitWith({ global: { tokens: 1000 } })
    const of = call({ model: 'm', max_tokens: 50_000 })
    const ticket = ask(admit, { of })
    expect(ticket.headers['x-ratelimit-remaining-tokens']).toBe('0')
    expect(refusalOf(() => ask(admit, { of })).message).toMatch(/1000 tokens per window/)
    void ticket.settle({ input: 10, output: 10 })
    expect(counter.peek(limitsOf('global', { tokens: 1000, window: 60_000 }))[0]?.remaining).toBe(980)
  })

  test('a call that ends in the next window gives nothing back there', () => {
    const admit = admitWith({ global: { tokens: 1000, window: '1m' } })
    const early = ask(admit, { of: call(body) })
    now += 60_000
    ask(admit, { of: call({ ...body, max_tokens: 500 }) })
    const before = counter.peek(limitsOf('global', { tokens: 1000, window: 60_000 }))[0]?.remaining
    void early.settle(undefined)
    expect(counter.peek(limitsOf('global', { tokens: 1000, window: 60_000 }))[0]?.remaining).toBe(before)
  })
})

describe('limitsOf', () => {
  test.each([
    [undefined, []],
    [{ requests: 5, window: 1000 }, [{ id: 'a/requests', unit: 'requests', limit: 5, windowMs: 1000 }]],
    [{ tokens: 7, window: 1000 }, [{ id: 'a/tokens', unit: 'tokens', limit: 7, windowMs: 1000 }]],
  ])('%j', (limit, limits) => {
    expect(limitsOf('a', limit)).toEqual(limits)
  })
})

describe('limitHeaders', () => {
  test('the tightest of a kind is told, in OpenAI spelling', () => {
    const state = { id: 'x', limit: 10, unit: 'requests' as const }
    expect(
      limitHeaders([
        { ...state, remaining: 5, resetMs: 1 },
        { ...state, limit: 20, remaining: 3, resetMs: 999 },
        { ...state, unit: 'tokens', remaining: 0, resetMs: 61_001 },
      ]),
    ).toEqual({
      'x-ratelimit-limit-requests': '20',
      'x-ratelimit-remaining-requests': '3',
      'x-ratelimit-reset-requests': '999ms',
      'x-ratelimit-limit-tokens': '10',
      'x-ratelimit-remaining-tokens': '0',
      'x-ratelimit-reset-tokens': '1m2s',
    })
  })

  test.each([
    [0, '0ms'],
    [450, '450ms'],
    [1000, '1s'],
    [12_000, '12s'],
    [59_001, '1m0s'],
    [360_000, '6m0s'],
  ])('%i ms -> %s', (resetMs, text) => {
    const [state] = counter.peek(limitsOf('a', { requests: 1, window: 1000 }))
    expect(limitHeaders([{ ...(state as NonNullable<typeof state>), resetMs }])['x-ratelimit-reset-requests']).toBe(
      text,
    )
  })
})

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createProbe, type Probe } from '../../../gateway/pipeline/probe.ts'
import type { ResponseHandler } from '../../../gateway/upstream/upstream.ts'
import { type FakeFlight, FakeUpstream, provider } from './stage.ts'

let upstream: FakeUpstream
let probe: Probe

beforeEach(() => {
  vi.useFakeTimers()
  upstream = new FakeUpstream()
  probe = createProbe({ upstream, now: Date.now, scrub: (text) => text.replaceAll('sk-secret-of-p', '[key]') })
})
afterEach(() => void vi.useRealTimers())

const p = provider()

test('asks for the list of models with the provider’s key', async () => {
  const checking = probe.check(p)
  expect(upstream.last.request).toMatchObject({
    method: 'GET',
    origin: 'http://127.0.0.1:9',
    path: '/v1/models',
    headers: { authorization: 'Bearer sk-secret-of-p' },
  })
  upstream.last.json({ data: [{ id: 'a' }, { id: 'b' }, { nothing: 1 }] })
  expect(await checking).toEqual({ ok: true, reason: undefined, models: ['a', 'b'], checkedAt: Date.now() })
  expect(vi.getTimerCount()).toBe(0)
})

const answers: [what: string, play: (flight: FakeFlight) => unknown, result: object][] = [
  [
    'Gemini’s list',
    (flight) => flight.json({ models: [{ name: 'models/gemini-x' }] }),
    { ok: true, models: ['gemini-x'] },
  ],
  ['a bare list', (flight) => flight.json([{ id: 'a' }]), { ok: true, models: ['a'] }],
  ['no list at all', (flight) => flight.json('what?'), { ok: true, models: [] }],
  ['404: it is there, and has no list', (flight) => flight.json({}, 404), { ok: true, models: [] }],
  ['405 likewise', (flight) => flight.json({}, 405), { ok: true, models: [] }],
  [
    '401',
    (flight) => flight.json({ error: { message: 'Wrong key sk-secret-of-p.' } }, 401),
    { ok: false, reason: 'HTTP 401: Wrong key [key].', models: [] },
  ],
  ['500', (flight) => flight.head(500).end(), { ok: false, reason: expect.stringMatching(/^HTTP 500: /) }],
  [
    'no connection',
    (flight) => flight.error(new Error('connect ECONNREFUSED')),
    { ok: false, reason: 'connect ECONNREFUSED' },
  ],
  ['an error without words', (flight) => flight.error(new RangeError()), { ok: false, reason: 'RangeError' }],
  [
    'a list without end',
    (flight) => flight.head(200).data(Buffer.alloc(9 * 1024 * 1024)),
    { ok: false, reason: 'the list of models is too long' },
  ],
]
test.each(answers)('%s', async (_what, play, result) => {
  const checking = probe.check(p)
  play(upstream.last)
  expect(await checking).toMatchObject(result)
})

test('silence ends after five seconds', async () => {
  const checking = probe.check(p)
  upstream.last.head(200)
  vi.advanceTimersByTime(5000)
  expect(await checking).toMatchObject({ ok: false, reason: 'no answer within 5 s' })
})

test('a request that cannot even be begun says why', async () => {
  const send = (_: unknown, handler: ResponseHandler) => {
    handler.onError(new Error('invalid path'))
    return { pause: () => {}, resume: () => {}, abort: () => {} }
  }
  const other = createProbe({ upstream: { send, close: () => Promise.resolve() }, now: Date.now, scrub: String })
  expect(await other.check(p)).toMatchObject({ ok: false, reason: 'invalid path' })
  expect(vi.getTimerCount()).toBe(0)
})

test('a provider that cannot be called is not', async () => {
  const unset = provider({ apiKey: undefined })
  expect(await probe.check(unset)).toMatchObject({ ok: false, reason: expect.stringContaining('no API key') })
  expect(upstream.flights).toHaveLength(0)
})

describe('results are shared', () => {
  test('while one runs, and for half a minute', async () => {
    const checks = [probe.check(p), probe.check(p)]
    upstream.last.json({ data: [] })
    await Promise.all(checks)
    vi.advanceTimersByTime(29_999)
    await probe.check(p)
    expect(upstream.flights).toHaveLength(1)
    vi.advanceTimersByTime(1)
    void probe.check(p)
    expect(upstream.flights).toHaveLength(2)
  })

  test('the last one is told, however old', async () => {
    expect(probe.last(p)).toBeUndefined()
    const checking = probe.check(p)
    upstream.last.json({ data: [] })
    const result = await checking
    vi.advanceTimersByTime(3_600_000)
    expect(probe.last(p)).toBe(result)
  })
})

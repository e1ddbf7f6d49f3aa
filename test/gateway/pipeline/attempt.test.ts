import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { GatewayError } from '../../../gateway/errors.ts'
import { attempt, type AttemptPorts } from '../../../gateway/pipeline/attempt.ts'
import { createBreaker, type Breaker } from '../../../gateway/pipeline/breaker.ts'
import type { Target } from '../../../gateway/pipeline/call.ts'
import type { CallTrace } from '../../../gateway/telemetry/call-trace.ts'
import {
  call,
  chunk,
  completion,
  dialect,
  type FakeFlight,
  FakeUpstream,
  hello,
  MemorySink,
  nobody,
  provider,
  sse,
  target,
} from './stage.ts'

type Play = (flight: FakeFlight) => void

const good: Play = (flight) => void flight.json(completion('Hello!'))
const error =
  (status: number, headers = {}): Play =>
  (flight) =>
    void flight.json({ error: { message: `Status ${status}.` } }, status, headers)
const reset: Play = (flight) => void flight.error(Object.assign(new Error('x'), { code: 'ECONNRESET' }))

const a = target({}, provider({ name: 'a', maxRetries: 2 }))
const b = target({ model: 'm2', substituted: true }, provider({ name: 'b', maxRetries: 0 }))

let breaker: Breaker
let steps: string[]
beforeEach(() => {
  vi.useFakeTimers()
  steps = []
  breaker = createBreaker(Date.now, () => {})
})
afterEach(() => void vi.useRealTimers())

interface Settings {
  targets?: Target[]
  body?: JsonObject
  signal?: AbortSignal
  trace?: CallTrace
  maxAttempts?: number
  random?: number
}

async function run(plays: Play[], { targets = [a], body = hello, signal, trace, ...more }: Settings = {}) {
  const sink = new MemorySink()
  const upstream = new FakeUpstream(...plays)
  const ports: AttemptPorts = {
    upstream,
    breaker,
    now: Date.now,
    nowMs: Date.now,
    scrub: (text) => text,
    inlineMedia: (request) => Promise.resolve(request),
    random: () => more.random ?? 0.5,
    maxAttempts: more.maxAttempts ?? 6,
    onRetry: ({ provider: { name } }, step) => void steps.push(`${name} ${step}`),
  }
  const opened = call(body, { sink, ...(signal === undefined ? {} : { signal }) })
  const of = trace === undefined ? opened : { ...opened, trace }
  const route = { alias: undefined, targets }
  const input = { call: of, caller: nobody, route, cache: 'MISS' as const, headers: {}, collect: false }
  const started = Date.now()
  const running = attempt(input, ports)
  await vi.runAllTimersAsync()
  const answer = await running
  const asked = upstream.flights.map(({ body: sent }) => sent['model'])
  return { answer, asked, sink, upstream, tookMs: Date.now() - started }
}

describe('one target', () => {
  test('answers', async () => {
    const { answer } = await run([good])
    expect(answer).toMatchObject({ failure: undefined, cache: 'MISS', hit: undefined, head: { status: 200 } })
    expect(answer.attempts).toHaveLength(1)
    expect(answer.decisive).toBe(answer.attempts[0])
  })

  test('is asked again after a hiccup, with full jitter', async () => {
    const { answer, tookMs } = await run([error(500), reset, good])
    expect(answer.failure).toBeUndefined()
    expect(answer.attempts.map(({ number, outcome }) => [number, outcome])).toEqual([
      [1, 'error'],
      [2, 'error'],
      [3, 'ok'],
    ])
    expect(answer.decisive).toBe(answer.attempts[2])
    expect(answer.head.headers['x-gateway-attempts']).toBe('3')
    expect(steps).toEqual(['a retry', 'a retry'])
    expect(tookMs).toBe(250 + 500)
  })

  test('is waited for as it says', async () => {
    const { tookMs } = await run([error(429, { 'retry-after-ms': '4321' }), good])
    expect(tookMs).toBe(4321)
  })

  test('is not waited for longer than is worth it: the client is told', async () => {
    const { answer, tookMs } = await run([error(429, { 'retry-after': '3600' })])
    expect(answer.failure).toMatchObject({ status: 429, retryAfterMs: 3_600_000 })
    expect(tookMs).toBeLessThan(100)
  })

  test('fails for good after its retries', async () => {
    const { answer, asked } = await run([error(500), error(500), error(503)])
    expect(asked).toHaveLength(3)
    expect(answer.failure).toMatchObject({ status: 503, message: 'Status 503.' })
    expect(answer.head.headers).toMatchObject({ 'x-gateway-provider': 'a', 'x-gateway-attempts': '3' })
  })

  test.each([[400], [401], [403], [404], [413], [422]])('%i is the client’s to read, at once', async (status) => {
    const { answer, asked } = await run([error(status)], { targets: [a, b] })
    expect(asked).toHaveLength(1)
    expect(answer.failure).toMatchObject({ status, message: `Status ${status}.` })
  })
})

describe('with spans', () => {
  test('each attempt is named to its provider', async () => {
    const begun: string[] = []
    const trace: CallTrace = {
      keepsContent: false,
      attempt(number, { provider: { name }, model }) {
        begun.push(`${number} ${name} ${model}`)
        return { traceparent: `span-${number}` }
      },
    }
    const { upstream } = await run([error(500), error(429), good], { targets: [a, b], trace })
    expect(begun).toEqual(['1 a m', '2 a m', '3 b m2'])
    expect(upstream.flights.map(({ request }) => request.headers['traceparent'])).toEqual([
      'span-1',
      'span-2',
      'span-3',
    ])
  })

  test('the answer is kept where they are to tell it', async () => {
    const stream: Play = (flight) =>
      void flight
        .head(200, { 'content-type': 'text/event-stream' })
        .data(sse(chunk('Hi')))
        .data(sse(chunk({}, 'stop')) + 'data: [DONE]\n\n')
        .end()
    const asked = { body: { ...hello, stream: true } }
    const without = await run([stream], asked)
    expect(without.answer.attempts[0]?.seen).toMatchObject({ reply: undefined, finishes: ['stop'] })
    const trace: CallTrace = { keepsContent: true, attempt: () => ({}) }
    const { answer } = await run([stream], { ...asked, trace })
    expect(answer.attempts[0]?.seen?.reply?.choices[0]?.parts).toEqual([{ type: 'text', text: 'Hi' }])
  })
})

describe('fallback', () => {
  test('after the first one’s retries', async () => {
    const { answer, asked } = await run([error(500), error(500), error(500), good], { targets: [a, b] })
    expect(asked).toEqual(['m', 'm', 'm', 'm2'])
    expect(steps).toEqual(['a retry', 'a retry', 'a next'])
    expect(answer.failure).toBeUndefined()
    expect(answer.head.headers).toMatchObject({
      'x-gateway-provider': 'b',
      'x-gateway-model': 'm2',
      'x-gateway-attempts': '4',
      'x-gateway-warnings': 'fallback: answered by b/m2',
    })
  })

  test.each([[429], [503], [529]])('at once from one that is busy (%i)', async (status) => {
    const { asked, tookMs } = await run([error(status, { 'retry-after': '1' }), good], { targets: [a, b] })
    expect(asked).toEqual(['m', 'm2'])
    expect(tookMs).toBeLessThan(100)
  })

  test('the client is told what its first choice said, and what became of the others', async () => {
    const { answer } = await run([error(503), error(500)], { targets: [a, b] })
    expect(answer.failure).toMatchObject({ status: 503, message: 'Status 503. Fallback failed too: b/m2: Status 500.' })
    expect(answer.decisive?.target.provider.name).toBe('b')
  })

  test('only so many attempts in all', async () => {
    const { answer, asked } = await run([error(500), error(500)], { targets: [a, b], maxAttempts: 2 })
    expect(asked).toEqual(['m', 'm'])
    expect(answer.failure?.status).toBe(500)
  })

  test('on an error inside a 200, on a cut stream before content, on an empty one', async () => {
    const plays: Play[] = [
      (flight) => void flight.stream({ error: { message: 'Overloaded.', code: 503 } }),
      (flight) => void flight.stream(chunk({ role: 'assistant' })).end(),
      (flight) => void flight.stream('[DONE]').end(),
    ]
    const one = target({}, provider({ name: 'a', maxRetries: 0 }))
    const answering: Play = (flight) => void flight.stream(chunk('Hi'), chunk({}, 'stop'), '[DONE]').end()
    for (const play of plays) {
      const { answer, sink } = await run([play, answering], { targets: [one, b], body: { ...hello, stream: true } })
      expect(answer.failure).toBeUndefined()
      expect(sink.heads).toHaveLength(1)
      expect(sink.text).toBe(sse(chunk('Hi'), chunk({}, 'stop')))
    }
  })

  test('never after the commit point', async () => {
    const { answer, asked, sink } = await run([(flight) => void flight.stream(chunk('Hi')).end(), good], {
      targets: [a, b],
      body: { ...hello, stream: true },
    })
    expect(asked).toEqual(['m'])
    expect(answer.failure).toMatchObject({ code: 'stream_truncated' })
    expect(sink.text + Buffer.from(answer.tail).toString()).toContain('"error":{')
  })

  test('what cannot be said in one dialect may be sayable in the next', async () => {
    const anthropic = target(
      { dialect: dialect('anthropic-messages'), passThrough: false },
      provider({ name: 'c', type: 'anthropic', baseUrl: 'http://127.0.0.1:9' }),
    )
    const audio = { type: 'input_audio', input_audio: { data: 'AAAA', format: 'wav' } }
    const body: JsonObject = { model: 'm', messages: [{ role: 'user', content: [audio] }] }
    const { answer, asked } = await run([good], { targets: [anthropic, b], body })
    expect(asked).toEqual(['m2'])
    expect(answer.failure).toBeUndefined()
    const alone = await run([], { targets: [anthropic], body })
    expect(alone.answer).toMatchObject({ attempts: [], decisive: undefined, failure: { status: 400 } })
  })

  test('a provider that lacks its key is not asked, and says so', async () => {
    const unset = target({}, provider({ name: 'u', apiKey: undefined }))
    const { asked, answer } = await run([good], { targets: [unset, b] })
    expect(asked).toEqual(['m2'])
    expect(answer.failure).toBeUndefined()
    const alone = await run([], { targets: [unset] })
    expect(alone.answer.failure).toMatchObject({
      status: 503,
      code: 'no_provider',
      message: expect.stringMatching(/^Provider "u" cannot be asked: no API key: set providers\[0\]\.apiKey/),
    })
  })

  test('a member that is malformed inside is a 400 where it must be read, not a mistake of ours', async () => {
    const quirky = target({}, provider({ name: 'q', type: 'mistral', baseUrl: 'http://127.0.0.1:9/v1' }))
    const sink = new MemorySink()
    const of = call('{"model":"m","messages":[{"role":"developer","content":"x"},]}', { sink })
    const ports = {
      upstream: new FakeUpstream(),
      breaker,
      now: Date.now,
      nowMs: Date.now,
      scrub: String,
      random: () => 0,
      maxAttempts: 1,
      onRetry: () => {},
    }
    const answer = await attempt(
      {
        call: of,
        caller: nobody,
        route: { alias: undefined, targets: [quirky] },
        cache: 'BYPASS',
        headers: {},
        collect: false,
      },
      { ...ports, inlineMedia: (request) => Promise.resolve(request) },
    )
    expect(answer.failure).toMatchObject({ status: 400, code: 'invalid_json' })
  })
})

describe('the circuit', () => {
  const { key } = a

  test('is fed with what came of it', async () => {
    const report = vi.spyOn(breaker, 'report')
    await run([error(500), error(429), good])
    expect(report.mock.calls).toEqual([
      [key, 'failure'],
      [key, 'neutral'],
      [key, 'success'],
    ])
  })

  test('a 200 that carries an error, and a stream that breaks, are failures', async () => {
    const report = vi.spyOn(breaker, 'report')
    const one = target({}, provider({ name: 'a', maxRetries: 0 }))
    const body = { ...hello, stream: true }
    await run([(flight) => void flight.stream({ error: { message: 'x', code: 500 } })], { targets: [one], body })
    await run([(flight) => void flight.stream(chunk('Hi')).end()], { targets: [one], body })
    expect(report.mock.calls).toEqual([
      [key, 'failure'],
      [key, 'failure'],
    ])
  })

  test('open: nobody asks, the next target answers', async () => {
    for (let count = 0; count < 5; count += 1) breaker.report(key, 'failure')
    const { asked, answer } = await run([good], { targets: [a, b] })
    expect(asked).toEqual(['m2'])
    expect(answer.attempts).toHaveLength(1)
  })

  test('open, and nobody else: 503 that says when', async () => {
    for (let count = 0; count < 5; count += 1) breaker.report(key, 'failure')
    const { asked, answer } = await run([])
    expect(asked).toEqual([])
    expect(answer.failure).toMatchObject({ status: 503, code: 'provider_unavailable', retryAfterMs: 10_000 })
    expect(answer.failure?.message).toContain('it is asked again in 10 s')
  })

  test('opens in the middle of the retries: what it really said is told', async () => {
    for (let count = 0; count < 4; count += 1) breaker.report(key, 'failure')
    const { asked, answer } = await run([error(500)])
    expect(asked).toHaveLength(1)
    expect(answer.failure).toMatchObject({ status: 500, message: 'Status 500.' })
  })
})

describe('an abort', () => {
  test('while it waits for a retry ends it at once', async () => {
    const controller = new AbortController()
    const upstream = new FakeUpstream(error(500))
    const running = attempt(
      {
        call: call(hello, { signal: controller.signal }),
        caller: nobody,
        route: { alias: undefined, targets: [a] },
        cache: 'MISS',
        headers: {},
        collect: false,
      },
      {
        upstream,
        breaker,
        now: Date.now,
        nowMs: Date.now,
        scrub: String,
        inlineMedia: (request) => Promise.resolve(request),
        random: () => 0.9,
        maxAttempts: 6,
        onRetry: () => {},
      },
    )
    await vi.advanceTimersByTimeAsync(100)
    controller.abort(new GatewayError('request_timeout', 'Too slow.'))
    expect((await running).failure).toMatchObject({ status: 408, message: 'Too slow.', retryable: false })
    expect(upstream.flights).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('of the client is neither retried nor blamed', async () => {
    const report = vi.spyOn(breaker, 'report')
    const controller = new AbortController()
    const { answer, asked } = await run([() => controller.abort()], { signal: controller.signal, targets: [a, b] })
    expect(asked).toHaveLength(1)
    expect(answer).toMatchObject({ failure: { status: 499 }, decisive: { outcome: 'aborted' } })
    expect(report.mock.calls).toEqual([[key(), 'neutral']])
  })

  function key(): string {
    return a.key
  }
})

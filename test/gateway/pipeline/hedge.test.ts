import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import type { HedgeConfig } from '../../../gateway/config/hedge.ts'
import { attempt, type Attempted, type AttemptPorts } from '../../../gateway/pipeline/attempt.ts'
import { createBreaker, type Breaker } from '../../../gateway/pipeline/breaker.ts'
import type { Target } from '../../../gateway/pipeline/call.ts'
import { createHedging, type HedgePorts } from '../../../gateway/pipeline/hedge.ts'
import type { Spend } from '../../../gateway/pipeline/spend.ts'
import { attemptUsage, ledgerRows } from '../../../gateway/pipeline/settle.ts'
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

const a = target({ model: 'm1' }, provider({ name: 'a', maxRetries: 0 }))
const b = target({ model: 'm2' }, provider({ name: 'b', maxRetries: 0 }))
const c = target({ model: 'm3' }, provider({ name: 'c', maxRetries: 0 }))
const translated = target(
  { model: 'claude', dialect: dialect('anthropic-messages'), passThrough: false },
  provider({ name: 't', type: 'anthropic', baseUrl: 'http://127.0.0.1:9', maxRetries: 0 }),
)
const streamed: JsonObject = { ...hello, stream: true }
const afterMs = 100

let breaker: Breaker
beforeEach(() => {
  vi.useFakeTimers()
  breaker = createBreaker(Date.now, () => {})
})
afterEach(() => void vi.useRealTimers())

interface Settings {
  targets?: Target[]
  body?: JsonObject
  rule?: Partial<HedgeConfig>
  spend?: Spend
  trace?: CallTrace
  maxAttempts?: number
}

/** Calls through one gateway: what it has measured and its credit last from call to call. */
function scene({ rule, targets = [a, b], body = hello, ...more }: Settings = {}) {
  const outcomes: string[] = []
  const onUnexpected = vi.fn<HedgePorts['onUnexpected']>()
  const onHedge: HedgePorts['onHedge'] = ({ outcome, target: { key } }) => void outcomes.push(`${key} ${outcome}`)
  const hedge = createHedging(
    { after: afterMs, maxRate: 1, ...rule },
    { breaker, nowMs: Date.now, onHedge, onUnexpected },
  )
  const upstream = new FakeUpstream()
  const ports: AttemptPorts = {
    upstream,
    breaker,
    hedge,
    now: Date.now,
    nowMs: Date.now,
    scrub: (text) => text,
    inlineMedia: (request) => Promise.resolve(request),
    random: () => 0.5,
    maxAttempts: more.maxAttempts ?? 6,
    onRetry: () => {},
    ...(more.spend !== undefined && { spend: more.spend }),
  }
  function begin() {
    const sink = new MemorySink()
    const client = new AbortController()
    const opened = call(body, { sink, signal: client.signal })
    const of = more.trace === undefined ? opened : { ...opened, trace: more.trace }
    const route = { alias: undefined, targets }
    const answer = attempt({ call: of, caller: nobody, route, cache: 'MISS', headers: {}, collect: false }, ports)
    return { answer, sink, client, call: of }
  }
  const flight = (index: number): FakeFlight => {
    const found = upstream.flights[index]
    if (found === undefined) throw new Error(`there is no request ${index}`)
    return found
  }
  return { begin, upstream, outcomes, flight, onUnexpected }
}

const wait = (ms: number): Promise<unknown> => vi.advanceTimersByTimeAsync(ms)
const answers = (flight: FakeFlight, text: string): void => void flight.json(completion(text))
const fails = (flight: FakeFlight, status: number): void =>
  void flight.json({ error: { message: `Status ${status}.` } }, status)
const outline = ({ attempts }: Attempted): unknown[] =>
  attempts.map(({ number, target: { key }, outcome, errorCode }) => [number, key, outcome, errorCode])
const text = ({ tail }: Attempted): string => Buffer.from(tail).toString()

describe('whole answers', () => {
  test('one that is quick is alone', async () => {
    const { begin, upstream, outcomes, flight } = scene()
    const { answer } = begin()
    await wait(afterMs - 1)
    answers(flight(0), 'first')
    const { head, decisive, attempts } = await answer
    await wait(1000)
    expect(upstream.flights).toHaveLength(1)
    expect(head.headers['x-gateway-attempts']).toBe('1')
    expect(decisive).toBe(attempts[0])
    expect(outcomes).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('the second answers first: the first is cut off', async () => {
    const { begin, upstream, outcomes, flight } = scene()
    const { answer } = begin()
    await wait(afterMs)
    expect(upstream.flights).toHaveLength(2)
    await wait(20)
    answers(flight(1), 'second')
    const settled = await answer
    expect(flight(0).aborted).toBeDefined()
    expect(outline(settled)).toEqual([
      [1, 'a/m1', 'aborted', 'hedge_lost'],
      [2, 'b/m2', 'ok', undefined],
    ])
    expect(settled.decisive).toBe(settled.attempts[1])
    expect(settled.failure).toBeUndefined()
    expect(settled.head.headers).toMatchObject({ 'x-gateway-provider': 'b', 'x-gateway-attempts': '2' })
    expect(text(settled)).toContain('second')
    expect(outcomes).toEqual(['b/m2 won'])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('the first answers first: the second is cut off', async () => {
    const { begin, outcomes, flight } = scene()
    const { answer } = begin()
    await wait(afterMs + 10)
    answers(flight(0), 'first')
    const settled = await answer
    expect(flight(1).aborted).toBeDefined()
    expect(outline(settled)).toEqual([
      [1, 'a/m1', 'ok', undefined],
      [2, 'b/m2', 'aborted', 'hedge_lost'],
    ])
    expect(settled.decisive).toBe(settled.attempts[0])
    expect(settled.head.headers).toMatchObject({ 'x-gateway-provider': 'a', 'x-gateway-attempts': '2' })
    expect(outcomes).toEqual(['b/m2 lost'])
  })

  test('both are complete in the same turn: the earlier one is the answer, and both are paid for', async () => {
    const { begin, outcomes, flight } = scene()
    const running = begin()
    await wait(afterMs)
    answers(flight(1), 'second')
    answers(flight(0), 'first')
    const settled = await running.answer
    expect(text(settled)).toContain('second')
    expect(settled.decisive).toBe(settled.attempts[1])
    expect(outline(settled)).toEqual([
      [1, 'a/m1', 'ok', undefined],
      [2, 'b/m2', 'ok', undefined],
    ])
    expect(settled.attempts.map((each) => attemptUsage(each, running.call)?.output)).toEqual([5, 5])
    expect(outcomes).toEqual(['b/m2 won'])
  })

  test('the slower one is paid for what it took in', async () => {
    const { begin, flight } = scene()
    const running = begin()
    await wait(afterMs)
    answers(flight(1), 'second')
    const answer = await running.answer
    const [lost, won] = answer.attempts
    expect(attemptUsage(lost!, running.call)).toEqual({ input: expect.any(Number), output: 0, estimated: true })
    expect(attemptUsage(lost!, running.call)?.input).toBeGreaterThan(0)
    expect(attemptUsage(won!, running.call)).toMatchObject({ input: 10, output: 5 })
    const rows = ledgerRows(
      { call: running.call, caller: nobody, route: undefined, ticket: undefined, answer },
      { costOf: (_, { input = 0, output = 0 }) => input + 2 * output, nowMs: Date.now },
    )
    expect(
      rows.map(({ attempt: number, final, estimated, costNanoUsd }) => [number, final, estimated, costNanoUsd]),
    ).toEqual([
      [1, false, true, attemptUsage(lost!, running.call)?.input],
      [2, true, false, 20],
    ])
  })

  test('what its provider had begun to refuse is not paid for', async () => {
    const { begin, flight } = scene()
    const running = begin()
    await wait(afterMs)
    flight(0).head(503, { 'content-type': 'application/json' })
    answers(flight(1), 'second')
    const { attempts } = await running.answer
    expect(attempts[0]).toMatchObject({ errorCode: 'hedge_lost', status: 503 })
    expect(attemptUsage(attempts[0]!, running.call)).toBeUndefined()
  })

  test('what had not even left is not paid for', async () => {
    const { begin, flight } = scene()
    const running = begin()
    await wait(afterMs)
    Object.assign(flight(0), { isSent: false })
    answers(flight(1), 'second')
    const { attempts } = await running.answer
    expect(attempts[0]).toMatchObject({ errorCode: 'hedge_lost', produced: false })
    expect(attemptUsage(attempts[0]!, running.call)).toBeUndefined()
  })
})

describe('streams', () => {
  const whole = sse(chunk('Hi'), chunk({}, 'stop'))

  test('first content of the second: only its bytes reach the client, and the first is cut off there and then', async () => {
    const { begin, flight, outcomes } = scene({ body: streamed })
    const { answer, sink } = begin()
    await wait(afterMs)
    // No content yet: a role is none.
    flight(0).stream(chunk({ role: 'assistant' }))
    await wait(10)
    expect(sink.heads).toEqual([])
    flight(1).stream(chunk('Hi'))
    expect(flight(0).aborted).toBeDefined()
    expect(sink.heads).toMatchObject([{ headers: { 'x-gateway-provider': 'b', 'x-gateway-attempts': '2' } }])
    flight(0).data(sse(chunk('no')))
    flight(1)
      .data(sse(chunk({}, 'stop'), '[DONE]'))
      .end()
    const settled = await answer
    expect(sink.text).toBe(whole)
    expect(outline(settled)).toEqual([
      [1, 'a/m1', 'aborted', 'hedge_lost'],
      [2, 'b/m2', 'ok', undefined],
    ])
    expect(settled.attempts[1]?.firstTokenMs).toBe(10)
    expect(outcomes).toEqual(['b/m2 won'])
  })

  test('first content of the first', async () => {
    const { begin, flight, outcomes } = scene({ body: streamed })
    const { answer, sink } = begin()
    await wait(afterMs)
    flight(0).stream(chunk('Hi'))
    expect(flight(1).aborted).toBeDefined()
    expect(sink.heads).toMatchObject([{ headers: { 'x-gateway-provider': 'a', 'x-gateway-attempts': '2' } }])
    flight(0)
      .data(sse(chunk({}, 'stop'), '[DONE]'))
      .end()
    expect((await answer).decisive).toMatchObject({ number: 1, outcome: 'ok' })
    expect(sink.text).toBe(whole)
    expect(outcomes).toEqual(['b/m2 lost'])
  })

  test('content before the delay is over: nobody else is asked, however long the rest takes', async () => {
    const { begin, flight, upstream } = scene({ body: streamed })
    const { answer, sink } = begin()
    await wait(afterMs - 1)
    flight(0).stream(chunk('Hi'))
    await wait(10 * afterMs)
    expect(upstream.flights).toHaveLength(1)
    flight(0)
      .data(sse(chunk({}, 'stop'), '[DONE]'))
      .end()
    await answer
    expect(sink.heads).toMatchObject([{ headers: { 'x-gateway-attempts': '1' } }])
  })

  test('the winner breaks off: that is told in the stream, and nobody else is asked', async () => {
    const { begin, flight, upstream } = scene({ body: streamed, targets: [a, b, c] })
    const { answer } = begin()
    await wait(afterMs)
    flight(1).stream(chunk('Hi')).end()
    const settled = await answer
    expect(settled.failure).toMatchObject({ code: 'stream_truncated' })
    expect(settled.decisive).toMatchObject({ number: 2, outcome: 'broken' })
    expect(upstream.flights).toHaveLength(2)
  })

  test('what the slower one had reported counts as reported', async () => {
    const { begin, flight } = scene({ body: streamed, targets: [translated, b] })
    const running = begin()
    await wait(afterMs)
    const start = {
      type: 'message_start',
      message: { id: 'm', model: 'claude', usage: { input_tokens: 77, output_tokens: 1 } },
    }
    flight(0)
      .head(200, { 'content-type': 'text/event-stream' })
      .data(`event: message_start\ndata: ${JSON.stringify(start)}\n\n`)
    flight(1).stream(chunk('Hi'), chunk({}, 'stop'), '[DONE]').end()
    const { attempts } = await running.answer
    const usage = attemptUsage(attempts[0]!, running.call)
    expect(usage).toMatchObject({ input: 77 })
    expect(usage?.estimated).toBeUndefined()
  })

  test('a translated one can win', async () => {
    const { begin, flight } = scene({ body: streamed, targets: [a, translated] })
    const { answer, sink } = begin()
    await wait(afterMs)
    const events = [
      { type: 'message_start', message: { id: 'm', model: 'claude', usage: { input_tokens: 7, output_tokens: 1 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi' } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
      { type: 'message_stop' },
    ]
    const bytes = events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
    flight(1).head(200, { 'content-type': 'text/event-stream' }).data(bytes).end()
    const settled = await answer
    expect(flight(0).aborted).toBeDefined()
    expect(sink.heads).toMatchObject([{ headers: { 'x-gateway-provider': 't', 'x-gateway-attempts': '2' } }])
    expect(sink.text).toContain('"content":"Hi"')
    expect(settled.decisive?.usage).toMatchObject({ input: 7, output: 2 })
  })

  test('a client that reads slowly slows the winner', async () => {
    const { begin, flight } = scene({ body: streamed })
    const { sink } = begin()
    await wait(afterMs)
    sink.full = true
    flight(1).stream(chunk('Hi'))
    expect(flight(1).paused).toBe(true)
    sink.drain()
    expect(flight(1).paused).toBe(false)
  })
})

describe('failures', () => {
  test('the first fails: the second goes on', async () => {
    const { begin, flight, outcomes } = scene()
    const { answer } = begin()
    await wait(afterMs)
    fails(flight(0), 503)
    await wait(50)
    answers(flight(1), 'second')
    const settled = await answer
    expect(settled.failure).toBeUndefined()
    expect(outline(settled)).toEqual([
      [1, 'a/m1', 'error', undefined],
      [2, 'b/m2', 'ok', undefined],
    ])
    expect(outcomes).toEqual(['b/m2 won'])
  })

  test.each([503, 400, 401])('the second fails (%i): the first goes on', async (status) => {
    const { begin, flight, outcomes } = scene()
    const { answer } = begin()
    await wait(afterMs)
    fails(flight(1), status)
    await wait(50)
    answers(flight(0), 'first')
    const settled = await answer
    expect(settled.failure).toBeUndefined()
    expect(settled.decisive).toBe(settled.attempts[0])
    expect(settled.attempts.map(({ outcome }) => outcome)).toEqual(['ok', 'error'])
    expect(outcomes).toEqual(['b/m2 failed'])
  })

  test('the first fails before the delay: what follows is a fallback, and not hedged', async () => {
    const { begin, flight, upstream, outcomes } = scene({ targets: [a, b, c] })
    const { answer } = begin()
    await wait(10)
    fails(flight(0), 503)
    await wait(10 * afterMs)
    expect(upstream.flights).toHaveLength(2)
    answers(flight(1), 'second')
    expect(outline(await answer)).toHaveLength(2)
    expect(outcomes).toEqual([])
  })

  test('the first is refused for good: the second is called off, and the client reads why', async () => {
    const { begin, flight } = scene()
    const { answer } = begin()
    await wait(afterMs)
    fails(flight(0), 400)
    const settled = await answer
    expect(flight(1).aborted).toBeDefined()
    expect(settled.failure).toMatchObject({ status: 400, message: 'Status 400.' })
    expect(settled.decisive).toBe(settled.attempts[0])
    expect(outline(settled)).toEqual([
      [1, 'a/m1', 'error', undefined],
      [2, 'b/m2', 'aborted', 'hedge_lost'],
    ])
  })

  test('both fail: the next is asked', async () => {
    const { begin, flight, upstream } = scene({ targets: [a, b, c] })
    const { answer } = begin()
    await wait(afterMs)
    fails(flight(1), 500)
    fails(flight(0), 503)
    await wait(0)
    answers(flight(2), 'third')
    const settled = await answer
    expect(upstream.flights.map(({ body }) => body['model'])).toEqual(['m1', 'm2', 'm3'])
    expect(settled.attempts.map(({ number }) => number)).toEqual([1, 2, 3])
    expect(settled.head.headers['x-gateway-attempts']).toBe('3')
  })

  test('both fail, and nobody is left: the client is told of both, as without hedging', async () => {
    const { begin, flight, upstream } = scene()
    const { answer } = begin()
    await wait(afterMs)
    fails(flight(0), 503)
    fails(flight(1), 500)
    const settled = await answer
    expect(upstream.flights).toHaveLength(2)
    expect(settled.failure).toMatchObject({
      status: 503,
      message: 'Status 503. Fallback failed too: b/m2: Status 500.',
    })
    expect(settled.decisive).toBe(settled.attempts[1])
  })

  test('both fail, and no attempt is left: the client is told of both', async () => {
    const { begin, flight, upstream } = scene({ maxAttempts: 2 })
    const { answer } = begin()
    await wait(afterMs)
    fails(flight(0), 503)
    fails(flight(1), 500)
    expect((await answer).failure).toMatchObject({
      status: 503,
      message: 'Status 503. Fallback failed too: b/m2: Status 500.',
    })
    expect(upstream.flights).toHaveLength(2)
  })

  test('the second fails, and then the first is refused for good: the client reads only that', async () => {
    const { begin, flight } = scene()
    const { answer } = begin()
    await wait(afterMs)
    fails(flight(1), 500)
    fails(flight(0), 400)
    const settled = await answer
    expect(settled.failure).toMatchObject({ status: 400, message: 'Status 400.' })
    expect(settled.decisive).toBe(settled.attempts[0])
  })

  test('both fail: the second keeps its retries', async () => {
    const patient = target({ model: 'm2' }, provider({ name: 'b', maxRetries: 1 }))
    const { begin, flight, upstream } = scene({ targets: [a, patient] })
    const { answer } = begin()
    await wait(afterMs)
    fails(flight(0), 503)
    fails(flight(1), 500)
    await wait(250)
    answers(flight(2), 'again')
    expect((await answer).failure).toBeUndefined()
    expect(upstream.flights.map(({ body }) => body['model'])).toEqual(['m1', 'm2', 'm2'])
  })

  test('the circuit hears of those that failed, and nothing of those that were cut off', async () => {
    const report = vi.spyOn(breaker, 'report')
    const { begin, flight } = scene()
    const { answer } = begin()
    await wait(afterMs)
    answers(flight(1), 'second')
    await answer
    expect(report.mock.calls).toEqual([
      ['b/m2', 'success'],
      ['a/m1', 'neutral'],
    ])
  })
})

describe('a client that hangs up', () => {
  test('ends both', async () => {
    const { begin, flight, outcomes, upstream } = scene({ targets: [a, b, c] })
    const { answer, client } = begin()
    await wait(afterMs)
    client.abort()
    expect([flight(0).aborted, flight(1).aborted]).not.toContain(undefined)
    const settled = await answer
    await wait(1000)
    expect(settled.failure).toMatchObject({ status: 499 })
    expect(outline(settled)).toEqual([
      [1, 'a/m1', 'aborted', undefined],
      [2, 'b/m2', 'aborted', undefined],
    ])
    expect(outcomes).toEqual(['b/m2 aborted'])
    expect(upstream.flights).toHaveLength(2)
  })

  test('after one of them had failed', async () => {
    const { begin, flight, upstream } = scene({ targets: [a, b, c] })
    const { answer, client } = begin()
    await wait(afterMs)
    fails(flight(0), 503)
    await wait(1)
    client.abort()
    expect((await answer).failure).toMatchObject({ status: 499 })
    expect(upstream.flights).toHaveLength(2)
  })

  test('before the delay is over: no second request', async () => {
    const { begin, upstream } = scene()
    const { answer, client } = begin()
    await wait(10)
    client.abort()
    expect((await answer).failure).toMatchObject({ status: 499 })
    await wait(1000)
    expect(upstream.flights).toHaveLength(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('in the middle of the winner’s stream', async () => {
    const { begin, flight } = scene({ body: streamed })
    const { answer, client } = begin()
    await wait(afterMs)
    flight(1).stream(chunk('Hi'))
    client.abort()
    expect(flight(1).aborted).toBeDefined()
    expect((await answer).decisive).toMatchObject({ number: 2, outcome: 'aborted', errorCode: undefined })
  })
})

describe('no second request', () => {
  /** [name, what is different] */
  const rows: [string, Settings][] = [
    ['towards a stand-in', { targets: [a, { ...b, substituted: true }] }],
    ['where the answer is kept', { body: { ...hello, store: true } }],
    ['where the provider calls tools elsewhere', { body: { ...hello, tools: [{ type: 'mcp', server_url: 'x' }] } }],
    ['where one attempt is all', { maxAttempts: 1 }],
    ['for other calls than those of its aliases', { rule: { aliases: ['x'] } }],
    ['before enough is measured', { rule: { after: 'p95' } }],
  ]
  test.each(rows)('%s', async (_, settings) => {
    const { begin, upstream, flight } = scene(settings)
    const { answer } = begin()
    await wait(10 * afterMs)
    expect(upstream.flights).toHaveLength(1)
    answers(flight(0), 'first')
    expect((await answer).failure).toBeUndefined()
  })

  test('towards a target whose circuit opens meanwhile, or is to be probed', async () => {
    const { begin, upstream } = scene()
    begin()
    await wait(10)
    for (let count = 0; count < 5; count += 1) breaker.report(b.key, 'failure')
    await wait(10 * afterMs)
    expect(upstream.flights).toHaveLength(1)
    // Half open: the next call may probe it, this is none.
    await wait(20_000)
    begin()
    await wait(10 * afterMs)
    expect(upstream.flights).toHaveLength(2)
    expect(breaker.allows(b.key)).toBe(true)
  })

  test('beyond the share', async () => {
    const { begin, upstream, outcomes } = scene({ rule: { maxRate: 0.25 } })
    for (let count = 0; count < 8; count += 1) {
      begin()
      await wait(afterMs)
    }
    expect(upstream.flights).toHaveLength(8 + 2)
    expect(outcomes).toEqual(Array.from({ length: 6 }, () => 'b/m2 over_rate'))
  })

  test('beyond the share that others used up meanwhile: that is counted too', async () => {
    const gives: ((has: boolean) => void)[] = []
    const holdBeside = (): Promise<boolean> => new Promise((resolve) => gives.push(resolve))
    const spend = { hold: () => undefined, holdBeside }
    const { begin, upstream, outcomes } = scene({ rule: { maxRate: 0.5 }, spend })
    begin()
    begin()
    await wait(afterMs)
    for (const give of gives) give(true)
    await wait(0)
    expect(upstream.flights).toHaveLength(2 + 1)
    expect(outcomes).toEqual(['b/m2 over_rate'])
  })

  test('beyond the budget', async () => {
    const holdBeside = vi.fn<Spend['holdBeside']>(() => false)
    const { begin, upstream, outcomes } = scene({ spend: { hold: () => undefined, holdBeside } })
    begin()
    await wait(10 * afterMs)
    expect(upstream.flights).toHaveLength(1)
    expect(outcomes).toEqual(['b/m2 over_budget'])
    expect(
      holdBeside.mock.calls.map(
        ([
          {
            target: { key },
          },
        ]) => key,
      ),
    ).toEqual(['b/m2'])
  })

  test('where the money came too late', async () => {
    let give: (has: boolean) => void = () => {}
    const holdBeside = (): Promise<boolean> => new Promise((resolve) => (give = resolve))
    const { begin, upstream, flight } = scene({ spend: { hold: () => undefined, holdBeside } })
    const { answer } = begin()
    await wait(afterMs)
    answers(flight(0), 'first')
    await answer
    give(true)
    await wait(1000)
    expect(upstream.flights).toHaveLength(1)
  })

  test('where asking for money goes wrong: the call goes on, and it is said', async () => {
    const holdBeside = (): Promise<boolean> => Promise.reject(new Error('no'))
    const { begin, upstream, flight, onUnexpected } = scene({ spend: { hold: () => undefined, holdBeside } })
    const { answer } = begin()
    await wait(afterMs)
    expect(onUnexpected).toHaveBeenCalledOnce()
    answers(flight(0), 'first')
    expect((await answer).failure).toBeUndefined()
    expect(upstream.flights).toHaveLength(1)
  })
})

describe('after its own p95', () => {
  async function quick({ begin, upstream }: ReturnType<typeof scene>, ms: number): Promise<void> {
    const { answer } = begin()
    await wait(ms)
    answers(upstream.last, 'first')
    await answer
  }

  test('which needs twenty calls, and is of whole answers apart from streams', async () => {
    const stage = scene({ rule: { after: 'p95' } })
    for (let count = 1; count <= 20; count += 1) await quick(stage, count * 10)
    stage.begin()
    await wait(189)
    expect(stage.upstream.flights).toHaveLength(21)
    await wait(1)
    expect(stage.upstream.flights).toHaveLength(22)
  })

  test('and a call that was cut off counts with the time until then', async () => {
    const stage = scene({ rule: { after: 'p95' } })
    for (let count = 0; count < 20; count += 1) await quick(stage, 10)
    // From now on the first is always slow: the percentile must rise, or every call would be hedged for ever.
    for (let count = 0; count < 8; count += 1) {
      const { answer } = stage.begin()
      await wait(60)
      answers(stage.upstream.last, 'second')
      await answer
    }
    const before = stage.upstream.flights.length
    stage.begin()
    await wait(11)
    expect(stage.upstream.flights).toHaveLength(before + 1)
    await wait(50)
    expect(stage.upstream.flights).toHaveLength(before + 2)
  })

  test('failures and calls that were given up say nothing', async () => {
    const stage = scene({ rule: { after: 'p95' } })
    for (let count = 0; count < 20; count += 1) {
      const { answer, client } = stage.begin()
      await wait(1)
      client.abort()
      await answer
    }
    stage.begin()
    await wait(1000)
    expect(stage.upstream.flights).toHaveLength(21)
  })
})

describe('what no one expected', () => {
  const trace = (failing: number): CallTrace => ({
    keepsContent: false,
    attempt(number) {
      if (number === failing) throw new Error('a mistake of ours')
      return {}
    },
  })

  test('of the second request: the first goes on, nothing is rejected unheard', async () => {
    const { begin, flight, onUnexpected } = scene({ trace: trace(2) })
    const { answer } = begin()
    await wait(afterMs)
    await new Promise((resolve) => process.nextTick(resolve))
    answers(flight(0), 'first')
    const settled = await answer
    expect(text(settled)).toContain('first')
    expect(settled.decisive).toBe(settled.attempts[0])
    expect(onUnexpected).toHaveBeenCalledOnce()
  })

  test('of the first: the second does not go on by itself', async () => {
    let fail = (): void => {}
    const report = vi.spyOn(breaker, 'report').mockImplementation((key) => {
      if (key === a.key) throw new Error('a mistake of ours')
    })
    const { begin, flight } = scene({ body: streamed })
    const { answer, sink } = begin()
    const failed = expect(answer).rejects.toThrow('a mistake of ours')
    await wait(afterMs)
    fail = (): void => void flight(0).json({}, 503)
    fail()
    await failed
    expect(flight(1).aborted).toBeDefined()
    expect(sink.heads).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
    report.mockRestore()
  })
})

test('the client is told of the budgets whoever is faster', async () => {
  const warnings = [{ feature: 'budget', reason: 'the daily budget is used up' }]
  const { begin, flight } = scene({ spend: { hold: () => ({ warnings }), holdBeside: () => true } })
  const { answer } = begin()
  await wait(afterMs)
  answers(flight(1), 'second')
  expect((await answer).head.headers['x-gateway-warnings']).toContain('the daily budget is used up')
})

test('each request has a span of its own', async () => {
  const begun: string[] = []
  const trace: CallTrace = {
    keepsContent: false,
    attempt(number, { provider: { name } }) {
      begun.push(`${number} ${name}`)
      return { traceparent: `span-${number}` }
    },
  }
  const { begin, upstream } = scene({ trace })
  begin()
  await wait(afterMs)
  expect(begun).toEqual(['1 a', '2 b'])
  expect(upstream.flights.map(({ request }) => request.headers['traceparent'])).toEqual(['span-1', 'span-2'])
})

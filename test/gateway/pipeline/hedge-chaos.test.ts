import { getEventListeners } from 'node:events'
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GatewayError } from '../../../gateway/errors.ts'
import { attempt, type AttemptPorts } from '../../../gateway/pipeline/attempt.ts'
import { createBreaker } from '../../../gateway/pipeline/breaker.ts'
import type { Target } from '../../../gateway/pipeline/call.ts'
import { createHedging } from '../../../gateway/pipeline/hedge.ts'
import { ledgerRows } from '../../../gateway/pipeline/settle.ts'
import { call, chunk, completion, dialect, type FakeFlight, FakeUpstream, hello, MemorySink, nobody } from './stage.ts'
import { provider, sse, target } from './stage.ts'

/** Whatever two providers and the client do, in whatever order: what is always true of a call. */

const afterMs = 100
const names = ['a', 'b', 'c']

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const targets: Target[] = names.map((name, index) =>
  name === 'b'
    ? target(
        { model: 'b', dialect: dialect('anthropic-messages'), passThrough: false },
        provider({ name, type: 'anthropic', baseUrl: 'http://127.0.0.1:9', maxRetries: 1 }, index),
      )
    : target({ model: name }, provider({ name, maxRetries: name === 'a' ? 1 : 0 }, index)),
)

const steps = ['role', 'content', 'finish', 'end', 'whole', '503', '400', '429', 'reset', 'garbage'] as const
type Step = (typeof steps)[number]

/** What a provider does, in either dialect; `begun` says whether its head is out. */
function play(flight: FakeFlight, step: Step, begun: Set<FakeFlight>): void {
  if (flight.over) return
  const isOpenAi = flight.request.path.endsWith('/chat/completions')
  const isStream = flight.body['stream'] === true
  const who = isOpenAi ? (flight.body['model'] as string) : 'b'
  const head = (): void => {
    if (begun.has(flight)) return
    begun.add(flight)
    flight.head(200, { 'content-type': isStream ? 'text/event-stream' : 'application/json' })
  }
  const events = (...of: [object, object][]): void => {
    if (!isStream) return
    head()
    for (const [openAi, anthropic] of of) {
      const type = (anthropic as { type?: string }).type ?? ''
      flight.data(isOpenAi ? sse(openAi) : `event: ${type}\ndata: ${JSON.stringify(anthropic)}\n\n`)
    }
  }
  const start = {
    type: 'message_start',
    message: { id: 'm', model: 'b', usage: { input_tokens: 7, output_tokens: 1 } },
  }
  const block = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
  const delta = { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: `<${who}>` } }
  const stop = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } }
  const refuse = (status: number, headers = {}): void => {
    if (begun.has(flight)) return
    begun.add(flight)
    flight.json({ error: { message: `Status ${status}.` } }, status, headers)
  }
  if (step === 'role') events([chunk({ role: 'assistant' }), start])
  if (step === 'content') events([chunk(`<${who}>`), delta])
  if (step === 'finish') events([chunk({}, 'stop'), stop], [chunk({}), { type: 'message_stop' }])
  if (step === 'end' && begun.has(flight)) flight.end()
  if (step === 'reset') flight.error(new Error('reset'))
  if (step === '503') refuse(503)
  if (step === '400') refuse(400)
  if (step === '429') refuse(429, { 'retry-after': '1' })
  if (step === 'garbage') {
    head()
    flight.data('}{ no json\n\n')
  }
  if (step !== 'whole' || begun.has(flight)) return
  if (isStream) {
    events([chunk({ role: 'assistant' }), start], [chunk(''), block], [chunk(`<${who}>`), delta])
    events([chunk({}, 'stop'), stop], [chunk({}), { type: 'message_stop' }])
    flight.end()
    return
  }
  begun.add(flight)
  const content = [{ type: 'text', text: '<b>' }]
  const usage = { input_tokens: 7, output_tokens: 2 }
  flight.json(
    isOpenAi
      ? completion(`<${who}>`)
      : { id: 'm', type: 'message', role: 'assistant', model: 'b', content, stop_reason: 'end_turn', usage },
  )
}

type Event =
  | { type: 'wait'; ms: number }
  | { type: 'step'; of: number; step: Step }
  | { type: 'hang up' | 'time is over' | 'full' | 'drain' }

const due: Event = { type: 'wait', ms: afterMs }
const event: fc.Arbitrary<Event> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.constantFrom(0, 1, 50, 99, 100, 600) }),
  },
  {
    weight: 10,
    arbitrary: fc.record({
      type: fc.constant('step' as const),
      of: fc.constantFrom(0, 0, 1, 1, 2, 3),
      step: fc.constantFrom(...steps),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('hang up', 'time is over', 'full', 'drain') }) },
)

test('one answer, one final row, numbers in order, and nothing is left behind', async () => {
  const given = fc.record({
    stream: fc.boolean(),
    collect: fc.boolean(),
    maxAttempts: fc.constantFrom(1, 2, 3, 6),
    count: fc.constantFrom(2, 3),
    money: fc.constantFrom(undefined, true, false),
    events: fc.oneof(
      fc.array(event, { maxLength: 25 }),
      fc.array(event, { maxLength: 25 }).map((all) => [due, ...all]),
    ),
  })
  await fc.assert(
    fc.asyncProperty(given, async ({ stream, collect, maxAttempts, count, money, events }) => {
      vi.clearAllTimers()
      const breaker = createBreaker(Date.now, () => {})
      const unexpected: unknown[] = []
      const hedge = createHedging(
        { after: afterMs, maxRate: 1 },
        { breaker, nowMs: Date.now, onHedge: () => {}, onUnexpected: (error) => unexpected.push(error) },
      )
      const upstream = new FakeUpstream()
      const ports: AttemptPorts = {
        ...{ upstream, breaker, hedge, maxAttempts, now: Date.now, nowMs: Date.now, scrub: String },
        inlineMedia: (request) => Promise.resolve(request),
        random: () => 0.5,
        onRetry: () => {},
        ...(money !== undefined && { spend: { hold: () => undefined, holdBeside: () => Promise.resolve(money) } }),
      }
      const sink = new MemorySink()
      const client = new AbortController()
      const asked = call({ ...hello, stream, max_tokens: 5 }, { sink, signal: client.signal })
      const route = { alias: undefined, targets: targets.slice(0, count) }
      const input = { call: asked, caller: nobody, route, cache: 'MISS' as const, headers: {}, collect }
      const done = { isDone: false }
      const answering = attempt(input, ports).finally(() => (done.isDone = true))
      const begun = new Set<FakeFlight>()
      await vi.advanceTimersByTimeAsync(0)
      for (const each of events) {
        if (each.type === 'wait') await vi.advanceTimersByTimeAsync(each.ms)
        const flight = each.type === 'step' ? upstream.flights[each.of] : undefined
        if (each.type === 'step' && flight !== undefined) play(flight, each.step, begun)
        if (each.type === 'hang up') client.abort()
        if (each.type === 'time is over') client.abort(new GatewayError('request_timeout', 'Too late.'))
        if (each.type === 'full') sink.full = true
        if (each.type === 'drain') sink.drain()
      }
      // Whoever has not said all by now never will.
      for (let turn = 0; turn < 50 && !done.isDone; turn += 1) {
        await vi.advanceTimersByTimeAsync(100)
        if (turn > 40) client.abort()
      }
      const answer = await answering
      const numbers = answer.attempts.map(({ number }) => number)
      expect(numbers).toEqual(numbers.map((_, index) => index + 1))
      expect(numbers.length).toBeLessThanOrEqual(maxAttempts)
      expect(upstream.flights.length).toBeLessThanOrEqual(numbers.length)
      const rows = ledgerRows(
        { call: asked, caller: nobody, route, ticket: undefined, answer },
        { costOf: () => 1, nowMs: Date.now },
      )
      expect(rows.filter(({ final }) => final)).toHaveLength(1)
      expect(rows.find(({ final }) => final)?.errorCode).not.toBe('hedge_lost')
      expect(upstream.flights.filter(({ over }) => !over)).toEqual([])
      expect(getEventListeners(client.signal, 'abort')).toEqual([])
      expect(vi.getTimerCount()).toBe(0)
      expect(unexpected).toEqual([])
      const sent = sink.headSent ? sink.text + Buffer.from(answer.tail).toString() : Buffer.from(answer.tail).toString()
      const speakers = new Set(sent.match(/<[abc]>/g))
      expect(speakers.size).toBeLessThanOrEqual(1)
      const head = sink.heads[0] ?? answer.head
      if (answer.failure === undefined) {
        // None where the model was told to say nothing.
        expect([`<${answer.decisive?.target.provider.name}>`]).toEqual(expect.arrayContaining([...speakers]))
        expect(head.headers['x-gateway-provider']).toBe(answer.decisive?.target.provider.name)
        expect(Number(head.headers['x-gateway-attempts'])).toBe(numbers.length)
      }
      expect(sink.heads.length).toBeLessThanOrEqual(1)
    }),
    { numRuns: Number(process.env['CHAOS'] ?? 300) },
  )
}, 60_000)

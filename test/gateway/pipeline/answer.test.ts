import { beforeEach, describe, expect, test } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { answer, type AnswerPorts } from '../../../gateway/pipeline/answer.ts'
import { createBreaker } from '../../../gateway/pipeline/breaker.ts'
import type { Answer } from '../../../gateway/pipeline/call.ts'
import { createLookUp } from '../../../gateway/pipeline/lookup.ts'
import { createMemoryCache, type MemoryCache } from '../../../gateway/stores/cache-memory.ts'
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
  usageChunk,
} from './stage.ts'

const whole = (flight: FakeFlight): void => void flight.json(completion('Hello world!'))
const stream = (flight: FakeFlight): void =>
  void flight.stream(chunk('Hello'), chunk(' world!'), chunk({}, 'stop'), usageChunk, '[DONE]').end()
const broken = (flight: FakeFlight): void => void flight.stream(chunk('Hel')).end()
const refused = (flight: FakeFlight): void => void flight.json({ error: { message: 'No.' } }, 400)

let cache: MemoryCache
let upstream: FakeUpstream
let notKept: unknown[]
let ports: AnswerPorts

beforeEach(() => {
  cache = createMemoryCache({ maxBytes: 1_000_000, now: () => 1000 })
  upstream = new FakeUpstream()
  notKept = []
  ports = {
    upstream,
    breaker: createBreaker(
      () => 0,
      () => {},
    ),
    now: () => 1000,
    nowMs: () => 0,
    scrub: String,
    inlineMedia: (request) => Promise.resolve(request),
    random: () => 0,
    maxAttempts: 1,
    onRetry: () => {},
    lookUp: createLookUp({ enabled: true, ttlMs: 60_000 }, { cache, flights: new Map() }),
    pricesReady: () => undefined,
    costOf: () => 35,
    onNotKept: (error) => void notKept.push(error),
  }
})

const ticket = { headers: { 'x-ratelimit-limit-requests': '9' }, settle: () => {} }

interface Asked {
  of: Answer
  sink: MemorySink
  /** What the client has read when all is sent. */
  text: string
}

async function ask(body: JsonObject, play?: (flight: FakeFlight) => void, to = target()): Promise<Asked> {
  if (play !== undefined) upstream.plays.push(play)
  const sink = new MemorySink()
  const input = { call: call(body, { sink }), caller: nobody, route: { alias: undefined, targets: [to] }, ticket }
  const of = await answer(input, ports)
  return { of, sink, text: sink.text + Buffer.from(of.tail).toString() }
}

function words(text: string): string {
  const events = text.split('\n\n').filter((event) => event.startsWith('data: {'))
  const chunks = events.map((event) => JSON.parse(event.slice(6)) as { choices: { delta: { content?: string } }[] })
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('')
}

const streaming = { ...hello, stream: true }

test('a miss goes to the provider and says so', async () => {
  const { of, sink } = await ask(streaming, stream)
  expect(of).toMatchObject({ cache: 'MISS', failure: undefined })
  expect(sink.heads[0]?.headers).toMatchObject({
    'x-cache': 'MISS',
    'x-gateway-request-id': 'c1',
    'x-ratelimit-limit-requests': '9',
  })
})

test('a hit never reaches the provider, and names who made it and what it saves', async () => {
  await ask(hello, whole)
  const { of, text } = await ask(hello)
  expect(upstream.flights).toHaveLength(1)
  expect(of).toMatchObject({
    cache: 'HIT',
    attempts: [],
    decisive: undefined,
    failure: undefined,
    hit: { provider: 'p', providerModel: 'm', savedNanoUsd: 35, storedAt: 1000 },
    head: {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'x-gateway-provider': 'p',
        'x-gateway-model': 'm',
        'x-gateway-attempts': '0',
      },
    },
  })
  expect(text).toBe(JSON.stringify(completion('Hello world!')))
})

describe('one entry serves both forms', () => {
  test('whole, then stream', async () => {
    await ask(hello, whole)
    const { of, text } = await ask(streaming)
    expect(of.cache).toBe('HIT')
    expect(of.head.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    expect(words(text)).toBe('Hello world!')
    expect(text).toMatch(/data: \[DONE\]\n\n$/)
    expect(text).not.toContain('"prompt_tokens"')
  })

  test('whole, then stream with usage', async () => {
    await ask(hello, whole)
    const { text } = await ask({ ...streaming, stream_options: { include_usage: true } })
    expect(text).toContain('"prompt_tokens":10')
  })

  test('stream, then whole', async () => {
    await ask(streaming, stream)
    const { of, text } = await ask(hello)
    expect(of.cache).toBe('HIT')
    expect(JSON.parse(text)).toMatchObject({
      object: 'chat.completion',
      choices: [{ message: { role: 'assistant', content: 'Hello world!' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 5 },
    })
  })

  test('stream, then stream', async () => {
    await ask(streaming, stream)
    const { of, text } = await ask(streaming)
    expect(of.cache).toBe('HIT')
    expect(words(text)).toBe('Hello world!')
  })

  test('translated', async () => {
    const message = {
      id: 'msg',
      type: 'message',
      role: 'assistant',
      model: 'claude',
      content: [{ type: 'text', text: 'Hello world!' }],
      stop_reason: 'end_turn',
      usage: { input_tokens: 1, output_tokens: 2 },
    }
    const to = target(
      { dialect: dialect('anthropic-messages'), passThrough: false },
      provider({ type: 'anthropic', baseUrl: 'http://127.0.0.1:9' }),
    )
    const first = await ask(hello, (flight) => void flight.json(message), to)
    const second = await ask(hello, undefined, to)
    expect(second.of.cache).toBe('HIT')
    expect(second.text).toBe(first.text)
    expect(words((await ask(streaming, undefined, to)).text)).toBe('Hello world!')
  })

  test('long text is replayed in pieces', async () => {
    await ask(hello, (flight) => void flight.json(completion('word '.repeat(100))))
    const { text } = await ask(streaming)
    expect(text.split('\n\n').length).toBeGreaterThan(7)
    expect(words(text)).toBe('word '.repeat(100))
  })
})

test('an answer from a stand-in is shared with those who wait, says so, and is not kept', async () => {
  const standIn = target({ model: 'other', substituted: true })
  const upstreamFlight = Promise.withResolvers<FakeFlight>()
  const first = ask(hello, (flight) => upstreamFlight.resolve(flight), standIn)
  const flight = await upstreamFlight.promise
  const second = ask(hello, undefined, standIn)
  whole(flight)
  expect((await first).of.cache).toBe('MISS')
  const { of } = await second
  expect(of.cache).toBe('HIT')
  expect(of.head.headers['x-gateway-warnings']).toBe('fallback: answered by p/other')
  expect(cache.stats().entries).toBe(0)
})

test('the name of a model that no header can carry does not spoil the hit', async () => {
  const odd = target({ model: 'm\r\nx: \u{1F600}' })
  await ask(hello, whole, odd)
  expect((await ask(hello, undefined, odd)).of.head.headers['x-gateway-model']).toBe('m??x: ??')
})

describe('not kept', () => {
  const table: [what: string, body: JsonObject, play: (flight: FakeFlight) => void][] = [
    ['errors', hello, refused],
    ['broken streams', streaming, broken],
    ['what was asked with cache: false', { ...hello, 'x-gateway': { cache: false } }, whole],
  ]
  test.each(table)('%s', async (_what, body, play) => {
    await ask(body, play)
    expect(cache.stats().entries).toBe(0)
    const again = await ask(hello, whole)
    expect(again.of.cache).toBe('MISS')
    expect(upstream.flights).toHaveLength(2)
  })

  test('cache: false does not read either', async () => {
    await ask(hello, whole)
    const { of } = await ask({ ...hello, 'x-gateway': { cache: false } }, whole)
    expect(of.cache).toBe('BYPASS')
    expect(upstream.flights).toHaveLength(2)
  })
})

test('50 at once ask the provider once', async () => {
  const running = Array.from({ length: 50 }, () => ask(hello))
  await new Promise((resolve) => setImmediate(resolve))
  expect(upstream.flights).toHaveLength(1)
  upstream.last.json(completion('Hello world!'))
  const answers = await Promise.all(running)
  expect(answers.filter(({ of }) => of.cache === 'HIT')).toHaveLength(49)
  expect(new Set(answers.map(({ text }) => text)).size).toBe(1)
})

test('a mistake in keeping an answer costs the client nothing, and those who wait are not left waiting', async () => {
  ports = { ...ports, pricesReady: () => Promise.reject(new Error('no prices')) }
  const first = ask(hello)
  const second = ask(hello)
  await new Promise((resolve) => setImmediate(resolve))
  upstream.last.json(completion('Hello world!'))
  expect((await first).of.failure).toBeUndefined()
  expect(notKept).toHaveLength(1)
  upstream.plays.push(whole)
  await new Promise((resolve) => setImmediate(resolve))
  if (upstream.flights.length === 2) upstream.last.json(completion('Hello again!'))
  expect((await second).of).toMatchObject({ cache: 'MISS', failure: undefined })
})

test('an unknown cost stays unknown in what a hit saves', async () => {
  ports = { ...ports, costOf: () => undefined }
  await ask(hello, whole)
  expect((await ask(hello)).of.hit?.savedNanoUsd).toBeUndefined()
})

test('the sink has had nothing of a whole answer', async () => {
  const { sink } = await ask(hello, whole)
  expect(sink.heads).toEqual([])
  expect(sse()).toBe('')
})

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { JsonObject } from '../../../gateway/chat/json.ts'
import { GatewayError } from '../../../gateway/errors.ts'
import type { Target } from '../../../gateway/pipeline/call.ts'
import { exchange, type ExchangeResult } from '../../../gateway/pipeline/exchange.ts'
import { prepare } from '../../../gateway/pipeline/prepare.ts'
import {
  call,
  chunk,
  completion,
  dialect,
  type FakeFlight,
  FakeUpstream,
  hello,
  MemorySink,
  provider,
  sse,
  target,
  usageChunk,
} from './stage.ts'

const begun = chunk('Hello')
const finish = chunk({}, 'stop')
const streaming = { ...hello, stream: true }

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

interface Settings {
  to?: Target
  signal?: AbortSignal
  collect?: boolean
}

/** An attempt on its way: the test plays the provider with `flight`, and looks at `sink` and `result`. */
async function begin(body: JsonObject = streaming, { to = target(), signal, collect = false }: Settings = {}) {
  const sink = new MemorySink()
  const upstream = new FakeUpstream()
  const of = call(body, {
    sink,
    dialect: to.passThrough ? to.dialect : dialect(),
    ...(signal === undefined ? {} : { signal }),
  })
  const prepared = await prepare(of, to, (request) => Promise.resolve(request))
  const outcome: { result?: ExchangeResult } = {}
  const over = exchange(
    { call: of, target: to, prepared, number: 2, headers: { 'x-cache': 'MISS' }, collect },
    { upstream, now: Date.now, nowMs: Date.now, scrub: (text) => text.replaceAll('sk-secret-of-p', '[key]') },
  ).then((result) => (outcome.result = result))
  return {
    sink,
    over,
    /** What came of it so far; undefined while it runs. */
    now: async () => {
      await Promise.resolve()
      return outcome.result
    },
    get flight(): FakeFlight {
      return upstream.last
    },
    upstream,
  }
}

describe('the request', () => {
  test('goes to the endpoint, with its path and headers', async () => {
    const { flight } = await begin({ ...streaming, 'x-gateway': { cache: false } })
    expect(flight.request).toMatchObject({
      origin: 'http://127.0.0.1:9',
      path: '/v1/chat/completions',
      method: 'POST',
      connectMs: 10_000,
      headers: { authorization: 'Bearer sk-secret-of-p', accept: 'text/event-stream' },
    })
    expect(flight.body).toEqual({ ...streaming, stream_options: { include_usage: true } })
  })

  test('is not sent for a client that is gone', async () => {
    const { upstream, over } = await begin(streaming, { signal: AbortSignal.abort('gone') })
    expect(await over).toMatchObject({ type: 'aborted', reason: 'gone', attempt: { outcome: 'aborted' } })
    expect(upstream.flights).toHaveLength(0)
  })
})

describe('a stream', () => {
  test('nothing leaves before the first content, then everything at once', async () => {
    const { flight, sink, over } = await begin()
    vi.setSystemTime(Date.now() + 30)
    flight.stream(chunk({ role: 'assistant', content: '' }))
    expect(sink.headSent).toBe(false)
    vi.setSystemTime(Date.now() + 70)
    flight.data(sse(begun))
    expect(sink.heads).toHaveLength(1)
    expect(sink.heads[0]).toMatchObject({
      status: 200,
      headers: {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
        'x-accel-buffering': 'no',
        'x-gateway-provider': 'p',
        'x-gateway-model': 'm',
        'x-gateway-attempts': '2',
        'x-cache': 'MISS',
      },
    })
    expect(sink.text).toBe(sse(chunk({ role: 'assistant', content: '' }), begun))
    flight.data(sse(finish, usageChunk, '[DONE]')).end()
    const result = await over
    expect(result).toMatchObject({
      type: 'answered',
      attempt: {
        number: 2,
        outcome: 'ok',
        status: 200,
        firstTokenMs: 100,
        usage: { input: 10, output: 5 },
        produced: true,
      },
    })
    expect(sink.text).toBe(sse(chunk({ role: 'assistant', content: '' }), begun, finish))
    expect(Buffer.from((result as { tail: Uint8Array }).tail).toString()).toBe('data: [DONE]\n\n')
    expect(sink.ended).toEqual([])
  })

  test('all in one piece', async () => {
    const { flight, sink, over } = await begin()
    flight.stream(begun, finish, '[DONE]').end()
    expect((await over).type).toBe('answered')
    expect(sink.text).toBe(sse(begun, finish))
  })

  test('tool calls and refusals are content', async () => {
    for (const delta of [
      { tool_calls: [{ index: 0, id: 'c', function: { name: 'f', arguments: '' } }] },
      { refusal: 'No.' },
      { reasoning_content: 'Hm.' },
    ]) {
      const { flight, sink } = await begin()
      flight.stream(chunk(delta))
      expect(sink.headSent).toBe(true)
    }
  })

  test('a provider that answers whole though asked to stream is made one', async () => {
    const { flight, sink, over } = await begin()
    flight.json(completion('Hello!'))
    const result = await over
    expect(result.type).toBe('answered')
    expect(sink.heads[0]?.headers['content-type']).toBe('text/event-stream; charset=utf-8')
    const tail = Buffer.from((result as { tail: Uint8Array }).tail).toString()
    expect(sink.text + tail).toContain('"content":"Hello!"')
    expect(tail).toMatch(/data: \[DONE\]\n\n$/)
  })

  test('translated', async () => {
    const anthropic = provider({ type: 'anthropic', baseUrl: 'http://127.0.0.1:9' })
    const { flight, sink, over } = await begin(streaming, {
      to: target({ dialect: dialect('anthropic-messages'), passThrough: false }, anthropic),
    })
    expect(flight.request.path).toBe('/v1/messages')
    const start = { type: 'message_start', message: { id: 'msg', model: 'm', usage: { input_tokens: 3 } } }
    const open = { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } }
    flight.head(200, { 'content-type': 'text/event-stream' })
    flight.data(sse(start, open))
    expect(sink.headSent).toBe(false)
    flight.data(sse({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hello' } }))
    expect(sink.text).toContain('"content":"Hello"')
    flight
      .data(
        sse(
          { type: 'content_block_stop', index: 0 },
          { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
          { type: 'message_stop' },
        ),
      )
      .end()
    expect(await over).toMatchObject({ type: 'answered', attempt: { usage: { input: 3, output: 2 } } })
  })
})

describe('a whole answer', () => {
  test('is held: head and bytes are the pipeline’s to send', async () => {
    const { flight, sink, over } = await begin(hello)
    flight.json(completion('Hello!'), 200, { 'x-request-id': 'req_1', 'set-cookie': 'no', server: 'no' })
    const result = await over
    expect(result).toMatchObject({
      type: 'answered',
      head: {
        status: 200,
        headers: { 'content-type': 'application/json', 'x-request-id': 'req_1', 'x-gateway-attempts': '2' },
      },
      attempt: { usage: { input: 10 }, firstTokenMs: undefined },
    })
    expect(Buffer.from((result as { tail: Uint8Array }).tail).toString()).toBe(JSON.stringify(completion('Hello!')))
    expect((result as { head: { headers: object } }).head.headers).not.toHaveProperty('set-cookie')
    expect(sink.heads).toEqual([])
    expect(sink.written).toEqual([])
  })
})

describe('before the commit point a failure is only told', () => {
  const failures: [what: string, play: (flight: FakeFlight) => unknown, failure: object][] = [
    [
      'a status',
      (flight) => flight.json({ error: { message: 'Overloaded.' } }, 503),
      { status: 503, message: 'Overloaded.', retryable: true, fallback: true, busy: true, blame: true },
    ],
    [
      'a 429 that says when',
      (flight) => flight.json({ error: { message: 'Slow down.' } }, 429, { 'retry-after': '3' }),
      { status: 429, retryAfterMs: 3000, busy: true, blame: false },
    ],
    [
      'a 400',
      (flight) => flight.json({ error: { message: 'Bad.', param: 'messages' } }, 400),
      { status: 400, param: 'messages', retryable: false, fallback: false, blame: false },
    ],
    [
      'a 401',
      (flight) => flight.json({ error: { message: 'Wrong key sk-secret-of-p.' } }, 401),
      { status: 401, message: 'Wrong key [key].', retryable: false, blame: false },
    ],
    [
      'a redirect',
      (flight) => flight.head(301, { location: 'https://x.test/' }).end(),
      {
        status: 502,
        message: 'Provider "p" answered with HTTP 301 to https://x.test/ instead of an answer: correct its baseUrl.',
        retryable: false,
        fallback: true,
        blame: true,
      },
    ],
    [
      'an error inside a 200',
      (flight) => flight.stream({ error: { message: 'Overloaded.', code: 503 } }),
      { status: 503, message: 'Overloaded.', retryable: true },
    ],
    [
      'an error inside a 200 after the role',
      (flight) => flight.stream(chunk({ role: 'assistant' })).data(sse({ error: { message: 'Oh.', code: 500 } })),
      { message: 'Oh.' },
    ],
    [
      'content and an error in one piece',
      (flight) => flight.stream(begun, { error: { message: 'Oh.', code: 500 } }),
      { message: 'Oh.' },
    ],
    [
      'nothing at all',
      (flight) => flight.head(200).end(),
      { status: 502, code: 'upstream_empty_response', retryable: true, blame: true },
    ],
    ['an empty stream', (flight) => flight.stream('[DONE]').end(), { status: 502, retryable: true }],
    [
      'a stream with a finish and no content',
      (flight) => flight.stream(chunk({ role: 'assistant' }), finish, '[DONE]').end(),
      { code: 'upstream_empty_response', retryable: true },
    ],
    [
      'cut off before content',
      (flight) => flight.stream(chunk({ role: 'assistant' })).end(),
      { code: 'stream_truncated', retryable: true },
    ],
    [
      'a reset',
      (flight) => flight.error(Object.assign(new Error('x'), { code: 'ECONNRESET' })),
      {
        status: 502,
        code: 'upstream_unreachable',
        message: expect.stringContaining('the connection was reset'),
        retryable: true,
        fallback: true,
        blame: true,
      },
    ],
    [
      'a refused connection',
      (flight) => flight.error(new Error('x', { cause: Object.assign(new Error('y'), { code: 'ECONNREFUSED' }) })),
      { message: expect.stringContaining('is it running?') },
    ],
    [
      'an unknown code',
      (flight) => flight.error(Object.assign(new Error('x'), { code: 'E_ODD' })),
      { message: expect.stringContaining('E_ODD') },
    ],
    [
      'a failure in words',
      (flight) => flight.error(new Error('unknown content-encoding "x"')),
      { message: expect.stringContaining('unknown content-encoding "x"') },
    ],
  ]
  test.each(failures)('%s', async (_what, play, failure) => {
    const { flight, sink, over } = await begin()
    play(flight)
    expect(await over).toMatchObject({ type: 'failed', failure, attempt: { outcome: 'error' } })
    expect(sink.heads).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('whole answers too', async () => {
    const { flight, over } = await begin(hello)
    flight.json({ error: { message: 'No credits.', code: 402 } })
    expect(await over).toMatchObject({ type: 'failed', failure: { status: 402, message: 'No credits.' } })
  })

  test.each([
    ['no body', (flight: FakeFlight) => flight.head(200).end()],
    ['no choices', (flight: FakeFlight) => flight.json({ choices: [] })],
  ])('a whole answer with %s is empty', async (_what, play) => {
    const { flight, over } = await begin(hello)
    play(flight)
    expect(await over).toMatchObject({ type: 'failed', failure: { code: 'upstream_empty_response' } })
  })

  test('an answer of nothing that was paid for is an answer', async () => {
    const { flight, over } = await begin()
    flight.stream(chunk({ role: 'assistant' }), finish, usageChunk, '[DONE]').end()
    expect((await over).type).toBe('answered')
  })

  test('a provider of the client’s own dialect is told in its own words and status, without secrets', async () => {
    const an = provider({ name: 'an', type: 'anthropic', baseUrl: 'http://127.0.0.1:9', apiKey: 'sk-secret-of-p' })
    const messages = dialect('anthropic-messages')
    const { flight, over } = await begin(hello, { to: target({ dialect: messages }, an) })
    flight.json(
      { type: 'error', error: { type: 'overloaded_error', message: 'Not with sk-secret-of-p', details: 1 } },
      529,
    )
    const { failure } = (await over) as Extract<ExchangeResult, { type: 'failed' }>
    expect(failure.status).toBe(529)
    expect(JSON.parse(failure.body ?? '')).toEqual({
      type: 'error',
      error: { type: 'overloaded_error', message: 'Not with [key]', details: 1 },
    })
  })

  test.each([
    ['no JSON', 'Bad gateway'],
    ['no error', '{"detail":"x"}'],
  ])('a body with %s is put in order', async (_what, body) => {
    const an = provider({ name: 'an', type: 'anthropic', baseUrl: 'http://127.0.0.1:9' })
    const { flight, over } = await begin(hello, { to: target({ dialect: dialect('anthropic-messages') }, an) })
    flight.head(502).data(body).end()
    expect((await over) as Extract<ExchangeResult, { type: 'failed' }>).not.toHaveProperty('failure.body')
  })

  test('an endless error body is cut', async () => {
    const { flight, over } = await begin()
    flight.head(500, { 'content-type': 'text/plain' })
    for (let count = 0; count < 300; count += 1) flight.data('x'.repeat(1024))
    expect(flight.aborted).toBeInstanceOf(Error)
    expect(await over).toMatchObject({ type: 'failed', failure: { status: 500 } })
  })
})

describe('after the commit point a failure is told in-band', () => {
  const failures: [what: string, play: (flight: FakeFlight) => unknown, message: RegExp][] = [
    [
      'an error event',
      (flight) => flight.data(sse({ error: { message: 'Overloaded sk-secret-of-p.', code: 503 } })),
      /Overloaded \[key\]/,
    ],
    ['cut off', (flight) => flight.end(), /before the answer was complete/],
    ['cut off in an event', (flight) => flight.data('data: {"id":').end(), /before the answer was complete/],
    [
      'a reset',
      (flight) => flight.error(Object.assign(new Error('x'), { code: 'ECONNRESET' })),
      /the connection was reset/,
    ],
  ]
  test.each(failures)('%s', async (_what, play, message) => {
    const { flight, sink, over } = await begin()
    flight.stream(begun)
    play(flight)
    const result = await over
    expect(result).toMatchObject({ type: 'broken', attempt: { outcome: 'broken', produced: true } })
    const events = (sink.text + Buffer.from((result as { tail: Uint8Array }).tail).toString()).split('\n\n')
    expect(events.pop()).toBe('')
    expect(events.pop()).toBe('data: [DONE]')
    const last = JSON.parse((events.pop() ?? '').replace('data: ', '')) as { error: { message: string } }
    expect(last.error.message).toMatch(message)
    expect(events).toEqual([sse(begun).trimEnd()])
  })

  test('the provider’s own error event is not handed on beside ours', async () => {
    const { flight, sink, over } = await begin()
    flight.stream(begun).data(sse({ error: { message: 'Overloaded.' } }, chunk('late')))
    await over
    expect(sink.text).toBe(sse(begun))
    expect(flight.aborted).toBeInstanceOf(Error)
  })
})

describe('the end of a stream', () => {
  test('a provider that said [DONE] and does not close is waited for a second', async () => {
    const { flight, over, now } = await begin()
    flight.stream(begun, finish, '[DONE]')
    expect(await now()).toBeUndefined()
    vi.advanceTimersByTime(1000)
    expect((await over).type).toBe('answered')
    expect(flight.aborted?.message).toBe('the answer is complete')
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a reset after [DONE] is nobody’s loss', async () => {
    const { flight, over } = await begin()
    flight.stream(begun, finish, '[DONE]').error(new Error('reset'))
    expect((await over).type).toBe('answered')
  })

  test('a reset after the finish reason is nobody’s loss', async () => {
    const { flight, over } = await begin()
    flight.stream(begun).data(sse(finish)).error(new Error('reset'))
    expect((await over).type).toBe('answered')
  })

  test('what comes after the end is ignored', async () => {
    const { flight, sink, over } = await begin()
    flight.stream(begun, finish, '[DONE]').end()
    await over
    flight.data(sse(chunk('late')))
    expect(sink.text).toBe(sse(begun, finish))
  })
})

describe('the client', () => {
  test('hangs up: the provider is told, what was produced is noted', async () => {
    const controller = new AbortController()
    const { flight, over } = await begin(streaming, { signal: controller.signal })
    flight.stream(begun)
    controller.abort(new GatewayError('client_closed_request', 'gone'))
    expect(flight.aborted).toBeInstanceOf(Error)
    expect(await over).toMatchObject({
      type: 'aborted',
      attempt: { outcome: 'aborted', produced: true, outputEstimate: 2 },
    })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('hangs up before the answer', async () => {
    const controller = new AbortController()
    const { flight, over } = await begin(hello, { signal: controller.signal })
    controller.abort(new GatewayError('client_closed_request', 'gone'))
    expect(flight.aborted).toBeInstanceOf(Error)
    expect(await over).toMatchObject({ type: 'aborted', attempt: { produced: false } })
  })

  test('hangs up on a provider that does not react', async () => {
    const controller = new AbortController()
    const { flight, over } = await begin(streaming, { signal: controller.signal })
    flight.abort = () => {}
    controller.abort(new GatewayError('client_closed_request', 'gone'))
    expect((await over).type).toBe('aborted')
    expect(() => flight.stream(begun).end()).not.toThrow()
  })

  test.each([
    ['request_timeout', 'x-gateway timeout'],
    ['shutting_down', 'is shutting down'],
  ] as const)('is still there at %s: a begun stream is ended in its dialect', async (code, words) => {
    const controller = new AbortController()
    const { flight, over } = await begin(streaming, { signal: controller.signal })
    flight.stream(begun)
    controller.abort(new GatewayError(code, words))
    const result = await over
    expect(result).toMatchObject({ type: 'broken', failure: { code, blame: false } })
    expect(Buffer.from((result as { tail: Uint8Array }).tail).toString()).toMatch(
      new RegExp(`${words}.*\n\ndata: \\[DONE\\]`, 's'),
    )
  })

  test('is slow: the provider is paused, and goes on when it reads again', async () => {
    const { flight, sink, over, now } = await begin(streaming, { to: target({}, provider({ idleTimeout: '1s' })) })
    sink.full = true
    flight.stream(begun)
    expect(flight.paused).toBe(true)
    vi.advanceTimersByTime(60_000)
    expect(await now()).toBeUndefined()
    sink.drain()
    expect(flight.paused).toBe(false)
    flight.data(sse(finish, '[DONE]')).end()
    expect((await over).type).toBe('answered')
  })
})

describe('time', () => {
  const limited = (more: object) => ({ to: target({}, provider(more)) })

  test('no first token', async () => {
    const { flight, over } = await begin(streaming, limited({ ttftTimeout: '2s' }))
    flight.stream(chunk({ role: 'assistant' }))
    vi.advanceTimersByTime(2000)
    expect(flight.aborted).toBeInstanceOf(Error)
    expect(await over).toMatchObject({
      type: 'failed',
      failure: {
        status: 504,
        code: 'upstream_timeout',
        message: 'Provider "p" produced nothing within 2 s (providers[].ttftTimeout).',
        retryable: true,
        fallback: true,
        busy: true,
        blame: true,
      },
    })
  })

  test('the first token of a whole answer cannot be seen', async () => {
    const { now } = await begin(hello, limited({ ttftTimeout: '2s' }))
    vi.advanceTimersByTime(5000)
    expect(await now()).toBeUndefined()
  })

  test('silence in a stream', async () => {
    const { flight, over, now } = await begin(streaming, limited({ idleTimeout: '3s' }))
    vi.advanceTimersByTime(20_000)
    flight.stream(begun)
    vi.advanceTimersByTime(2999)
    expect(await now()).toBeUndefined()
    vi.advanceTimersByTime(1)
    const result = await over
    expect(result).toMatchObject({ type: 'broken', failure: { status: 504 } })
    expect(Buffer.from((result as { tail: Uint8Array }).tail).toString()).toContain('fell silent within 3 s')
  })

  test('silence in the middle of a whole answer', async () => {
    const { flight, over } = await begin(hello, limited({ idleTimeout: '3s' }))
    flight.head(200, { 'content-type': 'application/json' }).data('{"choices":')
    vi.advanceTimersByTime(3000)
    expect(await over).toMatchObject({ type: 'failed', failure: { message: expect.stringContaining('fell silent') } })
  })

  test('all in all', async () => {
    const { flight, over } = await begin(streaming, limited({ timeout: '5s' }))
    flight.stream(begun)
    for (let ms = 0; ms < 5000; ms += 500) {
      vi.advanceTimersByTime(500)
      flight.data(sse(chunk('x')))
    }
    expect(await over).toMatchObject({
      type: 'broken',
      failure: { message: expect.stringContaining('was not done within 5 s') },
    })
  })

  test('an upstream that does not react to the abort does not hold the call', async () => {
    const { flight, over } = await begin(streaming, limited({ timeout: '5s' }))
    flight.abort = () => {}
    vi.advanceTimersByTime(5000)
    expect(await over).toMatchObject({ type: 'failed', failure: { status: 504 } })
  })

  test('silence after all was said is not a failure', async () => {
    const { flight, over } = await begin(streaming, limited({ idleTimeout: '500ms' }))
    flight.stream(begun, finish, '[DONE]')
    vi.advanceTimersByTime(500)
    expect((await over).type).toBe('answered')
  })
})

test('collected, the whole reply is kept', async () => {
  const { flight, over } = await begin(streaming, { collect: true })
  flight.stream(begun, chunk(' world'), finish, '[DONE]').end()
  expect(await over).toMatchObject({ seen: { reply: { choices: [{ parts: [{ text: 'Hello world' }] }] } } })
})

/** No decoder can read it without running out of stack, and nothing may escape from where the bytes arrive. */
describe('an answer nested 20 000 deep', () => {
  const input = `${'{"a":'.repeat(20_000)}1${'}'.repeat(20_000)}`
  const block = `{"type":"tool_use","id":"t","name":"f","input":${input}}`
  const to = (): Target => target({ passThrough: false, dialect: dialect('anthropic-messages') })

  test('as a stream', async () => {
    const { flight, over } = await begin(streaming, { to: to() })
    flight.stream()
    const events = [
      `{"type":"content_block_start","index":0,"content_block":${block}}`,
      '{"type":"content_block_stop","index":0}',
    ]
    for (const event of events) flight.data(`data: ${event}\n\n`)
    expect(await over).toMatchObject({ type: 'broken', failure: { code: 'upstream_invalid_response' } })
  })

  test('whole', async () => {
    const { flight, over } = await begin(hello, { to: to() })
    flight.head(200, { 'content-type': 'application/json' })
    flight.data(`{"content":[${block}],"stop_reason":"tool_use"}`).end()
    expect(await over).toMatchObject({ type: 'failed', failure: { code: 'upstream_invalid_response' } })
  })
})

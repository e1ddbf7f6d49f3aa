import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../gateway/errors.ts'
import type { Answer, CallFailure } from '../../../gateway/pipeline/call.ts'
import { failedAnswer, sendAnswer, usd } from '../../../gateway/pipeline/send-answer.ts'
import type { Settled } from '../../../gateway/pipeline/settle.ts'
import { call, MemorySink } from './stage.ts'

const good: Answer = {
  cache: 'MISS',
  attempts: [],
  decisive: undefined,
  failure: undefined,
  head: { status: 200, headers: { 'content-type': 'application/json', 'x-gateway-provider': 'p' } },
  tail: Buffer.from('{"ok":"é"}'),
  hit: undefined,
}
const paid: Settled = { rows: [], costNanoUsd: 1_234_567 }

function sent(answer: Answer, settled: Settled = paid, limits?: Record<string, string>): MemorySink {
  const sink = new MemorySink()
  const head = { ...answer.head, headers: { ...answer.head.headers } }
  sendAnswer(call(undefined, { sink }), { ...answer, head }, settled, limits)
  return sink
}

function failing(more: Partial<CallFailure>): Answer {
  const failure = { status: 500, message: 'It broke.', retryable: true, ...more }
  return { ...good, failure, head: { status: failure.status, headers: { 'x-gateway-provider': 'p' } } }
}

test('a whole answer: head, cost, length, bytes', () => {
  const sink = sent(good, paid, { 'x-ratelimit-limit-requests': '5' })
  expect(sink.heads).toEqual([
    {
      status: 200,
      headers: {
        'content-type': 'application/json',
        'x-gateway-provider': 'p',
        'x-ratelimit-limit-requests': '5',
        'x-gateway-request-id': 'c1',
        'x-request-id': 'c1',
        'x-cache': 'MISS',
        'x-gateway-cost': '0.001234567',
        'content-length': '11',
      },
    },
  ])
  expect(sink.endText).toBe('{"ok":"é"}')
})

test('an unknown cost is not told, a free call costs 0', () => {
  expect(sent(good, { rows: [], costNanoUsd: undefined }).heads[0]?.headers).not.toHaveProperty('x-gateway-cost')
  expect(sent(good, { rows: [], costNanoUsd: 0 }).heads[0]?.headers['x-gateway-cost']).toBe('0')
})

test('a stream that has begun gets its last bytes and no second head', () => {
  const sink = new MemorySink()
  sink.head({ status: 200, headers: {} })
  sendAnswer(call(undefined, { sink }), { ...good, tail: Buffer.from('data: [DONE]\n\n') }, paid)
  expect(sink.heads).toHaveLength(1)
  expect(sink.endText).toBe('data: [DONE]\n\n')
})

test('a stream that broke ends with what was made for it, not with a JSON body', () => {
  const sink = new MemorySink()
  sink.head({ status: 200, headers: {} })
  sendAnswer(call(undefined, { sink }), { ...failing({}), tail: Buffer.from('data: {"error":{}}\n\n') }, paid)
  expect(sink.endText).toBe('data: {"error":{}}\n\n')
})

describe('an error', () => {
  test('in OpenAI shape, with its status', () => {
    const sink = sent(
      failing({ status: 429, message: 'Slow down.', type: 'rate_limit_error', code: 'slow', param: 'model' }),
    )
    expect(JSON.parse(sink.endText)).toEqual({
      error: { message: 'Slow down.', type: 'rate_limit_error', param: 'model', code: 'slow' },
    })
    expect(sink.heads[0]).toMatchObject({
      status: 429,
      headers: {
        'content-type': 'application/json',
        'content-length': String(Buffer.byteLength(sink.endText)),
        'x-gateway-provider': 'p',
        'x-gateway-request-id': 'c1',
        'x-cache': 'MISS',
      },
    })
    expect(sink.heads[0]?.headers).not.toHaveProperty('x-gateway-cost')
  })

  test('the provider’s own body where it speaks the client’s dialect', () => {
    const body = '{"error":{"type":"overloaded_error","message":"Busy."},"type":"error"}'
    const sink = sent(failing({ status: 529, body }))
    expect(sink.endText).toBe(body)
    expect(sink.heads[0]).toMatchObject({ status: 529, headers: { 'content-length': String(body.length) } })
  })

  const retryHeaders: [failure: Partial<CallFailure>, headers: Record<string, string | undefined>][] = [
    [{ retryAfterMs: 0 }, { 'retry-after': '0', 'retry-after-ms': '0', 'x-should-retry': undefined }],
    [{ retryAfterMs: 1500 }, { 'retry-after': '2', 'retry-after-ms': '1500' }],
    [{ retryAfterMs: 1500.2 }, { 'retry-after': '2', 'retry-after-ms': '1501' }],
    [{ retryAfterMs: 60_000 }, { 'retry-after': '60', 'retry-after-ms': '60000' }],
    [{ retryAfterMs: 3_600_000 }, { 'retry-after': '60', 'retry-after-ms': '60000' }],
    [{}, { 'retry-after': undefined, 'retry-after-ms': undefined, 'x-should-retry': undefined }],
    [{ retryable: false }, { 'x-should-retry': 'false' }],
    [{ retryable: false, status: 401 }, { 'x-should-retry': 'false' }],
    [{ retryable: false, status: 408 }, { 'x-should-retry': 'false' }],
    [{ retryable: false, status: 409 }, { 'x-should-retry': 'false' }],
    [{ retryable: false, status: 429 }, { 'x-should-retry': 'false' }],
    [{ retryable: false, status: 400 }, { 'x-should-retry': undefined }],
    [{ retryable: false, status: 404 }, { 'x-should-retry': undefined }],
    [{ headers: { allow: 'POST' } }, { allow: 'POST' }],
  ]
  test.each(retryHeaders)('%j -> %j', (failure, headers) => {
    const told = sent(failing(failure)).heads[0]?.headers ?? {}
    for (const [name, value] of Object.entries(headers)) expect(told[name]).toBe(value)
  })
})

describe('failedAnswer', () => {
  test('of a GatewayError', () => {
    const answer = failedAnswer(new GatewayError('model_not_found', 'No such model.', { param: 'model' }))
    expect(answer).toMatchObject({
      cache: 'BYPASS',
      attempts: [],
      failure: { status: 404, message: 'No such model.', code: 'model_not_found', param: 'model', retryable: false },
    })
  })

  test('of anything else says nothing of it', () => {
    const answer = failedAnswer(new TypeError('secret detail'))
    expect(answer.failure).toMatchObject({ status: 500, code: 'internal_error' })
    expect(answer.failure?.message).not.toContain('secret')
  })
})

test.each([
  [0, '0'],
  [1, '0.000000001'],
  [10, '0.00000001'],
  [1_234_567, '0.001234567'],
  [100_000_000, '0.1'],
  [999_999_999, '0.999999999'],
  [1_000_000_000, '1'],
  [10_000_000_000, '10'],
  [120_500_000_000, '120.5'],
  [9_007_199_254_740_991, '9007199.254740991'],
])('usd(%i) is %s', (nano, text) => {
  expect(usd(nano)).toBe(text)
})

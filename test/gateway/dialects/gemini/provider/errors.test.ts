import { describe, expect, test } from 'vitest'
import { readError } from '../../../../../gateway/dialects/gemini/provider/errors.ts'

const read = (status: number, body: unknown, headers: Record<string, string> = {}) =>
  readError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
const quota = (...violations: object[]) => ({ '@type': 'type.googleapis.com/google.rpc.QuotaFailure', violations })
const retry = (retryDelay: unknown) => ({ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay })
const info = (reason: string, metadata: object = {}) => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  metadata,
})
const exhausted = (...details: object[]) => ({
  error: { code: 429, message: 'You exceeded your current quota.', status: 'RESOURCE_EXHAUSTED', details },
})

describe('statuses', () => {
  test.each<[number, string, string, boolean, boolean]>([
    [400, 'INVALID_ARGUMENT', 'invalid_request_error', false, false],
    [400, 'FAILED_PRECONDITION', 'invalid_request_error', false, false],
    [403, 'PERMISSION_DENIED', 'permission_error', false, false],
    [404, 'NOT_FOUND', 'invalid_request_error', false, false],
    [409, 'ABORTED', 'invalid_request_error', true, true],
    [429, 'RESOURCE_EXHAUSTED', 'rate_limit_error', true, true],
    [499, 'CANCELLED', 'client_error', false, false],
    [500, 'INTERNAL', 'server_error', true, true],
    [501, 'UNIMPLEMENTED', 'server_error', false, true],
    [503, 'UNAVAILABLE', 'server_error', true, true],
    [504, 'DEADLINE_EXCEEDED', 'timeout_error', true, true],
  ])('%i %s', (...[status, name, type, retryable, fallback]) => {
    const body = { error: { code: status, message: 'So it is.', status: name } }
    const expected = { status, message: 'So it is.', type, code: name, retryable, fallback }
    expect(read(status, body)).toEqual(expected)
    expect(read(status, [body])).toEqual(expected)
  })
})

describe('keys', () => {
  test.each<[string, number, object]>([
    ['by reason', 400, { message: 'Whatever.', status: 'INVALID_ARGUMENT', details: [info('API_KEY_INVALID')] }],
    ['by message', 400, { message: 'API key not valid. Please pass a valid API key.', status: 'INVALID_ARGUMENT' }],
    ['expired', 400, { message: 'API key expired. Please renew the API key.', status: 'INVALID_ARGUMENT' }],
    ['401', 401, { message: 'Request had invalid authentication credentials.', status: 'UNAUTHENTICATED' }],
  ])('a wrong key, %s', (_name, status, error) => {
    expect(read(status, { error })).toMatchObject({
      status: 401,
      type: 'authentication_error',
      code: 'invalid_api_key',
      retryable: false,
      fallback: false,
    })
  })

  test.each([
    [
      "Consumer 'api_key:AIzaSyA1234567890abcdefghijklmnopqrstuv' has been suspended.",
      "Consumer 'api_key:[hidden]' has been suspended.",
    ],
    [
      'GET https://x.example/v1beta?alt=sse&key=secret123&a=b failed',
      'GET https://x.example/v1beta?alt=sse&key=[hidden]&a=b failed',
    ],
    ['Bad key AIzaSyA1234567890abcdefghijklmnopqrstuv.', 'Bad key [hidden].'],
  ])('never shows a key: %s', (message, shown) => {
    expect(read(403, { error: { code: 403, message, status: 'PERMISSION_DENIED' } }).message).toBe(shown)
    expect(read(502, message).message).toBe(`Google answered 502: ${shown}`)
  })
})

describe('quotas', () => {
  test.each<[unknown, number | undefined]>([
    ['34.4s', 34_400],
    ['34.074824224s', 34_075],
    ['0s', 0],
    [{ seconds: '2', nanos: 500_000_000 }, 2500],
    ['soon', undefined],
    [null, undefined],
  ])('RetryInfo %j', (delay, retryAfterMs) => {
    const error = read(
      429,
      exhausted(quota({ quotaId: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier' }), retry(delay)),
    )
    expect(error).toMatchObject({ code: 'RESOURCE_EXHAUSTED', retryable: true, fallback: true })
    expect(error.retryAfterMs).toBe(retryAfterMs)
  })

  test.each([
    [{ 'retry-after-ms': '1500', 'retry-after': '9' }, 1500],
    [{ 'retry-after': '2' }, 2000],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT' }, undefined],
  ])('headers of a proxy %j', (headers: Record<string, string>, retryAfterMs) => {
    expect(read(503, '', headers).retryAfterMs).toBe(retryAfterMs)
  })

  test.each<[string, object]>([
    [
      'per day',
      exhausted(
        quota({ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier', quotaValue: '20' }),
        retry('36s'),
      ),
    ],
    ['per day beside per minute', exhausted(quota({ quotaId: 'XPerMinute' }, { quotaId: 'XPerDay' }))],
    ['per day, by ErrorInfo', exhausted(info('RATE_LIMIT_EXCEEDED', { quota_limit: 'Gemini25ProRequestsPerDay' }))],
    ['of zero', exhausted(quota({ quotaId: 'XPerMinute', quotaValue: '0' }))],
    [
      'of zero, in words',
      {
        error: {
          message: 'Quota exceeded for metric: free_tier_requests, limit: 0, model: gemini-3-pro',
          status: 'RESOURCE_EXHAUSTED',
        },
      },
    ],
  ])('a quota %s is spent: no retry, but another target may serve', (_name, body) => {
    const error = read(429, body)
    expect(error).toMatchObject({ status: 429, code: 'insufficient_quota', retryable: false, fallback: true })
    expect(error).not.toHaveProperty('retryAfterMs')
  })
})

test('a prompt that is too long', () => {
  const message = 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'
  expect(read(400, { error: { code: 400, message, status: 'INVALID_ARGUMENT' } })).toEqual({
    status: 400,
    message,
    type: 'invalid_request_error',
    code: 'context_length_exceeded',
    retryable: false,
    fallback: true,
  })
})

describe('bodies of other shapes', () => {
  test.each<[string, number, unknown, string]>([
    ['empty', 503, '', 'Google answered 503 without an explanation.'],
    ['HTML', 502, '<html><body>Bad gateway</body></html>', 'Google answered 502 without an explanation.'],
    ['text', 502, 'upstream connect error', 'Google answered 502: upstream connect error'],
    ['cut JSON', 500, '{"error":{"mess', 'Google answered 500: {"error":{"mess'],
    ['OAuth', 400, { error: 'invalid_grant', error_description: 'Bad grant.' }, 'Bad grant.'],
    ['no message', 500, { error: { code: 500 } }, 'Google answered 500.'],
    ['nulls', 500, { error: { code: null, message: null, status: null, details: null } }, 'Google answered 500.'],
    ['empty array', 500, [], 'Google answered 500: []'],
    ['odd details', 400, { error: { message: 'No.', details: ['x', null, { '@type': 3 }, quota()] } }, 'No.'],
  ])('%s', (...[, status, body, message]) => {
    const error = read(status, body)
    expect(error.message).toBe(message)
    expect(error).toMatchObject({ status, retryable: status >= 500, fallback: status >= 500 })
  })
})

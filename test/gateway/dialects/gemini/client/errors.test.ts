import { expect, test } from 'vitest'
import { encodeError, encodeStreamError } from '../../../../../gateway/dialects/gemini/client/errors.ts'
import { readError } from '../../../../../gateway/dialects/gemini/provider/errors.ts'

test.each([
  [400, 'INVALID_ARGUMENT'],
  [401, 'UNAUTHENTICATED'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [413, 'INVALID_ARGUMENT'],
  [429, 'RESOURCE_EXHAUSTED'],
  [500, 'INTERNAL'],
  [503, 'UNAVAILABLE'],
  [529, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
  [599, 'INTERNAL'],
])('%i is %s', (status, word) => {
  expect(encodeError({ status, message: 'why' })).toMatchObject({
    error: { code: status, message: 'why', status: word },
  })
})

test('what the gateway knows beside', () => {
  const failure = {
    status: 429,
    message: 'slow',
    type: 'rate_limit_error',
    code: 'rate_limited',
    param: 'model',
    retryAfterMs: 1500,
  }
  expect(encodeError(failure, 'r1')).toEqual({
    error: {
      code: 429,
      message: 'slow',
      status: 'RESOURCE_EXHAUSTED',
      details: [
        {
          '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
          reason: 'RATE_LIMITED',
          domain: 'llm-gateway',
          metadata: { param: 'model', requestId: 'r1' },
        },
        { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '1.5s' },
      ],
    },
  })
})

test('our provider side reads it', () => {
  const body = JSON.stringify(encodeError({ status: 429, message: 'slow', retryAfterMs: 1500 }))
  expect(readError({ status: 429, headers: {}, body })).toMatchObject({
    status: 429,
    message: 'slow',
    retryAfterMs: 1500,
  })
})

test('in a stream: one event, and no more', () => {
  const text = encodeStreamError({ status: 502, message: 'line\nbreak' }, 'r1')
  expect(text).toMatch(/^data: \{"error":\{"code":502,"message":"line\\nbreak","status":"UNAVAILABLE".*\}\n\n$/)
})

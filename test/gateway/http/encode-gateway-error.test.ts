import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../gateway/errors.ts'
import { encodeGatewayError } from '../../../gateway/http/encode-gateway-error.ts'

test('in OpenAI shape, with the time to wait', () => {
  const error = new GatewayError('rate_limit_exceeded', 'Slow.', {
    retryAfterMs: 1200,
    headers: { 'x-a': 'b' },
    param: 'p',
  })
  expect(encodeGatewayError(error)).toEqual({
    status: 429,
    headers: { 'x-a': 'b', 'retry-after': '2' },
    body: { error: { message: 'Slow.', type: 'rate_limit_error', param: 'p', code: 'rate_limit_exceeded' } },
  })
})

describe('what Fastify throws', () => {
  test.each([
    [{ statusCode: 413, message: 'x' }, 413, 'body_too_large'],
    [{ statusCode: 415, message: 'x' }, 415, 'unsupported_media_type'],
    [{ statusCode: 400, message: 'Body is not valid JSON' }, 400, 'invalid_request'],
    [{ statusCode: 500, message: 'secret' }, 500, 'internal_error'],
    [new TypeError('secret'), 500, 'internal_error'],
  ])('%j', (error, status, code) => {
    const encoded = encodeGatewayError(error)
    expect(encoded).toMatchObject({ status, headers: {}, body: { error: { code, param: null } } })
    expect(JSON.stringify(encoded)).not.toContain('secret')
  })
})

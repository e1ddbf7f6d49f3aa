import { expect, test } from 'vitest'
import { encodeError, encodeStreamError } from '../../../../../gateway/dialects/anthropic-messages/client/errors.ts'
import type { Failure } from '../../../../../gateway/dialects/dialect.ts'
import { GatewayError } from '../../../../../gateway/errors.ts'

test('the whole shape', () => {
  const failure: Failure = { status: 400, message: 'no', type: 'invalid_request_error', code: 'c', param: 'p' }
  expect(encodeError(failure, 'r')).toEqual({
    type: 'error',
    error: { type: 'invalid_request_error', message: 'no' },
    request_id: 'r',
  })
  expect(encodeError(failure)).not.toHaveProperty('request_id')
})

test('within a stream', () => {
  expect(encodeStreamError({ status: 503, message: 'a\nb', code: 'overloaded' }, 'r')).toBe(
    'event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"a\\nb"},"request_id":"r"}\n\n',
  )
})

const types: [name: string, failure: Omit<Failure, 'message'>, type: string][] = [
  ['bad request', { status: 400, type: 'invalid_request_error' }, 'invalid_request_error'],
  ['no status of its own', { status: 422, type: 'validation' }, 'invalid_request_error'],
  ['key', { status: 401 }, 'authentication_error'],
  ['payment', { status: 402, type: 'x' }, 'billing_error'],
  ['quota', { status: 429, type: 'insufficient_quota', code: 'insufficient_quota' }, 'billing_error'],
  ['forbidden', { status: 403 }, 'permission_error'],
  ["a model that OpenAI's words miss", { status: 404, type: 'invalid_request_error' }, 'not_found_error'],
  ['client was slow', { status: 408 }, 'timeout_error'],
  ['conflict', { status: 409 }, 'conflict_error'],
  ['too large', { status: 413, type: 'invalid_request_error' }, 'request_too_large'],
  ['rate', { status: 429 }, 'rate_limit_error'],
  ["Anthropic's own type", { status: 500, type: 'billing_error' }, 'billing_error'],
  ['server', { status: 500, type: 'server_error' }, 'api_error'],
  ['upstream', { status: 502, type: 'upstream_error' }, 'api_error'],
  ['unavailable', { status: 503, type: 'server_error' }, 'api_error'],
  ['overloaded', { status: 503, type: 'server_error', code: 'overloaded' }, 'overloaded_error'],
  ['an endpoint that is not there', { status: 501, code: 'not_supported' }, 'not_supported'],
  ['slow', { status: 504 }, 'timeout_error'],
  ['529', { status: 529 }, 'overloaded_error'],
]
test.each(types)('type: %s', (_name, failure, type) => {
  expect(encodeError({ ...failure, message: 'm' })).toMatchObject({ error: { type, message: 'm' } })
})

test("the gateway's own", () => {
  expect(encodeError(new GatewayError('model_not_found', 'No model x.'))).toMatchObject({
    error: { type: 'not_found_error', message: 'No model x.' },
  })
})

const lengths: [message: string, expected: string][] = [
  ['maximum context length is 10 tokens', 'prompt is too long: maximum context length is 10 tokens'],
  ['Prompt is too long: 12 tokens > 10', 'Prompt is too long: 12 tokens > 10'],
]
test.each(lengths)('Claude Code knows a full context by its words: %s', (message, expected) => {
  expect(encodeError({ status: 400, message, code: 'context_length_exceeded' })).toMatchObject({
    error: { type: 'invalid_request_error', message: expected },
  })
})

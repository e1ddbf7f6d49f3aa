import { describe, expect, test } from 'vitest'
import type { UpstreamError } from '../../../../../gateway/dialects/dialect.ts'
import { readError, readStreamError } from '../../../../../gateway/dialects/anthropic-messages/provider/errors.ts'

function body(type: string, message = 'Words.', details?: object): string {
  return JSON.stringify({ type: 'error', error: { type, message, ...(details && { details }) }, request_id: 'req_1' })
}

const again = { retryable: true, fallback: true }
const never = { retryable: false, fallback: false }
const elsewhere = { retryable: false, fallback: true }

const cases: [name: string, status: number, body: string, expected: Partial<UpstreamError>][] = [
  [
    'bad request',
    400,
    body('invalid_request_error'),
    { status: 400, type: 'invalid_request_error', message: 'Words.', ...never },
  ],
  [
    'bad key',
    401,
    body('authentication_error'),
    { status: 401, code: 'invalid_api_key', type: 'authentication_error', ...never },
  ],
  ['billing', 402, body('billing_error'), { status: 402, code: 'insufficient_quota', ...elsewhere }],
  ['permission', 403, body('permission_error'), { status: 403, code: 'permission_denied', ...never }],
  [
    'no such model',
    404,
    body('not_found_error', 'model: claude-x'),
    { status: 404, code: 'model_not_found', ...never },
  ],
  ['timeout', 408, body('timeout_error'), { status: 408, type: 'timeout_error', ...again }],
  ['lock', 409, body('conflict_error'), { status: 409, retryable: true, fallback: false }],
  ['too large', 413, body('request_too_large'), { status: 413, ...never }],
  ['too early', 425, '', { status: 425, ...again }],
  [
    'rate limit',
    429,
    body('rate_limit_error'),
    { status: 429, code: 'rate_limit_exceeded', type: 'rate_limit_error', ...again },
  ],
  [
    'spend limit',
    429,
    body('rate_limit_error', 'Spent.', { error_code: 'enforced_spend_limit_reached' }),
    { status: 429, code: 'insufficient_quota', ...elsewhere },
  ],
  [
    'empty balance',
    400,
    body('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
    { status: 400, code: 'insufficient_quota', ...elsewhere },
  ],
  [
    'prompt too long',
    400,
    body('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    { status: 400, code: 'context_length_exceeded', ...elsewhere },
  ],
  [
    'prompt and answer too long',
    400,
    body('invalid_request_error', 'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000'),
    { status: 400, code: 'context_length_exceeded', ...elsewhere },
  ],
  ['server', 500, body('api_error'), { status: 500, type: 'server_error', ...again }],
  [
    'overloaded',
    529,
    body('overloaded_error', 'Overloaded'),
    { status: 503, code: 'overloaded', message: 'Overloaded', ...again },
  ],
  [
    'unknown type',
    418,
    body('teapot_error'),
    { status: 418, type: 'invalid_request_error', message: 'Words.', ...never },
  ],
  ['an error in words', 502, '{"error":"no upstream"}', { status: 502, message: 'no upstream', ...again }],
  ['a message alone', 403, '{"message":"Forbidden"}', { status: 403, message: 'Forbidden', code: 'permission_denied' }],
  ['a detail', 422, '{"detail":"bad"}', { status: 422, message: 'bad', ...never }],
  ['nothing', 503, '', { status: 503, message: 'The provider answered with status 503.', ...again }],
  ['nulls', 500, '{"type":"error","error":null}', { status: 500, message: 'The provider answered with status 500.' }],
  [
    'plain text',
    502,
    'upstream  connect\nerror',
    { message: 'The provider answered with status 502: upstream connect error' },
  ],
  [
    'a page',
    502,
    '<!doctype html><html><head><title>502 Bad Gateway</title></head><body><script>x()</script></body></html>',
    { status: 502, type: 'server_error', message: 'The provider answered with status 502: 502 Bad Gateway', ...again },
  ],
  [
    'a page without title',
    500,
    '<html><body>secret</body></html>',
    { message: 'The provider answered with status 500.' },
  ],
  ['a long text', 500, 'x'.repeat(5000), { message: `The provider answered with status 500: ${'x'.repeat(200)}` }],
]

test.each(cases)('%s', (_name, status, body, expected) => {
  expect(readError({ status, headers: {}, body })).toMatchObject(expected)
})

describe('when to ask again', () => {
  const date = 'Wed, 21 Oct 2026 07:28:00 GMT'
  test.each([
    [{ 'retry-after': '7' }, 7000],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after': '1.5' }, 1500],
    [{ 'retry-after': '7', 'retry-after-ms': '250' }, 250],
    [{ 'retry-after': ['3', '9'] }, 3000],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT', date }, 30_000],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:27:30 GMT', date }, undefined],
    [{ 'retry-after': 'Wed, 21 Oct 2026 07:28:30 GMT' }, undefined],
    [{ 'retry-after': 'soon', 'retry-after-ms': '-1' }, undefined],
    [{}, undefined],
  ])('%o is %s ms', (headers, expected) => {
    const error = readError({ status: 429, headers, body: body('rate_limit_error') })
    expect(error.retryAfterMs).toBe(expected)
  })
})

test.each([
  ['true', 400, true],
  ['false', 529, false],
])('x-should-retry %s is obeyed before status %i', (header, status, retryable) => {
  expect(readError({ status, headers: { 'x-should-retry': header }, body: '' }).retryable).toBe(retryable)
})

test.each([
  ['overloaded_error', 503, true],
  ['api_error', 500, true],
  ['rate_limit_error', 429, true],
  ['timeout_error', 504, true],
  ['invalid_request_error', 400, false],
  ['something_new', 502, true],
])('in a stream, %s is status %i', (type, status, retryable) => {
  expect(readStreamError({ type: 'error', error: { type, message: 'Words.' } })).toMatchObject({
    status,
    retryable,
    message: 'Words.',
  })
})

import { describe, expect, test } from 'vitest'
import type { ErrorResponse, UpstreamError } from '../../../../gateway/dialects/dialect.ts'
import { encodeError, encodeStreamError } from '../../../../gateway/dialects/openai-chat/client/errors.ts'
import { readError } from '../../../../gateway/dialects/openai-chat/provider/errors.ts'
import { assertChatStream, errorShape } from '../../../conformance/openai-shapes.ts'

function read(status: number, body: unknown, headers: ErrorResponse['headers'] = {}): UpstreamError {
  return readError({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) })
}

describe('readError', () => {
  const shapes: [name: string, status: number, body: unknown, expected: Partial<UpstreamError>][] = [
    [
      'OpenAI',
      400,
      { error: { message: 'm', type: 't', param: 'p', code: 'c' } },
      { message: 'm', type: 't', param: 'p', code: 'c' },
    ],
    ['nulls', 400, { error: { message: 'm', type: null, param: null, code: null } }, { message: 'm' }],
    ['text', 400, { error: 'm' }, { message: 'm' }],
    ['xAI', 400, { code: 'invalid-argument', error: 'm' }, { message: 'm', code: 'invalid-argument' }],
    [
      'FastAPI',
      422,
      { detail: [{ loc: ['body', 'temperature'], msg: 'too big', type: 'x' }] },
      { message: 'temperature: too big' },
    ],
    ['Voyage', 400, { detail: 'm' }, { message: 'm' }],
    [
      'Mistral',
      422,
      {
        object: 'error',
        message: { detail: [{ loc: ['body', 'n'], msg: 'bad' }] },
        type: 'invalid_request_error',
        param: null,
        code: null,
      },
      { message: 'n: bad', type: 'invalid_request_error' },
    ],
    ['Cohere', 404, { id: 'x', message: 'm' }, { message: 'm' }],
    ['Gemini array', 429, [{ error: { code: 429, message: 'm', status: 'RESOURCE_EXHAUSTED' } }], { message: 'm' }],
    ['Cloudflare', 403, { success: false, errors: [{ code: 10000, message: 'm' }] }, { message: 'm', code: '10000' }],
    ['numeric code that is a status', 429, { error: { code: 429, message: 'm' } }, { message: 'm' }],
    ['numeric code that is none', 400, { error: { code: 1261, message: 'm' } }, { message: 'm', code: '1261' }],
    [
      'OpenRouter',
      429,
      { error: { code: 429, message: 'Provider returned error', metadata: { raw: '{"error":{"message":"slow"}}' } } },
      { message: 'Provider returned error: slow' },
    ],
    [
      'Azure filter',
      400,
      { error: { code: null, status: 400, message: 'm', innererror: { code: 'ResponsibleAIPolicyViolation' } } },
      { message: 'm', code: 'content_filter', type: 'invalid_request_error' },
    ],
    [
      'HTML with title',
      502,
      '<html><head><title>502 Bad Gateway</title></head></html>',
      { message: '502 Bad Gateway' },
    ],
    ['HTML without', 502, '<html><style>x{}</style><p>Try later</p></html>', { message: 'Try later' }],
    ['plain text', 500, ' oops ', { message: 'oops' }],
    ['empty', 503, '', { message: 'The provider answered with HTTP status 503 and no explanation.' }],
    ['JSON without words', 500, {}, { message: 'The provider answered with HTTP status 500 and no explanation.' }],
    ['JSON null', 500, 'null', { message: 'The provider answered with HTTP status 500 and no explanation.' }],
  ]

  test.each(shapes)('%s', (_, status, body, expected) => {
    const { retryable: _r, fallback: _f, ...words } = read(status, body)
    expect(words).toEqual({ status, ...expected })
  })

  test('a long page is cut', () => {
    expect(read(500, 'x'.repeat(1e6)).message).toHaveLength(2000)
  })

  const decisions: [status: number, code: string | null, retryable: boolean, fallback: boolean][] = [
    [400, null, false, false],
    [401, 'invalid_api_key', false, false],
    [402, null, false, false],
    [403, null, false, false],
    [404, 'model_not_found', false, false],
    [408, null, true, true],
    [409, null, true, false],
    [413, null, false, false],
    [422, null, false, false],
    [425, null, true, true],
    [429, 'rate_limit_exceeded', true, true],
    [429, 'slow_down', true, true],
    [429, 'insufficient_quota', false, true],
    [429, 'credit_balance_exhausted', false, true],
    [429, 'organization_spend_limit_exceeded', false, true],
    [429, 'project_spend_limit_exceeded', false, true],
    [429, 'organization_usage_limit_exceeded', false, true],
    [498, null, true, true],
    [500, null, true, true],
    [502, null, true, true],
    [503, 'overloaded', true, true],
    [529, null, true, true],
    [400, 'context_length_exceeded', false, true],
  ]

  test.each(decisions)('%i %s: retry %s, fallback %s', (status, code, retryable, fallback) => {
    expect(read(status, { error: { message: 'm', code } })).toMatchObject({ retryable, fallback })
  })

  test('quota told as type', () => {
    expect(read(429, { error: { message: 'm', type: 'insufficient_quota', code: null } }).retryable).toBe(false)
  })

  test.each([
    "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens.",
    'prompt is too long: 210000 tokens > 200000 maximum',
    'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
    'the request exceeds the available context size. try increasing it',
    'Prompt contains 40000 tokens, too large for model with 32768 maximum context length',
  ])('context length by words alone: %s', (message) => {
    expect(read(400, { error: { message, type: 'BadRequestError', code: 400 } })).toMatchObject({
      code: 'context_length_exceeded',
      fallback: true,
      retryable: false,
    })
  })

  test('words of a 401 decide nothing', () => {
    expect(read(401, { error: { message: 'maximum context length' } }).fallback).toBe(false)
  })

  const delays: [name: string, headers: ErrorResponse['headers'], expected: number | undefined][] = [
    ['ms before seconds', { 'retry-after-ms': '250', 'retry-after': '9' }, 250],
    ['seconds', { 'retry-after': '2' }, 2000],
    ['fractions', { 'retry-after': '0.5' }, 500],
    ['date', { 'retry-after': 'Wed, 21 Oct 2026 07:28:10 GMT', date: 'Wed, 21 Oct 2026 07:28:00 GMT' }, 10_000],
    [
      'date in the past',
      { 'retry-after': 'Wed, 21 Oct 2026 07:28:00 GMT', date: 'Wed, 21 Oct 2026 07:28:10 GMT' },
      undefined,
    ],
    ['negative', { 'retry-after': '-1' }, undefined],
    ['nonsense', { 'retry-after': 'soon' }, undefined],
    ['several', { 'retry-after': ['3', '4'] }, 3000],
    ['none', {}, undefined],
  ]

  test.each(delays)('retry-after: %s', (_, headers, expected) => {
    expect(read(429, '{}', headers).retryAfterMs).toBe(expected)
  })

  test('x-should-retry has the last word', () => {
    expect(read(500, '{}', { 'x-should-retry': 'false' }).retryable).toBe(false)
    expect(read(400, '{}', { 'x-should-retry': 'true' }).retryable).toBe(true)
  })
})

describe('encodeError', () => {
  test('all four keys always', () => {
    expect(encodeError({ status: 404, message: 'm' })).toEqual({
      error: { message: 'm', type: 'invalid_request_error', param: null, code: null },
    })
    expect(encodeError({ status: 400, message: 'm', type: 't', param: 'p', code: 'c' })).toEqual({
      error: { message: 'm', type: 't', param: 'p', code: 'c' },
    })
  })

  test.each([
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [403, 'permission_error'],
    [429, 'rate_limit_error'],
    [500, 'server_error'],
  ])('%i is %s where no type is told', (status, type) => {
    expect(errorShape.parse(encodeError({ status, message: 'm' })).error.type).toBe(type)
  })

  test('as the end of a stream', () => {
    expect(assertChatStream(encodeStreamError({ status: 502, message: 'a\nb' })).error?.message).toBe('a\nb')
  })
})

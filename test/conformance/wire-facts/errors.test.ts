import { expect, test } from 'vitest'
import { type JsonObject } from '../../../gateway/chat/json.ts'
import type { DialectId, UpstreamError } from '../../../gateway/dialects/dialect.ts'
import { openai, anthropic, gemini, whole, failure, google } from './wire.ts'

interface Told {
  from: DialectId
  code: number
  body: unknown
  headers?: Record<string, string>
  error: Partial<UpstreamError>
}

const openaiError = (more: JsonObject): JsonObject => ({
  error: { message: 'm', type: 'invalid_request_error', param: null, code: null, ...more },
})
const anthropicError = (type: string, more: JsonObject = {}): JsonObject => ({
  type: 'error',
  error: { type, message: 'm', ...more },
  request_id: 'req_1',
})
const errors: Record<string, Told> = {
  'OpenAI: unsupported_parameter keeps param and code': {
    from: openai,
    code: 400,
    body: openaiError({ param: 'max_tokens', code: 'unsupported_parameter' }),
    error: { status: 400, param: 'max_tokens', code: 'unsupported_parameter', retryable: false, fallback: false },
  },
  'OpenAI: 429 insufficient_quota: not again': {
    from: openai,
    code: 429,
    body: openaiError({ type: 'insufficient_quota', code: 'insufficient_quota' }),
    error: { status: 429, code: 'insufficient_quota', retryable: false },
  },
  'OpenAI: 429 rate_limit_exceeded: again': {
    from: openai,
    code: 429,
    body: openaiError({ type: 'requests', code: 'rate_limit_exceeded' }),
    error: { retryable: true },
  },
  'OpenAI: 503 overloaded: again': {
    from: openai,
    code: 503,
    body: openaiError({ type: 'server_error', code: 'overloaded' }),
    error: { retryable: true, fallback: true },
  },
  'OpenAI: x-should-retry: false is obeyed': {
    from: openai,
    code: 500,
    body: openaiError({}),
    headers: { 'x-should-retry': 'false' },
    error: { retryable: false },
  },
  'OpenAI: x-should-retry: true is obeyed': {
    from: openai,
    code: 400,
    body: openaiError({}),
    headers: { 'x-should-retry': 'true' },
    error: { retryable: true },
  },
  'OpenAI: retry-after as an HTTP date': {
    from: openai,
    code: 429,
    body: openaiError({}),
    headers: { 'retry-after': 'Tue, 24 Nov 2026 08:00:09 GMT', date: 'Tue, 24 Nov 2026 08:00:00 GMT' },
    error: { retryAfterMs: 9000 },
  },
  'Azure: retry-after-ms beside retry-after: the exact one': {
    from: openai,
    code: 429,
    body: openaiError({ code: 'rate_limit_exceeded' }),
    headers: { 'retry-after-ms': '1250', 'retry-after': '2' },
    error: { retryAfterMs: 1250 },
  },
  'Azure: content filter of the prompt': {
    from: openai,
    code: 400,
    body: {
      error: {
        message: 'Filtered.',
        code: 'content_filter',
        status: 400,
        innererror: { code: 'ResponsibleAIPolicyViolation', content_filter_result: { hate: { filtered: true } } },
      },
    },
    error: { status: 400, code: 'content_filter', message: 'Filtered.', retryable: false },
  },
  'Anthropic: 529 -> 503': {
    from: anthropic,
    code: 529,
    body: anthropicError('overloaded_error'),
    error: { status: 503, retryable: true, fallback: true },
  },
  'Anthropic: invalid_request_error 400': {
    from: anthropic,
    code: 400,
    body: anthropicError('invalid_request_error'),
    error: { status: 400, type: 'invalid_request_error', retryable: false, fallback: false },
  },
  'Anthropic: authentication_error 401': {
    from: anthropic,
    code: 401,
    body: anthropicError('authentication_error'),
    error: { status: 401, code: 'invalid_api_key', retryable: false },
  },
  'Anthropic: billing_error 402': {
    from: anthropic,
    code: 402,
    body: anthropicError('billing_error'),
    error: { status: 402, code: 'insufficient_quota', retryable: false },
  },
  'Anthropic: permission_error 403': {
    from: anthropic,
    code: 403,
    body: anthropicError('permission_error'),
    error: { status: 403, retryable: false, fallback: false },
  },
  'Anthropic: not_found_error 404': {
    from: anthropic,
    code: 404,
    body: anthropicError('not_found_error'),
    error: { status: 404, code: 'model_not_found', retryable: false, fallback: false },
  },
  'Anthropic: conflict_error 409': {
    from: anthropic,
    code: 409,
    body: anthropicError('conflict_error'),
    error: { status: 409, retryable: true },
  },
  'Anthropic: request_too_large 413': {
    from: anthropic,
    code: 413,
    body: anthropicError('request_too_large'),
    error: { status: 413, retryable: false },
  },
  'Anthropic: rate_limit_error 429, retry-after in seconds': {
    from: anthropic,
    code: 429,
    body: anthropicError('rate_limit_error'),
    headers: { 'retry-after': '7' },
    error: { status: 429, code: 'rate_limit_exceeded', retryable: true, retryAfterMs: 7000 },
  },
  'Anthropic: 429 enforced_spend_limit_reached: not again': {
    from: anthropic,
    code: 429,
    body: anthropicError('rate_limit_error', { details: { error_code: 'enforced_spend_limit_reached' } }),
    error: { status: 429, retryable: false },
  },
  'Anthropic: api_error 500': {
    from: anthropic,
    code: 500,
    body: anthropicError('api_error'),
    error: { status: 500, type: 'server_error', retryable: true },
  },
  'Anthropic: the recorded 400, its keys in another order': {
    from: anthropic,
    code: 400,
    body: {
      error: { message: "This model does not support effort level 'xhigh'.", type: 'invalid_request_error' },
      request_id: 'req_1',
      type: 'error',
    },
    error: { status: 400, message: "This model does not support effort level 'xhigh'." },
  },
  'Gemini: 429 with RetryInfo and no Retry-After': {
    from: gemini,
    code: 429,
    body: google('RESOURCE_EXHAUSTED', 429, [
      { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '34.4s' },
    ]),
    error: { status: 429, retryable: true, retryAfterMs: 34_400 },
  },
  'Gemini: stream errors come as a JSON array': {
    from: gemini,
    code: 503,
    body: [google('UNAVAILABLE', 503)],
    error: { status: 503, message: 'm', retryable: true },
  },
  'Groq: tool_use_failed': {
    from: openai,
    code: 400,
    body: openaiError({ code: 'tool_use_failed', failed_generation: '<x>' }),
    error: { status: 400, code: 'tool_use_failed', retryable: false },
  },
  'Groq: 498 is flex capacity': { from: openai, code: 498, body: openaiError({}), error: { retryable: true } },
  'Cohere: { id, message }': {
    from: openai,
    code: 400,
    body: { id: 'x', message: 'bad model' },
    error: { message: 'bad model', retryable: false },
  },
  'OpenRouter: numeric code, the upstream’s words in metadata.raw': {
    from: openai,
    code: 429,
    body: {
      error: {
        code: 429,
        message: 'Provider returned error',
        metadata: { raw: 'slow down please', provider_name: 'X' },
      },
    },
    headers: { 'retry-after': '3' },
    error: { message: 'Provider returned error: slow down please', retryable: true, retryAfterMs: 3000 },
  },
  'Voyage: { detail }': {
    from: 'openai-embeddings',
    code: 400,
    body: { detail: 'too many texts' },
    error: { message: 'too many texts' },
  },
  'context length, by code (OpenAI): another target': {
    from: openai,
    code: 400,
    body: openaiError({ code: 'context_length_exceeded' }),
    error: { code: 'context_length_exceeded', retryable: false, fallback: true },
  },
  '"prompt is too long" (Anthropic): another target': {
    from: anthropic,
    code: 400,
    body: anthropicError('invalid_request_error', { message: 'prompt is too long: 210000 tokens > 200000 maximum' }),
    error: { code: 'context_length_exceeded', retryable: false, fallback: true },
  },
  '"input token count … exceeds" (Gemini): another target': {
    from: gemini,
    code: 400,
    body: {
      error: { code: 400, message: 'The input token count (9) exceeds the maximum (8).', status: 'INVALID_ARGUMENT' },
    },
    error: { code: 'context_length_exceeded', retryable: false, fallback: true },
  },
}

test.each(Object.entries(errors))('%s', (_fact, { from, code, body, headers, error }) => {
  expect(failure(from, code, body, headers)).toMatchObject(error)
})

test.each([
  ['INVALID_ARGUMENT', 400],
  ['FAILED_PRECONDITION', 400],
  ['UNAUTHENTICATED', 401],
  ['PERMISSION_DENIED', 403],
  ['NOT_FOUND', 404],
  ['ABORTED', 409],
  ['RESOURCE_EXHAUSTED', 429],
  ['CANCELLED', 499],
  ['INTERNAL', 500],
  ['UNAVAILABLE', 503],
  ['DEADLINE_EXCEEDED', 504],
])('Gemini: %s inside a 200 means %i', (word, code) => {
  expect(whole(gemini, google(word, 0))).toMatchObject({ error: { status: code } })
})

import type { StreamError } from '../../../chat/event.ts'
import { asObject, asString, type Json, type JsonObject, parseJson } from '../../../chat/json.ts'
import type { ErrorResponse, UpstreamError } from '../../dialect.ts'
import { readRetryAfter } from '../../retry-after.ts'

/** What an error means, in the terms OpenAI's clients know. */
interface Meaning {
  status: number
  type: string
  code?: string
}

/** https://platform.claude.com/docs/en/api/errors */
const meanings: Record<string, Meaning> = {
  invalid_request_error: { status: 400, type: 'invalid_request_error' },
  authentication_error: { status: 401, type: 'authentication_error', code: 'invalid_api_key' },
  billing_error: { status: 402, type: 'insufficient_quota', code: 'insufficient_quota' },
  permission_error: { status: 403, type: 'permission_error', code: 'permission_denied' },
  not_found_error: { status: 404, type: 'invalid_request_error', code: 'model_not_found' },
  conflict_error: { status: 409, type: 'invalid_request_error', code: 'conflict' },
  request_too_large: { status: 413, type: 'invalid_request_error', code: 'request_too_large' },
  rate_limit_error: { status: 429, type: 'rate_limit_error', code: 'rate_limit_exceeded' },
  timeout_error: { status: 504, type: 'timeout_error', code: 'timeout' },
  api_error: { status: 500, type: 'server_error', code: 'server_error' },
  overloaded_error: { status: 529, type: 'server_error', code: 'overloaded' },
}

/** The same for bodies that name no type: a proxy's, or none at all. */
const typeByStatus: Record<number, string> = {
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  529: 'overloaded_error',
}

interface WireError {
  message: string | undefined
  type: string | undefined
  /** `details.error_code`, which tells an exhausted spend limit from a rate limit. */
  errorCode: string | undefined
}

export function readError(response: ErrorResponse): UpstreamError {
  const wire = readWireError(parseJson(response.body))
  const retryAfterMs = readRetryAfter(response.headers)
  const decided = decide(wire, response.status, wire.message ?? describeBody(response))
  return {
    ...decided,
    retryable: toldToRetry(response.headers['x-should-retry']) ?? decided.retryable,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}

/** Anthropic's own SDKs obey this header before the status. */
function toldToRetry(header: string | string[] | undefined): boolean | undefined {
  return header === 'true' ? true : header === 'false' ? false : undefined
}

/** An `error` event of a stream, or an error in a 200 body: the status is the one its type would have had. */
export function readStreamError(body: JsonObject): StreamError {
  const wire = readWireError(body)
  const status = meanings[wire.type ?? '']?.status ?? 502
  const error = decide(wire, status, wire.message ?? 'The provider reported an error without words.')
  const streamError: StreamError = { message: error.message, status: error.status, retryable: error.retryable }
  if (error.type !== undefined) streamError.type = error.type
  if (error.code !== undefined) streamError.code = error.code
  return streamError
}

/** What the provider sent is no answer, or not all of one. */
export function brokenAnswer(message: string, code = 'upstream_invalid_response'): StreamError {
  return { message, type: 'upstream_error', code, status: 502, retryable: true }
}

function decide(wire: WireError, status: number, message: string): UpstreamError {
  const meaning = meanings[wire.type ?? ''] ?? meanings[typeByStatus[status] ?? '']
  const base = {
    // 529 is Anthropic's own; OpenAI's clients know 503 and retry both.
    status: status === 529 ? 503 : status,
    message,
    type: meaning?.type ?? (status >= 500 ? 'server_error' : 'invalid_request_error'),
    code: meaning?.code,
  }
  if (isContextLength(message)) return { ...base, code: 'context_length_exceeded', retryable: false, fallback: true }
  // Asking again is useless until somebody pays; another provider may have credit.
  if (isQuota(wire, status, message)) return { ...base, code: 'insufficient_quota', retryable: false, fallback: true }
  const isPassing = status === 408 || status === 425 || status === 429 || status >= 500
  // 409 is a lock that goes away here; elsewhere nothing would be different.
  return { ...base, retryable: isPassing || status === 409, fallback: isPassing }
}

/** Anthropic has no code for it, only words (https://platform.claude.com/docs/en/build-with-claude/context-windows). */
function isContextLength(message: string): boolean {
  return /prompt is too long|exceeds? (the )?context (limit|window)/i.test(message)
}

function isQuota(wire: WireError, status: number, message: string): boolean {
  if (wire.type === 'billing_error' || status === 402) return true
  // A spend limit is a 429 without retry-after; an empty balance is a 400 with these words.
  return wire.errorCode === 'enforced_spend_limit_reached' || /credit balance is too low/i.test(message)
}

/** `{type:"error", error:{type, message, details}}`, or what proxies answer: `{error:"..."}`, `{message}`, `{detail}`. */
function readWireError(body: Json | undefined): WireError {
  const outer = asObject(body)
  const error = asObject(outer?.['error'])
  return {
    message: firstText(error?.['message'], outer?.['error'], outer?.['message'], outer?.['detail']),
    type: asString(error?.['type']),
    errorCode: asString(asObject(error?.['details'])?.['error_code']),
  }
}

function firstText(...candidates: (Json | undefined)[]): string | undefined {
  return candidates.map(asString).find((text) => text !== undefined && text.trim() !== '')
}

/** A body that is not JSON comes from something before the provider: its title or first words, never its markup. */
function describeBody({ status, body }: ErrorResponse): string {
  const title = /<title[^>]*>([^<]*)<\/title>/i.exec(body)?.[1]
  const isMarkup = /^\s*</.test(body)
  const isJson = parseJson(body) !== undefined
  const words = (title ?? (isMarkup || isJson ? '' : body)).replaceAll(/\s+/g, ' ').trim().slice(0, 200)
  return words === ''
    ? `The provider answered with status ${status}.`
    : `The provider answered with status ${status}: ${words}`
}

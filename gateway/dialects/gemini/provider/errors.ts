import type { StreamError } from '../../../chat/event.ts'
import {
  asArray,
  asNumber,
  asObject,
  asString,
  isObject,
  parseJson,
  type Json,
  type JsonObject,
} from '../../../chat/json.ts'
import type { ErrorResponse, UpstreamError } from '../../dialect.ts'
import { readRetryAfter } from '../../retry-after.ts'
import { isQuotaSpent, readRetryDelayMs, reasons } from './error-details.ts'

/** google.rpc.Code -> HTTP status (cloud.google.com/apis/design/errors). */
const statuses = new Map<string, number>([
  ['INVALID_ARGUMENT', 400],
  ['FAILED_PRECONDITION', 400],
  ['OUT_OF_RANGE', 400],
  ['UNAUTHENTICATED', 401],
  ['PERMISSION_DENIED', 403],
  ['NOT_FOUND', 404],
  ['ABORTED', 409],
  ['ALREADY_EXISTS', 409],
  ['RESOURCE_EXHAUSTED', 429],
  ['CANCELLED', 499],
  ['INTERNAL', 500],
  ['UNKNOWN', 500],
  ['DATA_LOSS', 500],
  ['UNIMPLEMENTED', 501],
  ['UNAVAILABLE', 503],
  ['DEADLINE_EXCEEDED', 504],
])

const types = new Map<number, string>([
  [401, 'authentication_error'],
  [403, 'permission_error'],
  [408, 'timeout_error'],
  [429, 'rate_limit_error'],
  [499, 'client_error'],
  [504, 'timeout_error'],
])

const passing = new Set([408, 409, 425, 429])

/** An answer other than 2xx: one error object, an array of one (streams), or what a proxy or front end wrote. */
export function readError({ status, headers, body }: ErrorResponse): UpstreamError {
  const error = readErrorObject(parseJson(body))
  const fallbackMessage = error === undefined ? describeText(status, body) : `Google answered ${status}.`
  return judge(error ?? {}, { status, fallbackMessage, retryHeaderMs: readRetryAfter(headers) })
}

/** `{ error }` inside a 200: its status is what the error itself says. */
export function readInbandError(body: JsonObject): StreamError {
  const error = readErrorObject(body) ?? {}
  const status = statuses.get(asString(error['status']) ?? '') ?? httpStatus(error['code']) ?? 500
  const judged = judge(error, { status, fallbackMessage: 'Google reported an error.', retryHeaderMs: undefined })
  const { message, type, code, retryable } = judged
  return {
    message,
    status: judged.status,
    retryable,
    ...(type === undefined ? {} : { type }),
    ...(code === undefined ? {} : { code }),
  }
}

function httpStatus(code: unknown): number | undefined {
  const status = asNumber(code)
  return status !== undefined && status >= 400 && status <= 599 ? status : undefined
}

/** Google's OAuth front end writes `{ error: "invalid_grant", error_description }`. */
function readErrorObject(body: Json | undefined): JsonObject | undefined {
  if (Array.isArray(body)) return body.map(readErrorObject).find((error) => error !== undefined)
  const error = asObject(body)?.['error']
  if (typeof error !== 'string') return asObject(error)
  return { message: asString(asObject(body)?.['error_description']) ?? error, status: error }
}

interface Circumstances {
  status: number
  fallbackMessage: string
  retryHeaderMs: number | undefined
}

function judge(error: JsonObject, { status, fallbackMessage, retryHeaderMs }: Circumstances): UpstreamError {
  const told = asString(error['message'])?.trim() ?? ''
  const message = scrub(told === '' ? fallbackMessage : told)
  const details = (asArray(error['details']) ?? []).filter(isObject)
  if (isBadKey(message, details, status))
    return { ...final, status: 401, message, type: 'authentication_error', code: 'invalid_api_key' }
  if (status === 400 && isTooLong(message))
    return {
      ...final,
      status: 400,
      message,
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
      fallback: true,
    }
  if (status === 429 && isQuotaSpent(message, details))
    return { ...final, status, message, type: 'insufficient_quota', code: 'insufficient_quota', fallback: true }
  const mayPass = passing.has(status) || status >= 500
  const retryAfterMs = readRetryDelayMs(details) ?? retryHeaderMs
  return {
    status,
    message,
    type: types.get(status) ?? (status >= 500 ? 'server_error' : 'invalid_request_error'),
    code: asString(error['status']),
    // UNIMPLEMENTED says the same tomorrow.
    retryable: mayPass && status !== 501,
    fallback: mayPass,
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
  }
}

const final = { retryable: false, fallback: false }

/** Google says 400 INVALID_ARGUMENT to a wrong key. Its reason is API_KEY_INVALID; older front ends send only the text. */
function isBadKey(message: string, details: JsonObject[], status: number): boolean {
  if (status === 401 || reasons(details).includes('API_KEY_INVALID')) return true
  return status === 400 && /^API key (not valid|expired|not found)/i.test(message)
}

/** "The input token count (1200000) exceeds the maximum number of tokens allowed (1048576)." has no code of its own. */
function isTooLong(message: string): boolean {
  return /input token count.*exceeds/is.test(message)
}

/** Google repeats keys in some messages ("Consumer 'api_key:AIza...' has been suspended"). */
function scrub(message: string): string {
  return message
    .replaceAll(/([?&]key=|api_key:)[^&\s"'<>]+/gi, '$1[hidden]')
    .replaceAll(/\bAIza[\w-]{20,}/g, '[hidden]')
}

function describeText(status: number, body: string): string {
  const text = body.trim()
  if (text === '' || text.startsWith('<')) return `Google answered ${status} without an explanation.`
  return `Google answered ${status}: ${text.slice(0, 500)}`
}

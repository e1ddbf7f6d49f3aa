import { given } from '../../../chat/given.ts'
import type { JsonObject } from '../../../chat/json.ts'
import { sseEvent } from '../../sse.ts'
import type { Failure } from '../../dialect.ts'

/** `{type: 'error', error: {type, message}, request_id}` (https://platform.claude.com/docs/en/api/errors). */
export function encodeError(failure: Failure, requestId?: string): JsonObject {
  return {
    type: 'error',
    error: { type: typeOf(failure), message: messageOf(failure) },
    ...given({ request_id: requestId }),
  }
}

/** An error may come at any point of a stream and ends it. */
export function encodeStreamError(failure: Failure, requestId?: string): string {
  return sseEvent(JSON.stringify(encodeError(failure, requestId)), 'error')
}

/** Claude Code makes the conversation shorter by itself where it reads these words, whatever the type. */
const tooLong = 'prompt is too long'

function messageOf({ code, message }: Failure): string {
  if (code !== 'context_length_exceeded' || message.toLowerCase().includes(tooLong)) return message
  return `${tooLong}: ${message}`
}

const ownTypes = new Set([
  'invalid_request_error',
  'authentication_error',
  'billing_error',
  'permission_error',
  'not_found_error',
  'conflict_error',
  'request_too_large',
  'rate_limit_error',
  'timeout_error',
  'api_error',
  'overloaded_error',
])

/** Codes say more than the status: an overloaded Anthropic is a 503 to everybody else, no credit is a 429. */
const typeByCode: Record<string, string> = {
  overloaded: 'overloaded_error',
  insufficient_quota: 'billing_error',
  budget_exceeded: 'billing_error',
  // Claude Code's contract for gateways: an endpoint that is not there.
  not_supported: 'not_supported',
}

const typeByStatus: Record<number, string> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  402: 'billing_error',
  403: 'permission_error',
  404: 'not_found_error',
  408: 'timeout_error',
  409: 'conflict_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  504: 'timeout_error',
  529: 'overloaded_error',
}

function typeOf({ code = '', status, type = '' }: Failure): string {
  if (Object.hasOwn(typeByCode, code)) return typeByCode[code] ?? 'api_error'
  const byStatus = typeByStatus[status]
  // `invalid_request_error` is what OpenAI calls nearly all of its own, a missing model too: the status says more.
  if (ownTypes.has(type) && (type !== 'invalid_request_error' || byStatus === undefined)) return type
  return byStatus ?? (status >= 500 ? 'api_error' : 'invalid_request_error')
}

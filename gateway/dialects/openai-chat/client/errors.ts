import type { JsonObject } from '../../../chat/json.ts'
import { sseEvent } from '../../sse.ts'
import type { Failure } from '../../dialect.ts'

/** All four keys are always there (openapi.json, ErrorResponse). */
export function encodeError(failure: Failure): JsonObject {
  return {
    error: {
      message: failure.message,
      type: failure.type ?? typeOf(failure.status),
      param: failure.param ?? null,
      code: codeOf(failure),
    },
  }
}

/** OpenAI's SDKs throw at an event with `error`; [DONE] ends the stream for everyone else. */
export function encodeStreamError(failure: Failure): string {
  return encodeErrorEvent(failure) + sseEvent('[DONE]')
}

export function encodeErrorEvent(failure: Failure): string {
  return sseEvent(JSON.stringify(encodeError(failure)))
}

/** OpenAI's own word, by which its clients know that trying again is in vain. */
function codeOf({ code }: Failure): string | null {
  return code === 'budget_exceeded' ? 'insufficient_quota' : (code ?? null)
}

function typeOf(status: number): string {
  if (status === 401) return 'authentication_error'
  if (status === 403) return 'permission_error'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}

import type { JsonObject } from '../../../chat/json.ts'
import type { Failure } from '../../dialect.ts'
import { encodeError } from '../../openai-chat/client/errors.ts'
import { sseEvent } from '../../sse.ts'

/**
 * As OpenAI ends a stream that failed: `error`, whose members are nested in fact and flat in the specification
 * (https://platform.openai.com/docs/api-reference/responses-streaming/error), then `response.failed`.
 */
export function encodeStreamError(failure: Failure, requestId?: string): string {
  const error = (encodeError(failure) as { error: JsonObject }).error
  const { message, code, param } = error
  const failed: JsonObject = {
    id: `resp_${requestId ?? ''}`,
    object: 'response',
    created_at: 0,
    status: 'failed',
    error: { code: code ?? 'server_error', message },
    incomplete_details: null,
    output: [],
    usage: null,
  }
  return (
    event('error', { code, message, param, error, sequence_number: 0 }) +
    event('response.failed', { response: failed, sequence_number: 1 })
  )
}

function event(type: string, members: JsonObject): string {
  return sseEvent(JSON.stringify({ type, ...members }), type)
}

import type { Failure } from '../dialects/dialect.ts'
import { findDialect } from '../dialects/index.ts'
import { GatewayError } from '../errors.ts'
import type { Spoken } from './spoken-at.ts'

/**
 * For the endpoints outside the pipeline: in the dialect of whoever asks, else OpenAI's error body, which every client
 * of this address can read.
 */
export function encodeGatewayError(
  error: unknown,
  spoken: Spoken = 'openai-chat',
): { status: number; headers: Record<string, string>; body: object } {
  const known = gatewayErrorOf(error)
  const { message, type, code, param, status, retryAfterMs, headers } = known
  return {
    status,
    headers: {
      ...headers,
      ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    },
    body:
      spoken === 'openai-chat'
        ? { error: { message, type, param: param ?? null, code } }
        : encodeIn(spoken, { status, message, type, code, param }),
  }
}

function encodeIn(spoken: Spoken, failure: Failure): object {
  return findDialect(spoken)?.client?.encodeError(failure) ?? { error: failure }
}

export function gatewayErrorOf(error: unknown): GatewayError {
  return error instanceof GatewayError ? error : fromFastify(error)
}

function fromFastify(error: unknown): GatewayError {
  const { statusCode, message } = error as { statusCode?: number; message?: string }
  if (statusCode === 413) return new GatewayError('body_too_large', 'The request body is too large (server.bodyLimit).')
  if (statusCode === 415)
    return new GatewayError('unsupported_media_type', 'Send JSON with content-type: application/json.')
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new GatewayError('invalid_request', message ?? 'Bad request.')
  return new GatewayError('internal_error', 'The gateway failed on this request; its log says why.', { cause: error })
}

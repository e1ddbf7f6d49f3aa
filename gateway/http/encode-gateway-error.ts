import { GatewayError } from '../errors.ts'

/** For the endpoints that are not a dialect's: OpenAI's error body, which every client of this address can read. */
export function encodeGatewayError(error: unknown): { status: number; headers: Record<string, string>; body: object } {
  const known = gatewayErrorOf(error)
  const { message, type, code, param, status, retryAfterMs, headers } = known
  return {
    status,
    headers: {
      ...headers,
      ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1000)) }),
    },
    body: { error: { message, type, param: param ?? null, code } },
  }
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

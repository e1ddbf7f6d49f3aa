import type { StreamError } from '../chat/event.ts'
import type { ErrorResponse } from '../dialects/dialect.ts'
import { GatewayError } from '../errors.ts'
import type { CallFailure, Target } from './call.ts'
import type { AttemptFailure } from './policy.ts'

/** Why an attempt failed: what the client may be told, what the policy decides by, and whether the target is to blame. */
export interface Failed extends CallFailure, AttemptFailure {
  retryAfterMs: number | undefined
  /** The circuit breaker counts it. */
  blame: boolean
}

/** 404 stays out: a model that one provider does not know is the caller's or the configuration's mistake. */
const fallbackStatuses = new Set([408, 425, 429, 500, 502, 503, 504, 529])

/** The provider answered with an error status. */
export function providerFailure(target: Target, response: ErrorResponse): Failed {
  if (response.status < 400) return redirected(target, response)
  const error = target.dialect.provider?.readError(response)
  if (error === undefined) return gatewayFailure(new GatewayError('upstream_error', `HTTP ${response.status}`), true)
  const { status, message, type, code, param, retryable, fallback, retryAfterMs } = error
  return {
    status,
    message,
    type,
    code,
    param,
    retryable,
    fallback,
    retryAfterMs,
    busy: status === 429 || response.status === 529 || status === 503,
    blame: response.status >= 500,
  }
}

/** A POST is not sent on to another address, which may be anybody's. */
function redirected({ provider }: Target, { status, headers: { location } }: ErrorResponse): Failed {
  const to = typeof location === 'string' ? ` to ${location.slice(0, 200)}` : ''
  const text = `Provider "${provider.name}" answered with HTTP ${status}${to} instead of an answer: correct its baseUrl.`
  return { ...gatewayFailure(new GatewayError('upstream_invalid_response', text), true), retryable: false }
}

/** The provider said inside a 200 that it failed. */
export function streamFailure(error: StreamError): Failed {
  const { status, message, type, code, retryable } = error
  return {
    status: status >= 400 ? status : 502,
    message,
    type,
    code,
    retryable,
    // A model with a longer context may do it, as where the same is said with a 400.
    fallback: retryable || fallbackStatuses.has(status) || code === 'context_length_exceeded',
    busy: status === 429,
    retryAfterMs: undefined,
    blame: status >= 500 || status === 0,
  }
}

/** The gateway gave up on the provider: unreachable, too slow, empty. */
export function gatewayFailure(error: GatewayError, blame: boolean): Failed {
  return {
    status: error.status,
    message: error.message,
    type: error.type,
    code: error.code,
    param: error.param,
    retryable: error.retryable,
    fallback: error.retryable,
    busy: error.code === 'upstream_timeout',
    retryAfterMs: error.retryAfterMs,
    headers: error.headers,
    blame,
  }
}

const networkWords: Record<string, string> = {
  ECONNREFUSED: 'the connection was refused (is it running?)',
  ECONNRESET: 'the connection was reset',
  ENOTFOUND: 'the host name is unknown',
  EAI_AGAIN: 'the host name could not be looked up just now',
  EHOSTUNREACH: 'the host cannot be reached',
  ENETUNREACH: 'the network cannot be reached',
  ETIMEDOUT: 'the connection timed out',
  UND_ERR_CONNECT_TIMEOUT: 'it did not accept a connection in time',
  UND_ERR_SOCKET: 'the connection was closed',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed (set network.caFile to trust it)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate chain is self-signed (set network.caFile to trust it)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate cannot be verified (set network.caFile to trust its authority)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is of an unknown authority (set network.caFile to trust it)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name (correct its baseUrl)',
}

/** The connection failed before the answer was complete. */
export function networkFailure(target: Target, error: Error): Failed {
  const code = networkCode(error)
  const why = code === undefined ? error.message : (networkWords[code] ?? `the connection failed (${code})`)
  const where = `provider "${target.provider.name}" at ${target.endpoint.origin}`
  return gatewayFailure(
    new GatewayError('upstream_unreachable', `Could not get an answer from ${where}: ${why}.`, { cause: error }),
    true,
  )
}

function networkCode(error: Error & { code?: unknown }): string | undefined {
  if (typeof error.code === 'string') return error.code
  const { cause } = error
  return cause instanceof Error ? networkCode(cause) : undefined
}

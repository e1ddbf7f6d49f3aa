/**
 * Every error the gateway itself makes: code -> HTTP status, OpenAI's `type`, whether a client may try again.
 * Errors that a provider made keep that provider's own words and are built by the dialect that read them.
 */
const table = {
  invalid_json: [400, 'invalid_request_error', false],
  invalid_request: [400, 'invalid_request_error', false],
  unsupported_content: [400, 'invalid_request_error', false],
  unsupported_operation: [400, 'invalid_request_error', false],
  guard_blocked: [400, 'invalid_request_error', false],
  previous_response_not_found: [400, 'invalid_request_error', false],
  invalid_api_key: [401, 'authentication_error', false],
  model_not_allowed: [403, 'permission_error', false],
  origin_not_allowed: [403, 'permission_error', false],
  host_not_allowed: [403, 'permission_error', false],
  model_not_found: [404, 'invalid_request_error', false],
  not_found: [404, 'invalid_request_error', false],
  method_not_allowed: [405, 'invalid_request_error', false],
  request_timeout: [408, 'timeout_error', false],
  body_too_large: [413, 'invalid_request_error', false],
  unsupported_media_type: [415, 'invalid_request_error', false],
  upgrade_required: [426, 'invalid_request_error', false],
  budget_exceeded: [429, 'insufficient_quota', false],
  rate_limit_exceeded: [429, 'rate_limit_error', true],
  client_closed_request: [499, 'client_error', false],
  internal_error: [500, 'server_error', true],
  not_supported: [501, 'invalid_request_error', false],
  upstream_error: [502, 'upstream_error', true],
  upstream_unreachable: [502, 'upstream_error', true],
  upstream_invalid_response: [502, 'upstream_error', true],
  upstream_empty_response: [502, 'upstream_error', true],
  no_provider: [503, 'server_error', false],
  paused: [503, 'server_error', false],
  provider_unavailable: [503, 'server_error', true],
  shutting_down: [503, 'server_error', true],
  upstream_timeout: [504, 'timeout_error', true],
} as const satisfies Record<string, readonly [status: number, type: string, retryable: boolean]>

export type ErrorCode = keyof typeof table

export interface ErrorDetails {
  /** The request member that is wrong, e.g. `messages[0].content`. */
  param?: string
  cause?: unknown
  /** When trying again makes sense, in milliseconds. */
  retryAfterMs?: number
  /** Extra response headers (rate-limit state, allowed methods). */
  headers?: Record<string, string>
}

/** The one error class of the gateway. `message` is public: it goes to the client as it stands, so it names no secret. */
export class GatewayError extends Error {
  override readonly name = 'GatewayError'
  readonly code: ErrorCode
  readonly status: number
  readonly type: string
  readonly retryable: boolean
  readonly param: string | undefined
  readonly retryAfterMs: number | undefined
  readonly headers: Record<string, string>

  constructor(code: ErrorCode, message: string, details: ErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    const [status, type, retryable] = table[code]
    this.code = code
    this.status = status
    this.type = type
    this.retryable = retryable
    this.param = details.param
    this.retryAfterMs = details.retryAfterMs
    this.headers = details.headers ?? {}
  }
}

export const errorCodes = Object.keys(table) as ErrorCode[]

/** The HTTP status of one of the gateway's codes; undefined: it is not one. */
export function statusOfCode(code: string): number | undefined {
  return Object.hasOwn(table, code) ? table[code as ErrorCode][0] : undefined
}

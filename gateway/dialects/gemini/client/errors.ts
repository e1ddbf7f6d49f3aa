import { given } from '../../../chat/given.ts'
import type { JsonObject } from '../../../chat/json.ts'
import type { Failure } from '../../dialect.ts'
import { sseEvent } from '../../sse.ts'

/** google.rpc.Code by HTTP status (cloud.google.com/apis/design/errors). */
const statuses = new Map<number, string>([
  [400, 'INVALID_ARGUMENT'],
  [401, 'UNAUTHENTICATED'],
  [402, 'FAILED_PRECONDITION'],
  [403, 'PERMISSION_DENIED'],
  [404, 'NOT_FOUND'],
  [405, 'UNIMPLEMENTED'],
  [408, 'DEADLINE_EXCEEDED'],
  [409, 'ABORTED'],
  [429, 'RESOURCE_EXHAUSTED'],
  [499, 'CANCELLED'],
  [500, 'INTERNAL'],
  [501, 'UNIMPLEMENTED'],
  [502, 'UNAVAILABLE'],
  [503, 'UNAVAILABLE'],
  [504, 'DEADLINE_EXCEEDED'],
  [529, 'UNAVAILABLE'],
])

/** As Google has it; the gateway's own word for what went wrong is the reason of an ErrorInfo. */
export function encodeError(failure: Failure, requestId?: string): JsonObject {
  const { status, message } = failure
  return { error: { code: status, message, status: rpcStatus(status), details: details(failure, requestId) } }
}

/** Google's SDKs throw at an event with `error`; nothing ends the stream but its end. */
export function encodeStreamError(failure: Failure, requestId?: string): string {
  return sseEvent(JSON.stringify(encodeError(failure, requestId)))
}

function rpcStatus(status: number): string {
  return statuses.get(status) ?? (status >= 500 ? 'INTERNAL' : 'INVALID_ARGUMENT')
}

/** By the day in the quota's name Gemini CLI knows that waiting is in vain; any other 429 it tries again. */
const spentUp: JsonObject = {
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ quotaMetric: 'llm-gateway/budget', quotaId: 'BudgetPerDay' }],
}

function details({ type, code, param, retryAfterMs }: Failure, requestId: string | undefined): JsonObject[] {
  const info: JsonObject = {
    '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
    reason: (code ?? type ?? 'error').toUpperCase(),
    domain: 'llm-gateway',
    metadata: given({ param, requestId }),
  }
  if (code === 'budget_exceeded') return [info, spentUp]
  if (retryAfterMs === undefined) return [info]
  // Google's clients know no retry-after header (Gemini CLI waits as long as this says).
  return [info, { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: `${retryAfterMs / 1000}s` }]
}

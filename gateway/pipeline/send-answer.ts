import { GatewayError } from '../errors.ts'
import { abortFailure } from './attempt.ts'
import type { Answer, Call, CallFailure } from './call.ts'
import { noBytes } from './relay.ts'
import type { Settled } from './settle.ts'

/** SDKs obey up to 60 s (OpenAI) or for ever (Anthropic): never send a client to sleep for longer than this. */
const retryAfterCapMs = 60_000

/** The answer to a call that ended before any provider was asked. */
export function failedAnswer(error: unknown): Answer {
  const failure = error instanceof GatewayError ? abortFailure(error) : unexpected()
  return {
    cache: 'BYPASS',
    attempts: [],
    decisive: undefined,
    failure,
    head: { status: failure.status, headers: {} },
    tail: noBytes,
    hit: undefined,
  }
}

function unexpected(): CallFailure {
  return abortFailure(
    new GatewayError('internal_error', 'The gateway failed on this call; its log says why, under the request id.'),
  )
}

/** The end of the story: head and last bytes, or the error. */
export function sendAnswer(
  call: Call,
  answer: Answer,
  settled: Settled,
  limitHeaders: Record<string, string> = {},
): void {
  const { sink } = call
  if (sink.headSent) return sink.end(answer.tail)
  const headers = Object.assign(answer.head.headers, limitHeaders)
  headers['x-gateway-request-id'] = call.id
  const idHeader = call.dialect.client?.idHeader
  if (idHeader !== undefined) headers[idHeader] ??= call.id
  headers['x-cache'] = answer.cache
  if (answer.failure === undefined) {
    if (settled.costNanoUsd !== undefined) headers['x-gateway-cost'] = usd(settled.costNanoUsd)
    headers['content-length'] = String(answer.tail.byteLength)
    sink.head({ status: answer.head.status, headers })
    return sink.end(answer.tail)
  }
  const { failure } = answer
  const body = Buffer.from(failure.body ?? JSON.stringify(call.dialect.client?.encodeError(failure, call.id)))
  Object.assign(headers, failure.headers, retryHeaders(failure), {
    'content-type': 'application/json',
    'content-length': String(body.byteLength),
  })
  sink.head({ status: failure.status, headers })
  sink.end(body)
}

/**
 * SDKs retry these and 5xx by themselves, Claude Code a 401 for minutes: they are told where that is in vain. A 400 stays
 * open, because Claude Code drops one beta after the other until it is taken.
 */
const retriedBySdks = new Set([401, 402, 403, 408, 409, 429])

function retryHeaders({ retryable, retryAfterMs, status, code }: CallFailure): Record<string, string> {
  const headers: Record<string, string> = {}
  if (retryAfterMs !== undefined) {
    const ms = Math.min(retryAfterMs, retryAfterCapMs)
    headers['retry-after'] = String(Math.ceil(ms / 1000))
    headers['retry-after-ms'] = String(Math.ceil(ms))
  }
  const isFinal = retriedBySdks.has(status) || status >= 500 || code === 'guard_blocked'
  if (!retryable && isFinal) headers['x-should-retry'] = 'false'
  return headers
}

/** Decimal USD without float dust: 1234567 -> `0.001234567`. */
export function usd(nanoUsd: number): string {
  const digits = String(nanoUsd).padStart(10, '0')
  const text = `${digits.slice(0, -9)}.${digits.slice(-9)}`.replace(/\.?0+$/, '')
  return text === '' ? '0' : text
}

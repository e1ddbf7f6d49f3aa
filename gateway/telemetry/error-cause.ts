import { statusOfCode } from '../errors.ts'
import type { AttemptRow } from '../stores/ledger.ts'

/**
 * Who must act on an error. `client`: the request, or a limit or budget of its sender. `account`: the provider refuses
 * the key, or wants to be paid. `limit`: the provider's own rate limit. `provider`: it failed, or did not answer.
 * `gateway`: the gateway itself, or how it is set up.
 */
export const errorCauses = ['client', 'account', 'limit', 'provider', 'gateway'] as const
export type ErrorCause = (typeof errorCauses)[number]

/** undefined: no error, or the client hung up. */
export function errorCause({ attempt, outcome, status, errorCode }: AttemptRow): ErrorCause | undefined {
  if (outcome === 'ok' || outcome === 'aborted') return undefined
  if (attempt === 0) return ofRefusal(status ?? 500, errorCode)
  // Before the code, for which a provider may have the same words as the gateway.
  if (status !== undefined && status >= 400) return ofProvider(status)
  const own = errorCode === undefined ? undefined : statusOfCode(errorCode)
  if (own !== undefined && own < 500) return 'client'
  return errorCode === 'internal_error' ? 'gateway' : 'provider'
}

function ofRefusal(status: number, code: string | undefined): ErrorCause {
  if (status < 500 || status === 501) return 'client'
  return code === 'provider_unavailable' || code?.startsWith('upstream_') === true ? 'provider' : 'gateway'
}

function ofProvider(status: number): ErrorCause {
  if (status === 401 || status === 402 || status === 403) return 'account'
  if (status === 429) return 'limit'
  return status < 500 && status !== 408 ? 'client' : 'provider'
}

import { expect, test } from 'vitest'
import { errorCause } from '../../../gateway/telemetry/error-cause.ts'
import { attempt, refused } from '../../conformance/ledger.ts'

const { errorCode: _, ...failed } = attempt({ outcome: 'error' })

test.each([
  ['an answer', attempt(), undefined],
  ['the client hung up', { ...failed, outcome: 'aborted' as const, errorCode: 'client_closed_request' }, undefined],
  ['a limit of the gateway', refused(), 'client'],
  ['no such model', refused({ status: 404, errorCode: 'model_not_found' }), 'client'],
  ['no endpoint', refused({ status: 501, errorCode: 'not_supported' }), 'client'],
  ['an open circuit', refused({ status: 503, errorCode: 'provider_unavailable' }), 'provider'],
  ['no provider', refused({ status: 503, errorCode: 'no_provider' }), 'gateway'],
  ['a mistake of the gateway', refused({ status: 500, errorCode: 'internal_error' }), 'gateway'],
  ['a key that the provider refuses', { ...failed, status: 401 }, 'account'],
  ['a bill', { ...failed, status: 402, errorCode: 'insufficient_quota' }, 'account'],
  ["the provider's limit", { ...failed, status: 429, errorCode: 'rate_limit_exceeded' }, 'limit'],
  ['a request the provider refuses', { ...failed, status: 400, errorCode: 'context_length_exceeded' }, 'client'],
  ['a provider that fails', { ...failed, status: 503 }, 'provider'],
  ['an overloaded one', { ...failed, status: 529, errorCode: 'overloaded_error' }, 'provider'],
  ['none that is reached', { ...failed, status: undefined, errorCode: 'upstream_unreachable' }, 'provider'],
  ['an error within a 200', { ...failed, status: 200, errorCode: 'server_error' }, 'provider'],
  ['a stream that broke', { ...failed, status: 200, outcome: 'broken' as const }, 'provider'],
  ['what cannot be translated', { ...failed, status: undefined, errorCode: 'unsupported_content' }, 'client'],
  ['a mistake amid an attempt', { ...failed, status: undefined, errorCode: 'internal_error' }, 'gateway'],
])('%s', (_name, row, cause) => {
  const { status, ...rest } = row
  expect(errorCause(status === undefined ? rest : { ...rest, status })).toBe(cause)
})

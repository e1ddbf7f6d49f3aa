import { isCredentialName } from '../config/credentials.ts'
import type { Capture } from '../stores/ledger-reader.ts'

/** What the last calls were like beyond their row in the ledger: kept in memory, also where nothing is captured. */
export interface RecentCalls {
  /** Without bodies; undefined: not one of the last. */
  get(callId: string): Capture | undefined
}

type Headers = Record<string, string | string[] | number | undefined>

/** As it came; made fit to be shown only when somebody looks. */
export interface RecentCall {
  callId: string
  requestHeaders: Headers
  responseHeaders: Headers
  translated: Capture['translated']
  cacheReason: string
  /** With the secrets of the configuration that served the call. */
  scrub: (text: string) => string
}

export interface RecentCallsKeeper extends RecentCalls {
  /** Whether a call of this moment (milliseconds since 1970) is one to keep: asked before it is described. */
  wants(at: number): boolean
  add(call: RecentCall): void
}

const keptCalls = 300
/** More than people look at; of thousands a second, what is kept would outlive collections and cost a third of the speed. */
const keptPerSecond = 30

export function createRecentCalls(): RecentCallsKeeper {
  const calls = new Map<string, RecentCall>()
  let second = 0
  let count = 0
  return {
    wants(at) {
      const now = Math.floor(at / 1000)
      if (now !== second) count = 0
      second = now
      count += 1
      return count <= keptPerSecond
    },
    add(call) {
      calls.set(call.callId, call)
      if (calls.size <= keptCalls) return
      const oldest = calls.keys().next().value
      if (oldest !== undefined) calls.delete(oldest)
    },
    get(callId) {
      const call = calls.get(callId)
      return call === undefined ? undefined : describeCall(call)
    },
  }
}

/** Without bodies, redacted. */
export function describeCall({ scrub, ...call }: RecentCall): Capture {
  const warnings = call.responseHeaders['x-gateway-warnings']
  return {
    requestHeaders: redactHeaders(call.requestHeaders, scrub),
    responseHeaders: redactHeaders(call.responseHeaders, scrub),
    request: undefined,
    response: undefined,
    truncated: false,
    translated: call.translated,
    warnings: typeof warnings === 'string' && warnings !== '' ? warnings.split('; ') : [],
    cacheReason: call.cacheReason,
  }
}

const secretHeaders = new Set([
  'authorization',
  'proxy-authorization',
  'cookie',
  'set-cookie',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'x-amz-security-token',
])
const redacted = '[redacted]'

export function redactHeaders(headers: Headers, scrub: (text: string) => string): [string, string][] {
  return Object.entries(headers).flatMap(([name, value]) => {
    if (value === undefined) return []
    const isSecret = secretHeaders.has(name.toLowerCase()) || isCredentialName(name)
    return [value].flat().map((each): [string, string] => [name, isSecret ? redacted : scrub(String(each))])
  })
}

import type { IncomingHttpHeaders } from 'node:http'
import type { FastifyRequest } from 'fastify'
import type { RequestLine } from '../telemetry/call-trace.ts'

/** The key a client sent, by whichever header its SDK uses: even Anthropic's sends Bearer since its 1.12. */
export function readToken(headers: IncomingHttpHeaders, query?: { key?: string }): string | undefined {
  const { authorization } = headers
  if (authorization !== undefined) {
    const match = /^Bearer\s+(\S+)\s*$/i.exec(authorization)
    if (match !== null) return match[1]
  }
  for (const name of ['x-api-key', 'api-key', 'x-goog-api-key'] as const) {
    const value = headers[name]
    if (typeof value === 'string' && value !== '') return value
  }
  // Google's way in URLs. A name given twice is an array there.
  const key: unknown = query?.key
  return typeof key === 'string' && key !== '' ? key : undefined
}

/** Of the client's headers only these reach any provider; credentials, cookies and addresses never do. */
export const handedOn = ['http-referer', 'x-title', 'idempotency-key'] as const

export function pickHeaders(headers: IncomingHttpHeaders, names: readonly string[]): Record<string, string> {
  const picked: Record<string, string> = {}
  for (const name of names) {
    const value = headers[name]
    if (typeof value === 'string') picked[name] = value
  }
  return picked
}

/** The request without its query, in which keys may stand. */
export function requestLineOf({ method, url, routeOptions }: FastifyRequest): RequestLine {
  const query = url.indexOf('?')
  const path = query === -1 ? url : url.slice(0, query)
  return { method, route: routeOptions.url ?? path, path }
}

import type { IncomingHttpHeaders } from 'node:http'
import { isIP } from 'node:net'
import type { Config } from '../config/schema.ts'
import { GatewayError } from '../errors.ts'

/** Refuses requests that a web page made a browser send: by Host (DNS rebinding) and by Origin (CSRF). */
export type OriginGuard = (headers: IncomingHttpHeaders) => void

const loopbackHosts = new Set(['localhost', '127.0.0.1', '::1'])

export function createOriginGuard(server: Config['server']): OriginGuard {
  const hosts = new Set([
    ...loopbackHosts,
    server.host.toLowerCase(),
    ...(server.allowedHosts ?? []).map((host) => host.toLowerCase()),
  ])
  // Bound to the outside without a list, any name may be how clients reach us; then keys are what protects.
  const anyHost = !isLoopback(server.host) && server.allowedHosts === undefined
  const origins = new Set(server.cors.enabled ? server.cors.allowedOrigins : [])
  // As it came last: clients keep to one, and taking a host apart on every request is for nothing.
  let lastGood: string | undefined
  return ({ host, origin }) => {
    if (host !== undefined && host !== lastGood && !anyHost && !hosts.has(hostName(host))) {
      throw new GatewayError(
        'host_not_allowed',
        `The Host "${host.slice(0, 100)}" is not one of this gateway's; add it to server.allowedHosts.`,
      )
    }
    lastGood = host
    if (origin === undefined || origins.has('*') || origins.has(origin) || isOwn(origin, host)) return
    throw new GatewayError(
      'origin_not_allowed',
      `Web pages of ${origin.slice(0, 200)} may not use this gateway; add the origin to server.cors.allowedOrigins.`,
    )
  }
}

export function isLoopback(host: string): boolean {
  return loopbackHosts.has(host.toLowerCase()) || (isIP(host) === 4 && host.startsWith('127.'))
}

function hostName(host: string): string {
  return host
    .toLowerCase()
    .replace(/:\d+$/, '')
    .replace(/^\[|\]$/g, '')
}

function isOwn(origin: string, host: string | undefined): boolean {
  return host !== undefined && (origin === `http://${host}` || origin === `https://${host}`)
}

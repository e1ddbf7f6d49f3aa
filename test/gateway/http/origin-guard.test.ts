import { describe, expect, test } from 'vitest'
import type { ConfigInput } from '../../../gateway/config/schema.ts'
import { GatewayError } from '../../../gateway/errors.ts'
import { createOriginGuard, isLoopback } from '../../../gateway/http/origin-guard.ts'
import { config } from '../pipeline/stage.ts'

type Server = NonNullable<ConfigInput['server']>

function verdict(server: Server, host: string | undefined, origin?: string): string {
  const guard = createOriginGuard(config({ server }).server)
  try {
    guard({ ...(host === undefined ? {} : { host }), ...(origin === undefined ? {} : { origin }) })
    return 'passes'
  } catch (error) {
    if (error instanceof GatewayError && error.status === 403) return error.code
    throw error
  }
}

describe('Host', () => {
  const table: [server: Server, host: string | undefined, verdict: string][] = [
    [{}, 'localhost', 'passes'],
    [{}, 'localhost:8080', 'passes'],
    [{}, 'LOCALHOST:8080', 'passes'],
    [{}, '127.0.0.1:8080', 'passes'],
    [{}, '[::1]:8080', 'passes'],
    [{}, '[::1]', 'passes'],
    [{}, undefined, 'passes'],
    [{}, 'evil.test', 'host_not_allowed'],
    [{}, 'evil.test:8080', 'host_not_allowed'],
    [{}, 'localhost.evil.test', 'host_not_allowed'],
    [{}, '127.0.0.1.evil.test', 'host_not_allowed'],
    [{}, '[::2]:8080', 'host_not_allowed'],
    [{}, '192.168.1.5:8080', 'host_not_allowed'],
    [{}, '', 'host_not_allowed'],
    [{ host: '127.0.0.5' }, '127.0.0.5:8080', 'passes'],
    [{ allowedHosts: ['Gateway.Lan'] }, 'gateway.lan:8080', 'passes'],
    [{ allowedHosts: ['gateway.lan'] }, 'localhost', 'passes'],
    [{ allowedHosts: ['gateway.lan'] }, 'evil.test', 'host_not_allowed'],
    [{ host: '0.0.0.0' }, 'anything.test', 'passes'],
    [{ host: '::' }, 'anything.test', 'passes'],
    [{ host: '192.168.1.5' }, 'anything.test', 'passes'],
    [{ host: '0.0.0.0', allowedHosts: ['gateway.lan'] }, 'gateway.lan', 'passes'],
    [{ host: '0.0.0.0', allowedHosts: ['gateway.lan'] }, 'evil.test', 'host_not_allowed'],
  ]
  test.each(table)('%j: %s %s', (server, host, expected) => {
    expect(verdict(server, host)).toBe(expected)
  })
})

describe('Origin', () => {
  const cors = (...allowedOrigins: string[]): Server => ({ cors: { enabled: true, allowedOrigins } })
  const table: [server: Server, origin: string | undefined, verdict: string][] = [
    [{}, undefined, 'passes'],
    [{}, 'http://localhost:8080', 'passes'],
    [{}, 'https://localhost:8080', 'passes'],
    [{}, 'http://localhost:3000', 'origin_not_allowed'],
    [{}, 'http://localhost', 'origin_not_allowed'],
    [{}, 'https://evil.test', 'origin_not_allowed'],
    [{}, 'null', 'origin_not_allowed'],
    [{}, '', 'origin_not_allowed'],
    [{}, 'file://', 'origin_not_allowed'],
    [{}, 'chrome-extension://abc', 'origin_not_allowed'],
    [cors('https://app.test'), 'https://app.test', 'passes'],
    [cors('https://app.test'), 'https://app.test.evil.test', 'origin_not_allowed'],
    [cors('https://app.test'), 'http://app.test', 'origin_not_allowed'],
    [cors('https://app.test'), 'null', 'origin_not_allowed'],
    [cors('*'), 'https://anything.test', 'passes'],
    [cors('*'), 'null', 'passes'],
    [cors(), 'https://app.test', 'origin_not_allowed'],
    [{ cors: { enabled: false, allowedOrigins: ['*'] } }, 'https://app.test', 'origin_not_allowed'],
  ]
  test.each(table)('%j: %s %s', (server, origin, expected) => {
    expect(verdict(server, 'localhost:8080', origin)).toBe(expected)
  })

  test('the message says where to allow it, and is not made of what was sent', () => {
    const guard = createOriginGuard(config().server)
    expect(() => guard({ host: 'x'.repeat(5000) })).toThrow(/^The Host "x{100}" is not.*server\.allowedHosts/)
    expect(() => guard({ host: 'localhost', origin: `https://${'x'.repeat(5000)}` })).toThrow(/^.{0,400}$/)
  })
})

test.each([
  ['localhost', true],
  ['LocalHost', true],
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['0.0.0.0', false],
  ['127.evil.test', false],
  ['10.0.0.1', false],
])('%s is loopback: %s', (host, is) => {
  expect(isLoopback(host)).toBe(is)
})

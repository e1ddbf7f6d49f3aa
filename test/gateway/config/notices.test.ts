import { describe, expect, test } from 'vitest'
import { findNotices, isLoopback } from '../../../gateway/config/notices.ts'
import type { ConfigInput } from '../../../gateway/config/schema.ts'
import { configSchema } from '../../../gateway/config/schema.ts'

describe('findNotices', () => {
  const key = { name: 'a', key: 'x' }
  const rows: [string, ConfigInput, string[]][] = [
    ['defaults', {}, []],
    [
      'open to the network',
      { server: { host: '0.0.0.0' } },
      [
        'server.host 0.0.0.0: anyone who can reach this address can spend your money: set auth.keys and auth.anonymous: false',
      ],
    ],
    [
      'keys alone close nothing',
      { server: { host: '::' }, auth: { keys: [key] } },
      [
        'server.host ::: anyone who can reach this address can spend your money: set auth.keys and auth.anonymous: false',
      ],
    ],
    ['closed', { server: { host: '0.0.0.0' }, auth: { keys: [key], anonymous: false } }, []],
    [
      'locked out',
      { auth: { anonymous: false } },
      ['auth.anonymous is false and auth.keys is empty: every call is refused; add a key'],
    ],
    [
      'CORS for all',
      { server: { cors: { enabled: true, allowedOrigins: ['https://a.example', '*'] } } },
      ['server.cors.allowedOrigins "*": any web page open in a browser that reaches the gateway can use it'],
    ],
    ['CORS for one', { server: { cors: { enabled: true, allowedOrigins: ['https://a.example'] } } }, []],
    [
      'CORS for none',
      { server: { cors: { enabled: true } } },
      ['server.cors is enabled but allows no origin: set allowedOrigins'],
    ],
    [
      'CORS off with origins',
      { server: { cors: { allowedOrigins: ['*'] } } },
      ['server.cors.allowedOrigins has no effect: set server.cors.enabled'],
    ],
  ]
  test.each(rows)('%s', (_, input, expected) => {
    expect(findNotices(configSchema.parse(input))).toEqual(expected)
  })
})

test.each([
  ['127.0.0.1', true],
  ['127.8.9.1', true],
  ['localhost', true],
  ['LOCALHOST', true],
  ['::1', true],
  ['[::1]', true],
  ['0.0.0.0', false],
  ['::', false],
  ['192.168.1.5', false],
  ['localhost.example.com', false],
  ['1127.0.0.1', false],
])('isLoopback(%j) is %s', (host, expected) => {
  expect(isLoopback(host)).toBe(expected)
})

import { describe, expect, test } from 'vitest'
import { isLiteralSecret, maskedData } from '../../../gateway/config/key-spots.ts'
import type { ConfigPath } from '../../../gateway/config/path.ts'

const apiKey = ['providers', 0, 'apiKey']
const header = (name: string) => ['providers', 0, 'headers', name]
const address = ['providers', 0, 'baseUrl']

describe('a secret that stands in the file itself', () => {
  test.each<[ConfigPath, unknown, boolean]>([
    [apiKey, 'short', true],
    [apiKey, '${KEY}', false],
    [apiKey, '${KEY:-none}', false],
    [apiKey, '${KEY:-sk-0123456789}', true],
    [apiKey, undefined, false],
    [header('x-team'), 'red', false],
    [header('x-team'), 'sk-0123456789abcdef', true],
    [header('x-api-key'), '0123456789', true],
    [header('authorization'), 'Bearer ${KEY}', false],
    [header('authorization'), 'Bearer abc', true],
    [address, 'http://127.0.0.1:1/v1', false],
    [address, 'http://me:pass@127.0.0.1:1/v1', true],
    [address, 'http://${USER}:${PASS}@127.0.0.1:1/v1', false],
    [address, 'http://a.example?api_key=abc', true],
    [address, 'http://a.example?api_key=${KEY}', false],
    [['network', 'proxy'], 'http://me:pass@proxy.example', true],
    [['telemetry', 'otlp', 'headers', 'x-honeycomb-team'], '0123456789', true],
    [['telemetry', 'otlp', 'headers', 'x-honeycomb-team'], '${TEAM}', false],
    [['telemetry', 'otlp', 'headers', 'x-tenant'], 'prod', false],
    [['telemetry', 'otlp', 'endpoint'], 'http://127.0.0.1:4318', false],
    [['telemetry', 'otlp', 'endpoint'], 'https://me:pass@otlp.example', true],
    [['auth', 'keys', 0, 'key'], 'team-key', true],
    [['auth', 'keys', 0, 'name'], 'team-key', false],
    [['server', 'host'], 'sk-0123456789abcdef', false],
  ])('%j %s: %s', (path, value, expected) => {
    expect(isLiteralSecret(path, value)).toBe(expected)
  })
})

test('maskedData shows all but the secrets', () => {
  expect(
    maskedData({
      providers: [{ name: 'a', apiKey: 'k', baseUrl: 'http://u:p@a.example' }],
      auth: { keys: [{ name: 'b', key: 'c' }] },
    }),
  ).toEqual({
    providers: [{ name: 'a', apiKey: '***', baseUrl: 'http://***@a.example' }],
    auth: { keys: [{ name: 'b', key: '***' }] },
  })
})

import { describe, expect, test } from 'vitest'
import { createRecentCalls, redactHeaders, type RecentCall } from '../../../gateway/api/recent-calls.ts'

function recent(callId: string, more: Partial<RecentCall> = {}): RecentCall {
  return {
    callId,
    requestHeaders: {},
    responseHeaders: {},
    translated: undefined,
    cacheReason: 'The cache is off.',
    scrub: (text) => text.replaceAll('literal-secret', '[redacted]'),
    ...more,
  }
}

test('the last 300 calls are known, without bodies', () => {
  const calls = createRecentCalls()
  for (let index = 0; index < 301; index += 1) calls.add(recent(`call-${index}`))
  expect(calls.get('call-0')).toBeUndefined()
  expect(calls.get('call-1')).toMatchObject({ request: undefined, response: undefined, warnings: [] })
  expect(calls.get('call-300')).toMatchObject({ cacheReason: 'The cache is off.' })
})

test('headers that come after the call was put down are there too', () => {
  const calls = createRecentCalls()
  const responseHeaders: Record<string, string> = { 'x-gateway-warnings': 'a: first; b: second' }
  calls.add(recent('c', { responseHeaders }))
  responseHeaders['x-cache'] = 'MISS'
  expect(calls.get('c')).toMatchObject({
    warnings: ['a: first', 'b: second'],
    responseHeaders: [
      ['x-gateway-warnings', 'a: first; b: second'],
      ['x-cache', 'MISS'],
    ],
  })
})

describe('redacted headers', () => {
  const rows: [string, string | string[], string[]][] = [
    ['authorization', 'Bearer abc', ['[redacted]']],
    ['Authorization', 'anything', ['[redacted]']],
    ['cookie', 'a=b', ['[redacted]']],
    ['set-cookie', ['a=b', 'c=d'], ['[redacted]', '[redacted]']],
    ['x-api-key', 'k', ['[redacted]']],
    ['api-key', 'k', ['[redacted]']],
    ['x-goog-api-key', 'k', ['[redacted]']],
    ['x-my-secret', 'k', ['[redacted]']],
    ['user-agent', 'tool/1 literal-secret', ['tool/1 [redacted]']],
    ['accept', 'application/json', ['application/json']],
  ]
  test.each(rows)('%s', (name, value, expected) => {
    const { scrub } = recent('c')
    expect(redactHeaders({ [name]: value, absent: undefined }, scrub)).toEqual(expected.map((each) => [name, each]))
  })
})

test('of many calls a second the first thirty are kept, and the next second anew', () => {
  const recent = createRecentCalls()
  const wanted = (at: number): number => Array.from({ length: 40 }, () => recent.wants(at)).filter(Boolean).length
  expect(wanted(1_000)).toBe(30)
  expect(wanted(1_999)).toBe(0)
  expect(wanted(2_000)).toBe(30)
})

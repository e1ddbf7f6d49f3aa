import { describe, expect, test } from 'vitest'
import { headerText, replyHeaders } from '../../../gateway/pipeline/reply-headers.ts'
import { target } from './stage.ts'

const facts = { target: target(), number: 1, stream: false, warnings: [] }

test('of the provider’s headers only the useful ones', () => {
  const upstream = {
    'x-request-id': 'req_1',
    'openai-processing-ms': '12',
    'x-ratelimit-remaining-requests': '5',
    'set-cookie': ['a=b'],
    'content-type': 'application/xml',
    'content-length': '3',
    'transfer-encoding': 'chunked',
    connection: 'close',
    'cf-ray': 'x',
    'x-gateway-provider': 'forged',
  }
  expect(replyHeaders(upstream, facts)).toEqual({
    'content-type': 'application/json',
    'x-gateway-provider': 'p',
    'x-gateway-model': 'm',
    'x-gateway-attempts': '1',
    'x-request-id': 'req_1',
    'openai-processing-ms': '12',
    'x-ratelimit-remaining-requests': '5',
  })
})

test('of a stream', () => {
  expect(replyHeaders({}, { ...facts, stream: true })).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
    'x-accel-buffering': 'no',
  })
})

describe('warnings', () => {
  test('of what was lost, and of a stand-in first', () => {
    const warnings = [
      { feature: 'logit_bias', reason: 'not taken by p' },
      { feature: 'naïve\n', reason: 'no' },
    ]
    const headers = replyHeaders({}, { ...facts, warnings, target: target({ substituted: true }) })
    expect(headers['x-gateway-warnings']).toBe('fallback: answered by p/m; logit_bias: not taken by p; na?ve?: no')
  })

  test('none, no header', () => {
    expect(replyHeaders({}, facts)).not.toHaveProperty('x-gateway-warnings')
  })
})

test.each([
  ['plain', 'plain'],
  ['tab\tand\r\nline', 'tab?and??line'],
  ['ключ', '????'],
  ['x'.repeat(400), 'x'.repeat(300)],
])('headerText(%j)', (text, safe) => {
  expect(headerText(text)).toBe(safe)
})

test('thousands of warnings do not make a head that no client reads', () => {
  const warnings = Array.from({ length: 5000 }, (_, index) => ({
    feature: `member_${index}`,
    reason: 'not taken by p',
  }))
  const text = replyHeaders({}, { ...facts, warnings })['x-gateway-warnings'] ?? ''
  expect(text.length).toBeLessThan(2100)
  expect(text).toMatch(/^member_0: not taken by p; member_1: .*; and 49\d\d more$/)
})

import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../gateway/errors.ts'
import { readOptions, type CallOptions } from '../../../gateway/pipeline/options.ts'

type Headers = Record<string, string>

describe('reads', () => {
  const table: [what: string, extension: unknown, headers: Headers, options: CallOptions][] = [
    ['nothing', undefined, {}, {}],
    ['null as nothing', null, {}, {}],
    ['an empty object', {}, {}, {}],
    ['cache', { cache: false }, {}, { cache: false }],
    ['only the same request', { cache: 'exact' }, {}, { cache: 'exact' }],
    ['headers: only the same request', undefined, { 'x-gateway-cache': 'exact' }, { cache: 'exact' }],
    ['fallback', { fallback: false }, {}, { fallback: false }],
    ['provider', { provider: 'openai' }, {}, { provider: 'openai' }],
    ['timeout in seconds', { timeout: 30 }, {}, { timeoutMs: 30_000 }],
    ['timeout in parts of a second', { timeout: 0.25 }, {}, { timeoutMs: 250 }],
    ['timeout as a duration', { timeout: '1m30s' }, {}, { timeoutMs: 90_000 }],
    ['timeout as text of seconds', { timeout: '2.5' }, {}, { timeoutMs: 2500 }],
    ['timeout beyond what timers hold', { timeout: 1e300 }, {}, { timeoutMs: 2 ** 31 - 1 }],
    [
      'metadata with members of its own',
      { metadata: { feature: 'chat', user_id: 'u1', ticket: 7 } },
      {},
      { metadata: { feature: 'chat', user_id: 'u1', ticket: 7 } },
    ],
    ['headers: false', undefined, { 'x-gateway-cache': 'false' }, { cache: false }],
    ['headers: 0', undefined, { 'x-gateway-fallback': '0' }, { fallback: false }],
    ['headers: true', undefined, { 'x-gateway-cache': 'true' }, { cache: true }],
    ['headers: 1', undefined, { 'x-gateway-fallback': '1' }, { fallback: true }],
    [
      'headers: the rest',
      undefined,
      {
        'x-gateway-timeout': '45s',
        'x-gateway-provider': 'groq',
        'x-gateway-metadata': '{"feature":"search"}',
        'x-other': 'ignored',
      },
      { timeoutMs: 45_000, provider: 'groq', metadata: { feature: 'search' } },
    ],
    [
      'both, and the body wins',
      { cache: true },
      { 'x-gateway-cache': 'false', 'x-gateway-timeout': '3' },
      { cache: true, timeoutMs: 3000 },
    ],
  ]
  test.each(table)('%s', (_what, extension, headers, options) => {
    expect(readOptions(extension, headers)).toEqual(options)
  })
})

describe('refuses, and names the member', () => {
  const table: [what: string, extension: unknown, headers: Headers, param: string, message: RegExp][] = [
    ['no object', 'no', {}, 'x-gateway', /must be an object/],
    ['a list', [], {}, 'x-gateway', /must be an object/],
    ['an unknown member', { cash: false }, {}, 'x-gateway', /no member "cash".*knows cache, timeout/],
    ['cache as text', { cache: 'no' }, {}, 'x-gateway.cache', /^x-gateway\.cache: /],
    ['a negative timeout', { timeout: -1 }, {}, 'x-gateway.timeout', /seconds, or a duration/],
    ['a timeout of zero', { timeout: 0 }, {}, 'x-gateway.timeout', /seconds, or a duration/],
    ['a timeout of zero as text', { timeout: '0' }, {}, 'x-gateway.timeout', /seconds, or a duration/],
    ['a timeout in words', { timeout: 'soon' }, {}, 'x-gateway.timeout', /seconds, or a duration/],
    ['an empty provider', { provider: '' }, {}, 'x-gateway.provider', /x-gateway\.provider/],
    ['a feature that is no text', { metadata: { feature: 5 } }, {}, 'x-gateway.metadata.feature', /metadata\.feature/],
    ['a feature too long', { metadata: { feature: 'x'.repeat(201) } }, {}, 'x-gateway.metadata.feature', /200/],
    ['a header that is neither yes nor no', undefined, { 'x-gateway-cache': 'maybe' }, 'x-gateway.cache', /"exact"/],
    ['a header that is no JSON', undefined, { 'x-gateway-metadata': '{' }, 'x-gateway-metadata', /is not JSON/],
    ['a header that is no object', undefined, { 'x-gateway-metadata': '[1]' }, 'x-gateway.metadata', /metadata/],
  ]
  test.each(table)('%s', (_what, extension, headers, param, message) => {
    let thrown: unknown
    try {
      readOptions(extension, headers)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBeInstanceOf(GatewayError)
    expect(thrown).toMatchObject({ code: 'invalid_request', status: 400, param })
    expect((thrown as GatewayError).message).toMatch(message)
  })
})

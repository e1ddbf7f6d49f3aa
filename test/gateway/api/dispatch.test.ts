import { describe, expect, test } from 'vitest'
import type { GatewayHandlers } from '../../../gateway/api/api.ts'
import { createApi } from '../../../gateway/api/dispatch.ts'
import { createHub } from '../../../gateway/api/hub.ts'
import { ConfigError } from '../../../gateway/config/types.ts'
import { GatewayError } from '../../../gateway/errors.ts'

const unexpected: [unknown, string][] = []

function apiOf(handlers: Partial<GatewayHandlers>) {
  return createApi(handlers as GatewayHandlers, {
    hub: createHub(),
    scrub: (text) => text.replaceAll('sk-secret', '[redacted]'),
    onUnexpected: (error, method) => unexpected.push([error, method]),
    checkOutput: true,
  })
}

test('a handler gets the checked input, and its value is the answer', async () => {
  const api = apiOf({ 'cache.clear': ({ model }) => ({ cleared: model === 'm' ? 3 : 0 }) })
  expect(await api.call('cache.clear', { model: 'm' })).toEqual({ ok: true, value: { cleared: 3 } })
  // A method without input may be called with none.
  expect(await api.call('cache.clear', undefined)).toEqual({ ok: true, value: { cleared: 0 } })
})

describe('what cannot be called', () => {
  const rows: [string, string, unknown, object][] = [
    ['an unknown method', 'no.such', {}, { code: 'unknown_method' }],
    ['a name of every object', 'toString', {}, { code: 'unknown_method' }],
    [
      'a method of the desktop',
      'desktop.get',
      {},
      { code: 'unknown_method', message: '"desktop.get" is only there in the desktop app.' },
    ],
    ['an input of another kind', 'cache.clear', 'all', { code: 'invalid_input', field: null }],
    ['a member of another kind', 'cache.clear', { model: 5 }, { code: 'invalid_input', field: 'model' }],
    ['an unknown member', 'cache.clear', { modle: 'm' }, { code: 'invalid_input', field: 'modle' }],
    ['a missing member', 'keys.set', { provider: 'openai' }, { code: 'invalid_input', field: 'key' }],
    [
      'something wrong inside a list',
      'aliases.save',
      { name: 'fast', targets: [{ provider: 'p', model: '' }] },
      { code: 'invalid_input', field: 'targets.0.model' },
    ],
  ]
  test.each(rows)('%s', async (_, method, input, expected) => {
    const neverCalled = (): never => {
      throw new Error('it was called')
    }
    const api = apiOf({ 'cache.clear': neverCalled, 'keys.set': neverCalled, 'aliases.save': neverCalled })
    expect(await api.call(method, input)).toMatchObject({ ok: false, error: expected })
  })
})

test('a typed key is in no message, however wrong it is', async () => {
  const api = apiOf({ 'keys.set': () => ({ key: { state: 'set', from: null, reference: null, endsWith: null } }) })
  for (const key of ['sk-secret with spaces', `sk-secret${'x'.repeat(3000)}`]) {
    const result = await api.call('keys.set', { provider: 'openai', key })
    expect(result).toMatchObject({ ok: false, error: { field: 'key' } })
    expect(JSON.stringify(result)).not.toContain('sk-secret')
  }
})

describe('what a handler throws', () => {
  const rows: [string, unknown, object][] = [
    [
      'an error of the gateway',
      new GatewayError('not_found', 'No provider "p" with sk-secret.', { param: 'name' }),
      { code: 'not_found', message: 'No provider "p" with [redacted].', field: 'name' },
    ],
    [
      'an error of the configuration, without lines',
      new ConfigError('gateway.yaml', [
        { line: 3, column: 5, path: 'providers[0].timeout', message: 'is not a duration' },
        { path: 'routing', message: 'names no provider' },
      ]),
      {
        code: 'invalid_config',
        message: 'providers[0].timeout: is not a duration; routing: names no provider.',
        field: 'providers[0].timeout',
        hint: 'Nothing was changed.',
      },
    ],
    ['anything else', new TypeError('sk-secret is undefined'), { code: 'internal_error' }],
  ]
  test.each(rows)('%s', async (_, error, expected) => {
    const api = apiOf({
      'cache.clear': () => {
        throw error
      },
    })
    const result = await api.call('cache.clear', {})
    expect(result).toMatchObject({ ok: false, error: expected })
    expect(JSON.stringify(result)).not.toContain('sk-secret')
  })

  test('and only the last is told to the log', () => {
    expect(unexpected).toEqual([[new TypeError('sk-secret is undefined'), 'cache.clear']])
  })
})

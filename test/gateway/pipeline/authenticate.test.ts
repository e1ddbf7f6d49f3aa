import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { GatewayError } from '../../../gateway/errors.ts'
import { createAuthenticate } from '../../../gateway/pipeline/authenticate.ts'
import { config } from './stage.ts'

const keys = [
  { name: 'app', key: 'gw-app-key', models: ['gpt-*'] },
  { name: 'hashed', hash: `sha256:${hash('sha256', 'gw-hashed-key', 'hex')}` },
]

describe('who asks', () => {
  const table: [token: string | undefined, anonymous: boolean, name: string | undefined][] = [
    ['gw-app-key', true, 'app'],
    ['gw-app-key', false, 'app'],
    ['gw-hashed-key', false, 'hashed'],
    [undefined, true, 'anonymous'],
    ['sk-anything', true, 'anonymous'],
    ['gw-app-ke', false, undefined],
    ['gw-app-key ', false, undefined],
    ['GW-APP-KEY', false, undefined],
    [keys[1]?.hash, false, undefined],
    ['', false, undefined],
    [undefined, false, undefined],
  ]
  test.each(table)('%s, anonymous allowed: %s -> %s', (token, anonymous, name) => {
    const authenticate = createAuthenticate(config({ auth: { keys, anonymous } }))
    if (name !== undefined) return expect(authenticate(token).name).toBe(name)
    expect(() => authenticate(token)).toThrow(GatewayError)
    return undefined
  })

  test('a refusal says what to do, and not what was sent', () => {
    const authenticate = createAuthenticate(config({ auth: { keys, anonymous: false } }))
    expect(() => authenticate(undefined)).toThrow(/asks for a key.*Authorization: Bearer/)
    expect(() => authenticate('gw-wrong')).toThrow(/does not know the key/)
    expect(() => authenticate('gw-wrong')).not.toThrow(/gw-wrong/)
  })

  test('models come along', () => {
    const authenticate = createAuthenticate(config({ auth: { keys } }))
    expect(authenticate('gw-app-key').models).toEqual(['gpt-*'])
    expect(authenticate('gw-hashed-key').models).toBeUndefined()
  })
})

describe('limits', () => {
  const perKey = { requests: 5, window: '1s' }
  const own = [{ ...keys[0], rateLimit: { tokens: 9, window: '2s' } }, keys[1]] as typeof keys

  const table: [what: string, token: string | undefined, enabled: boolean, ids: string[]][] = [
    ['shared by none, of each key', 'gw-hashed-key', true, ['key/hashed/requests']],
    ['its own in place of the shared', 'gw-app-key', true, ['key/app/tokens']],
    ['made-up keys share one allowance', 'sk-1', true, ['key/anonymous/requests']],
    ['no key likewise', undefined, true, ['key/anonymous/requests']],
    ['the shared is off', 'gw-hashed-key', false, []],
    ['its own stays when the shared is off', 'gw-app-key', false, ['key/app/tokens']],
  ]
  test.each(table)('%s', (_what, token, enabled, ids) => {
    const authenticate = createAuthenticate(config({ auth: { keys: own }, rateLimit: { enabled, perKey } }))
    expect(authenticate(token).limits.map(({ id }) => id)).toEqual(ids)
  })
})

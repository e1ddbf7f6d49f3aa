import { hash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { hashClientKey, newClientKey } from '../../../gateway/config/client-key.ts'
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

describe('keys of the gateway itself', () => {
  const [first, second, old] = [newClientKey(), newClientKey(), newClientKey()]
  const noon = Date.UTC(2026, 10, 24, 12)
  const entries = [
    { name: 'first', hash: hashClientKey(first), models: ['fast'] },
    {
      name: 'second',
      hash: hashClientKey(second),
      previous: { hash: hashClientKey(old), expires: '2026-11-25T12:00:00Z' },
    },
  ]
  const asked = (token: string, at = noon, more: object[] = []) =>
    createAuthenticate(
      config({ auth: { keys: [...entries, ...more] as typeof entries, anonymous: false } }),
      () => at,
    )(token)

  test('each is its own caller', () => {
    expect(asked(first)).toEqual({ name: 'first', models: ['fast'], limits: [] })
    expect(asked(second).name).toBe('second')
  })

  test.each([
    ['the right id with another secret', `${first.slice(0, 15)}${second.slice(15)}`],
    ['an id that nobody has', newClientKey()],
    ['the id alone', first.slice(0, 15)],
    ['its hash', entries[0]?.hash ?? ''],
  ])('not: %s', (_what, token) => expect(() => asked(token)).toThrow(/does not know the key/))

  test('the replaced one is the same caller until its time is over', () => {
    expect(asked(old).name).toBe('second')
    expect(asked(old, Date.UTC(2026, 10, 25, 11, 59, 59, 999)).name).toBe('second')
    expect(() => asked(old, Date.UTC(2026, 10, 25, 12))).toThrow(
      'This is the old key of "second", which was replaced and stopped working at 2026-11-25 12:00 UTC: use the new one.',
    )
    expect(asked(second, Date.UTC(2026, 10, 25, 12)).name).toBe('second')
  })

  const third = newClientKey()
  const refusals: [what: string, member: object, at: number, text: string | undefined][] = [
    ['on its last day', { expires: '2026-11-24' }, Date.UTC(2026, 10, 24, 23, 59, 59, 999), undefined],
    [
      'after its last day',
      { expires: '2026-11-24' },
      Date.UTC(2026, 10, 25),
      'The key "third" expired at the end of 2026-11-24 (UTC).',
    ],
    ['before its time', { expires: '2026-11-24T12:00:00.001Z' }, noon, undefined],
    ['after its time', { expires: '2026-11-24T12:00:00Z' }, noon, 'The key "third" expired at 2026-11-24 12:00 UTC.'],
    ['revoked', { disabled: true }, noon, 'The key "third" is revoked.'],
    ['revoked and expired', { disabled: true, expires: '2020-01-01' }, noon, 'The key "third" is revoked.'],
  ]
  describe.each([
    ['salted', third, { hash: hashClientKey(third) }],
    ['unsalted', 'my-own', { hash: `sha256:${hash('sha256', 'my-own', 'hex')}` }],
    ['as text', 'my-own', { key: 'my-own' }],
  ])('%s', (_form, token, held) => {
    test.each(refusals)('%s', (_what, member, at, text) => {
      const ask = () => asked(token, at, [{ name: 'third', ...held, ...member }])
      if (text === undefined) expect(ask().name).toBe('third')
      else expect(ask).toThrow(text)
    })
  })

  test('one that is over is refused also where anybody is served', () => {
    const keys = [{ name: 'third', hash: hashClientKey(third), disabled: true }]
    const authenticate = createAuthenticate(config({ auth: { keys, anonymous: true } }))
    expect(() => authenticate(third)).toThrow(/is revoked/)
    expect(authenticate('sk-anything').name).toBe('anonymous')
  })

  test('is found in one step: a thousand keys cost what one does', () => {
    const many = Array.from({ length: 1000 }, (_, index) => {
      const key = newClientKey()
      return { key, entry: { name: `k${index}`, hash: hashClientKey(key) } }
    })
    const authenticate = createAuthenticate(
      config({ auth: { keys: many.map(({ entry }) => entry), anonymous: false } }),
    )
    const rounds = 2000
    const start = performance.now()
    for (let round = 0; round < rounds; round += 1) authenticate(many[round % 1000]?.key)
    // 2 us as measured; a search through all of them would be a thousand hashes.
    expect((performance.now() - start) / rounds).toBeLessThan(0.2)
    expect(authenticate(many[999]?.key).name).toBe('k999')
  })
})

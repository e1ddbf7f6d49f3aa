import { describe, expect, test } from 'vitest'
import { createKeyUse } from '../../../gateway/api/client-keys-use.ts'
import { createClientKeysHandlers } from '../../../gateway/api/client-keys.ts'
import { hashClientKey, newClientKey } from '../../../gateway/config/client-key.ts'
import { methods, type MethodInput, type MethodName, type MethodOutput } from '../../../gateway/contract.ts'
import type { GatewayError } from '../../../gateway/errors.ts'
import { createAuthenticate } from '../../../gateway/pipeline/authenticate.ts'
import { createMemoryLedger } from '../../../gateway/stores/ledger-memory.ts'
import { memoryConfiguration } from './memory-configuration.ts'

const start = Date.UTC(2026, 10, 24, 12)
const dayMs = 86_400_000

function makeWorld(text = '', readOnly?: string) {
  const configuration = memoryConfiguration(text)
  const clock = { now: start }
  const handlers = createClientKeysHandlers({
    configuration,
    whyReadOnly: async () => readOnly,
    readUse: createKeyUse(createMemoryLedger(), () => clock.now),
    now: () => clock.now,
  })
  async function call<Name extends Extract<MethodName, `clientKeys.${string}`>>(
    name: Name,
    input: MethodInput<Name>,
  ): Promise<MethodOutput<Name>> {
    const handler = handlers[name] as (input: unknown) => unknown
    return methods[name].output.parse(await handler(methods[name].input.parse(input))) as MethodOutput<Name>
  }
  return {
    configuration,
    clock,
    call,
    list: async () => (await call('clientKeys.list', {})).keys,
    /** The name behind a key, or why it is refused. */
    who: (key: string): string => {
      try {
        return createAuthenticate(configuration.current().config, () => clock.now)(key).name
      } catch (error) {
        return (error as GatewayError).message
      }
    },
  }
}

const plain = { models: null, limit: null, expiresAt: null }

describe('a new key', () => {
  test('is shown once; only a salted hash of it is kept, and comments stay', async () => {
    const { configuration, call, list, who } = makeWorld('# mine\nauth:\n  anonymous: false # not everybody\n')
    const { key } = await call('clientKeys.create', {
      name: 'phone',
      models: ['fast', 'gpt-*'],
      limit: { requests: 60, windowMs: 60_000 },
      expiresAt: Date.UTC(2027, 0, 1),
    })
    expect(who(key)).toBe('phone')
    const text = await configuration.text()
    expect(text).toMatch(
      /^# mine\nauth:\n {2}anonymous: false # not everybody\n {2}keys:\n {4}- name: phone\n {6}hash: s2:[0-9a-f:]+\n {6}created: 2026-11-24T12:00:00Z\n {6}models:\n {8}- fast\n {8}- gpt-\*\n {6}rateLimit:\n {8}requests: 60\n {8}window: 1m\n {6}expires: 2026-12-31\n$/,
    )
    expect(text).not.toContain(key.slice(16))
    expect(JSON.stringify(await list())).not.toContain(key.slice(16))
    expect(await list()).toEqual([
      {
        name: 'phone',
        starts: key.slice(0, 15),
        state: 'active',
        models: ['fast', 'gpt-*'],
        limit: { requests: 60, windowMs: 60_000 },
        createdAt: start,
        expiresAt: Date.UTC(2027, 0, 1),
        previousUntil: null,
        tool: null,
        whyNotRotated: null,
        calls: 0,
        costNanoUsd: 0,
        lastUsedAt: null,
      },
    ])
  })

  test('is taken back by undo', async () => {
    const { configuration, call, list, who } = makeWorld('auth:\n  anonymous: false\n')
    const { key, undo } = await call('clientKeys.create', { name: 'phone', ...plain })
    await configuration.undo(undo)
    expect(await list()).toEqual([])
    expect(who(key)).toMatch(/does not know the key/)
  })

  test.each<[string, Partial<MethodInput<'clientKeys.create'>>, string, RegExp]>([
    ['a name twice', { name: 'phone' }, 'name', /already/],
    ['a tool of Connect', { name: 'codex' }, 'name', /Connect gives OpenAI Codex/],
    ['a second key of a tool', { name: 'claude-code-2' }, 'name', /Connect gives Claude Code/],
    ['nobody', { name: 'anonymous' }, 'name', /counted under "anonymous"/],
    ['the playground', { name: 'playground' }, 'name', /counted under "playground"/],
    ['a day that is over', { expiresAt: start }, 'expiresAt', /is over/],
    ['a limit of nothing', { limit: { windowMs: 1000 } }, 'limit', /requests, of tokens, or both/],
  ])('is refused: %s', async (_what, input, param, message) => {
    const { call, configuration } = makeWorld(`auth:\n  keys:\n    - name: phone\n      key: my-own\n`)
    const before = await configuration.text()
    const failed = call('clientKeys.create', { name: 'other', ...plain, ...input })
    await expect(failed).rejects.toThrow(message)
    await expect(failed).rejects.toMatchObject({ code: 'invalid_request', param })
    expect(await configuration.text()).toBe(before)
  })

  test('two at once both come to be', async () => {
    const { call, list } = makeWorld()
    await Promise.all(['a', 'b'].map((name) => call('clientKeys.create', { name, ...plain })))
    expect((await list()).map(({ name }) => name)).toEqual(['a', 'b'])
  })
})

test('what may be asked, how much and until when is changed, and only that', async () => {
  const { configuration, call, list, who } = makeWorld('auth:\n  anonymous: false\n')
  const { key } = await call('clientKeys.create', { name: 'a', models: ['x'], limit: null, expiresAt: null })
  const hash = configuration.current().config.auth.keys[0]?.hash
  await call('clientKeys.update', {
    name: 'a',
    models: null,
    limit: { tokens: 5, windowMs: 1000 },
    expiresAt: start + 1500,
  })
  expect(configuration.current().config.auth.keys[0]).toMatchObject({ hash, rateLimit: { tokens: 5, window: 1000 } })
  expect(await list()).toMatchObject([{ models: null, limit: { tokens: 5, windowMs: 1000 }, expiresAt: start + 1000 }])
  expect(who(key)).toBe('a')
  await call('clientKeys.update', { name: 'a', ...plain })
  expect(await list()).toMatchObject([{ models: null, limit: null, expiresAt: null }])
  await expect(call('clientKeys.update', { name: 'b', ...plain })).rejects.toMatchObject({ code: 'not_found' })
})

test('revoked it is refused and stays in the list; let in again it is what it was', async () => {
  const { call, list, who } = makeWorld()
  const { key } = await call('clientKeys.create', { name: 'a', ...plain })
  await call('clientKeys.revoke', { name: 'a', revoked: true })
  expect(who(key)).toMatch(/"a" is revoked/)
  expect(await list()).toMatchObject([{ state: 'revoked', whyNotRotated: expect.stringContaining('revoked') }])
  await call('clientKeys.revoke', { name: 'a', revoked: false })
  expect(who(key)).toBe('a')
})

test('removed it is nobody', async () => {
  const { call, list, who, configuration } = makeWorld('auth:\n  anonymous: false\n')
  const { key } = await call('clientKeys.create', { name: 'a', ...plain })
  const { undo } = await call('clientKeys.remove', { name: 'a' })
  expect([await list(), who(key)]).toEqual([[], expect.stringMatching(/does not know/)])
  await configuration.undo(undo)
  expect(who(key)).toBe('a')
})

describe('a new secret', () => {
  test('leaves the old one its time, under the same name and rules', async () => {
    const { call, clock, list, who, configuration } = makeWorld('auth:\n  anonymous: false\n')
    const { key: old } = await call('clientKeys.create', { name: 'a', ...plain, models: ['fast'] })
    const { key } = await call('clientKeys.rotate', { name: 'a', graceMs: dayMs })
    expect([who(old), who(key)]).toEqual(['a', 'a'])
    expect(await list()).toMatchObject([{ previousUntil: start + dayMs, models: ['fast'], starts: key.slice(0, 15) }])
    clock.now = start + dayMs
    expect(who(old)).toMatch(/old key of "a".*at 2026-11-25 12:00 UTC/)
    expect(who(key)).toBe('a')
    expect(await list()).toMatchObject([{ previousUntil: null }])
    expect(await configuration.text()).not.toContain(key.slice(16))
  })

  test('ends the old one at once where it is told so, and the one before with it', async () => {
    const { call, who } = makeWorld('auth:\n  anonymous: false\n')
    const { key: first } = await call('clientKeys.create', { name: 'a', ...plain })
    const { key: second } = await call('clientKeys.rotate', { name: 'a', graceMs: dayMs })
    const { key: third } = await call('clientKeys.rotate', { name: 'a', graceMs: 0 })
    expect([first, second, third].map((key) => who(key))).toEqual([
      expect.stringMatching(/does not know/),
      expect.stringMatching(/does not know/),
      'a',
    ])
  })

  test('is taken back by undo: the old one holds, the new one never was', async () => {
    const { call, who, configuration } = makeWorld('auth:\n  anonymous: false\n')
    const { key: old } = await call('clientKeys.create', { name: 'a', ...plain })
    const { key, undo } = await call('clientKeys.rotate', { name: 'a', graceMs: 0 })
    await configuration.undo(undo)
    expect([who(old), who(key)]).toEqual(['a', expect.stringMatching(/does not know/)])
  })

  const hash = hashClientKey(newClientKey())
  test.each([
    ['written out', 'key: my-own', 'mine', /written out in the configuration/],
    ['of a tool', `hash: ${hash}`, 'codex', /settings of OpenAI Codex/],
    ['expired', `hash: ${hash}\n      expires: 2026-11-23`, 'mine', /later day/],
    ['revoked', `hash: ${hash}\n      disabled: true`, 'mine', /Let it in again/],
  ])('is not made for one that is %s', async (_what, member, name, message) => {
    const { call, configuration } = makeWorld(`auth:\n  keys:\n    - name: ${name}\n      ${member}\n`)
    const before = await configuration.text()
    await expect(call('clientKeys.rotate', { name, graceMs: 0 })).rejects.toThrow(message)
    expect(await configuration.text()).toBe(before)
  })
})

test('keys of tools are marked; of an old or foreign key no part is known; a read-only home says so', async () => {
  const { call } = makeWorld(
    `auth:\n  keys:\n    - name: codex\n      hash: ${hashClientKey(newClientKey())}\n    - name: mine\n      key: my-own-key\n      expires: 2020-01-01\n`,
    'It cannot be written.',
  )
  const { keys, anonymous, whyReadOnly } = await call('clientKeys.list', {})
  expect({ anonymous, whyReadOnly }).toEqual({ anonymous: true, whyReadOnly: 'It cannot be written.' })
  expect(keys).toMatchObject([
    { name: 'codex', tool: { id: 'codex', name: 'OpenAI Codex' }, starts: expect.stringMatching(/^gw-[0-9a-f]{12}$/) },
    { name: 'mine', tool: null, starts: null, state: 'expired' },
  ])
  expect(JSON.stringify(keys)).not.toContain('my-own-key')
})

import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { appHome } from '../../../gateway/config/app-home.ts'
import { defaultConfig } from '../../../gateway/config/defaults.ts'
import { ConfigError } from '../../../gateway/config/types.ts'
import { providerRows } from '../../../gateway/providers/rows.ts'
import { createFakeSecrets } from './fake-secrets.ts'

function homeWith(config: object | undefined, values: Record<string, string> = {}, env: Record<string, string> = {}) {
  const stored: { config: object | undefined } = { config }
  const store = { get: () => stored.config, set: (next: object) => void (stored.config = next) }
  const secrets = createFakeSecrets(values)
  return { stored, secrets, home: appHome({ store, secrets, env, knownProviders: providerRows }) }
}

const openai = { name: 'openai', apiKey: '${OPENAI_API_KEY}' }

describe('load', () => {
  test('nothing kept yet: the defaults, and an empty text', async () => {
    const { home } = homeWith(undefined)
    expect(await home.load()).toEqual({ config: defaultConfig(), notices: [] })
    expect(await home.text()).toBe('')
  })

  test('keys come from the secrets, before the environment; other references too', async () => {
    const { home } = homeWith(
      { server: { port: '${PORT}' }, providers: [openai] },
      { OPENAI_API_KEY: 'sk-kept' },
      { OPENAI_API_KEY: 'sk-of-the-shell', PORT: '99' },
    )
    const { config, file } = await home.load()
    expect([config.providers[0]?.apiKey, config.server.port, file]).toEqual(['sk-kept', 99, undefined])
  })

  test('a key that is nowhere does not keep it from starting', async () => {
    const { home, secrets } = homeWith({
      providers: [openai, { name: 'mistral', apiKey: '${M}', headers: { 'x-a': 'b', authorization: 'Bearer ${T}' } }],
      auth: {
        keys: [
          { name: 'one', key: '${ONE}' },
          { name: 'two', key: '${TWO}' },
        ],
        anonymous: false,
      },
    })
    secrets.values.set('TWO', 'second')
    const { config, notices, missingKeys } = await home.load()
    expect(config.providers.map(({ apiKey }) => apiKey)).toEqual([undefined, undefined])
    expect(config.providers[1]?.headers).toEqual({ 'x-a': 'b' })
    expect(config.auth.keys.map(({ name }) => name)).toEqual(['two'])
    expect(missingKeys).toEqual(['OPENAI_API_KEY', 'M', 'T', 'ONE'])
    expect(notices).toEqual([
      'providers[0].apiKey: ${OPENAI_API_KEY} is not set anywhere: openai is not asked until it is',
      'providers[1].apiKey: ${M} is not set anywhere: mistral is not asked until it is',
      'providers[1].headers.authorization: ${T} is not set anywhere: mistral is not asked until it is',
      'auth.keys[0].key: ${ONE} is not set anywhere: this client key is not accepted until it is',
    ])
  })

  test('what else is nowhere is a fault', async () => {
    await expect(homeWith({ server: { port: '${PORT}' } }).home.load()).rejects.toThrow('PORT is not set')
  })

  test('a locked keychain is told once', async () => {
    const { home, secrets } = homeWith({ providers: [openai, { name: 'mistral', apiKey: '${M}' }] })
    secrets.problem = new Error('The keychain is locked.')
    const { notices } = await home.load()
    expect(notices.filter((notice) => notice === 'The keychain is locked.')).toHaveLength(1)
    expect(notices).toHaveLength(3)
  })
})

describe('write and edit', () => {
  test('keeps data that is text again', async () => {
    const { home, stored } = homeWith(undefined)
    await home.edit([{ path: ['providers', 0], value: openai }])
    await home.edit([{ path: ['providers', 0, 'timeout'], value: '5s' }])
    expect(stored.config).toEqual({ providers: [{ ...openai, timeout: '5s' }] })
    expect(parse(await home.text())).toEqual(stored.config)
    await home.edit([{ path: ['providers', 0], value: undefined }])
    expect(stored.config).toEqual({ providers: [] })
  })

  test('faults change nothing', async () => {
    const { home, stored } = homeWith({ providers: [openai] })
    await expect(home.edit([{ path: ['server', 'port'], value: 'x' }])).rejects.toThrow(ConfigError)
    await expect(home.write('server: { prot: 1 }')).rejects.toThrow('did you mean "port"')
    await expect(home.write('a: "')).rejects.toThrow(ConfigError)
    expect(stored.config).toEqual({ providers: [openai] })
  })

  test('edits at once all count', async () => {
    const { home, stored } = homeWith(undefined)
    await Promise.all([
      home.edit([{ path: ['server', 'port'], value: 1 }]),
      home.edit([{ path: ['cache', 'enabled'], value: true }]),
      home.edit([{ path: ['server', 'port'], value: 2 }]),
    ])
    expect(stored.config).toEqual({ server: { port: 2 }, cache: { enabled: true } })
  })

  test('a key that stands in the text goes to the secrets', async () => {
    const { home, stored, secrets } = homeWith(undefined, { OPENAI_API_KEY: 'sk-another' })
    const { config } = await home.write(`
providers:
  - { name: openai, apiKey: sk-literal-1 }
  - { name: mistral, apiKey: "\${MISTRAL_API_KEY:-sk-literal-2}" }
auth: { keys: [{ name: team, key: sk-literal-3 }] }
`)
    expect(JSON.stringify(stored.config)).not.toContain('sk-literal')
    expect(stored.config).toMatchObject({
      providers: [{ apiKey: '${OPENAI_API_KEY_2}' }, { apiKey: '${MISTRAL_API_KEY}' }],
    })
    expect(Object.fromEntries(secrets.values)).toEqual({
      OPENAI_API_KEY: 'sk-another',
      OPENAI_API_KEY_2: 'sk-literal-1',
      MISTRAL_API_KEY: 'sk-literal-2',
      GATEWAY_KEY_TEAM: 'sk-literal-3',
    })
    expect((await home.load()).config).toEqual(config)
    expect(config.providers.map(({ apiKey }) => apiKey)).toEqual(['sk-literal-1', 'sk-literal-2'])
  })

  test('where it cannot be kept, nothing changes', async () => {
    const { home, stored, secrets } = homeWith(undefined)
    secrets.problem = new Error('The key was not kept.')
    await expect(home.write('providers: [{ name: openai, apiKey: sk-literal-1 }]')).rejects.toThrow('was not kept')
    expect(stored.config).toBeUndefined()
  })
})

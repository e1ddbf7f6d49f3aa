import { describe, expect, test } from 'vitest'
import { createKeychainSecrets } from '../../../gateway/stores/secrets-keychain.ts'
import { explainKeychainError } from '../../../gateway/stores/secrets-keychain-error.ts'
import { createFakeKeychain } from './fake-keychain.ts'

function keychainWith(platform: NodeJS.Platform = 'linux') {
  const fake = createFakeKeychain()
  const clock = { now: 0 }
  const options = { load: fake.load, platform, timeoutMs: 20, nowMs: () => clock.now }
  return { fake, clock, keychain: createKeychainSecrets(options) }
}

describe('the keychain', () => {
  test('keeps, gives and forgets; the store on Linux is always pinned', async () => {
    const { fake, keychain } = keychainWith()
    expect(await keychain.get('A_KEY')).toBeUndefined()
    await keychain.set('A_KEY', 'sk-one')
    expect(await keychain.get('A_KEY')).toBe('sk-one')
    await keychain.delete('A_KEY')
    expect(await keychain.get('A_KEY')).toBeUndefined()
    expect(new Set(fake.opened.map((entry) => JSON.stringify(entry)))).toEqual(
      new Set(['["LLM Gateway","A_KEY",{"linux":{"store":"secret-service"}}]']),
    )
  })

  test('each value is read once, since reading may prompt', async () => {
    const { fake, keychain } = keychainWith()
    fake.values.set('A_KEY', 'sk-one')
    await keychain.get('A_KEY')
    await keychain.get('A_KEY')
    expect(fake.reads).toBe(1)
    await keychain.set('A_KEY', 'sk-two')
    expect(await keychain.get('A_KEY')).toBe('sk-two')
  })

  test('the canary leaves nothing behind, and is asked once', async () => {
    const { fake, keychain } = keychainWith()
    expect(await Promise.all([keychain.problem(), keychain.problem()])).toEqual([undefined, undefined])
    expect(fake.values.size).toBe(0)
    expect(fake.opened).toHaveLength(1)
  })

  test('one that forgets at once does not count as working', async () => {
    const { fake, keychain } = keychainWith()
    fake.values.set = () => fake.values
    expect(await keychain.problem()).toMatchObject({ kind: 'failing', message: expect.stringContaining('give back') })
  })

  test('a problem is remembered until it is tried anew', async () => {
    const { fake, keychain } = keychainWith()
    fake.failure = new Error("Couldn't access platform storage: Secret Service: unlock prompt was dismissed")
    expect(await keychain.problem()).toMatchObject({ kind: 'locked' })
    fake.failure = undefined
    expect(await keychain.problem()).toMatchObject({ kind: 'locked' })
    expect(await keychain.retry()).toBeUndefined()
    expect(await keychain.problem()).toBeUndefined()
  })

  test('tried anew only after a while, where that is asked for', async () => {
    const { fake, clock, keychain } = keychainWith()
    fake.failure = new Error('unlock prompt was dismissed')
    await keychain.problem()
    fake.failure = undefined
    clock.now = 999
    expect(await keychain.retry(1000)).toMatchObject({ kind: 'locked' })
    clock.now = 1000
    expect(await keychain.retry(1000)).toBeUndefined()
  })

  test('locked while it is used: what is asked next is answered at once', async () => {
    const { fake, keychain } = keychainWith()
    expect(await keychain.problem()).toBeUndefined()
    fake.failure = new Error('unlock prompt was dismissed')
    await expect(keychain.get('A_KEY')).rejects.toThrow('locked')
    const { length } = fake.opened
    expect(await keychain.problem()).toMatchObject({ kind: 'locked' })
    expect(fake.opened).toHaveLength(length)
  })

  test('a prompt that nobody answers does not hang the app', async () => {
    const { fake, keychain } = keychainWith()
    fake.hangs = true
    expect(await keychain.problem()).toMatchObject({ kind: 'failing', message: expect.stringContaining('not answer') })
    await expect(keychain.get('A_KEY')).rejects.toThrow('does not answer')
  })

  test('it need not be installed', async () => {
    const load = () => Promise.reject(new Error("Cannot find module '@napi-rs/keyring'"))
    const keychain = createKeychainSecrets({ load, platform: 'linux' })
    expect(await keychain.problem()).toMatchObject({ kind: 'absent' })
  })

  test('no error shows a value', async () => {
    const { fake, keychain } = keychainWith()
    fake.failure = new Error('AccessDenied')
    const error: unknown = await keychain.set('A_KEY', 'sk-secret').catch((reason: unknown) => reason)
    expect(String(error)).toContain('refused')
    expect(JSON.stringify(error) + String((error as Error).stack)).not.toContain('sk-secret')
  })

  test('Windows keeps 2560 bytes, two per character', async () => {
    const { keychain } = keychainWith('win32')
    await keychain.set('A_KEY', 'k'.repeat(1280))
    await expect(keychain.set('A_KEY', 'k'.repeat(1281))).rejects.toThrow('at most 1280 characters')
    await expect(keychainWith('linux').keychain.set('A_KEY', 'k'.repeat(1281))).resolves.toBeUndefined()
  })
})

describe('every known error says what to do', () => {
  test.each([
    [
      'Platform failure: DBus error: Using X11 for dbus-daemon autolaunch was disabled at compile time, set your DBUS_SESSION_BUS_ADDRESS instead',
      'absent',
      /no D-Bus session.*environment variables/,
    ],
    [
      'Platform failure: DBus error: The name org.freedesktop.secrets was not provided by any .service files',
      'absent',
      /No keychain runs.*GNOME Keyring/,
    ],
    ["Couldn't access platform storage: Secret Service: no result found", 'absent', /default collection.*Create/],
    ["Couldn't access platform storage: Secret Service: unlock prompt was dismissed", 'locked', /locked.*Unlock/],
    ["Couldn't access platform storage: AccessDenied", 'failing', /refused.*Allow/],
    ['something new', 'failing', /something new.*environment variables/],
  ] as const)('%s', (words, kind, message) => {
    expect(explainKeychainError(new Error(words), 'linux')).toEqual({ kind, message: expect.stringMatching(message) })
  })
})

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSecrets } from '../../../gateway/stores/secrets-chain.ts'
import type { FileSecrets } from '../../../gateway/stores/secrets-file.ts'
import { createFileSecrets } from '../../../gateway/stores/secrets-file.ts'
import { createKeychainSecrets } from '../../../gateway/stores/secrets-keychain.ts'
import { createFakeKeychain } from './fake-keychain.ts'

let folder = ''
let file: FileSecrets
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'secrets-'))
  file = createFileSecrets(join(folder, 'secrets.json'))
})
afterEach(() => rm(folder, { recursive: true }))

function desktop(env: Record<string, string> = {}) {
  const fake = createFakeKeychain()
  const keychain = createKeychainSecrets({ load: fake.load, platform: 'linux', timeoutMs: 20 })
  return { fake, secrets: createSecrets({ env, keychain, file }) }
}

const locked = new Error("Couldn't access platform storage: Secret Service: unlock prompt was dismissed")
const absent = new Error('The name org.freedesktop.secrets was not provided by any .service files')

describe('desktop', () => {
  test('the keychain comes before the environment', async () => {
    const { fake, secrets } = desktop({ A: 'of the shell', B: 'b', EMPTY: '' })
    fake.values.set('A', 'kept')
    expect(await secrets.get('A')).toEqual({ value: 'kept', from: 'keychain' })
    expect(await secrets.get('B')).toEqual({ value: 'b', from: 'environment' })
    expect(await secrets.get('EMPTY')).toBeUndefined()
    expect(await secrets.describe()).toEqual({ kind: 'keychain', problem: null, fileIsPossible: false })
  })

  test('keeps in the keychain, and forgets', async () => {
    const { fake, secrets } = desktop()
    expect(await secrets.set('A', 'a')).toBe('keychain')
    expect(fake.values.get('A')).toBe('a')
    await secrets.delete('A')
    expect(fake.values.size).toBe(0)
    expect(await file.exists()).toBe(false)
  })

  test('locked: what is elsewhere is found, for the rest it says so', async () => {
    const { fake, secrets } = desktop({ A: 'a' })
    fake.failure = locked
    expect(await secrets.get('A')).toEqual({ value: 'a', from: 'environment' })
    await expect(secrets.get('B')).rejects.toThrow('The keychain is locked')
    await expect(secrets.delete('B')).rejects.toThrow('The keychain is locked')
    expect(await secrets.describe()).toEqual({
      kind: 'none',
      problem: expect.stringContaining('Unlock it'),
      fileIsPossible: true,
    })
  })

  test('absent: nothing is written to a file but with consent', async () => {
    const { fake, secrets } = desktop()
    fake.failure = absent
    expect(await secrets.get('A')).toBeUndefined()
    const refused: unknown = await secrets.set('A', 'sk-secret').catch((reason: unknown) => reason)
    expect(String(refused)).toMatch(
      /was not kept.*No keychain runs.*set A as an environment variable.*only you can read/,
    )
    expect(String(refused)).not.toContain('sk-secret')
    expect(await file.exists()).toBe(false)
    expect(await secrets.set('A', 'a', { consentToFile: true })).toBe('file')
    expect(await secrets.get('A')).toEqual({ value: 'a', from: 'file' })
    expect(await secrets.describe()).toMatchObject({ kind: 'file', fileIsPossible: true })
    // Agreed once, it holds for the next key.
    expect(await secrets.set('B', 'b')).toBe('file')
    await secrets.delete('A')
    expect(await secrets.get('A')).toBeUndefined()
  })

  test('once the keychain works again, a new key goes there and leaves the file', async () => {
    const { fake, secrets } = desktop()
    fake.failure = locked
    await secrets.set('A', 'in plain text', { consentToFile: true })
    fake.failure = undefined
    fake.values.set('A', 'older')
    expect(await secrets.get('A')).toEqual({ value: 'in plain text', from: 'file' })
    expect(await secrets.set('A', 'new')).toBe('keychain')
    expect(await secrets.get('A')).toEqual({ value: 'new', from: 'keychain' })
    expect(await file.get('A')).toBeUndefined()
  })
})

describe('headless', () => {
  test('the environment comes first; a key it hides is not kept', async () => {
    const secrets = createSecrets({ env: { A: 'a' }, file })
    await file.set('A', 'kept')
    await file.set('B', 'b')
    expect(await secrets.get('A')).toEqual({ value: 'a', from: 'environment' })
    expect(await secrets.get('B')).toEqual({ value: 'b', from: 'file' })
    await expect(secrets.set('A', 'c')).rejects.toThrow('A is set in the environment')
  })

  test('without consent there is only the environment', async () => {
    const secrets = createSecrets({ env: {}, file })
    expect(await secrets.describe()).toMatchObject({ kind: 'none', fileIsPossible: true })
    await expect(secrets.set('A', 'a')).rejects.toThrow('no keychain')
    expect(await secrets.set('A', 'a', { consentToFile: true })).toBe('file')
    const bare = createSecrets({ env: {} })
    await expect(bare.set('A', 'a', { consentToFile: true })).rejects.toThrow('environment variable.')
    expect(await bare.describe()).toMatchObject({ kind: 'none', fileIsPossible: false })
  })
})

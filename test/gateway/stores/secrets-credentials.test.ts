import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createSecrets } from '../../../gateway/stores/secrets-chain.ts'
import { createCredentialSecrets } from '../../../gateway/stores/secrets-credentials.ts'
import { createFileSecrets } from '../../../gateway/stores/secrets-file.ts'

let room = ''
let folder = ''
beforeEach(async () => {
  room = await mkdtemp(join(tmpdir(), 'credentials-'))
  folder = join(room, 'credentials')
  await mkdir(folder)
  await writeFile(join(room, 'outside'), 'not for the gateway')
  await writeFile(join(folder, 'PLAIN'), 'sk-plain')
  await writeFile(join(folder, 'WITH_END'), 'sk-line\r\n')
  await writeFile(join(folder, 'EMPTY'), '\n')
  await writeFile(join(folder, 'keys_IN_FOLDER'), 'sk-folder\n')
  await writeFile(join(folder, 'keys_PLAIN'), 'sk-second')
})
afterEach(() => rm(room, { recursive: true }))

describe('the folder of credentials', () => {
  test.each([
    ['a file of that name', 'PLAIN', 'sk-plain'],
    ['without the end of its line', 'WITH_END', 'sk-line'],
    ['of a folder that systemd loaded whole', 'IN_FOLDER', 'sk-folder'],
    ['nothing in it is no key', 'EMPTY', undefined],
    ['no such file', 'MISSING', undefined],
    ['never outside of the folder', '../outside', undefined],
  ])('%s', async (_, name, value) => {
    expect(await createCredentialSecrets(folder).get(name)).toBe(value)
  })

  test.each([undefined, '', '/nowhere/at/all'])('no folder (%j): no keys', async (path) => {
    expect(await createCredentialSecrets(path).get('PLAIN')).toBeUndefined()
  })

  test('what cannot be read says which file it is, and not what is in it', async () => {
    await mkdir(join(folder, 'A_FOLDER'))
    await expect(createCredentialSecrets(folder).get('A_FOLDER')).rejects.toThrow(/A_FOLDER cannot be read/)
  })
})

describe('in the chain', () => {
  test('a variable comes before it, the file of keys after it, and it is not written over', async () => {
    const file = createFileSecrets(join(room, 'keys.json'))
    await file.set('PLAIN', 'of the file')
    const credentials = createCredentialSecrets(folder)
    const secrets = createSecrets({ env: { WITH_END: 'of the shell' }, credentials, file })
    expect(await secrets.get('WITH_END')).toEqual({ value: 'of the shell', from: 'environment' })
    expect(await secrets.get('PLAIN')).toEqual({ value: 'sk-plain', from: 'environment' })
    await expect(secrets.set('PLAIN', 'new', { consentToFile: true })).rejects.toThrow('credentials folder')
    expect(await secrets.set('MISSING', 'new', { consentToFile: true })).toBe('file')
  })
})

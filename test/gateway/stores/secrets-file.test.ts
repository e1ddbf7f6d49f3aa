import { chmod, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createFileSecrets } from '../../../gateway/stores/secrets-file.ts'

let folder = ''
let file = ''
beforeEach(async () => {
  folder = join(await mkdtemp(join(tmpdir(), 'secrets-')), 'inside')
  file = join(folder, 'secrets.json')
})
afterEach(() => rm(join(folder, '..'), { recursive: true }))

test('keeps, gives and forgets, for its owner alone', async () => {
  const secrets = createFileSecrets(file)
  expect(await secrets.exists()).toBe(false)
  expect(await secrets.get('A')).toBeUndefined()
  await secrets.delete('A')
  expect(await secrets.exists()).toBe(false)
  await secrets.set('A', 'one')
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  expect((await stat(folder)).mode & 0o777).toBe(0o700)
  expect(await readdir(folder)).toEqual(['secrets.json'])
  expect(await createFileSecrets(file).get('A')).toBe('one')
  await secrets.delete('A')
  expect(await secrets.get('A')).toBeUndefined()
  expect(await secrets.get('toString')).toBeUndefined()
})

test('changes at once all count', async () => {
  const secrets = createFileSecrets(file)
  await Promise.all(['A', 'B', 'C'].map((name) => secrets.set(name, name.toLowerCase())))
  expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ A: 'a', B: 'b', C: 'c' })
})

test('a file that others may read is not used, and says what to do', async () => {
  const secrets = createFileSecrets(file)
  await secrets.set('A', 'sk-secret')
  await chmod(file, 0o640)
  await expect(secrets.get('A')).rejects.toThrow(/other users.*chmod 600/)
  await expect(secrets.set('B', 'b')).rejects.toThrow('chmod 600')
  expect(await createFileSecrets(file, 'win32').get('A')).toBe('sk-secret')
})

test.each([['{"A": "sk-secret"'], ['["sk-secret"]'], ['{"A": 1}'], ['null']])(
  '%s is refused unquoted',
  async (text) => {
    const secrets = createFileSecrets(file)
    await secrets.set('A', 'x')
    await writeFile(file, text)
    const error: unknown = await secrets.get('A').catch((reason: unknown) => reason)
    expect(String(error)).toContain('should be a JSON object')
    expect(String(error)).not.toContain('sk-secret')
    expect(await readFile(file, 'utf8')).toBe(text)
  },
)

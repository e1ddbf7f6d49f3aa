import { expect, test } from 'vitest'
import { withRestores } from '../../../gateway/api/keys-restore.ts'
import { createKeysHandlers } from '../../../gateway/api/keys.ts'
import { memoryConfiguration, memorySecrets } from './memory-configuration.ts'

const key = 'sk-proj-0123456789wxyz'

function made(text: string, environment: Record<string, string> = {}) {
  const secrets = memorySecrets(environment)
  const configuration = memoryConfiguration(text, secrets)
  return { secrets, configuration, ...createKeysHandlers({ configuration, secrets }) }
}

const keyOf = ({ configuration }: Pick<ReturnType<typeof made>, 'configuration'>) =>
  configuration.current().config.providers.map(({ apiKey }) => apiKey)

test('a key is kept, referred to, and in force at once', async () => {
  const all = made('# mine\nproviders:\n  - name: openai # first\n')
  const answer = await all['keys.set']({ provider: 'openai', key })
  expect(answer).toEqual({
    key: { state: 'set', from: 'keychain', reference: 'OPENAI_API_KEY', endsWith: 'wxyz' },
  })
  expect(await all.configuration.text()).toBe(
    '# mine\nproviders:\n  - name: openai # first\n    apiKey: ${OPENAI_API_KEY}\n',
  )
  expect(keyOf(all)).toEqual([key])
})

test('a new key in place of the old: the text stays, the key in force does not', async () => {
  const all = made('providers:\n  - name: openai\n    apiKey: ${MINE}\n')
  await all['keys.set']({ provider: 'openai', key })
  await all['keys.set']({ provider: 'openai', key: 'sk-second-0123456789' })
  expect(keyOf(all)).toEqual(['sk-second-0123456789'])
  expect([...all.secrets.kept.keys()]).toEqual(['MINE'])
})

test('a key that stood in the file does so no longer', async () => {
  const all = made('providers:\n  - name: openai\n    apiKey: sk-written-out-000\n')
  await all['keys.set']({ provider: 'openai', key, consentToFile: true })
  expect(await all.configuration.text()).not.toContain('written-out')
  expect(all.secrets.kept.get('OPENAI_API_KEY')).toEqual({ from: 'file', value: key })
})

test('an edit that fails leaves no key behind', async () => {
  const all = made('providers:\n  - name: openai\n')
  const configuration = { ...all.configuration, edit: () => Promise.reject(new Error('read-only')) }
  const { 'keys.set': set } = createKeysHandlers({ configuration, secrets: all.secrets })
  await expect(set({ provider: 'openai', key })).rejects.toThrow('read-only')
  expect(all.secrets.kept.size).toBe(0)
})

test('removed: entry and key are gone; taken back, both are there', async () => {
  const all = made('providers:\n  - name: openai\n')
  await all['keys.set']({ provider: 'openai', key })
  const { undo } = await all['keys.remove']({ provider: 'openai' })
  expect([all.secrets.kept.size, ...keyOf(all)]).toEqual([0, undefined])
  await all.configuration.undo(undo)
  expect(keyOf(all)).toEqual([key])
  expect(all.secrets.kept.get('OPENAI_API_KEY')).toEqual({ from: 'keychain', value: key })
})

test('a key that another provider uses too stays, and so does one of the environment', async () => {
  const shared =
    'providers:\n  - name: a\n    type: openai\n    apiKey: ${K}\n  - name: b\n    type: openai\n    apiKey: ${K}\n'
  const two = made(shared)
  await two.secrets.set('K', key)
  await two['keys.remove']({ provider: 'a' })
  expect(two.secrets.kept.has('K')).toBe(true)

  const one = made('providers:\n  - name: openai\n    apiKey: ${OPENAI_API_KEY}\n', { OPENAI_API_KEY: key })
  await one['keys.remove']({ provider: 'openai' })
  expect(one.secrets.kept.has('OPENAI_API_KEY')).toBe(true)
})

test('no such provider', async () => {
  await expect(made('')['keys.set']({ provider: 'openai', key })).rejects.toMatchObject({ code: 'not_found' })
})

test('a removal that cannot be taken back any more leaves no key', async () => {
  const all = made('providers:\n  - name: openai\n')
  await all['keys.set']({ provider: 'openai', key })
  const failing = { ...all.configuration, undo: () => Promise.reject(new Error('changed since')) }
  const configuration = withRestores(failing, () => 0)
  const { undo } = await createKeysHandlers({ configuration, secrets: all.secrets })['keys.remove']({
    provider: 'openai',
  })
  await expect(configuration.undo(undo)).rejects.toThrow('changed since')
  expect(all.secrets.kept.size).toBe(0)
})

test('a removed key is not held for longer than it can come back', async () => {
  let now = 0
  const restored: string[] = []
  const configuration = withRestores({ ...memoryConfiguration(''), undo: () => Promise.resolve() }, () => now)
  for (const id of ['early', 'late']) {
    configuration.beforeUndo(id, { bringBack: async () => void restored.push(id), takeAway: () => Promise.resolve() })
  }
  await configuration.undo('early')
  await configuration.undo('early')
  now = 600_000
  await configuration.undo('late')
  expect(restored).toEqual(['early'])
})

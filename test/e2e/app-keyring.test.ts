import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import {
  call,
  describeApp,
  launchApp,
  rawCall,
  startKeyring,
  whyNoKeyring,
  type Keyring,
  type LaunchedApp,
} from './helpers.ts'

const key = 'sk-made-up-0123456789-abcd'

if (whyNoKeyring !== undefined) console.log(`skipped: keys in a keyring. It ${whyNoKeyring}`)

describeApp('keys that are typed into the app', () => {
  const apps: LaunchedApp[] = []
  let keyring: Keyring | undefined
  afterEach(async () => {
    await Promise.all(apps.splice(0).map((app) => app.close()))
    keyring?.stop()
    keyring = undefined
  })

  async function open(mode: 'unlocked' | 'locked' | 'none', dataDir?: string): Promise<LaunchedApp> {
    keyring ??= await startKeyring(mode)
    const app = await launchApp({ env: keyring.env, ...(dataDir === undefined ? {} : { dataDir }) })
    apps.push(app)
    return app
  }

  test.skipIf(whyNoKeyring !== undefined)('are kept in the keychain, and nowhere else', async () => {
    const first = await open('unlocked')
    await call(first.window, 'providers.save', { name: 'openai' })
    const { key: kept } = await call(first.window, 'keys.set', { provider: 'openai', key })
    expect(kept).toMatchObject({ state: 'set', from: 'keychain', endsWith: 'abcd' })
    expect(await first.quit()).toBe(0)
    expect(await filesWith(first.dataDir, key)).toEqual([])
    const second = await open('unlocked', first.dataDir)
    const { providers } = await call(second.window, 'providers.list', {})
    expect(providers[0]?.key).toMatchObject({ state: 'set', from: 'keychain', endsWith: 'abcd' })
  })

  test.skipIf(whyNoKeyring !== undefined).each(['none', 'locked'] as const)(
    'with a keyring that is %s: it says so, and makes a file only when the user agrees',
    async (mode) => {
      const { window, dataDir } = await open(mode)
      const { secretStore } = await call(window, 'status.get', {})
      expect(secretStore).toMatchObject({ kind: 'none', fileIsPossible: true })
      expect(secretStore.problem).toMatch(mode === 'locked' ? /locked/i : /keychain|Secret Service|keyring/i)
      await call(window, 'providers.save', { name: 'openai' })
      expect(await rawCall(window, 'keys.set', { provider: 'openai', key })).toMatchObject({ ok: false })
      expect(await filesWith(dataDir, key)).toEqual([])
      const agreed = await call(window, 'keys.set', { provider: 'openai', key, consentToFile: true })
      expect(agreed.key).toMatchObject({ state: 'set', from: 'file' })
      expect(await filesWith(dataDir, key)).toEqual(['keys.json'])
      expect((await stat(join(dataDir, 'keys.json'))).mode & 0o777).toBe(0o600)
    },
  )
})

/** Names of the files of the folder's top that hold the text. */
async function filesWith(folder: string, text: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile()).map(({ name }) => name)
  const contents = await Promise.all(files.map((name) => readFile(join(folder, name), 'latin1')))
  return files.filter((_name, index) => contents[index]?.includes(text) === true)
}

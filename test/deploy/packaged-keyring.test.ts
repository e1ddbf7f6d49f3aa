import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile, mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { describeWithKeyring } from '../e2e/describe-with-keyring.ts'
import { call, launchApp, packagedApp, startKeyring, type Keyring, type LaunchedApp } from '../e2e/helpers.ts'

const key = 'sk-made-up-0123456789-wxyz'
const run = promisify(execFile)

describeWithKeyring('removing the packaged app', () => {
  let keyring: Keyring
  let app: LaunchedApp
  let home: string
  beforeAll(async () => {
    home = await mkdtemp(join(tmpdir(), 'llm-gateway-removed-'))
    keyring = await startKeyring('unlocked')
    app = await launchApp({ env: { ...keyring.env, HOME: home } })
  })
  afterAll(async () => {
    await app?.close()
    keyring?.stop()
    await rm(home, { recursive: true, force: true, maxRetries: 5 })
  })

  test('takes back a connected tool and the key in the keychain, and says so', async () => {
    const settings = join(home, '.claude/settings.json')
    const original = '{\n  "model": "opus"\n}\n'
    await mkdir(join(home, '.claude'))
    await writeFile(settings, original)
    await call(app.window, 'providers.save', { name: 'openai' })
    await call(app.window, 'keys.set', { provider: 'openai', key })
    await call(app.window, 'tools.connect', { tool: 'claude-code' })
    expect(await readFile(settings, 'utf8')).toContain(app.url)
    expect(await app.quit()).toBe(0)

    const uninstall = async (...flags: string[]): Promise<string> => {
      const args = ['uninstall', ...flags, '--data-dir', app.dataDir]
      const env = { ...app.env, DISPLAY: '' }
      return (await run(await packagedApp(), args, { env })).stdout
    }
    const found = await uninstall()
    expect(found).toContain('Connected tools: claude-code\n')
    expect(found).toContain('Kept keys: OPENAI_API_KEY (keychain)\n')
    expect(await readFile(settings, 'utf8')).toContain(app.url)

    const done = await uninstall('--undo-tools', '--remove-keys', '--yes')
    expect(done).toContain('Claude Code is no longer connected.')
    expect(done).toContain('The key OPENAI_API_KEY is removed.')
    expect(done).not.toContain(key)
    expect(await readFile(settings, 'utf8')).toBe(original)
    expect(await uninstall()).toContain('nothing has to be taken back')
  })
})

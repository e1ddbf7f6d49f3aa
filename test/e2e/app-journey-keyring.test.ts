import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import OpenAI from 'openai'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
import { filesWith, readAll } from './app-files.ts'
import { describeWithKeyring } from './describe-with-keyring.ts'
import { call, launchApp, rawCall, startKeyring, type Keyring, type LaunchedApp } from './helpers.ts'

const run = promisify(execFile)
const key = 'sk-keyring-secret-4711-wxyz'
const server = 'OpenAI-compatible server'

/** A window that shows something, with a keychain that does not answer as it should. */
const longestStartMs = 15_000

describeWithKeyring('the app without a keychain that works', () => {
  let upstream: Upstream
  let keyring: Keyring
  let dataDir: string
  let app: LaunchedApp | undefined

  beforeEach(async () => {
    upstream = await startUpstream()
    upstream.on(/./, text('Hello from the lab.'))
    dataDir = await mkdtemp(join(tmpdir(), 'llm-gateway-keyring-'))
  })
  afterEach(async () => {
    await app?.close()
    keyring.stop()
    await upstream.close()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })

  async function open(env: Record<string, string> = {}): Promise<LaunchedApp> {
    app = await launchApp({ dataDir, env: { ...keyring.env, ...env } })
    app.window.setDefaultTimeout(15_000)
    return app
  }

  async function reopen(env?: Record<string, string>): Promise<LaunchedApp> {
    expect(await app?.quit()).toBe(0)
    await app?.close()
    return open(env)
  }

  /** The form of a new provider, with all but the key. */
  async function fillIn({ window }: LaunchedApp, title: string, name: string) {
    await window.getByRole('link', { name: 'Providers', exact: true }).click()
    await window.getByRole('button', { name: 'Add provider' }).first().click()
    await window.getByLabel('Search providers').fill(title)
    await window
      .getByRole('button')
      .filter({ has: window.getByText(title, { exact: true }) })
      .click()
    const form = window.getByRole('dialog')
    await form.getByLabel('Name').fill(name)
    if (title === 'OpenAI') await form.getByRole('button', { name: /^Use another address/ }).click()
    await form.getByLabel('Base URL').fill(`${upstream.url}/v1`)
    return form
  }

  const row = ({ window }: LaunchedApp, name: string) =>
    window.getByRole('listitem').filter({ has: window.getByText(name, { exact: true }) })

  function ask({ url }: LaunchedApp, model: string) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'not-needed', maxRetries: 0 })
    return client.chat.completions.create({ model, messages: [{ role: 'user', content: 'Hello' }] })
  }

  test('none: it says so, and takes the key from the environment', async () => {
    keyring = await startKeyring('none')
    const first = await open()
    const form = await fillIn(first, 'OpenAI', 'lab')
    await form.getByText('No keychain can be used here.').waitFor()
    await form.getByText(/No keychain runs.*Secret Service/).waitFor()
    await form.getByText('export OPENAI_API_KEY="your-key"').waitFor()
    await form.getByRole('button', { name: 'Save' }).click()
    await form.waitFor({ state: 'hidden' })
    await row(first, 'lab').getByText('Key missing', { exact: true }).first().waitFor()

    const second = await reopen({ OPENAI_API_KEY: key })
    await second.window.getByRole('link', { name: 'Providers', exact: true }).click()
    await row(second, 'lab').getByText('From the environment variable OPENAI_API_KEY').waitFor()
    await ask(second, 'lab/gpt-4o')
    expect(upstream.requests.at(-1)?.headers.authorization).toBe(`Bearer ${key}`)
    expect(filesWith(await readAll(dataDir), key)).toEqual([])
  })

  test('none: a key is written into a file only once the user has agreed, and only for the user', async () => {
    keyring = await startKeyring('none')
    const first = await open()
    const form = await fillIn(first, server, 'lab')
    await form.getByText('File on this machine').click()
    await form.getByLabel(/^Key/).fill(key)
    await form.getByRole('button', { name: 'Save' }).click()
    await form.getByText('Tick the box below').waitFor()
    expect((await call(first.window, 'providers.list', {})).providers).toEqual([])
    // Past the form too: the gateway itself does not take it.
    await call(first.window, 'providers.save', { name: 'other', type: 'openai' })
    const refused = await rawCall(first.window, 'keys.set', { provider: 'other', key })
    expect(refused).toMatchObject({ ok: false, error: { message: expect.stringMatching(/was not kept.*agree/) } })
    expect(filesWith(await readAll(dataDir), key)).toEqual([])

    await form.getByRole('checkbox', { name: /file that only I can read/ }).click()
    await form.getByRole('button', { name: 'Save' }).click()
    await form.waitFor({ state: 'hidden' })
    await row(first, 'lab').getByText('Kept in a file that only you can read').waitFor()
    expect(filesWith(await readAll(dataDir), key)).toEqual(['keys.json'])
    expect((await stat(join(dataDir, 'keys.json'))).mode & 0o777).toBe(0o600)

    const second = await reopen()
    await ask(second, 'lab/gpt-4o')
    expect(upstream.requests.at(-1)?.headers.authorization).toBe(`Bearer ${key}`)
    expect(await readFile(join(dataDir, 'settings.json'), 'utf8')).not.toContain(key)
  })

  test('locked: it starts all the same, and says how to unlock', async () => {
    keyring = await startKeyring('locked')
    const at = performance.now()
    const started = await open()
    const form = await fillIn(started, 'OpenAI', 'lab')
    await form.getByText(/locked\. Unlock it/).waitFor()
    const tookMs = performance.now() - at
    console.log(`locked keychain: ${Math.round(tookMs)} ms from the start until the form said so`)
    expect(tookMs).toBeLessThan(longestStartMs)
    await form.getByText('export OPENAI_API_KEY="your-key"').waitFor()
    expect(filesWith(await readAll(dataDir), key)).toEqual([])
  })

  test('locked after a key was kept: it starts all the same, and says what is missing and why', async () => {
    keyring = await startKeyring()
    const first = await open()
    await call(first.window, 'providers.save', {
      name: 'lab',
      type: 'openai-compatible',
      baseUrl: `${upstream.url}/v1`,
    })
    await call(first.window, 'keys.set', { provider: 'lab', key })
    await lock(keyring)
    const at = performance.now()
    const second = await reopen()
    const tookMs = performance.now() - at
    console.log(`locked keychain with a key in it: ${Math.round(tookMs)} ms for quitting and starting again`)
    expect(tookMs).toBeLessThan(longestStartMs)
    await second.window.getByRole('link', { name: 'Providers', exact: true }).click()
    await row(second, 'lab')
      .getByText(/missing/i)
      .first()
      .waitFor()
    expect((await call(second.window, 'status.get', {})).notices.join()).toMatch(/locked\. Unlock it/)
  })
})

async function lock({ env }: Keyring): Promise<void> {
  const collection = '[objectpath "/org/freedesktop/secrets/collection/login"]'
  const service = ['-d', 'org.freedesktop.secrets', '-o', '/org/freedesktop/secrets']
  const method = ['-m', 'org.freedesktop.Secret.Service.Lock']
  await run('gdbus', ['call', '--session', ...service, ...method, collection], { env: { ...process.env, ...env } })
}

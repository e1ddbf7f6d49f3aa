import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import OpenAI from 'openai'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../gateway/stores/open-database.ts'
import { startGatewayProcess } from '../helpers/gateway.ts'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
import { filesWith, readAll } from './app-files.ts'
import { processesOf, runningOf } from './app-processes.ts'
import { describeWithKeyring } from './describe-with-keyring.ts'
import { launchApp, packagedApp, rootFlags, startKeyring, type Keyring, type LaunchedApp } from './helpers.ts'

const run = promisify(execFile)
const key = 'sk-journey-secret-4711-wxyz'

/** One user's story, in its order: every test goes on where the one before ended. */
describeWithKeyring('the first day with the app', () => {
  let upstream: Upstream
  let keyring: Keyring
  let dataDir: string
  let app: LaunchedApp
  /** Of all calls that were made through the app's gateway. */
  let calls = 0

  beforeAll(async () => {
    upstream = await startUpstream()
    upstream.on(/./, text('Hello from the lab.', { usage: { input: 1000, output: 500 } }))
    keyring = await startKeyring()
    dataDir = await mkdtemp(join(tmpdir(), 'llm-gateway-journey-'))
    await open()
  })
  afterAll(async () => {
    await app?.close()
    keyring?.stop()
    await upstream?.close()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })

  async function open(): Promise<void> {
    app = await launchApp({ dataDir, env: keyring.env })
    watch(app.window)
  }

  /** Nothing in this story takes longer, and a wrong name must not cost a minute. */
  function watch(window: Page): void {
    window.setDefaultTimeout(15_000)
  }

  const go = (page: string) =>
    app.window.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: page, exact: true }).click()
  const said = (words: string) => app.window.getByRole('listitem').filter({ hasText: words }).first()
  /** The newest first. */
  const lines = () => app.window.getByRole('grid', { name: 'Calls, newest first' }).getByRole('row')
  const figure = (title: string) =>
    app.window.getByRole('region', { name: /^Figures/ }).locator('> div', { hasText: title })
  const sdk = (url = app.url) => new OpenAI({ baseURL: `${url}/v1`, apiKey: 'not-needed', maxRetries: 0 })

  async function ask(model: string, content = 'Hello') {
    calls += 1
    const messages = [{ role: 'user', content }] as const
    const { data, response } = await sdk()
      .chat.completions.create({ model, messages: [...messages] })
      .withResponse()
    return { words: data.choices[0]?.message.content, cache: response.headers.get('x-cache') }
  }

  async function askStreaming(model: string): Promise<string> {
    calls += 1
    const messages = [{ role: 'user', content: 'Hello' }] as const
    const stream = await sdk().chat.completions.create({ model, messages: [...messages], stream: true })
    let words = ''
    for await (const { choices } of stream) words += choices[0]?.delta.content ?? ''
    return words
  }

  test('it opens on the four steps to the first call', async () => {
    const { window } = app
    await window.getByRole('heading', { name: 'Overview' }).waitFor()
    await window.getByRole('heading', { name: 'Four steps to the first call' }).waitFor()
    await window.getByText('Waiting for the first request').waitFor()
    await window.getByRole('link', { name: 'Choose a provider' }).click()
    await window.getByRole('heading', { name: 'Providers' }).waitFor()
  })

  test('a provider is added with a pasted key and tested, and the key goes to the keychain', async () => {
    const { window } = app
    await window.getByRole('button', { name: 'Add provider' }).first().click()
    await window.getByLabel('Search providers').fill('compatible')
    await window.getByRole('button', { name: 'OpenAI-compatible server' }).click()
    const form = window.getByRole('dialog')
    await form.getByLabel('Name').fill('lab')
    await form.getByLabel('Base URL').fill(`${upstream.url}/v1`)
    await form.getByText(/Kept in the keychain/).waitFor()
    await app.app.evaluate(({ clipboard }, key) => clipboard.writeText(key), key)
    await form.getByLabel(/^Key/).click()
    await window.keyboard.press('Control+V')
    await form.getByRole('button', { name: 'Test' }).click()
    await form.getByText(/It answers.*1 model/).waitFor()
    await form.getByText('gpt-4o', { exact: true }).waitFor()
    expect(upstream.requests[0]?.headers.authorization).toBe(`Bearer ${key}`)

    await form.getByRole('button', { name: 'Save' }).click()
    await form.waitFor({ state: 'hidden' })
    const row = window.getByRole('listitem').filter({ has: window.getByText('lab', { exact: true }) })
    await row.getByText('…wxyz').waitFor()
    await row.getByText('Kept in the keychain').waitFor()
    expect(await lookUp(keyring, 'LAB_API_KEY')).toBe(key)
  })

  test('calls of the SDK and their cost appear while Overview and Traffic are open', async () => {
    const { window } = app
    await window.evaluate(() => Object.assign(globalThis, { mark: 1 }))
    await go('Overview')
    await window.getByText('Waiting for the first request').waitFor()
    expect(await ask('gpt-4o')).toMatchObject({ words: 'Hello from the lab.' })
    expect(upstream.requests.at(-1)?.headers.authorization).toBe(`Bearer ${key}`)
    await window.getByText('First request seen').waitFor()
    await figure('Spend').getByText('$0.0075').waitFor()

    await go('Traffic')
    await expect.poll(() => lines().count()).toBe(2)
    expect(await askStreaming('gpt-4o')).toBe('Hello from the lab.')
    await expect.poll(() => lines().count()).toBe(3)
    await lines().nth(1).getByText('$0.0075').waitFor()
    await lines().nth(1).click()
    const detail = window.getByRole('region', { name: 'Call' })
    await detail.getByRole('tab', { name: 'Cost' }).click()
    await detail
      .getByText(/1,000 .*\$0\.0025/)
      .first()
      .waitFor()
    await window.keyboard.press('Escape')
    await detail.waitFor({ state: 'hidden' })

    // Even though the page was left a moment ago, and its answers are young.
    await go('Overview')
    await figure('Spend').getByTitle('$0.015', { exact: true }).waitFor()
    await figure('Requests').getByText('2', { exact: true }).waitFor()
    expect(await window.evaluate(() => (globalThis as { mark?: number }).mark)).toBe(1)
  })

  test('an alias is used at once', async () => {
    const { window } = app
    await go('Models')
    await window.getByRole('button', { name: 'New alias' }).first().click()
    const form = window.getByRole('dialog')
    await form.getByLabel('Name').fill('quick')
    if ((await form.getByLabel('Model').count()) === 0) await form.getByRole('button', { name: 'Add a target' }).click()
    await form.getByRole('combobox', { name: 'Provider' }).click()
    await window.getByRole('option', { name: 'lab', exact: true }).click()
    await form.getByLabel('Model', { exact: true }).fill('gpt-4o')
    await form.getByRole('button', { name: 'Save' }).click()
    await said('The alias quick is saved').waitFor()
    expect(await ask('quick')).toMatchObject({ words: 'Hello from the lab.' })
    expect(upstream.requests.at(-1)?.body['model']).toBe('gpt-4o')
  })

  test('the cache is turned on, answers, says what it saved, and is cleared', async () => {
    const { window } = app
    await go('Cache')
    await window.getByRole('switch', { name: 'Keep answers' }).click()
    await said('Saved').waitFor()
    const asked = upstream.requests.length
    expect((await ask('quick', 'Twice')).cache).toBe('MISS')
    expect((await ask('quick', 'Twice')).cache).toBe('HIT')
    expect(upstream.requests).toHaveLength(asked + 1)
    const kept = window.getByRole('table', { name: 'Cached answers by model' })
    await kept.getByRole('row').filter({ hasText: 'quick' }).waitFor()
    await window.getByText('$0.0075').first().waitFor()
    await window.getByRole('button', { name: 'Clear all' }).click()
    await window.getByRole('dialog').or(window.getByRole('alertdialog')).getByRole('button', { name: 'Clear' }).click()
    await window.getByText('Nothing is kept yet').waitFor()
    expect((await ask('quick', 'Twice')).cache).toBe('MISS')
    await go('Traffic')
    await lines().getByText('cached', { exact: true }).waitFor()
  })

  test('what is exported runs without a window and answers the same', async () => {
    const { window } = app
    await go('Settings')
    await window.getByRole('button', { name: 'Import and export' }).click()
    await window.getByRole('button', { name: 'Copy', exact: true }).first().click()
    await window.getByRole('button', { name: 'Copied' }).first().waitFor()
    const yaml = await app.app.evaluate(({ clipboard }) => clipboard.readText())
    expect([...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name]) => name)).toEqual(['LAB_API_KEY'])
    expect(yaml).not.toContain(key)
    const file = join(dataDir, 'exported.yaml')
    await writeFile(file, yaml)
    const elsewhere = await startGatewayProcess({ config: await readFile(file, 'utf8'), env: { LAB_API_KEY: key } })
    try {
      const there = await sdk(elsewhere.url).chat.completions.create({
        model: 'quick',
        messages: [{ role: 'user', content: 'Elsewhere' }],
      })
      const sent = upstream.requests.at(-1)
      expect(there.choices[0]?.message.content).toBe((await ask('quick', 'Elsewhere')).words)
      expect(upstream.requests.at(-1)?.body).toEqual(sent?.body)
      expect(sent?.headers.authorization).toBe(`Bearer ${key}`)
    } finally {
      await elsewhere.stop()
    }
  })

  test('a closed window leaves the gateway running, and a second start opens it again', async () => {
    const closed = () =>
      app.app.evaluate(({ BrowserWindow }) => !BrowserWindow.getAllWindows().some((w) => w.isVisible()))
    await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await expect.poll(closed).toBe(true)
    expect((await ask('quick', 'Nobody looks')).words).toBe('Hello from the lab.')
    await run(await packagedApp(), [...rootFlags, '--data-dir', dataDir], { env: app.env })
    await expect.poll(closed).toBe(false)
    const [window] = app.app.windows()
    if (window === undefined) throw new Error('no window came back')
    app.window = window
    watch(window)
    await go('Traffic')
    await expect.poll(() => lines().count()).toBe(calls + 1)
  })

  test('after a restart the key, the alias and the calls are still there', async () => {
    expect(await app.quit()).toBe(0)
    await app.close()
    await open()
    expect((await ask('quick', 'Again')).words).toBe('Hello from the lab.')
    expect(upstream.requests.at(-1)?.headers.authorization).toBe(`Bearer ${key}`)
    await go('Traffic')
    await expect.poll(() => lines().count()).toBe(calls + 1)
    await go('Models')
    await app.window.getByText('quick', { exact: true }).first().waitFor()
    await go('Providers')
    await app.window.getByText('…wxyz').waitFor()
  })

  test('the key is in no page and in no file of the app', async () => {
    for (const page of ['Providers', 'Traffic', 'Settings']) {
      await go(page)
      await app.window.getByRole('heading', { level: 1, name: page }).waitFor()
      expect(await app.window.content()).not.toContain(key)
    }
    await go('Providers')
    await app.window.getByRole('button', { name: 'More for lab' }).click()
    await app.window.getByRole('menuitem', { name: 'Edit' }).click()
    await app.window.getByRole('dialog').waitFor()
    expect(await app.window.content()).not.toContain(key)
    const files = await readAll(dataDir)
    for (const name of ['settings.json', 'ledger.db', join('logs', 'gateway.log')]) {
      expect([...files.keys()]).toContain(name)
    }
    expect(filesWith(files, key)).toEqual([])
  })

  test('quitting leaves no process, and the ledger whole', async () => {
    const processes = await processesOf(app.app.process().pid ?? -1)
    expect(processes.length).toBeGreaterThan(2)
    expect(await app.quit()).toBe(0)
    await expect.poll(() => runningOf(processes)).toEqual([])
    await expect(fetch(`${app.url}/health`)).rejects.toThrow()

    const ledger = openDatabase(join(dataDir, 'ledger.db'))
    expect(ledger.prepare('PRAGMA integrity_check').all()).toMatchObject([{ integrity_check: 'ok' }])
    expect(ledger.prepare('SELECT count(*) AS count FROM attempts WHERE final').all()).toMatchObject([{ count: calls }])
    ledger.close()
    expect(existsSync(join(dataDir, 'ledger.db-wal'))).toBe(false)
  })
})

/** As another program of the user sees it. */
async function lookUp(keyring: Keyring, name: string): Promise<string> {
  const { stdout } = await run('secret-tool', ['lookup', 'service', 'LLM Gateway', 'username', name], {
    env: { ...process.env, ...keyring.env },
  })
  return stdout.trim()
}

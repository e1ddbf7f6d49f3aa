import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, test, vi } from 'vitest'
import { nextFreePort } from '../../main/port-taken.ts'
import {
  call,
  describeApp,
  launchApp,
  packagedApp,
  rawCall,
  rootFlags,
  type LaunchedApp,
  type LaunchOptions,
} from './helpers.ts'

describeApp('the app', () => {
  const opened: LaunchedApp[] = []
  const open = async (options?: LaunchOptions): Promise<LaunchedApp> => {
    const app = await launchApp(options)
    opened.push(app)
    return app
  }
  beforeAll(async () => void (await packagedApp()))
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((app) => app.close()))
  })

  test('opens its window on a gateway that answers already', async () => {
    const { window, app, url } = await open()
    expect(window.url()).toBe('app://ui/index.html')
    expect((await fetch(`${url}/health`)).status).toBe(200)
    expect(await call(window, 'status.get', {})).toMatchObject({
      shell: 'desktop',
      state: 'running',
      configHome: 'app',
    })
    await vi.waitFor(async () => expect(await isVisible(app)).toBe(true))
    await expect.poll(() => window.locator('nav').first().isVisible()).toBe(true)
  })

  test('tells the window of calls, and keeps them', async () => {
    const first = await open()
    await first.window.evaluate(() => {
      const seen: unknown[] = []
      Object.assign(globalThis, { seen })
      gateway.on((event) => void (event.event === 'calls' && seen.push(...event.data.calls)))
    })
    await askDemo(first.url)
    await expect
      .poll(() => first.window.evaluate(() => (globalThis as unknown as { seen: unknown[] }).seen))
      .toMatchObject([{ requestedModel: 'demo', outcome: 'ok', provider: 'demo' }])
    expect(await first.quit()).toBe(0)
    const second = await open({ dataDir: first.dataDir })
    const { calls } = await call(second.window, 'traffic.list', { limit: 10, filter: {} })
    expect(calls).toMatchObject([{ requestedModel: 'demo', outcome: 'ok' }])
  })

  test('a closed window leaves the gateway running, and a second start opens it again', async () => {
    const { app, window, url, dataDir, env } = await open()
    await call(window, 'desktop.save', { closedWindow: 'free' })
    await closeWindow(app)
    await expect.poll(() => windowCount(app)).toBe(0)
    expect((await fetch(`${url}/health`)).status).toBe(200)
    const again = app.waitForEvent('window')
    expect(await secondStart(dataDir, env)).toBe(0)
    expect((await again).url()).toBe('app://ui/index.html')
  })

  test('a window that is kept comes back as it was', async () => {
    const { app, window, dataDir, env } = await open()
    await call(window, 'desktop.save', { closedWindow: 'keep' })
    await window.evaluate(() => Object.assign(globalThis, { mark: 1 }))
    await closeWindow(app)
    await expect.poll(() => isVisible(app)).toBe(false)
    await secondStart(dataDir, env)
    await expect.poll(() => isVisible(app)).toBe(true)
    expect(await window.evaluate(() => (globalThis as { mark?: number }).mark)).toBe(1)
  })

  test('the tray’s menu follows what happens', async () => {
    const { app, window, url } = await open()
    await app.evaluate(({ Menu }) => {
      const build = Menu.buildFromTemplate.bind(Menu)
      Menu.buildFromTemplate = (items) => {
        // Submenus are built the same way.
        if (items.length > 6) Object.assign(globalThis, { trayLabels: items.map(({ label }) => label) })
        return build(items)
      }
    })
    const labels = (): Promise<string[]> =>
      app.evaluate(() => (globalThis as unknown as { trayLabels: string[] }).trayLabels ?? [])
    await call(window, 'status.pause', { paused: true })
    await expect
      .poll(labels, { timeout: 5000 })
      .toEqual(expect.arrayContaining(['Paused - $0.00 today', 'Open', 'Resume', 'Quit']))
    await call(window, 'status.pause', { paused: false })
    await expect.poll(labels, { timeout: 5000 }).toContain(`Running on ${new URL(url).port} - $0.00 today`)
  })

  test('a link opens the page that shows it, and nothing else', async () => {
    const { window, dataDir, env } = await open()
    await secondStart(dataDir, env, 'llm-gateway://provider?name=mine&baseUrl=http%3A%2F%2Fx.test&apiKey=stolen')
    await expect.poll(() => window.url()).toContain('#/providers?from=link&name=mine')
    expect(window.url()).not.toContain('stolen')
    expect((await call(window, 'providers.list', {})).providers.map(({ name }) => name)).not.toContain('mine')
  })

  test('quits without leaving a process, and the ledger is whole', async () => {
    const started = await open()
    await askDemo(started.url)
    const pids = await started.app.evaluate(({ app }) => app.getAppMetrics().map(({ pid }) => pid))
    expect(pids.length).toBeGreaterThan(1)
    expect(await started.quit()).toBe(0)
    await expect.poll(() => pids.filter(isRunning)).toEqual([])
    expect((await readdir(started.dataDir)).filter((name) => name.startsWith('ledger'))).toEqual(['ledger.db'])
  })

  test('SIGTERM ends it with 0', async () => {
    const { app } = await open()
    const code = new Promise((resolve) => app.process().once('exit', resolve))
    app.process().kill('SIGTERM')
    expect(await code).toBe(0)
  })

  test('settings are kept, and where the window was', async () => {
    const first = await open()
    await call(first.window, 'desktop.save', { theme: 'dark', checkForUpdates: false })
    await first.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.setSize(1000, 600))
    expect(await first.quit()).toBe(0)
    const second = await open({ dataDir: first.dataDir })
    expect(await call(second.window, 'desktop.get', {})).toMatchObject({ theme: 'dark', checkForUpdates: false })
    expect(await second.app.evaluate(({ nativeTheme }) => nativeTheme.themeSource)).toBe('dark')
    const size = await second.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getSize())
    expect(size).toEqual([1000, 600])
  })

  test.each([
    ['that is no JSON', '{ "config": '],
    ['with a configuration that is not good', JSON.stringify({ config: { providers: 'many' } })],
  ])('a settings file %s is kept aside and named, and the app starts', async (_what, text) => {
    const dataDir = await mkdtemp(join(tmpdir(), 'llm-gateway-e2e-'))
    await writeFile(join(dataDir, 'settings.json'), text)
    const { window } = await open({ dataDir })
    const aside = (await readdir(dataDir)).find((name) => name.startsWith('settings.broken-')) ?? 'none'
    expect(await readFile(join(dataDir, aside), 'utf8')).toContain(text.slice(0, 10))
    expect((await call(window, 'status.get', {})).notices.join()).toContain(aside)
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })

  test('start at login writes an entry that starts it hidden, and takes it away', async () => {
    const { window, dataDir } = await open()
    const file = join(dataDir, 'autostart/llm-gateway.desktop')
    await call(window, 'desktop.save', { startAtLogin: true })
    expect(await readFile(file, 'utf8')).toContain(`Exec="${await packagedApp()}" "--hidden"`)
    await call(window, 'desktop.save', { startAtLogin: false })
    expect(existsSync(file)).toBe(false)
  })

  test('a taken port: it says who has it, offers the next, and keeps that', async () => {
    const stranger = createServer().listen(0, '127.0.0.1')
    await once(stranger, 'listening')
    const { port } = stranger.address() as AddressInfo
    const dataDir = await mkdtemp(join(tmpdir(), 'llm-gateway-e2e-'))
    await writeFile(join(dataDir, 'settings.json'), JSON.stringify({ config: { server: { port } } }))
    const first = await open({ dataDir, port: null })
    expect(await call(first.window, 'status.get', {})).toMatchObject({ url: null, port })
    const refused = await rawCall(first.window, 'desktop.usePort', { port })
    expect(refused).toMatchObject({ ok: false, error: { hint: expect.stringMatching(/^Port \d+ is free/) } })
    const free = Number(/\d+/.exec(refused.ok ? '' : (refused.error.hint ?? ''))?.[0])
    const moved = await call(first.window, 'desktop.usePort', { port: free })
    expect(moved).toMatchObject({ url: `http://127.0.0.1:${free}`, port: free })
    expect((await fetch(`${moved.url}/health`)).status).toBe(200)
    await askDemo(moved.url ?? '')
    expect(await first.quit()).toBe(0)
    stranger.close()
    expect(JSON.parse(await readFile(join(dataDir, 'settings.json'), 'utf8'))).toMatchObject({
      config: { server: { port: free } },
    })
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })

  test('it moves to another port while it runs, whatever the command line said', async () => {
    const { window, url } = await open()
    const free = (await nextFreePort({ host: '127.0.0.1', port: Number(new URL(url).port) })) ?? 0
    expect(await call(window, 'desktop.usePort', { port: free })).toMatchObject({ url: `http://127.0.0.1:${free}` })
    await expect(fetch(`${url}/health`)).rejects.toThrow()
    await window.reload()
    await askDemo(`http://127.0.0.1:${free}`)
    expect((await call(window, 'traffic.list', { limit: 5, filter: {} })).calls).toHaveLength(1)
    const refused = await rawCall(window, 'desktop.usePort', { port: free })
    expect(refused, 'the port it has already').toMatchObject({ ok: true })
  })
})

function isVisible(app: LaunchedApp['app']): Promise<boolean> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().some((window) => window.isVisible()))
}

function windowCount(app: LaunchedApp['app']): Promise<number> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
}

/** As the button of the title bar does. */
function closeWindow(app: LaunchedApp['app']): Promise<void> {
  return app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
}

async function secondStart(dataDir: string, env: Record<string, string>, ...args: string[]): Promise<number> {
  const program = await packagedApp()
  return new Promise((resolve) => {
    const child = execFile(program, [...rootFlags, '--data-dir', dataDir, ...args], { env })
    child.once('exit', (code) => resolve(code ?? -1))
  })
}

async function askDemo(url: string): Promise<void> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'demo', messages: [{ role: 'user', content: 'Hello!' }] }),
  })
  expect(response.status).toBe(200)
  await response.text()
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

import { execFile } from 'node:child_process'
import { request } from 'node:http'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { source } from '../../build/bundle.ts'
import {
  describeApp,
  launchApp,
  packageApp,
  packagedApp,
  plainEnvironment,
  rawCall,
  rootFlags,
  type LaunchedApp,
} from './helpers.ts'

/** Turned off, or on: anything else is a door. */
const fuses: [keyof typeof FuseV1Options, boolean][] = [
  ['RunAsNode', false],
  ['EnableCookieEncryption', false],
  ['EnableNodeOptionsEnvironmentVariable', false],
  ['EnableNodeCliInspectArguments', false],
  ['EnableEmbeddedAsarIntegrityValidation', true],
  ['OnlyLoadAppFromAsar', true],
  ['LoadBrowserProcessSpecificV8Snapshot', false],
  ['GrantFileProtocolExtraPrivileges', false],
]

describeApp('attacks on the app', () => {
  let app: LaunchedApp
  beforeAll(async () => {
    app = await launchApp()
  })
  afterAll(() => app?.close())

  test('what ships has its fuses set', async () => {
    packageApp()
    const wire = await getCurrentFuseWire(source('dist/packages/linux-unpacked/llm-gateway-bin'))
    const read = fuses.map(([name]) => [
      name,
      wire[FuseV1Options[name] as unknown as FuseV1Options] === FuseState.ENABLE,
    ])
    expect(read).toEqual(fuses)
  })

  test.each([
    ['run as plain Node', { ELECTRON_RUN_AS_NODE: '1' }],
    ['load a module of somebody else', { NODE_OPTIONS: '--require /nonexistent/evil.js' }],
  ])('the environment cannot make it %s', async (_what, env) => {
    const { stdout } = await promisify(execFile)(await packagedApp(), [...rootFlags, '--version'], {
      env: { ...plainEnvironment(), ...env },
    })
    expect(stdout.trim()).toMatch(/^\d+\.\d+\.\d+$/)
    expect(stdout).not.toContain(process.version)
  })

  test.each([
    ['a foreign Host', { host: 'evil.example' }],
    ['a foreign Origin', { origin: 'https://evil.example' }],
    ['the app’s own Origin, which is not HTTP’s business', { origin: 'app://ui' }],
  ])('the gateway refuses %s', async (_what, headers) => {
    for (const path of ['/v1/chat/completions', '/api/v1/call/status.get', '/api/v1/cache/clear']) {
      expect(await post(`${app.url}${path}`, headers), path).toBe(403)
    }
  })

  test('the management wire is not there without its token', async () => {
    expect([401, 403, 404]).toContain(await post(`${app.url}/api/v1/call/config.export`, {}))
  })

  test('no window opens another', async () => {
    expect(await app.window.evaluate("window.open('https://example.com') === null")).toBe(true)
    expect(await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  test.each(['https://example.com/', 'app://other/index.html'])('the window does not go to %s', async (address) => {
    // Set up after the app's own listener, so that it sees what that one decided.
    await app.app.evaluate(({ BrowserWindow }) => {
      BrowserWindow.getAllWindows()[0]?.webContents.once('will-frame-navigate', (event) => {
        Object.assign(globalThis, { wasPrevented: event.defaultPrevented })
      })
    })
    await app.window.evaluate(`void (location.href = ${JSON.stringify(address)})`)
    const wasPrevented = () => app.app.evaluate(() => (globalThis as { wasPrevented?: boolean }).wasPrevented)
    await expect.poll(wasPrevented, { timeout: 5000 }).toBe(true)
    await app.app.evaluate(() => Object.assign(globalThis, { wasPrevented: undefined }) && undefined)
    expect(app.window.url()).toMatch(/^app:\/\/ui\//)
  })

  test.each(['file:///etc/passwd', 'data:text/html,hi'])('the browser itself does not go to %s', async (address) => {
    await app.window.evaluate(`void (location.href = ${JSON.stringify(address)})`)
    await app.window.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))')
    expect(app.window.url()).toMatch(/^app:\/\/ui\//)
  })

  test('no script runs but the app’s own, and nothing is fetched from elsewhere', async () => {
    const found = await app.window.evaluate(`(async () => {
      const refused = []
      document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) => refused.push(effectiveDirective))
      const script = document.createElement('script')
      script.textContent = 'window.injected = 1'
      const frame = document.createElement('iframe')
      frame.src = '${app.url}/health'
      const picture = new Image()
      picture.src = '${app.url}/health'
      document.body.append(script, frame)
      await fetch('${app.url}/health', { mode: 'no-cors' }).catch(() => undefined)
      for (let waits = 0; refused.length < 4 && waits < 100; waits += 1) await new Promise((done) => setTimeout(done, 20))
      frame.remove()
      return { injected: 'injected' in window, node: typeof window.require, refused: refused.sort() }
    })()`)
    expect(found).toEqual({
      injected: false,
      node: 'undefined',
      refused: ['connect-src', 'frame-src', 'img-src', 'script-src-elem'],
    })
  })

  test('the page gets these few verbs and nothing of Electron', async () => {
    const verbs = await app.window.evaluate(() => [Object.keys(gateway).sort(), Object.keys(gateway.native).sort()])
    expect(verbs).toEqual([
      ['call', 'native', 'on'],
      ['copy', 'openExternal', 'openFile', 'platform', 'saveFile'],
    ])
  })

  test('permissions are denied', async () => {
    const states = await app.window.evaluate(`Promise.all([
      Notification.requestPermission(),
      ...['microphone', 'geolocation', 'clipboard-read'].map((name) =>
        navigator.permissions.query({ name }).then(({ state }) => state)),
    ])`)
    expect(states).toEqual(['denied', 'denied', 'denied', 'denied'])
  })

  test.each<[string, unknown, unknown]>([
    ['unknown_method', 'shell.run', {}],
    ['unknown_method', '__proto__', {}],
    ['unknown_method', 'toString', {}],
    ['invalid_input', { method: 'status.get' }, {}],
    ['invalid_input', 'desktop.save', { theme: 'pink' }],
    ['invalid_input', 'desktop.save', { theme: 'dark', more: 1 }],
    ['invalid_input', 'desktop.usePort', { port: 99_999 }],
    ['invalid_input', 'native.openExternal', 'https://example.com'],
    ['invalid_input', 'native.saveFile', { name: '../../evil', text: '' }],
    ['refused', 'native.openExternal', { url: 'https://example.com/' }],
    ['refused', 'native.openExternal', { url: 'file:///etc/passwd' }],
    ['refused', 'native.openExternal', { url: 'http://github.com/' }],
    ['refused', 'native.openExternal', { url: 'https://github.com.evil.example/' }],
    ['invalid_input', 'traffic.list', { limit: 1e9, filter: {} }],
    ['invalid_input', 'keys.set', ['not', 'an', 'object']],
  ])('%s: a call of %j with %j', async (code, method, input) => {
    expect(await rawCall(app.window, method, input)).toMatchObject({ ok: false, error: { code } })
  })

  test('another page that got hold of the preload script is refused', async () => {
    const preload = join(await packagedApp(), '../resources/app.asar/dist/main/preload.cjs')
    const opened = app.app.waitForEvent('window')
    await app.app.evaluate(({ BrowserWindow }, preload) => {
      const other = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, contextIsolation: true },
      })
      void other.loadURL('data:text/html,<title>evil</title>')
    }, preload)
    const page = await opened
    await page.waitForLoadState('load')
    expect(await rawCall(page, 'status.get', {})).toMatchObject({ ok: false, error: { code: 'forbidden' } })
    await page.close()
  })
})

function post(address: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(address, { method: 'POST', headers: { 'content-type': 'application/json', ...headers } })
    sent.once('response', (response) => {
      response.resume()
      resolve(response.statusCode)
    })
    sent.once('error', reject)
    sent.end('{}')
  })
}

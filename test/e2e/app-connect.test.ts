import { execFile } from 'node:child_process'
import { readFile, stat } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { filesWith, readAll } from './app-files.ts'
import {
  askAsClaudeCode,
  claudeFile,
  claudeText,
  codexFile,
  codexText,
  keyOf,
  makeToolsHome,
  type ToolsHome,
} from './connect-home.ts'
import { call, describeApp, launchApp, packagedApp, rootFlags, type LaunchedApp } from './helpers.ts'

describeApp('connecting tools in the app', () => {
  let home: ToolsHome
  let app: LaunchedApp
  const seen: string[] = []

  beforeAll(async () => {
    home = await makeToolsHome({ [claudeFile]: claudeText, [codexFile]: codexText })
    app = await launchApp({ env: { HOME: home.folder } })
    app.window.setDefaultTimeout(15_000)
  })
  afterAll(async () => {
    await app?.close()
    await home?.remove()
  })

  const drawer = () => app.window.getByRole('dialog')
  const claude = async () => (await call(app.window, 'tools.list', {})).tools.find(({ id }) => id === 'claude-code')

  const keyNames = async () => (await call(app.window, 'clientKeys.list', {})).keys.map(({ name }) => name)

  test('with a click, used, and back', async () => {
    const { window } = app
    await window.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Connect', exact: true }).click()
    await window.getByRole('button', { name: 'Connect Claude Code' }).click()
    await drawer().getByText('"ANTHROPIC_BASE_URL": "').waitFor()
    await drawer().getByRole('button', { name: 'Connect Claude Code' }).click()
    await drawer().getByText('Claude Code will use the gateway.').waitFor()
    const key = keyOf(await home.read(claudeFile))
    seen.push(key)
    expect(await home.read(claudeFile)).toContain(`"ANTHROPIC_BASE_URL": "${app.url}"`)
    expect((await askAsClaudeCode(app.url, key, 'demo')).status).toBe(200)
    await expect.poll(async () => (await claude())?.calls).toBe(1)

    await drawer().getByRole('button', { name: 'Restore its settings' }).click()
    await drawer().waitFor({ state: 'hidden' })
    expect(await home.read(claudeFile)).toBe(claudeText)
    expect(await claude()).toMatchObject({ state: 'no', keyName: null })
    expect(await keyNames()).toEqual([])
  })

  /** The program as it is installed, on a command line: no display, no bus. */
  async function run(...argv: string[]): Promise<{ code: number; out: string; err: string }> {
    const program = await packagedApp()
    const env = { PATH: process.env['PATH'] ?? '', HOME: home.folder }
    return new Promise((resolve) => {
      execFile(program, [...rootFlags, ...argv], { env }, (error, out, err) => {
        // Chromium's own complaints about a machine without a system bus.
        const own = err.replaceAll(/^\[\d+:.*\n/gm, '')
        resolve({ code: error === null ? 0 : Number(error.code), out, err: own })
      })
    })
  }

  test('from the command line of the same program, with a key that the running app makes', async () => {
    const where = ['--data-dir', app.dataDir]
    const connected = await run('connect', 'codex', '--url', app.url, ...where)
    expect(connected).toMatchObject({ code: 0, err: '' })
    expect(connected.out).toContain('Its calls show under the key "codex".')
    const key = keyOf(await home.read(codexFile))
    seen.push(key)
    expect(connected.out).not.toContain(key)
    expect(await keyNames()).toEqual(['codex'])
    expect((await askAsClaudeCode(app.url, key, 'demo')).status).toBe(200)

    // A whole list, through a pipe.
    const listed = await run('connect', '--json', ...where)
    const { tools } = JSON.parse(listed.out) as { tools: { id: string; state: string }[] }
    expect(tools.find(({ id }) => id === 'codex')).toMatchObject({ state: 'yes' })

    expect(await run('connect', 'codex', '--undo', ...where)).toMatchObject({ code: 0, err: '' })
    expect(await home.read(codexFile)).toBe(codexText)
    expect(await keyNames()).toEqual([])
  })

  test.each<[string[], number, RegExp]>([
    [['connect', 'nothing'], 2, /There is no tool "nothing"/],
    [['connect', 'codex', '--nonsense'], 2, /unknown flag --nonsense/],
    [['--no-ui', 'connect', 'codex'], 2, /connect comes first: llm-gateway connect TOOL/],
    [['connect', 'codex', '--url', 'http://127.0.0.1:1'], 1, /No gateway answers at http:\/\/127\.0\.0\.1:1/],
    [['connect', '--help'], 0, /--dry-run/],
  ])('%j ends with %d', async (argv, code, words) => {
    const { code: ended, out, err } = await run(...argv)
    expect({ ended, words: out + err }).toEqual({ ended: code, words: expect.stringMatching(words) })
    expect(await home.all()).toEqual({ [claudeFile]: claudeText, [codexFile]: codexText })
  })

  test('its admin token is for its user alone, and opens an API but no page', async () => {
    const file = join(app.dataDir, 'admin-token')
    expect((await stat(file)).mode & 0o777).toBe(0o600)
    const token = (await readFile(file, 'utf8')).trim()
    const right = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
    const method = '/api/v1/call/status.get'
    const rows: [string, string, Record<string, string>, number][] = [
      ['POST', method, right, 200],
      ['POST', method, { 'content-type': 'application/json' }, 401],
      ['POST', method, { ...right, authorization: 'Bearer wrong' }, 401],
      ['POST', method, { ...right, host: 'evil.example' }, 403],
      ['POST', method, { ...right, origin: 'https://evil.example' }, 403],
      ['POST', method, { ...right, origin: 'null' }, 403],
      ['POST', method, { ...right, 'sec-fetch-site': 'cross-site' }, 403],
      ['OPTIONS', method, { origin: 'https://evil.example', 'access-control-request-method': 'POST' }, 403],
      ['GET', '/api/v1/events', { origin: 'https://evil.example' }, 403],
      ['GET', '/ui/', right, 404],
      ['GET', '/ui/index.html', right, 404],
    ]
    for (const [verb, path, headers, status] of rows) {
      expect([verb, path, headers, await ask(verb, app.url + path, headers)]).toEqual([verb, path, headers, status])
    }
    expect(await app.window.content()).not.toContain(token)
    expect([...filesWith(await readAll(app.dataDir), token)]).toEqual(['admin-token'])
  })

  test('no key that it made is in a file of the app', async () => {
    expect(seen).toHaveLength(2)
    const files = await readAll(app.dataDir)
    expect([...files.keys()]).toContain(join('logs', 'gateway.log'))
    for (const key of seen) expect(filesWith(files, key)).toEqual([])
  })
})

function ask(method: string, address: string, headers: Record<string, string>): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const sent = request(address, { method, headers })
    sent.once('response', (response) => {
      response.destroy()
      resolve(response.statusCode)
    })
    sent.once('error', reject)
    sent.end(method === 'POST' ? '{}' : undefined)
  })
}

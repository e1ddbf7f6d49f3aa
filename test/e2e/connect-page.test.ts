import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { text } from '../helpers/upstream-plays.ts'
import { startUpstream, type Upstream } from '../helpers/upstream.ts'
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
import { filesWith, readAll } from './app-files.ts'
import { adminToken, startDashboard, type Dashboard } from './headless-gateway.ts'
import { pagesSuite } from './pages-suite.ts'

const upstreamKey = 'sk-upstream-secret-4711-wxyz'
const brokenFile = '.gemini/settings.json'
const brokenText = '{\n  "security": {}\n  "ui": {}\n}\n'

pagesSuite('connecting tools at /ui/', () => {
  let upstream: Upstream
  let home: ToolsHome
  let dashboard: Dashboard
  let page: Page
  /** Of Claude Code. */
  let key = ''

  beforeAll(async () => {
    upstream = await startUpstream()
    upstream.on(/./, text('Hello from the mock.', { usage: { input: 1000, output: 500 } }))
    home = await makeToolsHome({ [claudeFile]: claudeText, [codexFile]: codexText, [brokenFile]: brokenText })
    dashboard = await startDashboard({
      env: { HOME: home.folder },
      config: {
        auth: { anonymous: false, keys: [{ name: 'somebody', key: 'key-of-somebody-0001' }] },
        ledger: { bodies: 'all' },
        providers: [
          { name: 'openai', apiKey: upstreamKey, baseUrl: `${upstream.url}/v1`, models: ['gpt-4o'], maxRetries: 0 },
        ],
      },
    })
    page = await dashboard.open('/connect')
  })
  afterAll(async () => {
    await dashboard.close()
    await upstream.close()
    await home.remove()
  })

  const row = (name: string) =>
    page.getByRole('listitem').filter({ has: page.getByRole('button', { name, exact: true }) })
  const open = (name: string) => page.getByRole('button', { name, exact: true }).click()
  const drawer = () => page.getByRole('dialog')
  const list = async () => (await dashboard.ask('tools.list', {})).tools

  test('it shows what is on this machine', async () => {
    await page.getByRole('heading', { name: 'Connect', level: 1 }).waitFor()
    await row('Claude Code').getByText('Not connected. ~/.claude is there.').waitFor()
    await row('OpenAI Codex').getByText('Not connected. ~/.codex is there.').waitFor()
    expect(await page.content()).toContain(dashboard.gateway.url)
  })

  test('Claude Code: the difference, then connected, with what is in effect', async () => {
    await open('Connect Claude Code')
    await drawer().getByLabel('Model', { exact: true }).fill('gpt-4o')
    const diff = drawer().getByLabel(`Difference in ~/${claudeFile}`)
    await diff.getByText('"ANTHROPIC_DEFAULT_HAIKU_MODEL": "gpt-4o"').waitFor()
    const shown = await diff.innerText()
    expect(shown).toContain(`"ANTHROPIC_BASE_URL": "${dashboard.gateway.url}"`)
    // Neither the key to come nor the user's own.
    expect(shown).not.toMatch(/gw-|token-of-mine/)
    expect(await home.read(claudeFile)).toBe(claudeText)

    await drawer().getByRole('button', { name: 'Connect Claude Code' }).click()
    await drawer().getByText('Claude Code will use the gateway.').waitFor()
    key = keyOf(await home.read(claudeFile))
    await drawer().getByRole('row').filter({ hasText: 'Address' }).getByText(dashboard.gateway.url).waitFor()
    await drawer()
      .getByRole('row')
      .filter({ hasText: 'Key' })
      .getByText(`••••${key.slice(-4)}`)
      .waitFor()
    expect(await page.content()).not.toContain(key)
  })

  test('the file has those keys, and nothing else of it is changed', async () => {
    const written = await home.read(claudeFile)
    const { url } = dashboard.gateway
    const env = {
      ANTHROPIC_AUTH_TOKEN: key,
      FOO: 'bar',
      ANTHROPIC_BASE_URL: url,
      CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1',
      ANTHROPIC_MODEL: 'gpt-4o',
      ANTHROPIC_DEFAULT_OPUS_MODEL: 'gpt-4o',
      ANTHROPIC_DEFAULT_SONNET_MODEL: 'gpt-4o',
      ANTHROPIC_DEFAULT_HAIKU_MODEL: 'gpt-4o',
    }
    const line = Object.entries(env).map(([name, value]) => `"${name}": "${value}"`)
    expect(written).toBe(claudeText.replace(/"env": .*,$/m, `"env": { ${line.join(', ')} },`))
    expect(await home.read(codexFile)).toBe(codexText)
  })

  test('a call with that key shows under the tool: here, in Traffic, in usage', async () => {
    expect((await askAsClaudeCode(dashboard.gateway.url, 'gw-not-this-one-000000', 'gpt-4o')).status).toBe(401)
    const answer = await askAsClaudeCode(dashboard.gateway.url, key, 'gpt-4o')
    expect(answer.status).toBe(200)
    expect(await answer.json()).toMatchObject({ content: [{ type: 'text', text: 'Hello from the mock.' }] })

    await page.keyboard.press('Escape')
    await drawer().waitFor({ state: 'hidden' })
    await row('Claude Code').getByText('1 call in 30 days').waitFor()
    const usage = await dashboard.ask('traffic.list', { limit: 10, filter: { key: 'claude-code' } })
    expect(usage.calls).toHaveLength(1)
    await page.goto(`${dashboard.gateway.url}/ui/#/traffic`)
    await page.getByRole('row').filter({ hasText: 'gpt-4o' }).first().click()
    await page.getByRole('region', { name: 'Call' }).getByText('claude-code').first().waitFor()
    await page.goto(`${dashboard.gateway.url}/ui/#/connect`)
  })

  test('restored: the bytes as before, the key gone, and it opens nothing any more', async () => {
    await open('Manage Claude Code')
    await drawer().getByRole('button', { name: 'Restore its settings' }).click()
    await page.getByText('Claude Code is as it was before.').waitFor()
    await drawer().waitFor({ state: 'hidden' })
    expect(await home.read(claudeFile)).toBe(claudeText)
    await row('Claude Code').getByText('Not connected. ~').waitFor()
    expect((await list()).find(({ id }) => id === 'claude-code')).toMatchObject({ state: 'no', keyName: null })
    expect(await readFile(dashboard.gateway.configFile ?? '', 'utf8')).not.toContain('claude-code')
    expect((await askAsClaudeCode(dashboard.gateway.url, key, 'gpt-4o')).status).toBe(401)
  })

  test('Codex, in TOML, and back', async () => {
    await open('Connect OpenAI Codex')
    await drawer().getByRole('button', { name: 'Connect OpenAI Codex' }).click()
    await drawer().getByText('OpenAI Codex will use the gateway.').waitFor()
    const written = await home.read(codexFile)
    expect(written).toContain('model = "gpt-5.5"   # the good one\n')
    expect(written).toContain(
      `[model_providers.llm-gateway]\nname = "LLM Gateway"\nbase_url = "${dashboard.gateway.url}/v1"`,
    )
    await drawer().getByRole('button', { name: 'Restore its settings' }).click()
    await drawer().waitFor({ state: 'hidden' })
    expect(await home.read(codexFile)).toBe(codexText)
  })

  test('a file that is changed between the look and the click keeps what was changed', async () => {
    await open('Connect Claude Code')
    await drawer().getByLabel(`Difference in ~/${claudeFile}`).waitFor()
    const changed = claudeText.replace('"FOO": "bar"', '"FOO": "changed meanwhile"')
    await home.write(claudeFile, changed)
    await drawer().getByRole('button', { name: 'Connect Claude Code' }).click()
    await drawer().getByText('Claude Code will use the gateway.').waitFor()
    expect(await home.read(claudeFile)).toContain('"FOO": "changed meanwhile"')
    await drawer().getByRole('button', { name: 'Restore its settings' }).click()
    await drawer().waitFor({ state: 'hidden' })
    expect(await home.read(claudeFile)).toBe(changed)
  })

  test('a broken file: told with line and column, and nothing is written', async () => {
    const before = await home.all()
    await open('Connect Gemini CLI')
    await drawer().getByText(`~/${brokenFile} cannot be edited.`).waitFor()
    const place = `~/${brokenFile}:3:3: not valid JSON: comma expected`
    await drawer().getByText(place).first().waitFor()
    await drawer().getByRole('button', { name: 'Connect Gemini CLI' }).click()
    await drawer().getByRole('alert').filter({ hasText: place }).first().waitFor()
    expect(await home.all()).toEqual(before)
    expect(await readFile(dashboard.gateway.configFile ?? '', 'utf8')).not.toContain('gemini-cli')
    await page.keyboard.press('Escape')
    await drawer().waitFor({ state: 'hidden' })
  })

  test('what is pasted by hand: the key is shown once, and it opens the gateway', async () => {
    await open('Show OpenAI SDK')
    await drawer().getByText('YOUR_KEY').first().waitFor()
    await drawer().getByRole('button', { name: 'Make a key and put it in' }).click()
    await drawer().getByText('The key is shown this once.').waitFor()
    const shown = /gw-[\w-]{20,}/.exec(await drawer().innerText())?.[0] ?? ''
    expect((await askAsClaudeCode(dashboard.gateway.url, shown, 'gpt-4o')).status).toBe(200)
    await page.keyboard.press('Escape')
    await drawer().waitFor({ state: 'hidden' })
    await open('Show OpenAI SDK')
    await drawer().getByText('YOUR_KEY').first().waitFor()
    expect(await page.content()).not.toContain(shown)
    await page.keyboard.press('Escape')
  })

  test('the key was in no page, answer, event, log, capture, export, report or file of the gateway', async () => {
    expect(key).toMatch(/^gw-/)
    const { report } = await dashboard.ask('diagnostics.run', {})
    const exported = await dashboard.ask('config.export', {})
    const answers = [...dashboard.answers, report, JSON.stringify(exported)].join('\n')
    expect(answers).toContain('"keyName":"claude-code"')
    for (const secret of [key, adminToken, upstreamKey, 'token-of-mine-0815']) {
      expect(answers).not.toContain(secret)
      expect(dashboard.gateway.output()).not.toContain(secret)
    }
    const files = await readAll(dashboard.dataDir)
    expect([...files.keys()].some((name) => name.startsWith(join('connect', 'originals')))).toBe(true)
    expect(filesWith(files, key)).toEqual([])
    expect(await readdir(join(dashboard.dataDir, 'connect'))).toEqual(['originals'])
  })
})

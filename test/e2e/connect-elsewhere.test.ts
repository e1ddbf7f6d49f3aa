import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { askAsClaudeCode, claudeFile, claudeText, makeToolsHome, type ToolsHome } from './connect-home.ts'
import { startDashboard, type Dashboard } from './headless-gateway.ts'
import { pagesSuite } from './pages-suite.ts'

pagesSuite('connecting tools at a gateway that serves other machines', () => {
  let home: ToolsHome
  let dashboard: Dashboard
  let page: Page

  beforeAll(async () => {
    home = await makeToolsHome({ [claudeFile]: claudeText })
    dashboard = await startDashboard({
      env: { HOME: home.folder },
      args: ['--host', '0.0.0.0'],
      config: {
        auth: { anonymous: false, keys: [{ name: 'somebody', key: 'key-of-somebody-0001' }] },
        providers: [{ name: 'demo' }],
      },
    })
    page = await dashboard.open('/connect')
  })
  afterAll(async () => {
    await dashboard?.close()
    await home?.remove()
  })

  const drawer = () => page.getByRole('dialog')

  test('the page says why nothing is edited, and no method does', async () => {
    await page.getByText('Tools cannot be connected from here with a click.').waitFor()
    await page.getByText(/serves other machines.*llm-gateway connect TOOL --url/).waitFor()
    await page.getByRole('button', { name: 'Connect Claude Code' }).click()
    await drawer()
      .getByRole('heading', { name: `~/${claudeFile}` })
      .waitFor()
    expect(
      await drawer()
        .getByRole('button', { name: /^Connect|^Restore/ })
        .count(),
    ).toBe(0)
    for (const method of ['tools.connect', 'tools.preview', 'tools.undo'] as const) {
      await expect(dashboard.ask(method, { tool: 'claude-code' })).rejects.toThrow('serves other machines')
    }
    // What is changed in the configuration moves nothing: the process listens where it did.
    const saved = await dashboard.ask('settings.save', { host: '127.0.0.1' }).catch((error: unknown) => error)
    await expect(dashboard.ask('tools.connect', { tool: 'claude-code' }), String(saved)).rejects.toThrow(
      'serves other machines',
    )
    expect(await home.all()).toEqual({ [claudeFile]: claudeText })
  })

  test('a key is made for its texts, shown once, and it opens the gateway', async () => {
    await drawer().getByText('YOUR_KEY').first().waitFor()
    await drawer().getByRole('button', { name: 'Make a key and put it in' }).click()
    await drawer().getByText('The key is shown this once.').waitFor()
    const shown = /gw-[\w-]{20,}/.exec(await drawer().innerText())?.[0] ?? ''
    const { url } = dashboard.gateway
    expect((await askAsClaudeCode(url, 'gw-not-this-one-000000', 'demo')).status).toBe(401)
    expect((await askAsClaudeCode(url, shown, 'demo')).status).toBe(200)
    await page.keyboard.press('Escape')
    await drawer().waitFor({ state: 'hidden' })
    await page.getByRole('button', { name: 'Connect Claude Code' }).click()
    await drawer().getByText('YOUR_KEY').first().waitFor()
    expect(await page.content()).not.toContain(shown)
    expect(JSON.stringify(await dashboard.ask('config.export', {}))).not.toContain(shown)
    expect(dashboard.gateway.output()).not.toContain(shown)
  })
})

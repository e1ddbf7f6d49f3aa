import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { seriousViolations } from './axe.ts'
import { claudeFile, claudeText, codexFile, codexText, makeToolsHome, type ToolsHome } from './connect-home.ts'
import { startDashboard, type Dashboard } from './headless-gateway.ts'
import { pagesSuite } from './pages-suite.ts'
import { makeCalls, pages, startPagesWorld, type PagesWorld } from './pages-world.ts'

const themes = ['light', 'dark'] as const

function openTool(name: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByRole('button', { name, exact: true }).click()
    await page.getByRole('dialog', { name }).locator('pre').first().waitFor()
  }
}

function connectTool(name: string): (page: Page) => Promise<void> {
  return async (page) => {
    await page.getByRole('button', { name, exact: true }).click()
    await page
      .getByRole('dialog')
      .getByRole('button', { name: /^Connect/ })
      .click()
    await page.getByText(`${name} will use the gateway.`).waitFor()
  }
}

pagesSuite('everybody can use the window', () => {
  let world: PagesWorld
  let home: ToolsHome
  let dashboard: Dashboard

  beforeAll(async () => {
    world = await startPagesWorld()
    home = await makeToolsHome({ [claudeFile]: claudeText, [codexFile]: codexText })
    dashboard = await startDashboard({
      config: world.config,
      env: { ...world.env, HOME: home.folder },
      seededCalls: 2_000,
    })
    await makeCalls(dashboard.gateway.url)
  })
  afterAll(async () => {
    await dashboard.close()
    await world.close()
    await home.remove()
  })

  async function open(path: string, theme: (typeof themes)[number] = 'light'): Promise<Page> {
    const page = await dashboard.open(path, { colorScheme: theme, reducedMotion: 'reduce' })
    await page.locator('h1').waitFor()
    return page
  }

  describe.each(themes)('%s: axe finds nothing serious', (theme) => {
    test.each(pages)('on $name', async ({ path, content }) => {
      const page = await open(path, theme)
      await page.locator(content).first().waitFor()
      expect(await seriousViolations(page)).toEqual([])
      await page.context().close()
    })

    const dialogs: [name: string, path: string, open: (page: Page) => Promise<void>][] = [
      ['an open call', '/traffic', (page) => page.locator('[role="row"][data-index="0"]').click()],
      ['the catalogue', '/providers', (page) => page.getByRole('button', { name: 'Add provider' }).click()],
      ['a provider', '/providers?provider=openai', async () => undefined],
      ['a new alias', '/models?alias', async () => undefined],
      ['all models', '/models?tab=models', async () => undefined],
      ['the import', '/transfer?tab=import', (page) => page.getByRole('textbox').fill('server: { prot: 1 }')],
      ['a tool', '/connect', openTool('Claude Code')],
      ['a tool that was connected', '/connect', connectTool('OpenAI Codex')],
      ['a tool by hand', '/connect', openTool('OpenAI SDK')],
      ['the palette', '/', (page) => page.keyboard.press('Control+k')],
      ['the shortcuts', '/', (page) => page.keyboard.press('?')],
    ]
    test.each(dialogs)('in %s', async (_name, path, act) => {
      const page = await dashboard.open(path, { colorScheme: theme, reducedMotion: 'reduce' })
      await page.locator('h1').waitFor({ state: 'attached' })
      await act(page)
      await page.getByRole('dialog').or(page.getByRole('tabpanel')).first().waitFor()
      expect(await seriousViolations(page)).toEqual([])
      await page.context().close()
    })
  })

  test('axe does find a button without a name', async () => {
    const page = await open('/limits')
    await page.evaluate(`document.querySelector('main').append(document.createElement('button'))`)
    expect(await seriousViolations(page)).toEqual([expect.stringContaining('button-name')])
    await page.context().close()
  })

  test('every page of the rail is reached by Tab, and the focus is seen', async () => {
    const page = await open('/limits')
    const hrefs = (await page.evaluate(
      `[...document.querySelectorAll('nav a')].map((link) => link.getAttribute('href'))`,
    )) as string[]
    expect(hrefs.length).toBeGreaterThanOrEqual(8)
    const reached = new Map<string, boolean>()
    // A few more than there are: the link that skips the rail, the address's copy button.
    for (let press = 0; press < hrefs.length + 6; press += 1) {
      await page.keyboard.press('Tab')
      const [href, isSeen] = (await page.evaluate(`(() => {
        const { outlineStyle, outlineWidth } = getComputedStyle(document.activeElement)
        return [document.activeElement.getAttribute('href'), outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1]
      })()`)) as [string | null, boolean]
      if (href !== null) reached.set(href, isSeen)
    }
    for (const href of hrefs) expect([href, reached.get(href)]).toEqual([href, true])
    await page.context().close()
  })

  test('the palette opens with Control+K, finds a page, goes there; Escape closes it', async () => {
    const page = await open('/')
    await page.keyboard.press('Control+k')
    const palette = page.getByRole('dialog', { name: 'Commands' })
    await palette.waitFor()
    await page.keyboard.press('Escape')
    await palette.waitFor({ state: 'hidden' })
    await page.keyboard.press('Control+k')
    await page.keyboard.type('limits')
    await palette.getByRole('option', { name: /^Limits/, selected: true }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Limits', level: 1 }).waitFor()
    await palette.waitFor({ state: 'hidden' })
    await page.context().close()
  })

  test('a dialog takes the focus, Escape closes it and gives the focus back', async () => {
    const page = await open('/providers')
    const button = page.getByRole('button', { name: 'Add provider' })
    await button.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.waitFor()
    await expect.poll(() => page.evaluate(`document.activeElement.closest('[role="dialog"]') !== null`)).toBe(true)
    await page.keyboard.press('Escape')
    await dialog.waitFor({ state: 'hidden' })
    await expect.poll(() => page.evaluate('document.activeElement.textContent')).toBe('Add provider')
    await page.context().close()
  })

  test('in the catalogue, Enter takes the first provider that is found and opens its form', async () => {
    const page = await open('/providers')
    await page.getByRole('button', { name: 'Add provider' }).click()
    await page.getByLabel('Search providers').fill('groq')
    await page.keyboard.press('Enter')
    await page.getByRole('dialog', { name: /^Add / }).getByLabel('Name').waitFor()
    await page.context().close()
  })
})

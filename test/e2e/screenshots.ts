import { mkdir, stat } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { type Dashboard, startDashboard } from './headless-gateway.ts'
import { makeCalls, pages, startPagesWorld } from './pages-world.ts'

/**
 * Takes a picture of every page before a real gateway, light and dark: full of calls, just installed, and with the
 * gateway gone. `npm run screenshots [page...]` writes dist/screenshots/<page>-<theme>-<state>.png; with `-- --docs` it also
 * takes those of the documents, into docs/images/.
 */

type Theme = 'light' | 'dark'
type State = 'full' | 'empty' | 'error'

const folder = join(import.meta.dirname, '../../dist/screenshots')
const themes: readonly Theme[] = ['light', 'dark']
const wanted = process.argv.slice(2).filter((argument) => argument !== '--docs')
const docsFolder = join(import.meta.dirname, '../../docs/images')
const inDocs = process.argv.includes('--docs')
  ? ['overview-light', 'traffic-dark', 'providers-light', 'models-light']
  : []
const largestInDocs = 150_000
const chosen = pages.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const sizes = {
  usual: { width: 1120, height: 760 },
  small: { width: 880, height: 560 },
  large: { width: 1600, height: 1000 },
  docs: { width: 1120, height: 680 },
}
const fullCalls = 100_000

// The usual one looks best; another will do.
const port = (await isFree(8080)) ? 8080 : 0

await mkdir(folder, { recursive: true })
await shootFull()
await shootEmpty()

async function shootFull(): Promise<void> {
  const world = await startPagesWorld()
  const dashboard = await startDashboard({ config: world.config, env: world.env, seededCalls: fullCalls, port })
  try {
    await makeCalls(dashboard.gateway.url)
    await shootAll(dashboard, 'full')
    await shootGone(dashboard)
  } finally {
    await dashboard.close()
    await world.close()
  }
}

async function shootEmpty(): Promise<void> {
  const dashboard = await startDashboard({ port })
  try {
    await shootAll(dashboard, 'empty')
  } finally {
    await dashboard.close()
  }
}

async function shootAll(dashboard: Dashboard, state: State): Promise<void> {
  for (const theme of themes) {
    const page = await dashboard.open('/', { colorScheme: theme, reducedMotion: 'reduce' })
    for (const { name, path } of chosen) {
      await visit(page, dashboard, path)
      await take(page, `${name}-${theme}-${state}`)
      if (state === 'full' && inDocs.includes(`${name}-${theme}`)) await takeForDocs(page, `${name}-${theme}`)
      if (state !== 'full' || (name !== 'overview' && name !== 'traffic')) continue
      for (const size of ['small', 'large'] as const) {
        await page.setViewportSize(sizes[size])
        await visit(page, dashboard, path)
        await take(page, `${name}-${theme}-${sizes[size].width}`)
      }
      await page.setViewportSize(sizes.usual)
    }
    await page.context().close()
  }
}

/** Every page is opened anew after its gateway has gone: the window itself is loaded, its questions fail. */
async function shootGone(dashboard: Dashboard): Promise<void> {
  const open = themes.map((theme) => dashboard.open('/', { colorScheme: theme, reducedMotion: 'reduce' }))
  for (const [index, opened] of open.entries()) {
    const page = await opened
    for (const { path } of chosen) await visit(page, dashboard, path)
    await page.route('**/api/**', (route) => route.abort('connectionrefused'))
    for (const { name, path } of chosen) {
      await page.reload()
      await visit(page, dashboard, path)
      await take(page, `${name}-${themes[index]}-error`)
    }
    await page.context().close()
  }
}

async function visit(page: Page, { gateway }: Dashboard, path: string): Promise<void> {
  await page.goto(`${gateway.url}/ui/#${path}`)
  await page.locator('h1').first().waitFor()
  await page.mouse.move(700, 12)
}

async function takeForDocs(page: Page, name: string): Promise<void> {
  await page.setViewportSize(sizes.docs)
  await take(page, name, docsFolder)
  await page.setViewportSize(sizes.usual)
  const { size } = await stat(join(docsFolder, `${name}.png`))
  if (size > largestInDocs) throw new Error(`docs/images/${name}.png has ${size} bytes: too many for the README`)
}

async function take(page: Page, name: string, into = folder): Promise<void> {
  // Charts and skeletons come and go by a clock; this picture is for looking at, not for comparing.
  await page.waitForTimeout(900)
  await page.screenshot({ path: join(into, `${name}.png`) })
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}

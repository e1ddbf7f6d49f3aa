import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { extname, join } from 'node:path'
import { chromium, type Page } from 'playwright'
import { build, type Plugin } from 'vite'
import { createFixtureClient, fixtureNow, type FixtureMood } from './fixture-client.ts'

/**
 * Takes a picture of a page with believable data, without a gateway:
 *   node test/renderer/shoot.ts <route> <out.png> [light|dark] [width] [full|empty|error] [steps...]
 * It builds the window first, with the wanted page alone, so that half-written other pages do no harm.
 * Route: `/traffic?outcome=failed`. Steps: `press:Control+k` is a key, `height:1600` the window's, anything else a
 * selector that is clicked.
 */

const root = join(import.meta.dirname, '../..')
const origin = 'http://renderer.test'
const types: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
}

export interface ShootOptions {
  /** Of the built window, e.g. dist/renderer. */
  folder: string
  theme?: 'light' | 'dark'
  width?: number
  height?: number
  mood?: FixtureMood
}

/** Every page but the wanted one is empty. */
function onlyPage(name: string): Plugin {
  return {
    name: 'only-page',
    enforce: 'pre',
    load(id) {
      const page = /\/renderer\/pages\/([^/]+)\/page\.tsx$/.exec(id)?.[1]
      return page === undefined || page === name ? undefined : 'export function Page() { return null }'
    },
  }
}

async function buildPage(route: string, folder: string): Promise<void> {
  const name = route.split(/[/?]/)[1] ?? ''
  await build({
    configFile: join(root, 'vite.config.ts'),
    logLevel: 'error',
    plugins: [onlyPage(name === '' ? 'overview' : name)],
    build: { outDir: folder, emptyOutDir: true, minify: false },
  })
}

/** A browser page with the window in it, `window.gateway` backed by the fixtures and the clock at their moment. */
export async function openFixturePage(options: ShootOptions) {
  const { folder, theme = 'light', width = 1120, height = 760, mood = 'full' } = options
  const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] })
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: theme })
  await page.clock.setFixedTime(fixtureNow)
  await page.route(`${origin}/**`, async (route) => {
    const path = new URL(route.request().url()).pathname
    const file = join(folder, path === '/' ? 'index.html' : path)
    const body = await readFile(file).catch(() => undefined)
    if (body === undefined) return route.fulfill({ status: 404 })
    return route.fulfill({ body, contentType: types[extname(file)] ?? 'application/octet-stream' })
  })
  await provideGateway(page, mood)
  page.on('pageerror', (error) => console.error(`page error: ${error.message}`))
  page.on('console', (line) => {
    if (line.type() === 'error') console.error(`console: ${line.text()}`)
  })
  return { page, close: () => browser.close(), open: (path: string) => page.goto(`${origin}/#${path}`) }
}

async function provideGateway(page: Page, mood: FixtureMood): Promise<void> {
  const client = createFixtureClient(mood)
  await page.exposeFunction('fixtureCall', (method: string, input: unknown) => client.call(method, input))
  client.on((event) => void page.evaluate(`window.fixtureTell(${JSON.stringify(event)})`).catch(() => {}))
  // As text: this file is checked without the types of a browser.
  await page.addInitScript(`
    const listeners = new Set()
    window.fixtureTell = (event) => listeners.forEach((listener) => listener(event))
    window.gateway = {
      call: (method, input) => window.fixtureCall(method, input),
      on: (listener) => { listeners.add(listener); return () => listeners.delete(listener) },
      native: {
        platform: 'linux',
        copy: async () => {},
        openExternal: async () => {},
        saveFile: async () => true,
        openFile: async () => null,
      },
    }
  `)
}

async function main(): Promise<void> {
  const [route, file, theme, width, mood, ...steps] = process.argv.slice(2)
  if (route === undefined || file === undefined) {
    console.error(
      'usage: node test/renderer/shoot.ts <route> <out.png> [light|dark] [width] [full|empty|error] [steps...]',
    )
    process.exitCode = 1
    return
  }
  const folder = await mkdtemp(join(tmpdir(), 'llm-gateway-shoot-'))
  try {
    await buildPage(route, folder)
    const pixels = Number(width ?? 1120)
    const shot = await openFixturePage({
      folder,
      theme: theme === 'dark' ? 'dark' : 'light',
      width: pixels,
      height: pixels < 1000 ? 560 : pixels > 1300 ? 1000 : 760,
      mood: mood === 'empty' || mood === 'error' ? mood : 'full',
    })
    await shot.open(route)
    await shot.page.waitForLoadState('networkidle')
    for (const step of steps) await take(shot.page, step)
    // Charts and skeletons have come and gone by then; the picture is for looking at, not for comparing.
    await shot.page.waitForTimeout(700)
    await shot.page.screenshot({ path: file })
    await shot.close()
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function take(page: Page, step: string): Promise<void> {
  if (step.startsWith('press:')) await page.keyboard.press(step.slice(6))
  else if (step.startsWith('height:'))
    await page.setViewportSize({ width: page.viewportSize()?.width ?? 1120, height: Number(step.slice(7)) })
  else await page.click(step, { timeout: 5_000 })
}

if (import.meta.main) await main()

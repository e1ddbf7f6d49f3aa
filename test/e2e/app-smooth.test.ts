import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { seedLedger } from '../helpers/seed-ledger.ts'
import { call, describeApp, launchApp, packagedApp, type LaunchedApp } from './helpers.ts'
import type { StreamGaps } from './stream-watch.ts'

const contentWithinMs = 300
const gapUnderMs = 100

/** Every page, and what must stand in it before it counts as shown. */
const pages: [path: string, title: string, content: string][] = [
  ['/', 'Overview', '.recharts-surface'],
  ['/?range=30d', 'Overview', '.recharts-surface'],
  ['/traffic', 'Traffic', '[role=grid] [data-index="5"]'],
  ['/traffic?outcome=failed', 'Traffic', '[role=grid] [data-index="5"]'],
  ['/traffic?text=claude', 'Traffic', '[role=grid] [data-index="5"]'],
  ['/providers', 'Providers', '[aria-label="More for watched"]'],
  ['/models', 'Models', '[role=tab]'],
  ['/models?tab=models', 'Models', 'tbody tr'],
  ['/cache', 'Cache', '[role=switch]'],
  ['/limits', 'Limits', '[role=switch]'],
  ['/playground', 'Playground', 'textarea'],
  ['/settings', 'Settings', 'input'],
  ['/transfer', 'Import and export', 'pre, code'],
  ['/diagnostics', 'Diagnostics', 'li'],
]

describeApp('the app with 100,000 calls in its ledger', () => {
  let app: LaunchedApp
  let dataDir: string
  let watcher: Worker

  beforeAll(async () => {
    await packagedApp()
    dataDir = await mkdtemp(join(tmpdir(), 'llm-gateway-smooth-'))
    await seedLedger(join(dataDir, 'ledger.db'), { calls: 100_000, now: Date.now(), days: 30, seed: 7 })
    watcher = new Worker(new URL('./stream-watch.ts', import.meta.url))
    const [{ port }] = (await once(watcher, 'message')) as [{ port: number }]
    app = await launchApp({ dataDir })
    const baseUrl = `http://127.0.0.1:${port}/v1`
    await call(app.window, 'providers.save', {
      name: 'watched',
      type: 'openai-compatible',
      baseUrl,
      models: ['gpt-4o'],
    })
  })
  afterAll(async () => {
    await app?.close()
    await watcher?.terminate()
    await rm(dataDir, { recursive: true, force: true, maxRetries: 5 })
  })

  test('every page shows its content within 300 ms of the click', async () => {
    const rounds: number[][] = []
    for (let round = 0; round < 3; round += 1) rounds.push(await visitAll(app.window))
    const medians = pages.map((_, index) => median(rounds.map((times) => times[index] ?? NaN)))
    const words = pages.map(([path], index) => `${path}: ${rounds.map((times) => times[index]).join(', ')} ms`)
    console.log(words.join('\n'))
    const slow = pages.flatMap(([path], index) => ((medians[index] ?? NaN) < contentWithinMs ? [] : [path]))
    expect(slow).toEqual([])
  })

  /** Of up to five tries the best: what the machine does besides delays all of us now and then, a fault of ours each time. */
  async function gapWhile(what: string, work: () => Promise<void>): Promise<number> {
    const tries: number[] = []
    while (tries.length < 5 && !tries.some((gap) => gap < gapUnderMs)) {
      watcher.postMessage({ url: app.url, ms: 4000 })
      const told = once(watcher, 'message')
      await wait(300)
      await work()
      const [{ gaps, error }] = (await told) as [{ gaps?: StreamGaps; error?: string }]
      if (gaps === undefined) throw new Error(error)
      const { chunks, largestMs, upstreamMs } = gaps
      console.log(
        `${what}: largest gap ${round(largestMs)} ms, the upstream's own ${round(upstreamMs)} ms, ${chunks} chunks`,
      )
      tries.push(largestMs)
    }
    return Math.min(...tries)
  }

  test('a stream goes on while nothing else happens', async () => {
    expect(await gapWhile('at rest', () => Promise.resolve())).toBeLessThan(gapUnderMs)
  })

  test('a stream goes on while Overview with its charts opens', async () => {
    const open = async (): Promise<void> => {
      for (const path of ['#/limits', '#/', '#/limits', '#/?range=30d', '#/limits', '#/?range=7d']) {
        await app.window.evaluate((path) => void Object.assign(globalThis.location, { hash: path }), path)
        await wait(400)
      }
    }
    expect(await gapWhile('while Overview opens', open)).toBeLessThan(gapUnderMs)
  })

  test('a stream goes on while the tray’s menu is rebuilt', async () => {
    const built = await countMenus(app)
    let edits = 0
    const edit = async (): Promise<void> => {
      for (let count = 0; count < 3; count += 1) {
        edits += 1
        // The menu has only those that leave a choice.
        const targets = ['gpt-4o', 'gpt-5'].map((model) => ({ provider: 'watched', model }))
        await call(app.window, 'aliases.save', { name: `changing-${edits}`, targets })
        await wait(1100)
      }
    }
    expect(await gapWhile('while the tray’s menu is rebuilt', edit)).toBeLessThan(gapUnderMs)
    expect(await built()).toBeGreaterThanOrEqual(3)
  })

  test('a stream goes on while the window is opened again', async () => {
    await call(app.window, 'desktop.save', { closedWindow: 'free' })
    const reopen = async (): Promise<void> => {
      await app.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
      await wait(300)
      const opened = app.app.waitForEvent('window')
      // As a second start does, without the time that one takes.
      await app.app.evaluate(({ app }) => void app.emit('second-instance', {}, [], ''))
      app.window = await opened
      await app.window.locator('.recharts-surface').first().waitFor()
    }
    expect(await gapWhile('while the window opens', reopen)).toBeLessThan(gapUnderMs)
  })
})

/** Milliseconds from each click until its content is there: the code of the pages has been fetched, their data has not. */
async function visitAll(window: Page): Promise<number[]> {
  await window.reload()
  await window.locator('nav').first().waitFor()
  // The window fetches it by itself when it is idle.
  await expect.poll(() => window.evaluate(countPageScripts), { timeout: 30_000 }).toBeGreaterThanOrEqual(10)
  await wait(300)
  const times: number[] = []
  for (const page of pages) times.push(Math.round(await visit(window, page)))
  return times
}

/** As text, like the next: these files are checked without the types of a browser. */
const countPageScripts = `document.querySelectorAll('link[rel=modulepreload][href*="page-"]').length`

/** Measured in the page itself, from a page that does not exist, so that nothing of another is taken for its content. */
function visit(window: Page, [path, title, content]: (typeof pages)[number]): Promise<number> {
  return window.evaluate(`(async () => {
    const frame = () => new Promise(requestAnimationFrame)
    const main = () => document.querySelector('main')
    location.hash = '#/nowhere'
    while (!main().innerText.includes('There is no such page')) await frame()
    const link = document.querySelector('nav a[href="#${path}"]')
    const start = performance.now()
    if (link === null) location.hash = '#${path}'
    else link.click()
    const isShown = () =>
      main().querySelector('h1')?.innerText === ${JSON.stringify(title)} &&
      main().querySelector('output[aria-label=Loading], .appear-late, [aria-busy=true]') === null &&
      main().querySelector(${JSON.stringify(content)}) !== null
    while (!isShown()) {
      if (performance.now() - start > 10000) throw new Error('no content at ${path}: ' + main().innerText.slice(0, 300))
      await frame()
    }
    return performance.now() - start
  })()`)
}

/** How often a menu as large as the tray's was made since. */
async function countMenus({ app }: LaunchedApp): Promise<() => Promise<number>> {
  await app.evaluate(({ Menu }) => {
    const build = Menu.buildFromTemplate.bind(Menu)
    const seen = { count: 0 }
    Object.assign(globalThis, { seenMenus: seen })
    Menu.buildFromTemplate = (items) => {
      if (items.length > 6) seen.count += 1
      return build(items)
    }
  })
  return () => app.evaluate(() => (globalThis as unknown as { seenMenus: { count: number } }).seenMenus.count)
}

function median(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN
}

function round(ms: number): number {
  return Math.round(ms)
}

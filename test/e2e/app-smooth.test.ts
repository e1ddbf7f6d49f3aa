import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test, type TestContext } from 'vitest'
import { seedLedger } from '../helpers/seed-ledger.ts'
import { call, describeApp, launchApp, packagedApp, type LaunchedApp } from './helpers.ts'
import type { StreamGaps } from './stream-watch.ts'

const contentWithinMs = 300
const gapUnderMs = 100
/** An upstream on an idle machine stays under 20 ms. */
const busyGapMs = 50

/** The figures and the large chart; the cards below may still be on their way. */
const overview = 'main:has([aria-label^="Figures"] [title^="$"]):has(.recharts-bar-rectangle path)'

/** Every page, and what must stand in it before it counts as shown. */
const pages: [path: string, title: string, content: string][] = [
  ['/', 'Overview', overview],
  ['/traffic', 'Traffic', 'main [role=grid] [data-index="5"]'],
  ['/traffic?outcome=failed', 'Traffic', 'main [role=grid] [data-index="5"]'],
  ['/traffic?text=claude', 'Traffic', 'main [role=grid] [data-index="5"]'],
  ['/providers', 'Providers', 'main [aria-label="More for watched"]'],
  ['/models', 'Models', 'main [role=tab]'],
  ['/models?tab=models', 'Models', 'main tbody tr'],
  ['/cache', 'Cache', 'main [role=switch]'],
  ['/limits', 'Limits', 'main [role=switch]'],
  ['/playground', 'Playground', 'main textarea'],
  ['/settings', 'Settings', 'main input'],
  ['/transfer', 'Import and export', 'main pre, main code'],
  // It watches the machine for half a second before it has results; that it does so is what is shown till then.
  ['/diagnostics', 'Diagnostics', 'main button'],
]

/** Beyond what a page shows at first: measured and printed, without a limit. */
const alsoMeasured: typeof pages = [['/?range=30d', 'Overview', overview]]

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
    const rounds: Visit[][] = []
    for (let round = 0; round < 3; round += 1) rounds.push(await visitAll(app.window))
    const results = [...pages, ...alsoMeasured].map(([path], index) => {
      const visits = rounds.flatMap((visits) => visits[index] ?? [])
      const [shownMs, completeMs] = [visits.map((each) => each.shownMs), visits.map((each) => each.completeMs)]
      return {
        path,
        medianMs: median(shownMs),
        words: `${path}: ${shownMs.join(', ')} ms (complete ${completeMs.join(', ')})`,
      }
    })
    console.log(results.map(({ words }) => words).join('\n'))
    const slow = results.slice(0, pages.length).filter(({ medianMs }) => !(medianMs < contentWithinMs))
    expect(slow.map(({ path }) => path)).toEqual([])
  })

  /**
   * Streams until a try is good, at most five times: what the machine does besides delays all of us now and then, a
   * fault of ours each time. Where the upstream itself was late in every try, they tell nothing of the app.
   */
  async function expectFlow(context: TestContext, work: () => Promise<void>): Promise<void> {
    const tries: StreamGaps[] = []
    while (tries.length < 5 && !tries.some(({ largestMs }) => largestMs < gapUnderMs)) {
      const gaps = await streamWhile(work)
      const [largest, own] = [Math.round(gaps.largestMs), Math.round(gaps.upstreamMs)]
      console.log(
        `${context.task.name}: largest gap ${largest} ms, the upstream's own ${own} ms, ${gaps.chunks} chunks`,
      )
      tries.push(gaps)
    }
    const isBusy = tries.every(({ largestMs, upstreamMs }) => largestMs >= gapUnderMs && upstreamMs >= busyGapMs)
    if (isBusy) context.skip('the machine is too busy to tell: the upstream itself was late each time')
    expect(Math.min(...tries.map(({ largestMs }) => largestMs))).toBeLessThan(gapUnderMs)
  }

  async function streamWhile(work: () => Promise<void>): Promise<StreamGaps> {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    watcher.postMessage({ url: app.url, ms: 4000 })
    const told = once(watcher, 'message')
    // The stream has begun by then.
    await wait(300)
    await work()
    const [{ gaps, error }] = (await told) as [{ gaps?: StreamGaps; error?: string }]
    if (gaps === undefined) throw new Error(error)
    return gaps
  }

  test('a stream goes on while nothing else happens', async (context) => {
    await expectFlow(context, () => Promise.resolve())
  })

  test('a stream goes on while Overview with its charts opens', async (context) => {
    const open = async (): Promise<void> => {
      for (const path of ['#/limits', '#/', '#/limits', '#/?range=30d', '#/limits', '#/?range=7d']) {
        await app.window.evaluate(
          (path) => void Object.assign((globalThis as unknown as { location: object }).location, { hash: path }),
          path,
        )
        await wait(400)
      }
    }
    await expectFlow(context, open)
  })

  test('a stream goes on while the tray’s menu is rebuilt', async (context) => {
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
    await expectFlow(context, edit)
    expect(await built()).toBeGreaterThanOrEqual(3)
  })

  test('a stream goes on while the window is opened again', async (context) => {
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
    await expectFlow(context, reopen)
  })
})

/** Milliseconds from the click until the content is there, and until nothing is on its way any more. */
interface Visit {
  shownMs: number
  completeMs: number
}

/** In a window that was just loaded: the code of the pages has been fetched, their data has not. */
async function visitAll(window: Page): Promise<Visit[]> {
  await window.reload()
  await window.locator('nav').first().waitFor()
  // The window fetches it by itself when it is idle: ten pages, and two charts.
  await expect.poll(() => window.evaluate(countScripts), { timeout: 30_000 }).toBeGreaterThanOrEqual(12)
  await wait(300)
  const visits: Visit[] = []
  for (const page of [...pages, ...alsoMeasured]) visits.push(await visit(window, page))
  return visits
}

/** As text, like the next: these files are checked without the types of a browser. */
const countScripts = `document.querySelectorAll('link[rel=modulepreload]:is([href*="page-"], [href*="-chart-"])').length`

/** Measured in the page itself, from a page that does not exist, so that nothing of another is taken for its content. */
function visit(window: Page, [path, title, content]: (typeof pages)[number]): Promise<Visit> {
  return window.evaluate(`(async () => {
    const main = document.querySelector('main')
    const until = async (isTrue) => {
      const start = performance.now()
      while (!isTrue()) {
        if (performance.now() - start > 10000) throw new Error('no content at ${path}: ' + main.innerText.slice(0, 300))
        await new Promise(requestAnimationFrame)
      }
    }
    location.hash = '#/nowhere'
    await until(() => main.innerText.includes('There is no such page'))
    const link = document.querySelector('nav a[href="#${path}"]')
    const start = performance.now()
    if (link === null) location.hash = '#${path}'
    else link.click()
    const isIn = (selector) => document.querySelector(selector) !== null
    const has = (selector) => main.querySelector(selector) !== null
    await until(() => main.querySelector('h1')?.innerText === ${JSON.stringify(title)} && isIn(${JSON.stringify(content)}))
    const shownMs = Math.round(performance.now() - start)
    await until(() => !has('output[aria-label=Loading], .appear-late, [aria-busy=true]'))
    return { shownMs, completeMs: Math.round(performance.now() - start) }
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

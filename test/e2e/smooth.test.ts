import { setTimeout as wait } from 'node:timers/promises'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Play } from '../helpers/upstream-exchange.ts'
import { startStream } from '../helpers/upstream-render.ts'
import { startDashboard, type Dashboard } from './headless-gateway.ts'
import { pagesSuite } from './pages-suite.ts'
import { pages, startPagesWorld, type PagesWorld } from './pages-world.ts'

const seededCalls = 100_000
/** What the user feels as at once. */
const pageBudgetMs = 300
const gapBudgetMs = 100
/** A machine that is busy with something else gets two more tries; every try prints its numbers. */
const timed = { retry: 2 }

pagesSuite('with 100,000 calls in the ledger', () => {
  let world: PagesWorld
  let dashboard: Dashboard

  beforeAll(async () => {
    world = await startPagesWorld()
    dashboard = await startDashboard({ config: world.config, env: world.env, seededCalls })
  })
  afterAll(async () => {
    await dashboard.close()
    await world.close()
  })

  /** Milliseconds in the page from the change of the address until the content is drawn. */
  async function timeOf(page: Page, path: string, content: string): Promise<number> {
    return (await page.evaluate(`new Promise((resolve, reject) => {
      const begun = performance.now()
      const isThere = () => document.querySelector(${JSON.stringify(content)})?.checkVisibility() === true
      const look = () => {
        // A frame later it is on the screen.
        if (isThere()) return requestAnimationFrame(() => resolve(performance.now() - begun))
        if (performance.now() - begun > 10000) return reject(new Error('no content after 10 s at ${path}'))
        requestAnimationFrame(look)
      }
      location.hash = ${JSON.stringify(path)}
      look()
    })`)) as number
  }

  test('every page shows its content within 300 ms', timed, async () => {
    const page = await dashboard.open('/', { reducedMotion: 'reduce' })
    const visits = pages.map((each) => (each.name === 'overview' ? { ...each, path: '/?range=30d' } : each))
    const rounds: Times[] = []
    for (let round = 0; round < 4; round += 1) {
      const times: Times = {}
      for (const { name, path, content } of visits) times[name] = await timeOf(page, path, content)
      rounds.push(times)
    }
    const [first = {}, ...warm] = rounds
    const medians = visits.map(({ name }) => [name, medianOf(warm.map((times) => times[name] ?? NaN))] as const)
    console.log(`content after ms (median of 3): ${wordsOf(Object.fromEntries(medians))}`)
    console.log(`the first time, with code and data: ${wordsOf(first)}`)
    expect(medians.filter(([, ms]) => !(ms < pageBudgetMs))).toEqual([])
    await page.context().close()
  })

  test('Traffic scrolls through thousands of calls without a long pause', timed, async () => {
    const page = await dashboard.open('/traffic')
    await page.locator('[role="row"][data-index="0"]').waitFor()
    const { frames, longestMs, deepest } = (await page.evaluate(`new Promise((resolve) => {
      const list = document.querySelector('[role="grid"]')
      let [frames, longestMs, deepest, before] = [0, 0, 0, performance.now()]
      const step = (now) => {
        longestMs = frames === 0 ? 0 : Math.max(longestMs, now - before)
        before = now
        frames += 1
        deepest = Math.max(deepest, ...[...list.querySelectorAll('[data-index]')].map((row) => Number(row.dataset.index)))
        list.scrollTop += 320
        if (frames < 240) requestAnimationFrame(step)
        else resolve({ frames, longestMs, deepest })
      }
      requestAnimationFrame(step)
    })`)) as { frames: number; longestMs: number; deepest: number }
    console.log(`Traffic: ${frames} frames, the longest ${Math.round(longestMs)} ms, down to row ${deepest}`)
    expect(deepest).toBeGreaterThan(1_000)
    expect(longestMs).toBeLessThan(250)
    await page.context().close()
  })

  test('a stream flows on while Overview opens with its charts', timed, async () => {
    const rhythm = new Rhythm()
    world.upstreams[0]?.on('chat/completions', rhythm.play)
    const stream = await dashboard.client.chat.completions.create({
      model: 'our-finetune',
      messages: [{ role: 'user', content: 'Long, please' }],
      stream: true,
    })
    const reading = rhythm.read(stream)
    await rhythm.hasBegun
    const before = rhythm.arrivedMs.size
    const page = await dashboard.open('/?range=30d')
    await page.locator('.recharts-surface').first().waitFor()
    await page.reload()
    await page.locator('.recharts-surface').first().waitFor()
    const during = rhythm.arrivedMs.size - before
    rhythm.stop()
    await reading
    const { readMs, sentMs, gatewayMs } = rhythm.largestGaps()
    console.log(
      `stream: ${during} pieces while Overview opened twice; largest gap sent ${sentMs} ms, read ${readMs} ms, added by the gateway ${gatewayMs} ms`,
    )
    expect(during).toBeGreaterThan(20)
    expect(rhythm.arrivedMs.size).toBe(rhythm.sentMs.size)
    expect(gatewayMs).toBeLessThan(gapBudgetMs)
    await page.context().close()
  })
})

type Times = Record<string, number>

function medianOf(values: number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

function wordsOf(times: Times): string {
  return Object.entries(times)
    .map(([name, ms]) => `${name} ${Math.round(ms)}`)
    .join(', ')
}

const pieceEveryMs = 10

/**
 * A stream of numbers, one every 10 ms, and when each was sent and read. Both ends are in this process, so a machine that
 * is busy delays the sending too. What counts is how much later than it was sent a piece arrived, less what the sending
 * itself was late in the meantime: then this process stood still, and could not have read anything either.
 */
class Rhythm {
  readonly sentMs = new Map<number, number>()
  readonly arrivedMs = new Map<number, number>()
  readonly #stopping = new AbortController()
  readonly #begun = Promise.withResolvers<void>()
  readonly hasBegun = this.#begun.promise

  readonly play: Play = async (exchange) => {
    startStream(exchange)
    for (let number = 0; !this.#stopping.signal.aborted && !exchange.signal.aborted; number += 1) {
      this.sentMs.set(number, performance.now())
      exchange.response.write(`data: ${chunk({ content: `${number} ` })}\n\n`)
      await wait(pieceEveryMs)
    }
    exchange.response.end(`data: ${chunk({}, 'stop')}\n\ndata: [DONE]\n\n`)
  }

  async read(stream: AsyncIterable<{ choices: { delta: { content?: string | null } }[] }>): Promise<void> {
    for await (const { choices } of stream) {
      const content = choices[0]?.delta.content ?? ''
      if (content === '') continue
      this.arrivedMs.set(Number(content), performance.now())
      if (this.arrivedMs.size === 10) this.#begun.resolve()
    }
  }

  stop(): void {
    this.#stopping.abort()
  }

  largestGaps(): { readMs: number; sentMs: number; gatewayMs: number } {
    const sent = [...this.sentMs.values()]
    const read = [...this.arrivedMs.values()]
    const added = read.map((at, number) => at - (sent[number] ?? NaN) - stoodStill(sent.slice(number), at))
    return { readMs: largestGap(read), sentMs: largestGap(sent), gatewayMs: Math.round(Math.max(...added)) }
  }
}

/** Milliseconds between the first of these sendings and `until` in which nothing was sent although it was time. */
function stoodStill(sent: readonly number[], until: number): number {
  const gaps = sent.slice(1).map((at, index) => ({ from: sent[index] ?? at, at }))
  return gaps
    .filter(({ from }) => from < until)
    .reduce((sum, { from, at }) => sum + Math.max(0, Math.min(at, until) - from - pieceEveryMs), 0)
}

function largestGap(times: readonly number[]): number {
  return Math.round(Math.max(...times.slice(1).map((at, index) => at - (times[index] ?? at))))
}

function chunk(delta: object, finish: string | null = null): string {
  const about = { id: 'chatcmpl-fake', object: 'chat.completion.chunk', created: 1_700_000_000, model: 'our-finetune' }
  return JSON.stringify({ ...about, choices: [{ index: 0, delta, finish_reason: finish }] })
}

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { bundledPrices } from '../../../gateway/models/price-bundled.ts'
import { priceFilesIn } from '../../../gateway/models/price-file.ts'
import { createPriceShelf, priceBook, type PriceShelf } from '../../../gateway/models/price-shelf.ts'
import { dropTable, keepTable } from '../../../gateway/prices/keep-table.ts'
import { model } from '../prices/tables.ts'

let folder: string
let files: ReturnType<typeof priceFilesIn>
let problems: string[]
let nowMs: number

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'llm-gateway-prices-'))
  files = priceFilesIn(folder)
  problems = []
  nowMs = 0
})
afterEach(() => rm(folder, { recursive: true }))

const at = Date.UTC(2026, 10, 24, 12)

function shelf(of: string | undefined = folder): PriceShelf {
  return createPriceShelf({ folder: of, nowMs: () => nowMs, onProblem: (problem) => problems.push(problem) })
}

/** A table in which `m` costs that. */
async function keep(usd: number): Promise<void> {
  const providers = [
    { id: 'p', models: [model('m', { input_mtok: usd, output_mtok: 1 }, { context_window: usd * 1000 })] },
  ]
  await keepTable(folder, { providers, source: 'list.json', kind: 'litellm', at })
}

/** What `m` costs; undefined: not in the table, which is the bundled one then. */
async function priceIn(prices: PriceShelf): Promise<number | undefined> {
  const book = priceBook(await prices.open())
  const found = book.find({ provider: 'p', row: { priceId: 'p' }, model: 'm', at })
  const isBundled = book.find({ provider: 'openai', row: { priceId: 'openai' }, model: 'gpt-5', at }) !== undefined
  expect(isBundled).toBe(found === undefined)
  return found?.rates.input === undefined ? undefined : found.rates.input.base / 1e6
}

describe('at start', () => {
  test('without an updated table: the bundled one, and nothing is said', async () => {
    expect(await priceIn(shelf())).toBeUndefined()
    expect(
      await priceIn(createPriceShelf({ folder: undefined, nowMs: () => 0, onProblem: (each) => problems.push(each) })),
    ).toBeUndefined()
    expect(problems).toEqual([])
  })

  test('the updated one, with its context windows', async () => {
    await keep(3)
    const open = await shelf().open()
    expect(open.contextWindow('p', 'm')).toBe(3000)
    expect(open.updated).toMatchObject({
      source: 'list.json',
      kind: 'litellm',
      models: 1,
      updatedAt: '2026-11-24T12:00:00.000Z',
    })
    expect(await priceIn(shelf())).toBe(3)
    expect(problems).toEqual([])
  })

  const damages: [string, (text: string) => string][] = [
    ['cut off', (text) => text.slice(0, -20)],
    ['empty', () => ''],
    ['of another program', () => '{"hello": 1}'],
    ['of a version to come', (text) => text.replace('"version": 1', '"version": 2')],
    ['changed by hand', (text) => text.replace('\\"input_mtok\\":4', '\\"input_mtok\\":40')],
    ['without models', (text) => text.replace('"models": "', '"model": "')],
  ]
  test.each(damages)('a file that is %s: the one before it', async (_name, damage) => {
    await keep(3)
    await keep(4)
    const text = await readFile(files.file, 'utf8')
    expect(damage(text)).not.toBe(text)
    await writeFile(files.file, damage(text))
    const prices = shelf()
    expect(await priceIn(prices)).toBe(3)
    expect(await priceIn(prices)).toBe(3)
    expect(problems).toHaveLength(1)
    expect(problems[0]).toMatch(/prices\.json cannot be used: .*The prices before it are used/)
  })

  test('both damaged: the bundled one, said once', async () => {
    await writeFile(files.file, 'x')
    await writeFile(files.previous, 'y')
    expect(await priceIn(shelf())).toBeUndefined()
    expect(problems).toEqual([expect.stringMatching(/cannot be used: it is no JSON.*came with the gateway/)])
  })

  test('the file is gone but not the one before it', async () => {
    await keep(3)
    await keep(4)
    await rm(files.file)
    expect(await priceIn(shelf())).toBe(3)
    expect(problems).toEqual([expect.stringMatching(/is not there any more/)])
  })
})

describe('while it runs', () => {
  test('takes up an update, a second one and a reset, a few seconds later', async () => {
    const prices = shelf()
    expect(await priceIn(prices)).toBeUndefined()
    await keep(3)
    expect(prices.isDue()).toBe(false)
    expect(await priceIn(prices)).toBeUndefined()
    nowMs += 5000
    expect(prices.isDue()).toBe(true)
    expect(await priceIn(prices)).toBe(3)
    await keep(4)
    nowMs += 5000
    expect(await priceIn(prices)).toBe(4)
    await dropTable(folder)
    nowMs += 5000
    expect(await priceIn(prices)).toBeUndefined()
    expect(problems).toEqual([])
  })

  test('what is open is the same object until something changes', async () => {
    await keep(3)
    const prices = shelf()
    const first = await prices.open()
    nowMs += 5000
    expect(await prices.open()).toBe(first)
  })

  test('a damaged file changes nothing, and is said once', async () => {
    await keep(3)
    await keep(4)
    const prices = shelf()
    expect(await priceIn(prices)).toBe(4)
    await writeFile(files.file, 'damaged')
    for (let round = 0; round < 3; round++) {
      nowMs += 5000
      expect(await priceIn(prices)).toBe(4)
    }
    expect(problems).toEqual([expect.stringMatching(/The prices in force stay/)])
  })

  test('without a folder nothing is ever looked at', async () => {
    const prices = createPriceShelf({ folder: undefined, nowMs: () => nowMs, onProblem: () => undefined })
    await prices.open()
    nowMs += 60_000
    expect(prices.isDue()).toBe(false)
  })
})

describe('keeping', () => {
  test('a damaged file does not push out the good one before it', async () => {
    await keep(3)
    await keep(4)
    await writeFile(files.file, 'damaged')
    await keep(5)
    expect(await priceIn(shelf())).toBe(5)
    await rm(files.file)
    expect(await priceIn(shelf())).toBe(3)
  })

  test('models are text of their own, as in the bundled table: read when they are asked for', async () => {
    await keep(3)
    const { table } = await shelf().open()
    expect(table.providers.map(({ models }) => typeof models)).toEqual(['string'])
    expect(bundledPrices.providers.every(({ models }) => typeof models === 'string')).toBe(true)
  })
})

import { stat } from 'node:fs/promises'
import { contextWindows, type ContextWindows } from './context-window.ts'
import { PriceBook } from './price-book.ts'
import { priceSource, type PriceSource } from './price-data.ts'
import { priceFilesIn, readPriceFile, type PriceFile } from './price-file.ts'
import { openPriceTable, type PriceTable } from './price-table.ts'
import type { PriceOverride } from './price.ts'

/** The table in force. */
export interface OpenPrices {
  source: PriceSource
  contextWindow: ContextWindows
  table: PriceTable
  /** undefined: the bundled one. */
  updated: PriceFile | undefined
}

/** Keeps the table in force: the updated one of the data folder, else the one that was before it, else the bundled one. */
export interface PriceShelf {
  /** Looks at the file at most every few seconds. Never rejects because of a file. */
  open(): Promise<OpenPrices>
  /** `open` would look at the file. */
  isDue(): boolean
}

export interface PriceShelfPorts {
  /** undefined: nothing is kept on disk. */
  folder: string | undefined
  nowMs: () => number
  /** Told once for every file that cannot be used, in words that say what is used instead. */
  onProblem: (message: string) => void
}

const lookEveryMs = 5000

export function createPriceShelf({ folder, nowMs, onProblem }: PriceShelfPorts): PriceShelf {
  const files = folder === undefined ? undefined : priceFilesIn(folder)
  let lookedMs = Number.NEGATIVE_INFINITY
  let looking: Promise<OpenPrices> | undefined
  let current: OpenPrices | undefined
  let stamp: string | undefined

  const isDue = (): boolean => files !== undefined && nowMs() - lookedMs >= lookEveryMs

  async function look(): Promise<OpenPrices> {
    const before = stamp
    stamp = files === undefined ? undefined : await stampsOf(files)
    if (current !== undefined && stamp === before) return current
    current = files === undefined ? await openBundled() : await openFrom(files, current)
    return current
  }

  /** What is open stays open when the file is damaged while the gateway runs. */
  async function openFrom(
    { file, previous }: ReturnType<typeof priceFilesIn>,
    before: OpenPrices | undefined,
  ): Promise<OpenPrices> {
    const [main, old] = await Promise.all([attempt(file), attempt(previous)])
    if (main.table !== undefined) return opened(main.table, main.table)
    if (before?.updated !== undefined && main.problem !== undefined) {
      onProblem(`${file} cannot be used: ${main.problem}. The prices in force stay.`)
      return before
    }
    if (old.table !== undefined) {
      onProblem(`${file} ${whyNot(main)}. The prices before it are used, of ${old.table.updatedAt}.`)
      return opened(old.table, old.table)
    }
    if (main.problem !== undefined || old.problem !== undefined) {
      onProblem(`${file} ${whyNot(main)}. The prices that came with the gateway are used.`)
    }
    return before?.updated === undefined && before !== undefined ? before : openBundled()
  }

  return {
    isDue,
    open() {
      if (current !== undefined && !isDue()) return Promise.resolve(current)
      lookedMs = nowMs()
      looking ??= look().finally(() => (looking = undefined))
      return looking
    },
  }
}

interface Attempt {
  table?: PriceFile
  problem?: string
}

async function attempt(file: string): Promise<Attempt> {
  try {
    const table = await readPriceFile(file)
    return table === undefined ? {} : { table }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : String(error) }
  }
}

function whyNot({ problem }: Attempt): string {
  return problem === undefined ? 'is not there any more' : `cannot be used: ${problem}`
}

/** Changes when either file does. */
async function stampsOf({ file, previous }: ReturnType<typeof priceFilesIn>): Promise<string> {
  const stamps = [file, previous].map(async (each) => {
    const found = await stat(each).catch(() => undefined)
    return found === undefined ? '-' : `${found.ino} ${found.size} ${found.mtimeMs}`
  })
  return (await Promise.all(stamps)).join('\n')
}

/** Its text is not even read where an updated table is in force. */
async function openBundled(): Promise<OpenPrices> {
  const { bundledPrices } = await import('./price-bundled.ts')
  return opened(bundledPrices, undefined)
}

function opened(table: PriceTable, updated: PriceFile | undefined): OpenPrices {
  const find = openPriceTable(table)
  return { source: priceSource(find), contextWindow: contextWindows(find), table, updated }
}

/** `overrides` are the configuration's `pricing.overrides`. */
export function priceBook(
  { source, contextWindow }: OpenPrices,
  overrides: Readonly<Record<string, PriceOverride>> = {},
): PriceBook {
  return new PriceBook(source, overrides, contextWindow)
}

/** The bundled prices, whatever lies in a data folder. */
export async function loadBundledPrices(overrides: Readonly<Record<string, PriceOverride>> = {}): Promise<PriceBook> {
  return priceBook(await openBundled(), overrides)
}

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { resolve } from 'node:path'
import { defaultDataDir, desktopDataDir, findConfigFile } from '../cli-arguments.ts'
import { defaultConfig } from '../config/defaults.ts'
import { parseConfig } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import { ConfigError } from '../config/types.ts'
import { GatewayError } from '../errors.ts'
import { priceFilesIn } from '../models/price-file.ts'
import { createPriceShelf, type OpenPrices } from '../models/price-shelf.ts'
import { terminalQuestion } from './ask-at-terminal.ts'
import { pricesHelp, type PricesArguments } from './prices-arguments.ts'
import { diffText, percentOf } from './prices-output.ts'
import { showPrices } from './prices-show.ts'
import { checkTable } from '../prices/check-table.ts'
import { diffTables, type PriceDiff } from '../prices/diff-tables.ts'
import { fetchList } from '../prices/fetch-list.ts'
import { dropTable, keepTable } from '../prices/keep-table.ts'
import { mergeList } from '../prices/merge-list.ts'
import { unpack, type PlainProvider } from '../prices/plain-table.ts'
import { unusable, type PriceList, type Skipped } from '../prices/price-list.ts'
import { readList } from '../prices/read-list.ts'
import { providerRows } from '../providers/rows.ts'
import { createUpstream } from '../upstream/client.ts'

/** What the command line lends; tests bring their own. */
export interface PricesIo {
  /** Whose data folder is meant where none is given. */
  shell: 'desktop' | 'headless'
  workingDirectory: string
  home: string
  platform: NodeJS.Platform
  env: Readonly<Record<string, string | undefined>>
  /** Milliseconds since 1970. */
  now: () => number
  /** undefined: nobody is there to be asked. */
  ask: ((question: string) => Promise<boolean>) | undefined
  write: (text: string) => void
  writeError: (text: string) => void
}

export function ownPricesIo(shell: PricesIo['shell']): PricesIo {
  return {
    shell,
    workingDirectory: process.cwd(),
    home: homedir(),
    platform: process.platform,
    env: process.env,
    now: Date.now,
    ask: terminalQuestion(),
    write: (text) => void process.stdout.write(text),
    writeError: (text) => void process.stderr.write(text),
  }
}

/** What a verb answers: for people, and for programs (--json). */
export interface PricesAnswer {
  text: string
  data: object
  code?: number
}

/** `llm-gateway prices`. Works on the data folder, whether or not a gateway runs. Answers the exit code. */
export async function runPrices(argv: PricesArguments, io: PricesIo): Promise<number> {
  if (argv.help) {
    io.write(`${pricesHelp()}\n`)
    return 0
  }
  try {
    const { text, data, code = 0 } = await answer(argv, io)
    io.write(argv.json ? `${JSON.stringify(data, undefined, 2)}\n` : text)
    return code
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error
    if (argv.json) io.write(`${JSON.stringify({ error: error.message }, undefined, 2)}\n`)
    else io.writeError(`${error.message}\n`)
    return 1
  }
}

async function answer(argv: PricesArguments, io: PricesIo): Promise<PricesAnswer> {
  const folder = folderOf(argv, io)
  if (argv.verb === 'reset') return reset(folder)
  const config = await loadConfig(argv, folder, io)
  const open = await openPrices(folder, io)
  if (argv.verb === 'show') return showPrices(argv.subject, { open, folder, config, now: io.now() })
  const compared = await compare(argv, { open, config, io })
  return argv.verb === 'diff' ? diff(compared) : update(argv, { folder, io, compared })
}

function folderOf({ dataDir }: PricesArguments, { shell, env, platform, home, workingDirectory }: PricesIo): string {
  if (dataDir !== undefined) return resolve(workingDirectory, dataDir)
  return shell === 'desktop' ? desktopDataDir(env, platform, home) : defaultDataDir(env, platform, home)
}

async function openPrices(folder: string, io: PricesIo): Promise<OpenPrices> {
  const shelf = createPriceShelf({
    folder,
    nowMs: () => 0,
    onProblem: (problem) => io.writeError(`note: ${problem}\n`),
  })
  return shelf.open()
}

/** For its overrides and its proxy; keys may be missing, and a file that is not good is said to be so. */
async function loadConfig({ config: given }: PricesArguments, folder: string, io: PricesIo): Promise<Config> {
  const { workingDirectory, env, writeError } = io
  const file = findConfigFile({ given, workingDirectory, folders: [workingDirectory, folder], exists: existsSync })
  if (file === undefined) return defaultConfig()
  try {
    const options = { file, env, knownProviders: providerRows, mayMiss: () => true }
    return parseConfig(await readFile(file, 'utf8'), options).config
  } catch (error) {
    const why = error instanceof ConfigError ? error.message : `${file}: ${(error as Error).message}`
    if (given !== undefined) throw unusable(why)
    writeError(`note: the configuration is not used: ${why}\n`)
    return defaultConfig()
  }
}

interface Compared {
  list: PriceList
  source: string
  providers: PlainProvider[]
  skipped: Skipped
  diff: PriceDiff
}

interface CompareInput {
  open: OpenPrices
  config: Config
  io: PricesIo
}

async function compare({ subject = '' }: PricesArguments, { open, config, io }: CompareInput): Promise<Compared> {
  const upstream = createUpstream(config.network, io.env)
  try {
    const { text, source } = await fetchList(subject, { upstream, workingDirectory: io.workingDirectory })
    const list = readList(text)
    const present = unpack(open.table)
    const merged = 'named' in list ? mergeList(present, list.named) : { providers: list.providers, skipped: {} }
    return {
      list,
      source,
      providers: merged.providers,
      skipped: { ...list.skipped, ...merged.skipped },
      diff: diffTables(present, merged.providers, io.now()),
    }
  } finally {
    await upstream.close()
  }
}

function diff(compared: Compared): PricesAnswer {
  const problems = checkTable(compared.providers, compared.diff)
  const warnings = problems.map(({ message }) => `\nIt would be refused: ${message}\n`)
  return { text: compareText(compared) + warnings.join(''), data: compareData(compared, problems) }
}

function compareText({ diff, list, skipped }: Compared): string {
  return diffText(diff, { kind: list.kind, skipped })
}

function compareData({ diff, list, source, skipped }: Compared, problems: ReturnType<typeof checkTable>): object {
  const changed = diff.changed.map(({ items, ...model }) => ({
    ...model,
    items: items.map(({ item, before, after }) => ({
      item,
      before: before ?? null,
      after: after ?? null,
      percent: percentOf(before, after) ?? null,
    })),
  }))
  return { list: list.kind, source, ...diff, changed, skipped, problems: problems.map(({ message }) => message) }
}

interface UpdateInput {
  folder: string
  io: PricesIo
  compared: Compared
}

async function update(
  { yes, force, json }: PricesArguments,
  { folder, io, compared }: UpdateInput,
): Promise<PricesAnswer> {
  const problems = checkTable(compared.providers, compared.diff)
  const data = compareData(compared, problems)
  const refusing = problems.filter(({ firm }) => firm || !force)
  if (refusing.length > 0) return refused(compared, refusing, data)
  if (isSame(compared.diff)) {
    return { text: 'The prices in force say the same: nothing was written.\n', data: { ...data, taken: false } }
  }
  const text = compareText(compared)
  if (!yes) {
    if (!json) io.write(`${text}\n`)
    if (io.ask === undefined || json) return notTaken('Nothing was changed: add --yes to take these prices.', data)
    if (!(await io.ask('Take these prices?'))) return notTaken('Nothing was changed.', data)
  }
  const { providers, source, list } = compared
  const kept = await keep(folder, { providers, source, kind: list.kind, at: io.now() })
  const { file } = priceFilesIn(folder)
  const said = `Taken: ${kept.models.toLocaleString('en-US')} models, kept in ${file}. A gateway that runs uses them within seconds; llm-gateway prices reset takes it back.\n`
  return { text: yes ? `${text}\n${said}` : said, data: { ...data, taken: true, file } }
}

function isSame({ added, removed, changed, otherTimes }: PriceDiff): boolean {
  return added.length + removed.length + changed.length + otherTimes === 0
}

function refused(compared: Compared, problems: ReturnType<typeof checkTable>, data: object): PricesAnswer {
  const reasons = problems.map(({ message }) => `Refused: ${message}\n`).join('')
  const way = problems.every(({ firm }) => !firm) ? 'If that is right, --force takes it all the same.\n' : ''
  const text = `${compareText(compared)}\n${reasons}${way}The prices in force stay.\n`
  return { text, data: { ...data, taken: false }, code: 1 }
}

function notTaken(text: string, data: object): PricesAnswer {
  return { text: `${text}\n`, data: { ...data, taken: false }, code: 1 }
}

async function keep(folder: string, table: Parameters<typeof keepTable>[1]): ReturnType<typeof keepTable> {
  try {
    return await keepTable(folder, table)
  } catch (error) {
    throw unusable(`The prices cannot be kept in ${folder}: ${(error as Error).message}`)
  }
}

async function reset(folder: string): Promise<PricesAnswer> {
  let had: boolean
  try {
    had = await dropTable(folder)
  } catch (error) {
    throw unusable(`The updated prices cannot be removed from ${folder}: ${(error as Error).message}`)
  }
  const text = had
    ? 'The prices that came with the gateway are in force again.\n'
    : 'There was no updated table: the prices that came with the gateway are in force.\n'
  return { text, data: { reset: had } }
}

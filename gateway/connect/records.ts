import { hash } from 'node:crypto'
import { mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { z } from 'zod'
import { saveConfigFile } from '../config/save.ts'
import { GatewayError } from '../errors.ts'
import { readBytes, reasonOf } from './files.ts'

const segment = z.union([z.string(), z.object({ item: z.record(z.string(), z.string()) })])

const keptFile = z.object({
  path: z.string(),
  before: z.string().optional(),
  afterHash: z.string(),
  after: z.string(),
  written: z.array(
    z.object({
      path: z.array(segment),
      value: z.unknown(),
      had: z.boolean(),
      old: z.unknown().optional(),
      depth: z.int(),
      isChoice: z.boolean().optional(),
    }),
  ),
  madeFolder: z.string().optional(),
})

const connection = z.object({
  version: z.literal(1),
  tool: z.string(),
  /** Milliseconds since 1970, of the last time it was connected. */
  connectedAt: z.number(),
  baseUrl: z.string(),
  model: z.string().optional(),
  smallModel: z.string().optional(),
  /** Of its client key; absent: it was connected with a placeholder. */
  keyName: z.string().optional(),
  keyHash: z.string().optional(),
  files: z.record(z.string(), keptFile),
})
/** What is remembered of a connected tool. It holds no key of ours; old values may be keys of the user. */
export type Connection = z.output<typeof connection>

/** The folder `connect` of the data folder: `<tool>.json` of each connected tool, and the first original of every file. */
export interface Records {
  read(tool: string): Promise<Connection | undefined>
  save(record: Connection): Promise<void>
  remove(tool: string): Promise<void>
  /** Runs it while no other process does: the command line and the window may write the same files. Throws GatewayError. */
  alone<T>(run: () => Promise<T>): Promise<T>
  /** Keeps the file as it is now, for ever, unless an earlier one is kept. */
  keepOriginal(path: string, now: number): Promise<void>
}

export function createRecords(folder: string): Records {
  const fileOf = (tool: string): string => join(folder, `${tool}.json`)
  return {
    async read(tool) {
      const bytes = await readBytes(fileOf(tool), Infinity)
      if (bytes === undefined) return undefined
      const parsed = connection.safeParse(jsonOf(bytes.toString('utf8')))
      if (parsed.success) return parsed.data
      const message = `${fileOf(tool)} is not what this version writes, so it is not known what was changed. The files as they were at first are in ${join(folder, 'originals')}.`
      throw new GatewayError('invalid_request', message)
    },
    save: (record) =>
      inWords(folder, async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await saveConfigFile(fileOf(record.tool), `${JSON.stringify(record, undefined, 2)}\n`)
      }),
    remove: (tool) => rm(fileOf(tool), { force: true }),
    async alone(run) {
      const lock = join(folder, 'busy')
      await inWords(folder, async () => {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        await takeLock(lock)
      })
      try {
        return await run()
      } finally {
        await rm(lock, { force: true })
      }
    },
    keepOriginal: (path, now) =>
      inWords(folder, async () => {
        const own = join(folder, 'originals', hash('sha256', path, 'hex').slice(0, 16))
        const about = join(own, 'about.json')
        if ((await readBytes(about)) !== undefined) return
        await mkdir(own, { recursive: true, mode: 0o700 })
        const bytes = await readBytes(path)
        // A folder of its own, so that the copy can have the file's name.
        if (bytes !== undefined) await writeFile(join(own, basename(path)), bytes, { mode: 0o600 })
        const facts = { path, existed: bytes !== undefined, keptAt: new Date(now).toISOString() }
        await saveConfigFile(about, `${JSON.stringify(facts, undefined, 2)}\n`)
      }),
  }
}

/** A data folder that cannot be written is told like a file that cannot be. */
async function inWords(folder: string, run: () => Promise<void>): Promise<void> {
  try {
    await run()
  } catch (error) {
    if (error instanceof GatewayError) throw error
    const message = `${folder} cannot be written: ${reasonOf(error)}. Nothing was changed.`
    throw new GatewayError('invalid_request', message, { cause: error })
  }
}

const [patienceMs, staleMs, pauseMs] = [5000, 30_000, 50]

/** A file that only one can make. One that lies there for long was left by a process that died. */
async function takeLock(file: string): Promise<void> {
  for (let waitedMs = 0; ; waitedMs += pauseMs) {
    try {
      await writeFile(file, '', { flag: 'wx', mode: 0o600 })
      return
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const found = await stat(file).catch(() => undefined)
    if (found !== undefined && Date.now() - found.mtimeMs > staleMs) await rm(file, { force: true })
    else if (waitedMs >= patienceMs) throw new GatewayError('invalid_request', 'Another connect is at work. Try again.')
    else await setTimeout(pauseMs)
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

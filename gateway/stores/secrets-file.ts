import { randomUUID } from 'node:crypto'
import { chmod, mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { GatewayError } from '../errors.ts'

/** A JSON file that only its user can read: for machines without a keychain, and only where the user agreed to it. */
export interface FileSecrets {
  exists(): Promise<boolean>
  get(name: string): Promise<string | undefined>
  set(name: string, value: string): Promise<void>
  delete(name: string): Promise<void>
}

type Values = Record<string, string>

export function createFileSecrets(file: string, platform: NodeJS.Platform = process.platform): FileSecrets {
  let last: Promise<unknown> = Promise.resolve()
  /** Two changes at once would each write without the other's. */
  const change = (edit: (values: Values) => Values): Promise<void> => {
    const next = last.then(async () => write(file, edit(await read(file, platform))))
    last = next.catch(() => undefined)
    return next
  }
  return {
    exists: async () => (await stat(file).catch(() => undefined)) !== undefined,
    async get(name) {
      const values = await read(file, platform)
      return Object.hasOwn(values, name) ? values[name] : undefined
    },
    set: (name, value) => change((values) => ({ ...values, [name]: value })),
    async delete(name) {
      if (!Object.hasOwn(await read(file, platform), name)) return
      await change((values) => Object.fromEntries(Object.entries(values).filter(([key]) => key !== name)))
    },
  }
}

async function read(file: string, platform: NodeJS.Platform): Promise<Values> {
  const handle = await open(file, 'r').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined
    throw new GatewayError('internal_error', `The keys in ${file} cannot be read: ${error.message}`)
  })
  if (handle === undefined) return {}
  try {
    // Windows has no such bits: the user's own folder keeps others out there.
    if (platform !== 'win32') refuseShared(file, (await handle.stat()).mode)
    return parse(file, await handle.readFile('utf8'))
  } finally {
    await handle.close()
  }
}

function refuseShared(file: string, mode: number): void {
  if ((mode & 0o077) === 0) return
  throw new GatewayError(
    'internal_error',
    `The keys in ${file} are not used, since other users of this machine may open that file. ` +
      `Run chmod 600 on it, and replace the keys if somebody could have read them.`,
  )
}

/** What JSON.parse says may quote the text, and the text is keys. */
function parse(file: string, text: string): Values {
  const data = parseJson(text)
  const isGood =
    typeof data === 'object' && data !== null && Object.values(data).every((value) => typeof value === 'string')
  if (isGood && !Array.isArray(data)) return data as Values
  throw new GatewayError(
    'internal_error',
    `${file} should be a JSON object of names and keys, and is not. Correct it, or delete it and enter the keys again.`,
  )
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}

/** In one step, so that a crash never leaves half of the keys. */
async function write(file: string, values: Values): Promise<void> {
  const folder = dirname(file)
  const temporary = join(folder, `.${randomUUID()}.tmp`)
  try {
    await makeFolder(folder)
    const handle = await open(temporary, 'wx', 0o600)
    try {
      await handle.writeFile(`${JSON.stringify(values, null, 2)}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (error) {
    await rm(temporary, { force: true })
    throw new GatewayError('internal_error', `The key cannot be kept in ${file}: ${(error as Error).message}`)
  }
}

/** A folder that was there stays as its owner made it, but for the doors to others. */
async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const { mode } = await stat(folder)
  if ((mode & 0o077) !== 0) await chmod(folder, 0o700)
}

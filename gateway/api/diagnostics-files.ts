import { randomUUID } from 'node:crypto'
import { rm, stat, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { formatBytes } from './diagnostics-report.ts'
import type { Finding } from './diagnostics.ts'

const inMemory: Finding = {
  outcome: 'warning',
  detail: 'There is no data folder: what was spent is known only until the gateway stops.',
  remedy: 'Start the gateway with --data-dir and a folder it may write to.',
}

/** By writing: permissions alone say nothing of read-only mounts and quotas. */
export async function checkDataFolder(folder: string | undefined): Promise<Finding> {
  if (folder === undefined) return inMemory
  const file = join(folder, `.check-${randomUUID()}`)
  try {
    await writeFile(file, 'ok', { mode: 0o600, flag: 'wx' })
    return { outcome: 'ok', detail: `${folder} can be written.` }
  } catch (error) {
    const detail = `${folder} cannot be written: ${(error as Error).message}`
    return { outcome: 'failed', detail, remedy: 'Make the folder writable for this user, or choose another one.' }
  } finally {
    await rm(file, { force: true })
  }
}

const lowBytes = 1024 ** 3
const tooLowBytes = 100 * 1024 ** 2

export async function checkDisk(folder: string | undefined): Promise<Finding> {
  if (folder === undefined) return { outcome: 'skipped', detail: 'There is no data folder.' }
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const detail = `${formatBytes(free)} are free where the data lies.`
  const remedy = 'Free some space, or move the data folder: a full disk stops the ledger.'
  if (free < tooLowBytes) return { outcome: 'failed', detail, remedy }
  return free < lowBytes ? { outcome: 'warning', detail, remedy } : { outcome: 'ok', detail }
}

/** Beyond this somebody holds a read open, and the log cannot be folded into the database. */
const longLogBytes = 256 * 1024 ** 2

export async function checkLedgerFiles(folder: string | undefined): Promise<Finding> {
  if (folder === undefined) return { outcome: 'skipped', detail: 'The ledger is in memory.' }
  const [database, log] = await Promise.all(['ledger.db', 'ledger.db-wal'].map((name) => sizeOf(join(folder, name))))
  if (database === undefined) return { outcome: 'skipped', detail: 'There is no ledger file in the data folder.' }
  const detail = `The ledger has ${formatBytes(database)}, its write-ahead log ${formatBytes(log ?? 0)}.`
  if ((log ?? 0) < longLogBytes) return { outcome: 'ok', detail }
  return { outcome: 'warning', detail, remedy: 'Close other programs that read ledger.db, then restart the gateway.' }
}

async function sizeOf(file: string): Promise<number | undefined> {
  const found = await stat(file).catch(() => undefined)
  return found?.size
}

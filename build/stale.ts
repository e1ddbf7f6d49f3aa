import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Whether something of the sources (files or folders) is newer than what was built from it, or that is not there. */
export async function isStale(built: string, sources: readonly string[]): Promise<boolean> {
  const made = await modified(built)
  if (made === 0) return true
  const newest = await Promise.all(sources.map(newestIn))
  return Math.max(...newest) > made
}

async function newestIn(path: string): Promise<number> {
  const entries = await readdir(path, { recursive: true, withFileTypes: true }).catch(() => [])
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
  return Math.max(await modified(path), ...(await Promise.all(files.map(modified))))
}

async function modified(path: string): Promise<number> {
  const found = await stat(path).catch(() => undefined)
  return found?.mtimeMs ?? 0
}

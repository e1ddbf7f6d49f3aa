import { createHash } from 'node:crypto'
import type { FSWatcher } from 'node:fs'
import { readFileSync, realpathSync, watch } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'

export interface WatchOptions {
  /** Editors and ConfigMaps change a file in several steps; this long after the last one it is read. */
  debounceMs?: number
  /** Watching failed (no inotify watches left, directory gone); the file is no longer watched. */
  onError?: (error: Error) => void
}

export interface ConfigWatcher {
  close(): void
}

/**
 * Calls back when the content of the file has changed. It watches the directory, since a replaced file (atomic save,
 * Kubernetes' `..data` link) is another inode, and compares hashes, since a directory tells of much else.
 * A file that goes away is no change; one that comes back different is.
 */
export function watchConfigFile(file: string, onChange: () => void, options: WatchOptions = {}): ConfigWatcher {
  const { debounceMs = 100, onError = () => undefined } = options
  const watchers = new Map<string, FSWatcher>()
  let hash = hashNow(file)
  let timer: NodeJS.Timeout | undefined
  let isClosed = false

  const close = () => {
    isClosed = true
    clearTimeout(timer)
    for (const watcher of watchers.values()) watcher.close()
    watchers.clear()
  }
  const fail = (error: Error) => {
    close()
    onError(error)
  }
  const schedule = () => {
    clearTimeout(timer)
    if (!isClosed) timer = setTimeout(() => void compare(), debounceMs).unref()
  }
  const compare = async () => {
    const content = await readFile(file).catch(() => undefined)
    if (isClosed) return
    keepWatching(watchers, directoriesOf(file), schedule, fail)
    if (content === undefined || hashOf(content) === hash) return
    hash = hashOf(content)
    onChange()
  }

  keepWatching(watchers, directoriesOf(file), schedule, fail)
  return { close }
}

/** Where the path lies, and where it leads when it is a link. */
function directoriesOf(file: string): string[] {
  const own = dirname(resolve(file))
  try {
    return [...new Set([own, dirname(realpathSync(file))])]
  } catch {
    return [own]
  }
}

function keepWatching(
  watchers: Map<string, FSWatcher>,
  directories: string[],
  onEvent: () => void,
  onError: (error: Error) => void,
): void {
  for (const [directory, watcher] of watchers) {
    if (directories.includes(directory)) continue
    watcher.close()
    watchers.delete(directory)
  }
  try {
    for (const directory of directories) {
      if (watchers.has(directory)) continue
      watchers.set(directory, watch(directory, { persistent: false }, onEvent).on('error', onError))
    }
  } catch (error) {
    onError(error as Error)
  }
}

/** Synchronous, once at start: a change right after this call must be seen. */
function hashNow(file: string): string | undefined {
  try {
    return hashOf(readFileSync(file))
  } catch {
    return undefined
  }
}

function hashOf(content: Buffer): string {
  return createHash('sha256').update(content).digest('hex')
}

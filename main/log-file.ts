import { appendFileSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'

const largest = 4 * 1024 * 1024

/**
 * Appends lines to a file, and starts it anew (keeping the one before as `.old`) when it grows large. Never throws: what
 * cannot be logged must not stop what is logged about.
 */
export function createLogFile(file: string, limit = largest): (line: string) => void {
  let size = sizeOf(file)
  return (line) => {
    try {
      if (size > limit) {
        renameSync(file, `${file}.old`)
        size = 0
      }
      if (size === 0) mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
      appendFileSync(file, line, { mode: 0o600 })
      size += Buffer.byteLength(line)
    } catch {
      // A full disk, a folder that was deleted: the next line tries again.
      size = sizeOf(file)
    }
  }
}

function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0
}

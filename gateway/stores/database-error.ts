/** SQLite's primary result codes that an operator can do something about: https://sqlite.org/rescode.html */
const sqliteErrors: Record<number, [what: string, remedy: string]> = {
  5: ['is locked by another process', 'stop the other gateway, or give this one its own --data-dir'],
  8: ['is read-only', 'make it writable for this user, or choose another --data-dir'],
  10: ['could not be read or written', 'check the disk'],
  11: ['is damaged', 'move it away and restart: a new one is made'],
  13: ['could not be written: the disk is full', 'free some space'],
  14: ['could not be opened', 'check that its folder exists and is writable, or choose another --data-dir'],
  26: ['is not a database, or is damaged', 'move it away and restart: a new one is made'],
}

const systemErrors: Record<string, [what: string, remedy: string]> = {
  EACCES: ['may not be written by this user', 'change its owner or mode, or choose another --data-dir'],
  EPERM: ['may not be written by this user', 'change its owner or mode, or choose another --data-dir'],
  EROFS: ['is on a read-only file system', 'choose another --data-dir'],
  EISDIR: ['is a folder', 'move it away, or choose another --data-dir'],
  ENOTDIR: ['lies below something that is not a folder', 'choose another --data-dir'],
  EEXIST: ['lies below something that is not a folder', 'choose another --data-dir'],
  ENOENT: ['has no folder to be made in', 'choose another --data-dir'],
  ENOSPC: ['could not be made: the disk is full', 'free some space'],
}

/** An Error in words that name the file and say what to do; `cause` keeps the driver's own. */
export function explainDatabaseError(error: unknown, file: string): Error {
  const known = lookup(error)
  if (known === undefined) {
    const text = error instanceof Error ? error.message : String(error)
    return new Error(`the ledger ${file} could not be used: ${text}`, { cause: error })
  }
  const [what, remedy] = known
  return new Error(`the ledger ${file} ${what}: ${remedy}`, { cause: error })
}

/** Whether time or an operator can make the same write succeed: busy, read-only, I/O, full, cannot open. */
export function mayPass(error: unknown): boolean {
  return [5, 8, 10, 13, 14].includes(resultCode(error) ?? 0)
}

export function isLocked(error: unknown): boolean {
  return resultCode(error) === 5
}

/** node:sqlite tells the extended code: its low byte is the primary one. */
function resultCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('errcode' in error) || typeof error.errcode !== 'number') return undefined
  return error.errcode & 0xff
}

function lookup(error: unknown): [what: string, remedy: string] | undefined {
  const code = resultCode(error)
  if (code !== undefined) return sqliteErrors[code]
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return systemErrors[error.code]
  return undefined
}

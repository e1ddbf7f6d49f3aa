import { hash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Opens the management API over HTTP, and nothing else. */
export interface AdminGate {
  /** `from`: the address that asks. Wrong attempts are counted for it. */
  check(token: string | undefined, from: string): 'ok' | 'wrong' | 'too-many'
  /** Whether this is the token; not counted. */
  matches(token: string): boolean
}

const attemptsPerWindow = 10
const windowMs = 60_000
/** Addresses remembered: whoever has more than these to attack from is not stopped by counting. */
const addressLimit = 1000

interface Attempts {
  count: number
  since: number
}

/** `now` in milliseconds, monotonic or not. */
export function createAdminGate(adminToken: string, now: () => number): AdminGate {
  const digest = digestOf(adminToken)
  const attempts = new Map<string, Attempts>()
  // As long as the real one, or not worth a hash: it is asked of every model call, too.
  const matches = (token: string): boolean =>
    token.length === adminToken.length && timingSafeEqual(digestOf(token), digest)

  function attemptsOf(from: string): Attempts {
    const known = attempts.get(from)
    if (known !== undefined && now() - known.since < windowMs) return known
    if (attempts.size >= addressLimit) attempts.clear()
    const fresh = { count: 0, since: now() }
    attempts.set(from, fresh)
    return fresh
  }

  return {
    matches,
    check(token, from) {
      if (attempts.size > 0 && attemptsOf(from).count >= attemptsPerWindow) return 'too-many'
      if (token !== undefined && matches(token)) return 'ok'
      // A page that has none yet asks for it: no guess.
      if (token !== undefined) attemptsOf(from).count += 1
      return 'wrong'
    },
  }
}

function digestOf(token: string): Buffer {
  return hash('sha256', token, 'buffer')
}

export interface KeptToken {
  token: string
  /** Where it lies; undefined: nowhere, it is good until the process ends. */
  file: string | undefined
  /** It was made just now: whoever started the gateway does not know it yet. */
  isNew: boolean
}

const fileName = 'admin-token'

/** The token of this data folder, made when it has none. Without a folder it lives as long as the process. */
export async function keepAdminToken(folder: string | undefined): Promise<KeptToken> {
  if (folder === undefined) return { token: newToken(), file: undefined, isNew: true }
  const file = join(folder, fileName)
  const known = await readToken(file)
  if (known !== undefined) return { token: known, file, isNew: false }
  const token = newToken()
  try {
    await writeFile(file, `${token}\n`, { mode: 0o600, flag: 'wx' })
    return { token, file, isNew: true }
  } catch (error) {
    // Another gateway on the same folder was quicker, or an empty file is there: theirs counts.
    const other = (error as NodeJS.ErrnoException).code === 'EEXIST' ? await readToken(file) : undefined
    return other === undefined ? { token, file: undefined, isNew: true } : { token: other, file, isNew: false }
  }
}

async function readToken(file: string): Promise<string | undefined> {
  const text = (await readFile(file, 'utf8').catch(() => '')).trim()
  return text === '' ? undefined : text
}

function newToken(): string {
  return randomBytes(32).toString('base64url')
}

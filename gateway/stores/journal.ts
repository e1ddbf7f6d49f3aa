import { randomBytes } from 'node:crypto'
import { closeSync, ftruncateSync, mkdirSync, openSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { lockFile, type Lock } from './open-database.ts'

/** Lines that the database does not have yet; whoever writes them may go on at once. */
export interface Journal {
  /** Who writes, unique among all gateways that share a database. */
  readonly writer: string
  /** Returns the line's number, counted from 1, once the system has it: it outlives the process, as a commit does. */
  write(text: string): number
  /** The database has every line up to this one. */
  committed(sequence: number): void
  /** Removes its files if the database has everything in them; else the next gateway reads them. */
  close(): void
}

interface Part {
  descriptor: number
  bytes: number
  last: number
}

/** From here on the other file is written, until this one can be emptied. */
const partBytes = 1024 * 1024
/** A gateway that starts at the same moment may take a lock just made for that of a dead one. */
const lockTries = 3

/**
 * Two files written in turn: one is emptied once the database has all of it, so together they stay small however long
 * the gateway runs. What a killed gateway leaves in them the next one reads (`recoverJournals`): its lock tells that it
 * is dead. A pid would not: in containers all gateways have the same one.
 * Throws what the system says when the files cannot be made.
 */
export function openJournal(database: string): Journal {
  mkdirSync(dirname(database), { recursive: true, mode: 0o700 })
  for (let tries = 0; tries < lockTries; tries += 1) {
    const writer = randomBytes(8).toString('hex')
    // Before the other files: without a lock they look abandoned.
    const lock = lockFile(journalFiles(database, writer).lock)
    if (lock !== undefined) return new FileJournal(database, writer, lock)
  }
  throw new Error(`no journal could be locked beside ${database}`)
}

export function journalFiles(database: string, writer: string): { lock: string; parts: [string, string] } {
  const prefix = `${database}.journal-${writer}`
  return { lock: `${prefix}-lock`, parts: [`${prefix}-a`, `${prefix}-b`] }
}

/** Under the writer's lock. */
export function removeParts(database: string, writer: string): void {
  for (const file of journalFiles(database, writer).parts) rmSync(file, { force: true })
}

/** After its parts are gone. Where it cannot be removed (Windows, while another gateway tries it) the next start does. */
export function releaseLock(lock: Lock, database: string, writer: string): void {
  lock.close()
  try {
    rmSync(journalFiles(database, writer).lock, { force: true })
  } catch {}
}

class FileJournal implements Journal {
  readonly writer: string
  readonly #database: string
  readonly #lock: Lock
  #current: Part
  #other: Part
  #written = 0
  #committed = 0

  constructor(database: string, writer: string, lock: Lock) {
    this.writer = writer
    this.#database = database
    this.#lock = lock
    const [first, second] = journalFiles(database, writer).parts
    this.#current = openPart(first)
    this.#other = openPart(second)
  }

  write(text: string): number {
    if (this.#current.bytes > partBytes && this.#other.bytes === 0) {
      ;[this.#current, this.#other] = [this.#other, this.#current]
    }
    const part = this.#current
    const sequence = this.#written + 1
    const line = Buffer.from(`${sequence} ${text}\n`)
    if (writeSync(part.descriptor, line) !== line.length) {
      // A disk that becomes full takes the beginning of a line: the rows are about to be committed in another way.
      ftruncateSync(part.descriptor, part.bytes)
      throw new Error('the disk took only a part of the line')
    }
    this.#written = sequence
    part.bytes += line.length
    part.last = sequence
    return sequence
  }

  committed(sequence: number): void {
    this.#committed = sequence
    for (const part of [this.#current, this.#other]) {
      const isDue = part === this.#other || part.bytes > partBytes
      if (!isDue || part.bytes === 0 || part.last > sequence) continue
      ftruncateSync(part.descriptor)
      part.bytes = 0
    }
  }

  close(): void {
    closeSync(this.#current.descriptor)
    closeSync(this.#other.descriptor)
    if (this.#committed !== this.#written) return this.#lock.close()
    try {
      removeParts(this.#database, this.writer)
    } catch {
      // Then the next gateway does: reading them again is harmless.
    }
    releaseLock(this.#lock, this.#database, this.writer)
  }
}

function openPart(file: string): Part {
  return { descriptor: openSync(file, 'a', 0o600), bytes: 0, last: 0 }
}

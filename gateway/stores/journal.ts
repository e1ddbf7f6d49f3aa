import { randomBytes } from 'node:crypto'
import { closeSync, ftruncateSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

/** Lines that the database does not have yet; whoever writes them may go on at once. */
export interface Journal {
  /** Who writes, unique among all gateways that share a database. */
  readonly writer: string
  /** Returns the line's number, counted from 1, once the system has it: it outlives the process, as a commit does. */
  write(text: string): number
  /** The database has every line up to this one. */
  committed(sequence: number): void
  close(): void
}

interface Part {
  descriptor: number
  /** Characters, about its bytes. */
  size: number
  last: number
}

/** From here on the other file is written, until this one can be emptied. */
const partSize = 1024 * 1024

/**
 * Two files written in turn: one is emptied once the database has all of it, so together they stay small however long
 * the gateway runs. What a killed gateway leaves in them the next one reads (`readJournals`).
 * Throws what the system says when the files cannot be made.
 */
export function openJournal(database: string, pid = process.pid): Journal {
  const writer = `${pid}-${randomBytes(6).toString('hex')}`
  mkdirSync(dirname(database), { recursive: true, mode: 0o700 })
  const [first, second] = journalFiles(database, writer).map((file): Part => ({
    descriptor: openSync(file, 'a', 0o600),
    size: 0,
    last: 0,
  })) as [Part, Part]
  return new FileJournal(writer, first, second)
}

export function journalFiles(database: string, writer: string): string[] {
  return ['a', 'b'].map((part) => `${database}.journal-${writer}-${part}`)
}

class FileJournal implements Journal {
  readonly writer: string
  #current: Part
  #other: Part
  #sequence = 0

  constructor(writer: string, first: Part, second: Part) {
    this.writer = writer
    this.#current = first
    this.#other = second
  }

  write(text: string): number {
    if (this.#current.size > partSize && this.#other.size === 0) {
      ;[this.#current, this.#other] = [this.#other, this.#current]
    }
    const sequence = this.#sequence + 1
    const line = Buffer.from(`${sequence} ${text}\n`)
    // A disk that becomes full takes the first half of a line: its end must not become a line of its own.
    if (writeSync(this.#current.descriptor, line) !== line.length) {
      writeSync(this.#current.descriptor, '\n')
      throw new Error('the disk took only a part of the line')
    }
    this.#sequence = sequence
    this.#current.size += line.length
    this.#current.last = sequence
    return sequence
  }

  committed(sequence: number): void {
    for (const part of [this.#current, this.#other]) {
      const isDue = part === this.#other || part.size > partSize
      if (!isDue || part.size === 0 || part.last > sequence) continue
      ftruncateSync(part.descriptor)
      part.size = 0
    }
  }

  close(): void {
    closeSync(this.#current.descriptor)
    closeSync(this.#other.descriptor)
  }
}

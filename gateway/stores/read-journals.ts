import { existsSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { journalFiles } from './journal.ts'
import { currentRows } from './ledger-row.ts'
import type { Value } from './open-database.ts'

export interface JournalLine {
  sequence: number
  /** Packed rows (see `packRow`). */
  values: Value[]
}

/** Of the gateways before this one and those beside it. */
export function journalWriters(database: string): Set<string> {
  const prefix = `${basename(database)}.journal-`
  const names = readdirSync(dirname(database)).filter((name) => name.startsWith(prefix))
  return new Set(names.flatMap((name) => /^([0-9a-f]+)-(?:a|b|lock)$/.exec(name.slice(prefix.length))?.[1] ?? []))
}

/**
 * What a writer has left, in order. Only under its lock: while it writes, lines move from one file to the other.
 * Throws for lines that are whole and yet no rows, as those of a gateway with other columns.
 */
export function readJournal(database: string, writer: string): JournalLine[] {
  const lines: JournalLine[] = []
  for (const file of journalFiles(database, writer).parts) {
    if (!existsSync(file)) continue
    for (const line of readFileSync(file, 'utf8').split('\n')) {
      const read = readLine(line)
      if (read !== undefined) lines.push(read)
    }
  }
  return lines.sort((a, b) => a.sequence - b.sequence)
}

/** Out of the way, for somebody to look at; returns the names of the files. */
export function setJournalAside(database: string, writer: string): string[] {
  return journalFiles(database, writer)
    .parts.filter((file) => existsSync(file))
    .map((file) => {
      const aside = `${file}.unreadable`
      renameSync(file, aside)
      return basename(aside)
    })
}

/** undefined for what a kill, a full disk or a power cut left incomplete: nobody was told that it is written. */
function readLine(line: string): JournalLine | undefined {
  const gap = line.indexOf(' ')
  const sequence = Number(line.slice(0, gap))
  if (gap < 1 || !Number.isSafeInteger(sequence) || sequence < 1) return undefined
  let values: unknown
  try {
    values = JSON.parse(line.slice(gap + 1))
  } catch {
    return undefined
  }
  const rows = areValues(values) ? currentRows(values) : undefined
  if (rows === undefined) throw new Error(`line ${sequence} has no rows of this gateway's`)
  return { sequence, values: rows }
}

function areValues(values: unknown): values is Value[] {
  return (
    Array.isArray(values) &&
    values.every((value) => value === null || typeof value === 'string' || typeof value === 'number')
  )
}

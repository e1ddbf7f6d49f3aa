import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { journalFiles } from './journal.ts'
import type { Value } from './open-database.ts'

export interface JournalLine {
  sequence: number
  values: Value[]
}

/** What the gateways before this one, and those beside it, have written, each writer's lines in order. */
export function readJournals(database: string): Map<string, JournalLine[]> {
  const found = new Map<string, JournalLine[]>()
  const prefix = `${basename(database)}.journal-`
  for (const name of readdirSync(dirname(database))) {
    if (!name.startsWith(prefix) || !/-[ab]$/.test(name)) continue
    const writer = name.slice(prefix.length, -2)
    const lines = found.get(writer) ?? []
    lines.push(...readLines(readFileSync(join(dirname(database), name), 'utf8')))
    found.set(writer, lines)
  }
  for (const lines of found.values()) lines.sort((a, b) => a.sequence - b.sequence)
  return found
}

export function removeJournal(database: string, writer: string): void {
  for (const file of journalFiles(database, writer)) rmSync(file, { force: true })
}

/** Whether nobody can be writing it any more. In a container every gateway has the same pid: ours is not the writer's. */
export function isAbandoned(writer: string, ownPid = process.pid): boolean {
  const pid = Number.parseInt(writer, 10)
  if (pid === ownPid) return true
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'ESRCH'
  }
}

function readLines(text: string): JournalLine[] {
  return text.split('\n').flatMap((line) => readLine(line) ?? [])
}

/** undefined for what a kill or a full disk cut off: nobody was told that it is written. */
function readLine(line: string): JournalLine | undefined {
  const gap = line.indexOf(' ')
  if (gap === -1) return undefined
  try {
    return { sequence: Number(line.slice(0, gap)), values: JSON.parse(line.slice(gap + 1)) as Value[] }
  } catch {
    return undefined
  }
}

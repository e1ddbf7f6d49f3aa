import { explainDatabaseError, mayPass } from './database-error.ts'
import { journalFiles, releaseLock, removeParts } from './journal.ts'
import type { LedgerDatabase } from './ledger-database.ts'
import { lockFile } from './open-database.ts'
import { journalWriters, readJournal, setJournalAside } from './read-journals.ts'

/**
 * Commits what gateways that were killed answered for and could not commit any more, and removes their journals. Those
 * that live commit their own. `warn` is told what cannot be read or written now: it stops no gateway from starting.
 */
export function recoverJournals(ledger: LedgerDatabase, file: string, warn: (message: string) => void): void {
  // Asked first: a writer that begins after this is in neither list.
  const known = ledger.journalWriters()
  const present = journalWriters(file)
  for (const writer of present) {
    try {
      recover(ledger, { file, writer, warn })
    } catch (error) {
      const { message } = explainDatabaseError(error, file)
      warn(`${message}; calls of a gateway that was killed are recorded at the next start`)
    }
  }
  forget(
    ledger,
    known.filter((writer) => !present.has(writer)),
  )
}

/** Their files are gone: nobody will ever bring their lines. Where it cannot be written now the next start does it. */
function forget(ledger: LedgerDatabase, writers: readonly string[]): void {
  try {
    for (const writer of writers) ledger.forgetJournal(writer)
  } catch {}
}

interface Found {
  file: string
  writer: string
  warn: (message: string) => void
}

/** All of it under the lock: of two gateways that start together one finds nothing left. */
function recover(ledger: LedgerDatabase, { file, writer, warn }: Found): void {
  const lock = lockFile(journalFiles(file, writer).lock)
  if (lock === undefined) return
  try {
    commitOrSetAside(ledger, { file, writer, warn })
    removeParts(file, writer)
    ledger.forgetJournal(writer)
  } catch (error) {
    lock.close()
    throw error
  }
  releaseLock(lock, file, writer)
}

function commitOrSetAside(ledger: LedgerDatabase, { file, writer, warn }: Found): void {
  try {
    ledger.appendJournal(writer, readJournal(file, writer))
  } catch (error) {
    if (mayPass(error)) throw error
    const aside = setJournalAside(file, writer)
    const reason = error instanceof Error ? error.message : String(error)
    warn(`calls of a gateway that was killed cannot be read (${reason}): they are kept in ${aside.join(', ')}`)
  }
}

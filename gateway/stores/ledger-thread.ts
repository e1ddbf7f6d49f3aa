import { parentPort, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { explainDatabaseError, mayPass } from './database-error.ts'
import { LedgerDatabase } from './ledger-database.ts'
import type { LedgerAnswer, LedgerOrder, LedgerThreadData } from './ledger-message.ts'
import { openDatabase, type Value } from './open-database.ts'
import { isAbandoned, readJournals, removeJournal, type JournalLine } from './read-journals.ts'

/**
 * The thread that owns the database. Bundled to CommonJS text by the build: it imports only node: modules and own
 * files, and has no top-level await.
 */

/** Rows per deleting transaction, some milliseconds each, so that commits get their turn in between. */
const pruneStep = 500
/** A checkpoint writes each changed page once, however often it changed: seldom is cheaper. The log stays below 20 MB. */
const commitsPerCheckpoint = 1000

function start(port: MessagePort, { file, writer }: LedgerThreadData): void {
  const say = (answer: LedgerAnswer): void => port.postMessage(answer)
  try {
    const ledger = openLedger(file)
    if (writer !== undefined) recover(ledger, file, writer)
    say({ kind: 'ready' })
    serve(port, ledger, { file, writer })
  } catch (error) {
    say({ kind: 'unusable', message: error instanceof Error ? error.message : String(error) })
  }
}

function openLedger(file: string): LedgerDatabase {
  const database = openDatabase(file)
  try {
    return new LedgerDatabase(database)
  } catch (error) {
    database.close()
    throw explainDatabaseError(error, file)
  }
}

/** What others answered for and could not commit any more. */
function recover(ledger: LedgerDatabase, file: string, ownWriter: string): void {
  for (const [writer, lines] of readJournals(file)) {
    if (writer === ownWriter) continue
    ledger.appendJournal(writer, lines)
    if (!isAbandoned(writer)) continue
    removeJournal(file, writer)
    ledger.forgetJournal(writer)
  }
}

function serve(port: MessagePort, ledger: LedgerDatabase, { file, writer }: LedgerThreadData): void {
  const explain = (error: unknown): string => explainDatabaseError(error, file).message
  let commits = 0
  let closed = false
  /** The first line of the journal that could not be committed: none after it may, or it would count as done. */
  let behindFrom: number | undefined
  const say = (answer: LedgerAnswer): void => port.postMessage(answer)

  function append({ batches }: LedgerOrder<'append'>): void {
    const first = batches.find(({ sequence }) => sequence > 0)?.sequence ?? 0
    try {
      if (first > (behindFrom ?? first))
        return say({ kind: 'failed', message: 'an earlier commit failed', retry: true })
      const lines = batches.map(({ sequence, json }) => ({ sequence, values: JSON.parse(json) as Value[] }))
      commit(lines)
      behindFrom = undefined
      say({ kind: 'committed' })
    } catch (error) {
      const retry = mayPass(error)
      behindFrom = retry && first > 0 ? first : undefined
      return say({ kind: 'failed', message: explain(error), retry })
    }
    // Nobody waits for this: those whose rows are in have been told.
    commits += 1
    if (commits % commitsPerCheckpoint === 0) ledger.checkpoint()
  }

  /** Lines that no journal has come alone, when it could not be written. */
  function commit(lines: JournalLine[]): void {
    const journaled = lines.filter(({ sequence }) => sequence > 0)
    if (writer !== undefined && journaled.length > 0) ledger.appendJournal(writer, journaled)
    if (journaled.length < lines.length) {
      ledger.append(lines.flatMap(({ sequence, values }) => (sequence === 0 ? values : [])))
    }
  }

  function usage({ id, query }: LedgerOrder<'usage'>): void {
    try {
      say({ kind: 'answer', id, value: ledger.usage(query) })
    } catch (error) {
      say({ kind: 'refused', id, message: explain(error) })
    }
  }

  function prune({ id, before }: LedgerOrder<'prune'>, gone = 0): void {
    if (closed) return
    try {
      const step = ledger.prune(before, pruneStep)
      if (step < pruneStep) return say({ kind: 'answer', id, value: gone + step })
      setImmediate(prune, { kind: 'prune', id, before }, gone + step)
    } catch (error) {
      say({ kind: 'refused', id, message: explain(error) })
    }
  }

  function close(): void {
    closed = true
    if (writer !== undefined && behindFrom === undefined) {
      removeJournal(file, writer)
      ledger.forgetJournal(writer)
    }
    ledger.close()
    port.close()
  }

  port.on('message', (order: LedgerOrder) => {
    if (order.kind === 'append') append(order)
    else if (order.kind === 'usage') usage(order)
    else if (order.kind === 'prune') prune(order)
    else close()
  })
}

if (parentPort !== null) start(parentPort, workerData as LedgerThreadData)

import { parentPort, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { explainDatabaseError } from './database-error.ts'
import { LedgerDatabase } from './ledger-database.ts'
import type { LedgerAnswer, LedgerOrder, LedgerThreadData } from './ledger-message.ts'
import { openDatabase } from './open-database.ts'

/**
 * The thread that owns the database. Bundled to CommonJS text by the build: it imports only node: modules and own
 * files, and has no top-level await.
 */

/** Rows per deleting transaction, some milliseconds each, so that commits get their turn in between. */
const pruneStep = 500
/** A checkpoint writes each changed page once, however often it changed: seldom is cheaper. The log stays below 20 MB. */
const commitsPerCheckpoint = 1000

function start(port: MessagePort, { file }: LedgerThreadData): void {
  const say = (answer: LedgerAnswer): void => port.postMessage(answer)
  try {
    const ledger = openLedger(file)
    say({ kind: 'ready' })
    serve(port, ledger, (error) => explainDatabaseError(error, file).message)
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

function serve(port: MessagePort, ledger: LedgerDatabase, explain: (error: unknown) => string): void {
  let commits = 0
  let closed = false
  const say = (answer: LedgerAnswer): void => port.postMessage(answer)

  function append(order: LedgerOrder<'append'>): void {
    try {
      ledger.append(order.values)
      say({ kind: 'committed' })
    } catch (error) {
      return say({ kind: 'failed', message: explain(error) })
    }
    // Nobody waits for this: those whose rows are in have been told.
    commits += 1
    if (commits % commitsPerCheckpoint === 0) ledger.checkpoint()
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

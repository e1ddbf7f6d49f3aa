import { parentPort, workerData } from 'node:worker_threads'
import type { MessagePort } from 'node:worker_threads'
import { explainDatabaseError } from './database-error.ts'
import { ledgerAnswers } from './ledger-answers.ts'
import { LedgerCaptures } from './ledger-captures.ts'
import { LedgerCommits } from './ledger-commits.ts'
import { LedgerDatabase } from './ledger-database.ts'
import type { LedgerAnswer, LedgerOrder, LedgerThreadData } from './ledger-message.ts'
import { LedgerQueries } from './ledger-queries.ts'
import { recoverJournals } from './ledger-recovery.ts'
import { openDatabase } from './open-database.ts'

/**
 * The thread that owns the database. Bundled to CommonJS text by the build: it imports only node: modules and own
 * files, and has no top-level await.
 */

interface Stores {
  ledger: LedgerDatabase
  queries: LedgerQueries
  captures: LedgerCaptures
}

function start(port: MessagePort, data: LedgerThreadData): void {
  const say = (answer: LedgerAnswer): void => port.postMessage(answer)
  try {
    const stores = openStores(data)
    if (data.writer !== undefined) {
      recoverJournals(stores.ledger, data.file, (message) => say({ kind: 'warning', message }))
    }
    say({ kind: 'ready' })
    serve(port, stores, data)
  } catch (error) {
    say({ kind: 'unusable', message: error instanceof Error ? error.message : String(error) })
  }
}

function openStores({ file, capturesMaxBytes, busyTimeoutMs }: LedgerThreadData): Stores {
  const database = openDatabase(file, busyTimeoutMs)
  try {
    const ledger = new LedgerDatabase(database)
    return { ledger, queries: new LedgerQueries(database), captures: new LedgerCaptures(database, capturesMaxBytes) }
  } catch (error) {
    database.close()
    throw explainDatabaseError(error, file)
  }
}

function serve(port: MessagePort, stores: Stores, { file, writer }: LedgerThreadData): void {
  const explain = (error: unknown): string => explainDatabaseError(error, file).message
  const commits = new LedgerCommits(stores.ledger, writer, explain)
  let isClosed = false
  const answers = ledgerAnswers({ ...stores, isClosed: () => isClosed })
  const say = (answer: LedgerAnswer): void => {
    if (!isClosed) port.postMessage(answer)
  }

  function append({ batches }: LedgerOrder<'append'>): void {
    say(commits.commit(batches))
    commits.checkpointWhenDue()
  }

  function capture({ lines }: LedgerOrder<'capture'>): void {
    try {
      stores.captures.keep(lines)
      say({ kind: 'captured', problem: undefined })
    } catch (error) {
      say({ kind: 'captured', problem: explain(error) })
    }
  }

  async function ask({ id, name, input }: LedgerOrder<'ask'>): Promise<void> {
    try {
      const answer = answers[name] as (...input: readonly unknown[]) => Promise<unknown>
      say({ kind: 'answer', id, value: await answer(...input) })
    } catch (error) {
      say({ kind: 'refused', id, message: explain(error) })
    }
  }

  function close(): void {
    isClosed = true
    stores.ledger.close()
    port.close()
  }

  port.on('message', (order: LedgerOrder) => {
    if (order.kind === 'append') append(order)
    else if (order.kind === 'capture') capture(order)
    else if (order.kind === 'ask') void ask(order)
    else close()
  })
}

if (parentPort !== null) start(parentPort, workerData as LedgerThreadData)

import { openJournal, type Journal } from './journal.ts'
import type { ReadableLedger } from './ledger-reader.ts'
import { hourMs } from './roll-up.ts'
import { spawnLedgerThread } from './spawn-ledger-thread.ts'
import { ThreadLedger } from './thread-ledger.ts'

export interface SqliteLedgerOptions {
  file: string
  /** How long single rows are kept: pruned at start and every hour. Absent: for ever. */
  retentionMs?: number
  /** What captured headers and bodies may take together. */
  capturesMaxBytes?: number
  /** Longest wait for another process that writes. */
  busyTimeoutMs?: number
  /** Milliseconds since 1970. */
  now?: () => number
  /** Told what goes wrong while nobody waits for it. */
  warn?: (message: string) => void
}

const defaultCapturesMaxBytes = 256 * 1024 * 1024

export interface SqliteLedger extends ReadableLedger {
  /** Resolves when the file is open. Rejects with what is wrong with it; then every append rejects with the same. */
  ready: Promise<void>
}

/** Returns before the file is open: rows queue until it is. Await `ready` to know. */
export async function openSqliteLedger(options: SqliteLedgerOptions): Promise<SqliteLedger> {
  const journal = journalBeside(options.file)
  const { file, busyTimeoutMs, capturesMaxBytes = defaultCapturesMaxBytes } = options
  const thread = spawnLedgerThread({ file, writer: journal?.writer, capturesMaxBytes, busyTimeoutMs })
  const ledger = new ThreadLedger(thread, { journal, warn: options.warn })
  if (options.retentionMs !== undefined) keepFor(options.retentionMs, ledger, options)
  return ledger
}

/** Where none can be made neither can the database, and that error says more. */
function journalBeside(file: string): Journal | undefined {
  if (file === ':memory:') return undefined
  try {
    return openJournal(file)
  } catch {
    return undefined
  }
}

function keepFor(retentionMs: number, ledger: ThreadLedger, options: SqliteLedgerOptions): void {
  const now = options.now ?? Date.now
  const prune = async (): Promise<void> => {
    try {
      await ledger.prune(now() - retentionMs)
    } catch (error) {
      options.warn?.(`old rows could not be deleted: ${String(error)}`)
    }
  }
  const timer = setInterval(() => void prune(), hourMs).unref()
  void ledger.ended.then(() => clearInterval(timer))
  ledger.ready.then(prune, () => undefined).catch(() => undefined)
}

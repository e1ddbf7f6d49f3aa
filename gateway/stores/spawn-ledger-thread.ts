import { Worker } from 'node:worker_threads'
import type { LedgerThreadData } from './ledger-message.ts'

/** The build replaces this file by one that carries the thread's code as text, so that one file is the whole program. */
export function spawnLedgerThread(workerData: LedgerThreadData): Worker {
  return new Worker(new URL('./ledger-thread.ts', import.meta.url), {
    workerData,
    name: 'ledger',
    // Not the flags of whoever started this process (`--input-type`, `--test`): they may refuse a worker.
    execArgv: [],
    // Rows die young: a small nursery saves 5 MB and costs no measurable time.
    resourceLimits: { maxYoungGenerationSizeMb: 2 },
  })
}

import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CliArguments } from './cli-arguments.ts'
import type { LoadedConfig } from './config/types.ts'
import { createMemoryLedger } from './stores/ledger-memory.ts'
import type { ReadableLedger } from './stores/ledger-reader.ts'
import { openSqliteLedger } from './stores/ledger-sqlite.ts'
import type { Log } from './telemetry/log.ts'

export interface OpenedLedger {
  ledger: ReadableLedger
  /** The folder it lies in, which can be written; undefined: it is in memory. */
  folder: string | undefined
}

/** Or why it cannot be. A data directory that was asked for must work; the default one may be missing its ground (read-only systems). */
export async function openLedger(
  directory: string,
  argv: CliArguments,
  { config }: LoadedConfig,
  log: Log,
): Promise<OpenedLedger | string> {
  try {
    await makeDirectory(directory)
    const ledger = await openSqliteLedger({
      file: join(directory, 'ledger.db'),
      retentionMs: config.ledger.retention,
      capturesMaxBytes: config.ledger.bodiesMaxSize,
      warn: (message) => log.warn({}, message),
    })
    await ledger.ready
    return { ledger, folder: directory }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (argv.dataDir !== undefined) return `The data directory ${directory} cannot be used: ${why}`
    log.warn(
      { directory, error: why },
      'the ledger cannot be kept on disk: spending is only known until the gateway stops; set --data-dir',
    )
    return { ledger: createMemoryLedger(), folder: undefined }
  }
}

/** Not mkdir's own recursion, which never ends in /proc. */
async function makeDirectory(directory: string): Promise<void> {
  const parent = dirname(directory)
  if (existsSync(directory)) return
  if (!existsSync(parent) && parent !== directory) await makeDirectory(parent)
  await mkdir(directory, { mode: 0o700 })
}

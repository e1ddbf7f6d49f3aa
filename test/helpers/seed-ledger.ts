import { LedgerDatabase } from '../../gateway/stores/ledger-database.ts'
import { packRow } from '../../gateway/stores/ledger-row.ts'
import { openDatabase, type Value } from '../../gateway/stores/open-database.ts'
import { seedCalls, type SeedOptions } from './seed-calls.ts'

/** Rows per commit. */
const step = 5000

/**
 * Fills a ledger's database with made-up calls of several tools, providers and models: with errors, retries, cache hits,
 * streams, unknown prices, and money that fits the real prices. 100,000 calls take some seconds. Returns the rows' number.
 */
export async function seedLedger(file: string, options: SeedOptions): Promise<number> {
  const database = openDatabase(file)
  const ledger = new LedgerDatabase(database)
  let packed: Value[] = []
  let waiting = 0
  let total = 0
  const commit = (): void => {
    ledger.append(packed)
    packed = []
    total += waiting
    waiting = 0
  }
  for await (const rows of seedCalls(options)) {
    for (const row of rows) packRow(row, packed)
    waiting += rows.length
    if (waiting >= step) commit()
  }
  commit()
  ledger.checkpoint()
  ledger.close()
  return total
}

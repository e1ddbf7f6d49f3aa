import { randomUUID } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

const wellFormed = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/

/**
 * By what other gateways tell this one's spending from their own. It stays with the ledger: what was spent before a
 * restart must not count twice. Without a folder, or one that can be written, it is new with each start.
 */
export async function keepGatewayId(folder: string | undefined): Promise<string> {
  const fresh = randomUUID()
  if (folder === undefined) return fresh
  const file = join(folder, 'gateway-id')
  const kept = await readFile(file, 'utf8').then(
    (text) => text.trim(),
    () => '',
  )
  if (wellFormed.test(kept)) return kept
  await writeFile(file, `${fresh}\n`, { mode: 0o600 }).catch(() => undefined)
  return fresh
}

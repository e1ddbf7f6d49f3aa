import { randomUUID } from 'node:crypto'

/**
 * Makes UUIDs of version 7 (RFC 9562, section 5.7): ids of calls go up with time, so the ledger's index of them grows at
 * its end. Ids of pure chance would have every commit write a page per call. `now`: milliseconds since 1970.
 */
export function createCallIds(now: () => number): () => string {
  let known = -1
  let prefix = ''
  return () => {
    const time = Math.trunc(now())
    if (time !== known) {
      known = time
      prefix = prefixOf(time)
    }
    // Chance, and the variant, are those of a version 4.
    return prefix + randomUUID().slice(15)
  }
}

function prefixOf(time: number): string {
  const digits = time.toString(16).padStart(12, '0')
  return `${digits.slice(0, 8)}-${digits.slice(8)}-7`
}

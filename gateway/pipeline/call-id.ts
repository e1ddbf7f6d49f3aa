import { randomUUID } from 'node:crypto'

/**
 * UUID version 7 (RFC 9562, section 5.7) of a moment in milliseconds since 1970: ids of calls go up with time, so the
 * ledger's index of them grows at its end. Ids of pure chance would have every commit write a page per call.
 */
export function callIdAt(now: number): string {
  const time = Math.trunc(now).toString(16).padStart(12, '0')
  // Chance, and the variant, are those of a version 4.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${randomUUID().slice(15)}`
}

import type { Cache, CachedAnswer, CacheStats } from './cache.ts'

/** A cache that answers at once. */
export interface MemoryCache extends Cache {
  get(key: string): CachedAnswer | undefined
  set(key: string, answer: CachedAnswer, ttlMs: number): void
  clear(model?: string): number
  stats(): CacheStats
}

interface Entry {
  answer: CachedAnswer
  bytes: number
  expiresAt: number
}

/** What an entry costs besides its body and key: objects, map slot and short texts. */
const entryOverhead = 512

/** Least recently used goes first; a Map remembers its keys in the order they were put in. `now` is in milliseconds. */
export function createMemoryCache({ maxBytes, now }: { maxBytes: number; now: () => number }): MemoryCache {
  const entries = new Map<string, Entry>()
  let bytes = 0

  function drop(key: string, entry: Entry): void {
    entries.delete(key)
    bytes -= entry.bytes
  }

  function get(key: string): CachedAnswer | undefined {
    const entry = entries.get(key)
    if (entry === undefined) return undefined
    if (now() >= entry.expiresAt) {
      drop(key, entry)
      return undefined
    }
    entries.delete(key)
    entries.set(key, entry)
    return entry.answer
  }

  function set(key: string, answer: CachedAnswer, ttlMs: number): void {
    const before = entries.get(key)
    if (before !== undefined) drop(key, before)
    const size = answer.body.byteLength + 2 * key.length + entryOverhead
    if (size > maxBytes || ttlMs <= 0) return
    entries.set(key, { answer: { ...answer, body: ownBytes(answer.body) }, bytes: size, expiresAt: now() + ttlMs })
    bytes += size
    evict()
  }

  function evict(): void {
    for (const [key, entry] of entries) {
      if (bytes <= maxBytes) return
      drop(key, entry)
    }
  }

  function clear(model?: string): number {
    let count = 0
    for (const [key, entry] of entries) {
      if (model !== undefined && entry.answer.model !== model) continue
      drop(key, entry)
      count += 1
    }
    return count
  }

  const stats = (): CacheStats => ({ entries: entries.size, bytes, maxBytes })
  return { get, set, clear, stats }
}

/** A view of a larger buffer (network chunks, Node's pool) would keep all of that buffer alive, uncounted. */
function ownBytes(body: Uint8Array): Uint8Array {
  return body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body)
}

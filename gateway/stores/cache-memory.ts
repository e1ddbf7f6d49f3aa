import type { Cache, CachedAnswer, CacheEntry, CacheInspector, CacheStats, ModelShare } from './cache.ts'
import { Recency } from './recency.ts'
import type { Place } from './recency.ts'

/** A cache that answers at once. */
export interface MemoryCache extends Cache, CacheInspector {
  get(key: string): CachedAnswer | undefined
  set(key: string, answer: CachedAnswer, ttlMs: number): void
  clear(model?: string): number
  stats(): CacheStats
  top(count: number): CacheEntry[]
  models(): ModelShare[]
  resize(maxBytes: number): void
}

interface Entry {
  key: string
  answer: CachedAnswer
  bytes: number
  expiresAt: number
  hits: number
}

/** What an entry costs besides its body and key: objects, map slot and short texts. */
const entryOverhead = 512

/** Least recently used goes first. `now` is in milliseconds. */
export function createMemoryCache({ maxBytes: size, now }: { maxBytes: number; now: () => number }): MemoryCache {
  let maxBytes = size
  const places = new Map<string, Place<Entry>>()
  const recency = new Recency<Entry>()
  let bytes = 0

  function drop(place: Place<Entry>): void {
    places.delete(place.item.key)
    recency.remove(place)
    bytes -= place.item.bytes
  }

  function get(key: string): CachedAnswer | undefined {
    const place = places.get(key)
    if (place === undefined) return undefined
    if (now() >= place.item.expiresAt) {
      drop(place)
      return undefined
    }
    recency.touch(place)
    place.item.hits += 1
    return place.item.answer
  }

  function set(key: string, answer: CachedAnswer, ttlMs: number): void {
    const before = places.get(key)
    if (before !== undefined) drop(before)
    const size = answer.body.byteLength + 2 * key.length + entryOverhead
    if (size > maxBytes || ttlMs <= 0) return
    makeRoom(size)
    const kept = { ...answer, body: ownBytes(answer.body) }
    places.set(key, recency.add({ key, answer: kept, bytes: size, expiresAt: now() + ttlMs, hits: 0 }))
    bytes += size
  }

  function makeRoom(size: number): void {
    while (recency.oldest !== undefined && bytes + size > maxBytes) drop(recency.oldest)
  }

  function clear(model?: string): number {
    let count = 0
    for (const place of places.values()) {
      if (model !== undefined && place.item.answer.model !== model) continue
      drop(place)
      count += 1
    }
    return count
  }

  const stats = (): CacheStats => ({ entries: places.size, bytes, maxBytes })
  const entries = (): Entry[] => Array.from(places.values(), ({ item }) => item)
  const resize = (next: number): void => {
    maxBytes = next
    makeRoom(0)
  }
  return {
    get,
    set,
    clear,
    stats,
    top: (count) => topEntries(entries(), now(), count),
    models: () => modelShares(entries()),
    resize,
  }
}

function topEntries(entries: Entry[], now: number, count: number): CacheEntry[] {
  return entries
    .filter(({ expiresAt }) => now < expiresAt)
    .toSorted((one, other) => other.hits - one.hits || other.answer.storedAt - one.answer.storedAt)
    .slice(0, count)
    .map(({ key, answer: { model, storedAt, costNanoUsd }, bytes, hits, expiresAt }) => ({
      key,
      model,
      bytes,
      hits,
      storedAt,
      expiresAt,
      costNanoUsd,
    }))
}

/** The largest first. */
function modelShares(entries: Entry[]): ModelShare[] {
  const shares = new Map<string, ModelShare>()
  for (const { answer, bytes } of entries) {
    const share = shares.get(answer.model) ?? { model: answer.model, entries: 0, bytes: 0 }
    share.entries += 1
    share.bytes += bytes
    shares.set(answer.model, share)
  }
  return [...shares.values()].toSorted((one, other) => other.bytes - one.bytes)
}

/** A view of a larger buffer (network chunks, Node's pool) would keep all of that buffer alive, uncounted. */
function ownBytes(body: Uint8Array): Uint8Array {
  return body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body)
}

import { Recency, type Place } from './recency.ts'
import type { VectorEntry, Vectors, VectorsInspector } from './vectors.ts'

/** An index that answers at once. */
export interface MemoryVectors extends Vectors, VectorsInspector {
  refresh(): void
  add(entry: VectorEntry, maxEntries: number): void
  clear(model?: string): void
}

/** What an entry costs besides its vector and texts: objects, map slots and short texts. */
const entryOverhead = 600
/** 20,000 vectors of 3,072 numbers. */
const defaultMaxBytes = 256 * 1024 * 1024

/** The oldest goes first, whether or not it was of use: an answer does not get better with age. */
export function createMemoryVectors({
  now,
  maxBytes = defaultMaxBytes,
}: {
  now: () => number
  maxBytes?: number
}): MemoryVectors {
  const scopes = new Map<string, Map<string, Place<VectorEntry>>>()
  const age = new Recency<VectorEntry>()
  let entries = 0
  let bytes = 0

  function remove(place: Place<VectorEntry>): void {
    const { scope, key } = place.item
    const places = scopes.get(scope)
    places?.delete(key)
    if (places?.size === 0) scopes.delete(scope)
    age.remove(place)
    entries -= 1
    bytes -= sizeOf(place.item)
  }

  function of(scope: string): VectorEntry[] {
    const found: VectorEntry[] = []
    for (const place of scopes.get(scope)?.values() ?? []) {
      if (now() < place.item.expiresAt) found.push(place.item)
      else remove(place)
    }
    return found
  }

  function add(entry: VectorEntry, maxEntries: number): void {
    const { scope, key } = entry
    const before = scopes.get(scope)?.get(key)
    if (before !== undefined) remove(before)
    const size = sizeOf(entry)
    if (size > maxBytes) return
    while (age.oldest !== undefined && isTooMuch(age.oldest.item, size, maxEntries)) remove(age.oldest)
    const places = scopes.get(scope) ?? new Map<string, Place<VectorEntry>>()
    scopes.set(scope, places.set(key, age.add(entry)))
    entries += 1
    bytes += size
  }

  function isTooMuch(oldest: VectorEntry, size: number, maxEntries: number): boolean {
    return entries >= maxEntries || bytes + size > maxBytes || now() >= oldest.expiresAt
  }

  function drop({ scope, key, storedAt }: VectorEntry): void {
    const place = scopes.get(scope)?.get(key)
    if (place?.item.storedAt === storedAt) remove(place)
  }

  function clear(model?: string): void {
    for (const places of scopes.values()) {
      for (const place of places.values()) if (model === undefined || place.item.model === model) remove(place)
    }
  }

  return { refresh: () => {}, of, add, drop, clear, stats: () => ({ entries, bytes }) }
}

function sizeOf({ vector, text, scope, key, model, callId }: VectorEntry): number {
  return (
    vector.byteLength + 2 * (text.length + scope.length + key.length + model.length + callId.length) + entryOverhead
  )
}

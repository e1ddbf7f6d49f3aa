import { setImmediate } from 'node:timers/promises'
import { similarity } from './vector.ts'

export interface Near<Entry> {
  entry: Entry
  similarity: number
}

/** Multiplications between two looks at what else is to be done: some 1 ms. */
const sliceProducts = 750_000

/**
 * Those at least as alike as `threshold`, the most alike first, at most `most`. Looks at every one (20,000 of 1,536
 * numbers take 40 ms), in slices between which streams go on.
 */
export async function nearest<Entry extends { vector: Float32Array }>(
  vector: Float32Array,
  entries: readonly Entry[],
  { threshold, most }: { threshold: number; most: number },
): Promise<Near<Entry>[]> {
  const slice = Math.max(1, Math.floor(sliceProducts / vector.length))
  let found: Near<Entry>[] = []
  for (let from = 0; from < entries.length; from += slice) {
    if (from > 0) await setImmediate()
    for (const entry of entries.slice(from, from + slice)) {
      const alike = similarity(vector, entry.vector)
      if (alike >= threshold) found.push({ entry, similarity: alike })
    }
    found = found.toSorted((one, other) => other.similarity - one.similarity).slice(0, most)
  }
  return found
}

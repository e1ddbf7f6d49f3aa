import { readFileSync } from 'node:fs'
import { guardReason } from '../../gateway/semantic/guard.ts'
import { unpackVector } from '../../gateway/semantic/packed-vector.ts'
import { similarity } from '../../gateway/semantic/vector.ts'

/** A pair of test/fixtures/semantic. */
export interface Pair {
  part: 'tuned' | 'held-out'
  /** Written by somebody who tried to break the guard. */
  by?: 'adversary'
  /** The answer to the first is one to the second. */
  same: boolean
  /** What makes them differ. */
  kind: string
  first: string
  second: string
}

export interface JudgedPair extends Pair {
  similarity: number
  /** Why the guard refuses it, in both directions. */
  guard: string | undefined
}

export interface Score {
  /** Pairs with the same answer that are hits, of all of those. */
  found: number
  ofSame: number
  /** Pairs with another answer that are hits all the same. */
  falseHits: number
  ofOther: number
}

export function judgedPairs(): JudgedPair[] {
  const folder = new URL('../fixtures/semantic/', import.meta.url)
  const read = (name: string): unknown => JSON.parse(readFileSync(new URL(name, folder), 'utf8'))
  const vectors = read('vectors.json') as Record<string, string>
  const vectorOf = (text: string): Float32Array => {
    const vector = unpackVector(Buffer.from(vectors[text] ?? '', 'base64'))
    if (vector === undefined) throw new Error(`test/fixtures/semantic/vectors.json has nothing for "${text}"`)
    return vector
  }
  return (read('pairs.json') as Pair[]).map((pair) => ({
    ...pair,
    similarity: similarity(vectorOf(pair.first), vectorOf(pair.second)),
    guard: guardReason(pair.first, pair.second) ?? guardReason(pair.second, pair.first),
  }))
}

export function scoreOf(pairs: readonly JudgedPair[], threshold: number, isGuarded: boolean): Score {
  const isHit = ({ similarity: alike, guard }: JudgedPair): boolean =>
    alike >= threshold && (!isGuarded || guard === undefined)
  const same = pairs.filter((pair) => pair.same)
  const other = pairs.filter((pair) => !pair.same)
  return {
    found: same.filter(isHit).length,
    ofSame: same.length,
    falseHits: other.filter(isHit).length,
    ofOther: other.length,
  }
}

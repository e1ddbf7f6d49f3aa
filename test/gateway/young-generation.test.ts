import { describe, expect, test } from 'vitest'
import { limitYoungGeneration } from '../../gateway/young-generation.ts'

const megabyte = 1024 * 1024

describe('limitYoungGeneration', () => {
  /** Growth factors told after the given sizes have been seen, one look each. */
  function factors(sizes: readonly number[]): number[] {
    const told: number[] = []
    let size = 1
    const afterCall = limitYoungGeneration({
      size: () => size * megabyte,
      setGrowthFactor: (factor) => told.push(factor),
    })
    for (size of sizes) for (let call = 0; call < 64; call += 1) afterCall()
    return told
  }

  const cases: [what: string, sizes: number[], factors: number[]][] = [
    ['at start nothing grows', [], [1]],
    ['calls allow it', [1], [1, 2]],
    ['what is large enough is held', [1, 8, 16], [1, 2, 1]],
    ['once, however long it stays so', [1, 16, 16, 32], [1, 2, 1]],
    ['a little smaller is still held', [1, 16, 15, 9], [1, 2, 1]],
    ['shrunk by V8, it may grow again', [1, 16, 8], [1, 2, 1, 2]],
    ['told only when it changes', [1, 2, 4, 8], [1, 2]],
  ]

  test.each(cases)('%s', (_, sizes, expected) => {
    expect(factors(sizes)).toEqual(expected)
  })

  test('V8 is asked once in 64 calls', () => {
    let looks = 0
    const afterCall = limitYoungGeneration({ size: () => (looks += 1), setGrowthFactor: () => undefined })
    for (let call = 0; call < 128 + 63; call += 1) afterCall()
    expect(looks).toBe(2)
  })

  test("V8's own numbers and flag", () => {
    const afterCall = limitYoungGeneration()
    for (let call = 0; call < 64; call += 1) afterCall()
  })
})

import { describe, expect, test } from 'vitest'
import { nearest } from '../../../gateway/semantic/nearest.ts'
import { packVector, unpackVector } from '../../../gateway/semantic/packed-vector.ts'
import { similarity, unitVector } from '../../../gateway/semantic/vector.ts'

function vector(...numbers: number[]): Float32Array {
  return unitVector(numbers) as Float32Array
}

/** The same at every run. */
function wave(length: number, seed: number): Float32Array {
  return vector(...Array.from({ length }, (_, index) => Math.sin(seed * (index + 1) * 12.9898)))
}

describe('vectors', () => {
  test('have the length 1', () => {
    expect([...vector(3, 4)]).toEqual([expect.closeTo(0.6), expect.closeTo(0.8)])
  })

  test.each([[[]], [[0, 0]], [[NaN, 1]], [[Infinity, 1]]])('%j is none', (numbers) => {
    expect(unitVector(numbers)).toBeUndefined()
  })

  test.each<[one: Float32Array, other: Float32Array, alike: number]>([
    [vector(1, 0, 0, 0, 0), vector(1, 0, 0, 0, 0), 1],
    [vector(1, 0, 0, 0, 0), vector(0, 0, 0, 0, 1), 0],
    [vector(0, 0, 0, 0, 1), vector(0, 0, 0, 0, -1), -1],
    [vector(1, 1), vector(1, 0), Math.SQRT1_2],
    [vector(1, 1), vector(1, 1, 1), -1],
  ])('%j and %j', (one, other, alike) => {
    expect(similarity(one, other)).toBeCloseTo(alike)
  })

  test('packed they say nearly the same', () => {
    for (const seed of [1, 2, 3]) {
      const [one, other] = [wave(512, seed), wave(512, seed + 0.001)]
      const [first, second] = [one, other].map((each) => unpackVector(packVector(each)) as Float32Array)
      expect(packVector(one).byteLength).toBe(512)
      expect(Math.abs(similarity(first as Float32Array, second as Float32Array) - similarity(one, other))).toBeLessThan(
        0.001,
      )
    }
    expect(unpackVector(new Uint8Array())).toBeUndefined()
  })
})

describe('the nearest', () => {
  const entries = [vector(1, 0), vector(1, 0.1), vector(0, 1), vector(1, 0.2)].map((each, index) => ({
    name: index,
    vector: each,
  }))
  const names = async (threshold: number, most: number): Promise<number[]> =>
    (await nearest(vector(1, 0), entries, { threshold, most })).map(({ entry }) => entry.name)

  test('come first, as far as they are alike enough', async () => {
    expect(await names(0.9, 8)).toEqual([0, 1, 3])
    expect(await names(0.9, 2)).toEqual([0, 1])
    expect(await names(0.999, 8)).toEqual([0])
    expect(await nearest(vector(1, 0), [], { threshold: 0, most: 1 })).toEqual([])
  })

  test('are looked for in slices, between which others have their turn', async () => {
    const many = Array.from({ length: 3000 }, () => ({ vector: wave(1536, 1) }))
    let turns = 0
    let isOver = false
    const turn = (): void => {
      turns += 1
      if (!isOver) setImmediate(turn)
    }
    setImmediate(turn)
    await nearest(wave(1536, 1), many, { threshold: 0.9, most: 8 })
    isOver = true
    expect(turns).toBeGreaterThanOrEqual(4)
  })
})

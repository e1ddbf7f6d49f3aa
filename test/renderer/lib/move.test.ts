import { describe, expect, test } from 'vitest'
import { dropIndex, moved } from '../../../renderer/lib/move.ts'

describe('moved', () => {
  test.each([
    ['down', 0, 2, 'bcad'],
    ['up', 3, 0, 'dabc'],
    ['to the end', 1, 3, 'acdb'],
    ['nowhere', 2, 2, 'abcd'],
  ])('%s', (_, from, to, expected) => {
    const letters = ['a', 'b', 'c', 'd']
    expect(moved(letters, from, to).join('')).toBe(expected)
    expect(letters.join('')).toBe('abcd')
  })

  test('an index that is not there changes nothing', () => {
    expect(moved(['a', 'b'], 7, 0)).toEqual(['a', 'b'])
  })
})

describe('dropIndex', () => {
  // Rows of 40 px: middles at 20, 60, 100, 140.
  test.each([
    ['where it is', 1, 60, 1],
    ['over its neighbour, not yet half', 1, 99, 1],
    ['beyond the middle of its neighbour', 1, 101, 2],
    ['above all', 2, -50, 0],
    ['below all', 0, 900, 3],
    ['up by one', 2, 59, 1],
  ])('%s', (_, from, y, expected) => {
    expect(dropIndex([20, 60, 100, 140], from, y)).toBe(expected)
  })
})

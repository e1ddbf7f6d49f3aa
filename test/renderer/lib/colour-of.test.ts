import { expect, test } from 'vitest'
import { colourOf, otherName } from '../../../renderer/lib/colour-of.ts'

function createStorage(kept?: string) {
  let value = kept ?? null
  return { getItem: () => value, setItem: (_key: string, text: string) => void (value = text) }
}

test('every name keeps its colour, and eight names have eight colours', () => {
  const storage = createStorage()
  const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h']
  const first = names.map((name) => colourOf(name, storage))
  expect(new Set(first).size).toBe(8)
  expect(names.toReversed().map((name) => colourOf(name, storage))).toEqual(first.toReversed())
  expect(colourOf('i', storage)).toBe(first[0])
  expect(colourOf('i', storage)).toBe(first[0])
})

test('no name and "Other" are grey and take no colour away', () => {
  const storage = createStorage()
  expect(colourOf(null, storage)).toBe('var(--chart-other)')
  expect(colourOf(otherName, storage)).toBe('var(--chart-other)')
  expect(colourOf('a', storage)).toBe('var(--chart-1)')
})

test('a broken book is begun anew', () => expect(colourOf('a', createStorage('{oops'))).toBe('var(--chart-1)'))

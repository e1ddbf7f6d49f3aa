/** Every name keeps the colour it once got, on every page and after a restart. */

const storageKey = 'colours'
const colours = 8

/** A CSS colour of the chart palette. `null` (no name) and `Other` are grey. */
export function colourOf(name: string | null, storage: Pick<Storage, 'getItem' | 'setItem'> = localStorage): string {
  if (name === null || name === otherName) return 'var(--chart-other)'
  const book = readBook(storage)
  const known = book[name]
  if (known !== undefined) return `var(--chart-${known})`
  const assigned = leastUsed(Object.values(book))
  storage.setItem(storageKey, JSON.stringify({ ...book, [name]: assigned }))
  return `var(--chart-${assigned})`
}

/** What the series beyond the sixth are summed up as. */
export const otherName = 'Other'

function readBook(storage: Pick<Storage, 'getItem'>): Record<string, number> {
  try {
    const book: unknown = JSON.parse(storage.getItem(storageKey) ?? '{}')
    return typeof book === 'object' && book !== null ? (book as Record<string, number>) : {}
  } catch {
    return {}
  }
}

function leastUsed(used: readonly number[]): number {
  const counts = Array.from({ length: colours }, (_, index) => used.filter((colour) => colour === index + 1).length)
  return counts.indexOf(Math.min(...counts)) + 1
}

/**
 * The candidate a person probably meant: the same word in another spelling (`base_url`, `ratelimit`), a slip of a few
 * letters (`prot`), or the one candidate it is a part of (`retries` -> `maxRetries`). undefined when none is near.
 */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  return sameLetters(word, candidates) ?? fewestSlips(word, candidates) ?? onlyContaining(word, candidates)
}

/** `, did you mean "port"?`, or nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const suggestion = nearest(word, candidates)
  return suggestion === undefined ? '' : `, did you mean "${suggestion}"?`
}

function letters(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '')
}

function sameLetters(word: string, candidates: readonly string[]): string | undefined {
  return candidates.find((candidate) => letters(candidate) === letters(word))
}

/** Of letters with letters, for one candidate: nobody mistypes names longer than this by hand. */
const mostComparisons = 64 * 64

function fewestSlips(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined
  // One slip in three letters: `prot` is near `port`, but `a` is not near `b`.
  const from = letters(word)
  let bestDistance = Math.floor(from.length / 3) + 1
  for (const candidate of candidates) {
    const to = letters(candidate)
    // Names come from clients: without this a long one holds up every stream while it is compared with 500 models.
    if (Math.abs(from.length - to.length) >= bestDistance || from.length * to.length > mostComparisons) continue
    const distance = editDistance(from, to)
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance]
  }
  return best
}

function onlyContaining(word: string, candidates: readonly string[]): string | undefined {
  const part = letters(word)
  if (part.length < 3) return undefined
  const found = candidates.filter((candidate) => {
    const whole = letters(candidate)
    return whole.startsWith(part) || whole.endsWith(part)
  })
  return found.length === 1 ? found[0] : undefined
}

/** Insertions, deletions, replacements and swaps of neighbours (optimal string alignment). */
export function editDistance(from: string, to: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: to.length + 1 }, (_, index) => index)
  for (let row = 1; row <= from.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= to.length; column += 1) {
      const replaced = (last[column - 1] ?? 0) + (from[row - 1] === to[column - 1] ? 0 : 1)
      const swapped = isSwap(from, to, row, column) ? (beforeLast[column - 2] ?? 0) + 1 : Infinity
      current.push(Math.min(replaced, swapped, (last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1))
    }
    ;[beforeLast, last] = [last, current]
  }
  return last[to.length] ?? 0
}

function isSwap(from: string, to: string, row: number, column: number): boolean {
  return row > 1 && column > 1 && from[row - 1] === to[column - 2] && from[row - 2] === to[column - 1]
}

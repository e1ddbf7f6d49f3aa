/** Whether `pattern` covers `text`; `*` stands for any characters, none included. Upper and lower case differ. */
export function matchesPattern(pattern: string, text: string): boolean {
  const pieces = pattern.split('*')
  const first = pieces[0] as string
  if (pieces.length === 1) return first === text
  const last = pieces.at(-1) as string
  if (text.length < first.length + last.length || !text.startsWith(first) || !text.endsWith(last)) return false
  return holdsInOrder(text.slice(first.length, text.length - last.length), pieces.slice(1, -1))
}

/** Leftmost match of each piece is enough, as nothing but `*` lies between: no backtracking, whatever the pattern. */
function holdsInOrder(text: string, pieces: string[]): boolean {
  let from = 0
  for (const piece of pieces) {
    const at = text.indexOf(piece, from)
    if (at === -1) return false
    from = at + piece.length
  }
  return true
}

/** How much of a name the pattern spells out: characters that are not `*`. A pattern without `*` beats every other. */
export function patternSpecificity(pattern: string): number {
  return pattern.includes('*') ? pattern.replaceAll('*', '').length : Number.POSITIVE_INFINITY
}

/** The most specific of `patterns` that covers `text`; the earlier one of two alike. */
export function bestPattern(patterns: Iterable<string>, text: string): string | undefined {
  let best: string | undefined
  for (const pattern of patterns) {
    if (!matchesPattern(pattern, text)) continue
    if (best === undefined || patternSpecificity(pattern) > patternSpecificity(best)) best = pattern
  }
  return best
}

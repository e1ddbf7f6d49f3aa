export interface Suggestion {
  value: string
  /** At the right, quieter: a price, what kind of name it is. */
  note?: string | undefined
}

/** What fits what was typed, best first: the name itself, its beginning, the beginning of a word in it, anywhere. */
export function fitting(suggestions: readonly Suggestion[], typed: string): Suggestion[] {
  const words = typed.trim().toLowerCase().split(/\s+/)
  const ranked = suggestions.flatMap((suggestion) => {
    const text = suggestion.value.toLowerCase()
    const isFound = words.every((word) => text.includes(word))
    return isFound ? [{ suggestion, rank: rankOf(text, words.join(' ')) }] : []
  })
  return ranked.toSorted((one, other) => one.rank - other.rank).map(({ suggestion }) => suggestion)
}

function rankOf(text: string, typed: string): number {
  if (text === typed) return 0
  if (text.startsWith(typed)) return 1
  return text.split(/[^a-z0-9]+/).some((word) => word.startsWith(typed)) ? 2 : 3
}

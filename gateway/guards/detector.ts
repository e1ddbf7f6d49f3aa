/** What a guard looks for; one check has many detectors. */
export const checks = ['prompt-injection', 'secrets', 'pii'] as const
export type Check = (typeof checks)[number]

/** A form of text that can be told by its pattern. Pure; nothing here knows what is done about it. */
export interface Detector {
  /** As it is written in the configuration, and in `[redacted:NAME]`. */
  name: string
  /** For people. */
  label: string
  description: string
  /**
   * Global. Must be linear on any input: bounded repetitions, and no two of them that can share what they match. Where
   * it has a group `found`, that is what was found (the rest is what it is known by), and it ends the match.
   */
  pattern: RegExp
  /** One of these is in every text that matches: a search for them costs a tenth of the pattern. Case counts. */
  hints?: readonly string[]
  /** How much of what was found is really it, from its beginning; 0 = nothing. Absent: all. */
  accept?: (found: string, match: string) => number
  /** Too often wrong to be looked for where nobody asked for it. */
  isOptional?: true
  /**
   * Where, at the end of a text, the beginning of something longer than a word may stand (`4111 1111 `): an offset, or
   * -1. A single word is held back anyway.
   */
  pending?: (text: string) => number
}

/** No match is longer, in UTF-16 units: what a stream is held back at most. */
export const longestMatch = 8192

/** `pending` by a pattern that ends with `$`; it sees the last `length` characters, so that it need not be linear. */
export function pendingAt(pattern: RegExp, length: number): (text: string) => number {
  return (text) => {
    const from = Math.max(0, text.length - length)
    const at = text.slice(from).search(pattern)
    return at === -1 ? -1 : from + at
  }
}

/** What words are made of, and so everything that is found without `pending`: ASCII but blanks, quotes and brackets. */
export const wordCharacters = String.raw`!#$%&*+\-./0-9:=?@A-Z^_a-z~`

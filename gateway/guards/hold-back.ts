import { longestMatch } from './detector.ts'
import { redact, screen, type Guard, type GuardMatch } from './guard.ts'
import { insideStrings, viewJson, type JsonView } from './json-text.ts'

/** What patterns may look back at of the text that is already gone. UTF-16 units. */
const contextLength = 200
/** A sentence of an attack has many words: where one may be blocked, so much of the text waits. UTF-16 units. */
const sentenceLength = 240

/** UTF-16 units. */
const longWord = 512

export interface HoldBackOptions {
  guards: readonly Guard[]
  /** The text of JSON: its escapes mean something else, and it must still be JSON afterwards. */
  isJson: boolean
  onFound: (match: GuardMatch) => void
}

/**
 * One text of a stream, let go as far as no match can be under way: words flow as they end, numbers in groups and keys
 * in blocks wait for theirs. What was found is taken out of what is let go.
 */
export class HoldBack {
  readonly #guards: readonly Guard[]
  readonly #isJson: boolean
  readonly #onFound: (match: GuardMatch) => void
  readonly #pending: ((text: string) => number)[]
  readonly #waitsForSentences: boolean
  #held = ''
  #context = ''
  #isInString = false
  /** Something was taken out. */
  isChanged = false

  constructor({ guards, isJson, onFound }: HoldBackOptions) {
    this.#guards = guards
    this.#isJson = isJson
    this.#onFound = onFound
    this.#pending = [...new Set(guards.flatMap((guard) => guard.detectors.flatMap(({ pending }) => pending ?? [])))]
    this.#waitsForSentences = guards.some(({ check, action }) => check === 'prompt-injection' && action === 'block')
  }

  get isEmpty(): boolean {
    return this.#held === ''
  }

  /** What may go on. */
  push(text: string): string {
    this.#held += text
    // More of a long word: to look at all of it again for each piece would take the square of its length.
    const { length } = this.#held
    if (length > longWord && length <= 2 * longestMatch && isWord(text)) return ''
    const view = this.#view()
    const safe = this.#safeLength(view.text)
    return safe > 0 ? this.#release(view, safe) : ''
  }

  /** The text is over: all the rest. */
  flush(): string {
    const view = this.#view()
    const clean = this.#release(view, view.text.length)
    const rest = this.#held
    this.#held = ''
    return clean + rest
  }

  /** The text is one piece. */
  pushLast(text: string): string {
    this.#held += text
    return this.flush()
  }

  #view(): JsonView {
    if (this.#isJson) return viewJson(this.#held, this.#isInString)
    return { text: this.#held, offsetOf: (index) => index, isInString: false }
  }

  #safeLength(text: string): number {
    let safe = this.#waitsForSentences ? wordStart(text, text.length - sentenceLength) : wordStart(text, text.length)
    for (const pending of this.#pending) {
      const at = pending(text)
      if (at !== -1 && at < safe) safe = at
    }
    // Longer than anything that is looked for.
    return text.length > 2 * longestMatch ? Math.max(safe, text.length - longestMatch) : safe
  }

  #release(view: JsonView, wanted: number): string {
    const { length } = this.#context
    const matches = screen(this.#context + view.text, this.#guards)
      .map((match) => ({ ...match, start: match.start - length, end: match.end - length }))
      .filter(({ start }) => start >= 0)
    const safe = beforeMatches(wanted, matches)
    const found = matches.filter(({ start }) => start < safe)
    for (const match of found) this.#onFound(match)
    const end = view.offsetOf(safe)
    const raw = this.#held.slice(0, end)
    const spans = found.map((match) => ({ ...match, start: view.offsetOf(match.start), end: view.offsetOf(match.end) }))
    const clean = redact(raw, this.#isJson ? insideStrings(raw, spans) : spans)
    if (clean !== raw) this.isChanged = true
    if (this.#isJson) this.#isInString = viewJson(raw, this.#isInString).isInString
    this.#context = (this.#context + view.text.slice(0, safe)).slice(-contextLength)
    this.#held = this.#held.slice(end)
    return clean
  }
}

/** Not into a match: where one lies across, it stays whole, or goes whole where it is all there is. */
function beforeMatches(wanted: number, matches: readonly GuardMatch[]): number {
  let safe = wanted
  for (const { start } of matches.filter(({ start, end }) => start < wanted && end > wanted))
    safe = Math.min(safe, start)
  if (safe > 0) return safe === wanted ? safe : beforeMatches(safe, matches)
  return Math.max(0, ...matches.filter(({ start }) => start === 0).map(({ end }) => end))
}

function isWord(text: string): boolean {
  return wordStart(text, text.length) === 0
}

/** Where the word begins in which `end` lies. */
function wordStart(text: string, end: number): number {
  let at = Math.max(0, end)
  while (at > 0 && isWordCharacter(text.charCodeAt(at - 1))) at -= 1
  return at
}

/** See `wordCharacters`: all of ASCII that can be seen, but quotes, brackets and ` , ; | \ `. Half a surrogate waits, too. */
function isWordCharacter(unit: number): boolean {
  if (unit <= 0x20 || unit >= 0x7f) return unit >= 0xd800 && unit <= 0xdfff
  return !`"'\`<>()[]{},;|\\`.includes(String.fromCharCode(unit))
}

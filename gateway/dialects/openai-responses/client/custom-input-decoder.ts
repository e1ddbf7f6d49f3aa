import { parseJson } from '../../../chat/json.ts'
import { inputOfArguments } from '../../custom-input.ts'

const beginning = /^\s*\{\s*"input"\s*:\s*"/
/** As far as `beginning` may still become true with more text. */
const maybeBeginning = /^\s*(\{\s*("(i(n(p(u(t("\s*(:\s*)?)?)?)?)?)?)?)?)?$/

/**
 * The free text of a custom tool, taken out of the function arguments `{"input": "..."}` that it travels in, as early
 * as it is known. A model that did not keep to the form is taken at its word: what is no such JSON is the text itself.
 */
export class CustomInputDecoder {
  /** All arguments so far; after `beginning` only what is not decoded yet. */
  #raw = ''
  #state: 'beginning' | 'text' | 'closed' | 'other' = 'beginning'
  #text = ''

  /** Arguments' next piece -> the text's next piece. */
  push(piece: string): string {
    if (this.#state === 'closed') return ''
    this.#raw += piece
    if (this.#state === 'beginning') this.#begin()
    return this.#state === 'text' ? this.#decode() : ''
  }

  /** The rest that no piece has brought. */
  end(): string {
    if (this.#state !== 'beginning' && this.#state !== 'other') return ''
    const rest = inputOfArguments(this.#raw)
    this.#text += rest
    return rest
  }

  get text(): string {
    return this.#text
  }

  #begin(): void {
    const match = beginning.exec(this.#raw)
    if (match !== null) {
      this.#raw = this.#raw.slice(match[0].length)
      this.#state = 'text'
    } else if (!maybeBeginning.test(this.#raw)) this.#state = 'other'
  }

  #decode(): string {
    const { length, isClosed } = wholeCharacters(this.#raw)
    // Line breaks and the like must not be in a JSON string, but models write them.
    const text = parseJson(`"${this.#raw.slice(0, length).replace(controls, escapeControl)}"`)
    this.#raw = this.#raw.slice(length)
    if (isClosed) this.#state = 'closed'
    const decoded = typeof text === 'string' ? text : ''
    this.#text += decoded
    return decoded
  }
}

// oxlint-disable-next-line no-control-regex -- they are what is looked for
const controls = /[\u0000-\u001f]/g

function escapeControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`
}

/** How much of a JSON string's inside can be decoded: up to its end, or to an escape or pair that is not complete. */
function wholeCharacters(raw: string): { length: number; isClosed: boolean } {
  let at = 0
  while (at < raw.length) {
    const character = raw[at]
    if (character === '"') return { length: at, isClosed: true }
    const size = character === '\\' ? (raw[at + 1] === 'u' ? 6 : 2) : 1
    if (at + size > raw.length) return { length: at, isClosed: false }
    // The first half of a pair waits for the second, so that no piece ends within a character.
    if (isHighHalf(raw, at) && at + size + secondHalfSize(raw, at + size) > raw.length) {
      return { length: at, isClosed: false }
    }
    at += size
  }
  return { length: at, isClosed: false }
}

function isHighHalf(raw: string, at: number): boolean {
  return /^(\\u[dD][89abAB]|[\ud800-\udbff])/.test(raw.slice(at, at + 4))
}

function secondHalfSize(raw: string, at: number): number {
  return raw[at] === '\\' ? 6 : 1
}

import { parseJson } from '../../../chat/json.ts'
import { inputOfArguments } from '../../custom-input.ts'

const beginning = /^\s*\{\s*"input"\s*:\s*"/
/** A beginning longer than this is none: it is looked at anew with every piece. */
const longestBeginning = 200
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
    } else if (this.#raw.length > longestBeginning || !maybeBeginning.test(this.#raw)) this.#state = 'other'
  }

  #decode(): string {
    const { length, isClosed } = wholeCharacters(this.#raw)
    const decoded = decodeString(this.#raw.slice(0, length))
    this.#raw = this.#raw.slice(length)
    if (isClosed) this.#state = 'closed'
    this.#text += decoded
    return decoded
  }
}

/** Line breaks and escapes that are none (`C:\\path`) must not be in a JSON string, but models write them. */
function decodeString(raw: string): string {
  const text = parseJson(`"${raw.replace(escapes, mendEscape).replace(controls, escapeControl)}"`)
  return typeof text === 'string' ? text : ''
}

const escapes = /\\(u[0-9a-fA-F]{4}|.?)/gsu

function mendEscape(escape: string, body: string): string {
  return /^(["\\/bfnrt]|u.+)$/.test(body) ? escape : `\\${escape}`
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
    if (at + size + 6 > raw.length && isHighHalf(raw, at) && at + size + secondHalfSize(raw, at + size) > raw.length) {
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

import { GatewayError } from '../../errors.ts'
import { readPartHead } from './part-head.ts'

/** A piece of a form, in order: its bytes as they came, or the whole value of the field that is looked for. */
export type Piece = { raw: Buffer } | { value: string; raw: Buffer }

const crlf = Buffer.from('\r\n')
const headEnd = Buffer.from('\r\n\r\n')
const carriageReturn = 13
const longestHead = 16 * 1024
/** Bytes. */
const longestValue = 4000

type State = 'start' | 'delimited' | 'head' | 'data' | 'value' | 'over' | 'closed'

/**
 * multipart/form-data (RFC 7578, RFC 2046 section 5.1) cut into pieces without losing a byte, and without holding more
 * than a part's head. It reads strictly: a form that another reader might understand otherwise is refused, because what
 * is looked for here decides what a client may do. Throws GatewayError.
 */
export class MultipartScanner {
  readonly #watched: string
  readonly #delimiter: Buffer
  #state: State = 'start'
  #rest: Buffer = Buffer.alloc(0)
  #found = false

  constructor(boundary: string, watched: string) {
    this.#watched = watched
    this.#delimiter = Buffer.from(`\r\n--${boundary}`, 'latin1')
  }

  push(chunk: Buffer): Piece[] {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk])
    const pieces: Piece[] = []
    let at = 0
    for (;;) {
      const next = this.#step(bytes, at, pieces)
      if (next === undefined) break
      at = next
    }
    const kept = this.#state === 'data' ? this.#handOn(bytes, at, pieces) : at
    // A copy: a few bytes must not keep a whole chunk alive.
    this.#rest = Buffer.from(bytes.subarray(kept))
    return pieces
  }

  /** Throws where the form was not over. */
  end(): void {
    if (this.#rest.length === 0 && (this.#state === 'over' || this.#state === 'closed')) return
    throw malformed('it ends before its last boundary')
  }

  /** Where the next step begins; undefined: more bytes are needed. */
  #step(bytes: Buffer, at: number, pieces: Piece[]): number | undefined {
    switch (this.#state) {
      case 'start':
        return this.#start(bytes, at, pieces)
      case 'delimited':
        return this.#delimited(bytes, at, pieces)
      case 'head':
        return this.#head(bytes, at, pieces)
      case 'data':
        return this.#data(bytes, at, pieces)
      case 'value':
        return this.#value(bytes, at, pieces)
      case 'over':
        return this.#over(bytes, at, pieces)
      case 'closed':
        return this.#closed(bytes, at)
      default:
        return undefined
    }
  }

  #start(bytes: Buffer, at: number, pieces: Piece[]): number | undefined {
    const first = this.#delimiter.subarray(2)
    const seen = bytes.subarray(at, at + first.length)
    if (!first.subarray(0, seen.length).equals(seen)) throw malformed('it does not begin with its boundary')
    if (seen.length < first.length) return undefined
    return this.#go('delimited', { raw: seen }, pieces, at + seen.length)
  }

  /** Behind a boundary: a line end and the next part, or two hyphens and the end. */
  #delimited(bytes: Buffer, at: number, pieces: Piece[]): number | undefined {
    const seen = bytes.subarray(at, at + 2)
    if (seen.length < 2) return undefined
    if (seen.equals(crlf)) return this.#go('head', { raw: seen }, pieces, at + 2)
    if (seen.toString('latin1') === '--') return this.#go('over', { raw: seen }, pieces, at + 2)
    throw malformed('its boundary occurs inside a part')
  }

  #head(bytes: Buffer, at: number, pieces: Piece[]): number | undefined {
    if (bytes.length >= at + 2 && bytes.subarray(at, at + 2).equals(crlf)) throw malformed('a part has no name')
    const end = bytes.indexOf(headEnd, at)
    if ((end === -1 ? bytes.length : end) - at > longestHead) throw malformed('the head of a part is too long')
    if (end === -1) return undefined
    const isWatched = this.#isWatched(bytes.toString('latin1', at, end))
    const next = end + headEnd.length
    return this.#go(isWatched ? 'value' : 'data', { raw: bytes.subarray(at, next) }, pieces, next)
  }

  #isWatched(head: string): boolean {
    const { name, isPlain } = readPartHead(head)
    if (name !== this.#watched) {
      // Some servers read `model[]` and `model[0]` as more of the same.
      if (name.startsWith(`${this.#watched}[`)) throw malformed(`"${this.#watched}" is no list`)
      return false
    }
    if (this.#found) throw malformed(`"${this.#watched}" is there more than once`)
    if (!isPlain) throw malformed(`"${this.#watched}" must be a plain text field`)
    this.#found = true
    return true
  }

  #data(bytes: Buffer, at: number, pieces: Piece[]): number | undefined {
    const end = bytes.indexOf(this.#delimiter, at)
    if (end === -1) return undefined
    const next = end + this.#delimiter.length
    return this.#go('delimited', { raw: bytes.subarray(at, next) }, pieces, next)
  }

  #value(bytes: Buffer, at: number, pieces: Piece[]): number | undefined {
    const end = bytes.indexOf(this.#delimiter, at)
    if ((end === -1 ? bytes.length - this.#delimiter.length : end) - at > longestValue)
      throw malformed(`"${this.#watched}" is too long`)
    if (end === -1) return undefined
    const raw = bytes.subarray(at, end)
    pieces.push({ value: readValue(raw, this.#watched), raw })
    const next = end + this.#delimiter.length
    return this.#go('delimited', { raw: bytes.subarray(end, next) }, pieces, next)
  }

  /** A line end may follow, nothing else: what one reader ignores another one reads. */
  #over(bytes: Buffer, at: number, pieces: Piece[]): number | undefined {
    const after = bytes.subarray(at)
    if (after.length > 2 || !crlf.subarray(0, after.length).equals(after)) throw trailing()
    return after.length < 2 ? undefined : this.#go('closed', { raw: after }, pieces, at + 2)
  }

  #closed(bytes: Buffer, at: number): undefined {
    if (at < bytes.length) throw trailing()
  }

  #go(state: State, piece: Piece, pieces: Piece[], next: number): number {
    this.#state = state
    pieces.push(piece)
    return next
  }

  /** What cannot be the beginning of a boundary goes on at once. Gives back where the rest begins. */
  #handOn(bytes: Buffer, at: number, pieces: Piece[]): number {
    let open = bytes.indexOf(carriageReturn, Math.max(at, bytes.length - this.#delimiter.length + 1))
    while (open !== -1 && !this.#delimiter.subarray(0, bytes.length - open).equals(bytes.subarray(open))) {
      open = bytes.indexOf(carriageReturn, open + 1)
    }
    const end = open === -1 ? bytes.length : open
    if (end > at) pieces.push({ raw: bytes.subarray(at, end) })
    return end
  }
}

function readValue(raw: Buffer, name: string): string {
  const value = raw.toString('utf8')
  // oxlint-disable-next-line no-control-regex -- it is what is looked for
  if (/[\u0000-\u001f\u007f\ufffd]/.test(value)) throw malformed(`"${name}" holds characters that no name has`)
  return value
}

function trailing(): GatewayError {
  return malformed('something follows its last boundary')
}

function malformed(why: string): GatewayError {
  return new GatewayError('invalid_request', `The form (multipart/form-data) cannot be read: ${why}.`)
}

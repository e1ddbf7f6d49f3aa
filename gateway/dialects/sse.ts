/** The only code that reads or writes server-sent events (WHATWG HTML, section 9.2). */

const LF = 10
const CR = 13
const COLON = 58
const SPACE = 32

/** `name` is the event field, undefined where absent; `data` the joined data lines. */
export type SseHandler = (name: string | undefined, data: string) => void

/**
 * Bytes -> events, whatever the cuts: inside a UTF-8 character, between CR and LF, before the last blank line.
 * Works on bytes and decodes whole lines only, so a cut character is never decoded in halves.
 */
export class SseReader {
  readonly #handle: SseHandler
  /** Of a line whose end has not come: put together once it has, else a line of megabytes (images) is copied per piece. */
  #rest: Buffer[] = []
  #skipLf = false
  #atStart = true
  #name: string | undefined
  #data: string | undefined

  constructor(handle: SseHandler) {
    this.#handle = handle
  }

  push(chunk: Uint8Array): void {
    let bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (this.#rest.length > 0) {
      if (!bytes.includes(LF) && !bytes.includes(CR)) return void this.#rest.push(bytes)
      bytes = this.#takeRest(bytes)
    }
    let start = 0
    if (this.#skipLf && bytes.length > 0) {
      if (bytes[0] === LF) start = 1
      this.#skipLf = false
    }
    if (this.#atStart) {
      if (bytes.length < 3 && isBomPrefix(bytes)) return this.#keep(bytes, 0)
      if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) start = 3
      this.#atStart = false
    }
    this.#lines(bytes, start)
  }

  /** The stream ended: a last event without its blank line still counts (servers forget it; the standard drops it). */
  end(): void {
    const rest = this.#takeRest()
    if (rest.length > 0) this.#text(`${rest.toString('utf8')}\n`)
    this.#dispatch()
  }

  #takeRest(...more: Buffer[]): Buffer {
    const bytes = Buffer.concat([...this.#rest, ...more])
    this.#rest = []
    return bytes
  }

  /** Whole lines are decoded together: they end at a byte that is no part of any other character. */
  #lines(bytes: Buffer, from: number): void {
    const end = lastLineEnd(bytes)
    if (end <= from) return from < bytes.length ? this.#keep(bytes, from) : undefined
    // A carriage return at the end may be half of a line end.
    this.#skipLf = end === bytes.length && bytes[end - 1] === CR
    this.#text(bytes.toString('utf8', from, end))
    if (end < bytes.length) this.#keep(bytes, end)
  }

  #text(decoded: string): void {
    const text = decoded.includes('\r') ? decoded.replace(/\r\n?/g, '\n') : decoded
    let start = 0
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      this.#line(text, start, end)
      start = end + 1
    }
  }

  #keep(bytes: Buffer, start: number): void {
    this.#rest = [start === 0 ? bytes : bytes.subarray(start)]
  }

  #line(text: string, start: number, end: number): void {
    if (start === end) return this.#dispatch()
    const data = fieldValue(text, 'data', { start, end })
    if (data !== undefined) this.#data = this.#data === undefined ? data : `${this.#data}\n${data}`
    else this.#name = fieldValue(text, 'event', { start, end }) ?? this.#name
  }

  #dispatch(): void {
    const data = this.#data
    const name = this.#name
    this.#data = undefined
    this.#name = undefined
    if (data !== undefined) this.#handle(name, data)
  }
}

/** Offset behind the last line end, 0 when there is none; a search only where the bytes do not end with it. */
function lastLineEnd(bytes: Buffer): number {
  if (bytes.at(-1) === LF) return bytes.length
  return Math.max(bytes.lastIndexOf(LF), bytes.lastIndexOf(CR)) + 1
}

/** What stands behind `field:` in the line, without the one space that may follow; '' for the field's name alone. */
function fieldValue(text: string, field: string, { start, end }: { start: number; end: number }): string | undefined {
  if (!text.startsWith(field, start)) return undefined
  const colon = start + field.length
  if (colon === end) return ''
  if (colon > end || text.charCodeAt(colon) !== COLON) return undefined
  return text.slice(text.charCodeAt(colon + 1) === SPACE ? colon + 2 : colon + 1, end)
}

function isBomPrefix(bytes: Buffer): boolean {
  return bytes.length === 0 || (bytes[0] === 0xef && (bytes.length === 1 || bytes[1] === 0xbb))
}

/** One event as SSE text. `data` must be free of line breaks (JSON is) and `name` too, else events could be injected. */
export function sseEvent(data: string, name?: string): string {
  if (/[\r\n]/.test(data) || (name !== undefined && /[\r\n]/.test(name)))
    throw new TypeError('line break in an SSE field')
  return name === undefined ? `data: ${data}\n\n` : `event: ${name}\ndata: ${data}\n\n`
}

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
  #rest: Buffer | undefined
  #skipLf = false
  #atStart = true
  #name: string | undefined
  #data: string | undefined

  constructor(handle: SseHandler) {
    this.#handle = handle
  }

  push(chunk: Uint8Array): void {
    let bytes = Buffer.isBuffer(chunk) ? chunk : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    if (this.#rest !== undefined) {
      bytes = Buffer.concat([this.#rest, bytes])
      this.#rest = undefined
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
    const rest = this.#rest
    this.#rest = undefined
    if (rest !== undefined && rest.length > 0) this.#line(rest, 0, rest.length)
    this.#dispatch()
  }

  #lines(bytes: Buffer, from: number): void {
    let start = from
    // CR-only line ends are legal and unseen in the wild: look for CR only where the chunk has one at all.
    let carriage = bytes.indexOf(CR, start)
    for (;;) {
      const lineFeed = bytes.indexOf(LF, start)
      if (carriage !== -1 && carriage < start) carriage = bytes.indexOf(CR, start)
      const isCarriage = carriage !== -1 && (lineFeed === -1 || carriage < lineFeed)
      const end = isCarriage ? carriage : lineFeed
      if (end === -1) break
      this.#line(bytes, start, end)
      start = end + 1
      if (!isCarriage) continue
      if (start === bytes.length) this.#skipLf = true
      else if (bytes[start] === LF) start += 1
    }
    if (start < bytes.length) this.#keep(bytes, start)
  }

  #keep(bytes: Buffer, start: number): void {
    this.#rest = start === 0 ? bytes : bytes.subarray(start)
  }

  #line(bytes: Buffer, start: number, end: number): void {
    if (start === end) return this.#dispatch()
    const colon = bytes.indexOf(COLON, start)
    if (colon === start) return
    const fieldEnd = colon === -1 || colon > end ? end : colon
    let valueStart = fieldEnd === end ? end : fieldEnd + 1
    if (valueStart < end && bytes[valueStart] === SPACE) valueStart += 1
    const field = bytes.toString('latin1', start, fieldEnd)
    if (field === 'data') {
      const value = bytes.toString('utf8', valueStart, end)
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`
    } else if (field === 'event') {
      this.#name = bytes.toString('utf8', valueStart, end)
    }
  }

  #dispatch(): void {
    const data = this.#data
    const name = this.#name
    this.#data = undefined
    this.#name = undefined
    if (data !== undefined) this.#handle(name, data)
  }
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

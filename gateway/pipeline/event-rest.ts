import { lastEventEnd } from './sse-bytes.ts'

/** The longest mark of an event's end has four bytes: so many of them may lie in what came before. */
const seamLength = 3
/** Smaller pieces are joined at once: a million pieces of one byte would take a hundred times their length. */
const smallPiece = 4096

/**
 * The beginning of an event whose end has not come. Its pieces are put together once it has: done anew for every piece,
 * an image of 30 MB in one event took five seconds.
 */
export class EventRest {
  #pieces: Buffer[] = []
  #seam = Buffer.alloc(0)
  /** Bytes. */
  length = 0

  keep(bytes: Buffer): void {
    const last = this.#pieces.at(-1)
    if (last === undefined || last.length >= smallPiece) this.#pieces.push(bytes)
    else this.#pieces[this.#pieces.length - 1] = Buffer.concat([last, bytes])
    this.#seam = Buffer.concat([this.#seam, bytes.subarray(-seamLength)]).subarray(-seamLength)
    this.length += bytes.length
  }

  /** Whether an event ends in these bytes, or where they meet what was kept. */
  endsIn(bytes: Buffer): boolean {
    return lastEventEnd(bytes) > 0 || lastEventEnd(Buffer.concat([this.#seam, bytes.subarray(0, seamLength)])) > 0
  }

  /** All that was kept, and `bytes`. */
  take(bytes: Buffer): Buffer {
    if (this.length === 0) return bytes
    const all = Buffer.concat([...this.#pieces, bytes])
    this.#pieces = []
    this.#seam = Buffer.alloc(0)
    this.length = 0
    return all
  }
}

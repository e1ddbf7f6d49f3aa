/** HTTP/1.1 chunked framing (RFC 9112, section 7.1) of several pieces as one chunk. */
export const lastChunk = '0\r\n\r\n'

const carriageReturn = 13
const lineFeed = 10
const digits = Buffer.from('0123456789abcdef')

/** One chunk of all pieces, then `trailer` (the last chunk, or nothing). Pieces of no length make no chunk. */
export function chunkFrame(pieces: readonly Uint8Array[], trailer: '' | typeof lastChunk = ''): Buffer {
  let length = 0
  for (const piece of pieces) length += piece.byteLength
  const sizeDigits = length === 0 ? 0 : hexDigits(length)
  const frame = Buffer.allocUnsafe((length === 0 ? 0 : sizeDigits + length + 4) + trailer.length)
  let at = 0
  if (length > 0) {
    // By hand: three writes of a few characters would cost more than the copy of the content.
    for (let shift = (sizeDigits - 1) * 4; shift >= 0; shift -= 4) {
      frame[at++] = digits[Math.floor(length / 2 ** shift) % 16] as number
    }
    at = lineEnd(frame, at)
    for (const piece of pieces) {
      frame.set(piece, at)
      at += piece.byteLength
    }
    at = lineEnd(frame, at)
  }
  if (trailer !== '') frame.write(trailer, at, 'latin1')
  return frame
}

function hexDigits(length: number): number {
  return Math.floor((31 - Math.clz32(length)) / 4) + 1
}

function lineEnd(frame: Buffer, at: number): number {
  frame[at] = carriageReturn
  frame[at + 1] = lineFeed
  return at + 2
}

/** HTTP/1.1 chunked framing (RFC 9112, section 7.1) of several pieces as one chunk. */
export const lastChunk = '0\r\n\r\n'

/** One chunk of all pieces, then `trailer` (the last chunk, or nothing). Pieces of no length make no chunk. */
export function chunkFrame(pieces: readonly Uint8Array[], trailer: '' | typeof lastChunk = ''): Buffer {
  const length = pieces.reduce((sum, piece) => sum + piece.byteLength, 0)
  const size = length === 0 ? '' : `${length.toString(16)}\r\n`
  const frame = Buffer.allocUnsafe(size.length + length + (length === 0 ? 0 : 2) + trailer.length)
  let at = frame.write(size, 0, 'latin1')
  for (const piece of pieces) {
    frame.set(piece, at)
    at += piece.byteLength
  }
  if (length > 0) at += frame.write('\r\n', at, 'latin1')
  frame.write(trailer, at, 'latin1')
  return frame
}

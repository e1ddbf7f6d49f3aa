/** Text in small pieces, as models stream it; never in the middle of a character. */
export function slices(text: string, length = 5): string[] {
  const characters = Array.from(text)
  const pieces: string[] = []
  for (let start = 0; start < characters.length; start += length) {
    pieces.push(characters.slice(start, start + length).join(''))
  }
  return pieces
}

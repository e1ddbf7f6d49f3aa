export type OriginsAsTyped = { origins: string[] } | { problem: string }

/** Origins of web pages, one a line (commas and spaces do as well). A slash at the end is what browsers copy along. */
export function readOrigins(text: string): OriginsAsTyped {
  const words = text.split(/[\s,]+/).filter((word) => word !== '')
  const wrong = words.find((word) => asOrigin(word) === undefined)
  if (wrong !== undefined) {
    return { problem: `“${wrong}” is not an origin. Write scheme, host and port alone, like http://localhost:3000.` }
  }
  const origins = [...new Set(words.map((word) => asOrigin(word) ?? word))]
  return origins.length > 100 ? { problem: 'At most 100 origins.' } : { origins }
}

/** `*` is every page. */
function asOrigin(word: string): string | undefined {
  if (word === '*') return word
  const match = /^([a-z][a-z\d+.-]*:\/\/[^/?#@]+)\/?$/i.exec(word)
  if (match === null || !URL.canParse(word)) return undefined
  return match[1]?.toLowerCase()
}

/** JSON as people mean it, with the place of each character in the JSON text: arguments are screened without being parsed. */
export interface JsonView {
  /** Escapes are what they stand for; digits of bare numbers are covered, because no word can take their place. */
  text: string
  /** Offset of `text[index]`, and of the end. */
  offsetOf: (index: number) => number
  /** Whether a string is open at the end. */
  isInString: boolean
}

const simple: Record<string, string> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' }
const cover = '\u0001'

/** `isInString`: whether the text begins inside a string. An escape that is cut off at the end stays out of it. */
export function viewJson(json: string, isInString = false): JsonView {
  const offsets: number[] = []
  let text = ''
  let inString = isInString
  let at = 0
  while (at < json.length) {
    const character = json[at] as string
    let length = 1
    let meant = character
    if (character === '"') inString = !inString
    else if (!inString) meant = character >= '0' && character <= '9' ? cover : character
    else if (character === '\\') {
      length = json[at + 1] === 'u' ? 6 : 2
      if (at + length > json.length) break
      meant = meaning(json.slice(at + 1, at + length))
    }
    offsets.push(at)
    text += meant
    at += length
  }
  return { text, offsetOf: (index) => offsets[index] ?? at, isInString: inString }
}

function meaning(escape: string): string {
  if (!escape.startsWith('u')) return simple[escape] ?? escape
  const unit = Number.parseInt(escape.slice(1), 16)
  return Number.isNaN(unit) ? '?' : String.fromCharCode(unit)
}

/** Whether it is the text of an object or a list, and not a sentence that begins like one. */
export function isJsonText(text: string): boolean {
  if (!/^\s{0,20}[{[]/.test(text) || !/[}\]]\s{0,20}$/.test(text)) return false
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

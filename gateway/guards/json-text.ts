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

/**
 * What of the spans lies in strings: a key in lines reaches from one string into the next, and what is between them is
 * JSON that must stay. Names of members stay, and strings that look like no part of a key. Spans begin inside a string.
 */
export function insideStrings<Span extends { start: number; end: number }>(json: string, spans: Span[]): Span[] {
  return spans.flatMap((span) => {
    if (!json.slice(span.start, span.end).includes('"')) return [span]
    const pieces: Span[] = []
    let from = span.start
    let inString = true
    for (let at = span.start; at <= span.end; at += 1) {
      const isQuote = json[at] === '"'
      if (inString && json[at] === '\\') at += 1
      else if (inString && (isQuote || at === span.end)) pieces.push({ ...span, start: from, end: at })
      if (!isQuote) continue
      inString = !inString
      from = at + 1
    }
    return pieces.filter((piece, index) => index === 0 || isPartOfKey(json, piece))
  })
}

function isPartOfKey(json: string, { start, end }: { start: number; end: number }): boolean {
  if (/^"\s{0,20}:/.test(json.slice(end, end + 22))) return false
  return /PRIVATE KEY|[A-Za-z0-9+/]{16}|[A-Za-z0-9+/]=$/.test(json.slice(start, end))
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

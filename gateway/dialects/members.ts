/**
 * The top-level members of a JSON object, found in its bytes without parsing what lies inside them: a pass-through
 * needs `model` and little else, and JSON.parse of a long conversation costs half of the gateway's time. Values stay
 * byte-exact; edits move slices, they never re-serialise.
 */
export interface Members {
  readonly bytes: Buffer
  readonly spans: ReadonlyMap<string, Span>
}

/** Offsets into the bytes; `end` is exclusive. A string's span includes its quotes. */
export interface Span {
  keyStart: number
  start: number
  end: number
}

const QUOTE = 34
const COMMA = 44
const COLON = 58
const OPEN_BRACKET = 91
const BACKSLASH = 92
const CLOSE_BRACKET = 93
const OPEN_BRACE = 123
const CLOSE_BRACE = 125

/** Deeper bodies are no requests: the code that walks them (JSON.stringify does, too) would run out of stack. */
export const deepestNesting = 1000

/**
 * undefined when the bytes are not one well-formed object as far as the scan can tell, name a member twice, or are
 * nested deeper than `deepestNesting`.
 */
export function scanMembers(bytes: Buffer): Members | undefined {
  const spans = new Map<string, Span>()
  let at = skipSpace(bytes, 0)
  if (bytes[at] !== OPEN_BRACE) return undefined
  at = skipSpace(bytes, at + 1)
  if (bytes[at] === CLOSE_BRACE) return finish(bytes, spans, at + 1)
  for (;;) {
    if (bytes[at] !== QUOTE) return undefined
    const keyStart = at
    const keyEnd = stringEnd(bytes, at)
    if (keyEnd === -1) return undefined
    const key = readKey(bytes, keyStart, keyEnd)
    at = skipSpace(bytes, keyEnd)
    if (key === undefined || bytes[at] !== COLON) return undefined
    const start = skipSpace(bytes, at + 1)
    const end = valueEnd(bytes, start)
    if (end === -1 || spans.has(key)) return undefined
    spans.set(key, { keyStart, start, end })
    at = skipSpace(bytes, end)
    if (bytes[at] === CLOSE_BRACE) return finish(bytes, spans, at + 1)
    if (bytes[at] !== COMMA) return undefined
    at = skipSpace(bytes, at + 1)
  }
}

/** The member's raw JSON text. */
export function memberText(members: Members, name: string): string | undefined {
  const span = members.spans.get(name)
  return span === undefined ? undefined : members.bytes.toString('utf8', span.start, span.end)
}

/** The member, parsed. undefined when absent or malformed. */
export function memberValue(members: Members, name: string): unknown {
  const text = memberText(members, name)
  if (text === undefined) return undefined
  if (text === 'true') return true
  if (text === 'false') return false
  // The usual string: nothing to unescape, and the scan has seen its quotes.
  if (text.charCodeAt(0) === QUOTE && !needsParser.test(text)) return text.slice(1, -1)
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** `set` adds the member where it is absent. */
export interface MemberEdit {
  member: string
  /** Raw JSON text. */
  set?: string
  rename?: string
  drop?: true
}

/** A new body with the edits made; the same bytes when there are none. */
export function editMembers(members: Members, edits: readonly MemberEdit[]): Buffer {
  if (edits.length === 0) return members.bytes
  const byName = new Map(edits.map((edit) => [edit.member, edit]))
  const pieces: Buffer[] = []
  const separate = (): void => void pieces.push(pieces.length === 0 ? openBrace : comma)
  for (const [name, span] of members.spans) {
    const edit = byName.get(name)
    byName.delete(name)
    if (edit?.drop === true) continue
    separate()
    if (edit === undefined) {
      pieces.push(members.bytes.subarray(span.keyStart, span.end))
      continue
    }
    pieces.push(Buffer.from(`${JSON.stringify(edit.rename ?? name)}:`))
    pieces.push(edit.set === undefined ? members.bytes.subarray(span.start, span.end) : Buffer.from(edit.set))
  }
  for (const edit of byName.values()) {
    if (edit.set === undefined) continue
    separate()
    pieces.push(Buffer.from(`${JSON.stringify(edit.member)}:${edit.set}`))
  }
  if (pieces.length === 0) return Buffer.from('{}')
  pieces.push(closeBrace)
  return Buffer.concat(pieces)
}

/** An escape, or a control character, which no JSON string may hold. */
// oxlint-disable-next-line no-control-regex -- it is what is looked for
const needsParser = /[\\\u0000-\u001f]/

const openBrace = Buffer.from('{')
const closeBrace = Buffer.from('}')
const comma = Buffer.from(',')

function finish(bytes: Buffer, spans: Map<string, Span>, at: number): Members | undefined {
  return skipSpace(bytes, at) === bytes.length ? { bytes, spans } : undefined
}

function skipSpace(bytes: Buffer, from: number): number {
  let at = from
  for (;;) {
    const byte = bytes[at]
    if (byte !== 32 && byte !== 10 && byte !== 13 && byte !== 9) return at
    at += 1
  }
}

const nearBytes = 32

/** Offset behind the closing quote of the string that opens at `open`, or -1. */
function stringEnd(bytes: Buffer, open: number): number {
  let at = open + 1
  // Names and short values end soon: looking here costs less than a native call.
  for (const near = at + nearBytes; at < near; at += 1) {
    const byte = bytes[at]
    if (byte === QUOTE) return at + 1
    if (byte === BACKSLASH) break
  }
  for (;;) {
    const quote = bytes.indexOf(QUOTE, at)
    if (quote === -1) return -1
    let before = quote - 1
    while (bytes[before] === BACKSLASH && before > open) before -= 1
    if ((quote - 1 - before) % 2 === 0) return quote + 1
    at = quote + 1
  }
}

function readKey(bytes: Buffer, start: number, end: number): string | undefined {
  const text = bytes.toString('utf8', start + 1, end - 1)
  if (!text.includes('\\')) return text
  try {
    return JSON.parse(`"${text}"`) as string
  } catch {
    return undefined
  }
}

/** Offset behind the value that begins at `start`, or -1. */
function valueEnd(bytes: Buffer, start: number): number {
  const first = bytes[start]
  if (first === QUOTE) return stringEnd(bytes, start)
  if (first === OPEN_BRACE || first === OPEN_BRACKET) return containerEnd(bytes, start)
  let at = start
  for (;;) {
    const byte = bytes[at]
    if (byte === undefined) return -1
    if (byte === COMMA || byte === CLOSE_BRACE || byte === CLOSE_BRACKET || byte <= 32) break
    at += 1
  }
  return isScalar(bytes.toString('latin1', start, at)) ? at : -1
}

function isScalar(text: string): boolean {
  return text === 'true' || text === 'false' || text === 'null' || /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/.test(text)
}

function containerEnd(bytes: Buffer, start: number): number {
  let depth = 0
  let at = start
  for (;;) {
    const byte = bytes[at]
    if (byte === undefined) return -1
    if (byte === QUOTE) {
      at = stringEnd(bytes, at)
      if (at === -1) return -1
      continue
    }
    if (byte === OPEN_BRACE || byte === OPEN_BRACKET) {
      depth += 1
      if (depth > deepestNesting) return -1
    } else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      depth -= 1
      if (depth === 0) return at + 1
    }
    at += 1
  }
}

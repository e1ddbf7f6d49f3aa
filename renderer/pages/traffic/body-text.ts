/** How a captured body is shown: laid out where it is JSON, put together where it is a stream, else as it is. */
export interface BodyText {
  kind: 'json' | 'stream' | 'text'
  /** Empty for a stream whose pieces have no text: then only the raw body says anything. */
  readable: string
}

export function readBody(body: string): BodyText {
  const value = parse(body)
  if (value !== undefined) return { kind: 'json', readable: JSON.stringify(value, null, 2) }
  if (/^(event|data|id|:)/m.test(body) && body.includes('data:'))
    return { kind: 'stream', readable: streamedText(body) }
  return { kind: 'text', readable: body }
}

/** The words of whoever refused, from a JSON body or the last piece of a stream. undefined: it has none. */
export function errorWords(body: string): string | undefined {
  const values = [parse(body), ...dataLines(body).map(parse)]
  const words = values.map((value) => text(member(member(value, 'error'), 'message')))
  return words.findLast((word) => word !== undefined)
}

function streamedText(body: string): string {
  return dataLines(body)
    .map((line) => deltaText(parse(line)))
    .join('')
}

/** Text of one piece, in the formats that clients speak. */
function deltaText(piece: unknown): string {
  const choice = member(member(piece, 'choices'), 0)
  return (
    text(member(member(choice, 'delta'), 'content')) ??
    text(member(choice, 'text')) ??
    text(member(member(piece, 'delta'), 'text')) ??
    (text(member(piece, 'type')) === 'response.output_text.delta' ? (text(member(piece, 'delta')) ?? '') : '')
  )
}

function dataLines(body: string): string[] {
  return body.split(/\r?\n/).flatMap((line) => (line.startsWith('data:') ? [line.slice(5).trim()] : []))
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function member(value: unknown, name: string | number): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[name] : undefined
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined
}

import type { Edit } from '../edit.ts'

/** A kind of configuration file. Texts come and go without a byte order mark. */
export interface Format {
  /** The text as data; throws SyntaxProblem. A blank text is an empty section. */
  read(text: string): unknown
  /**
   * The text with this one value changed, in the text's own layout; everything else stays. Whoever calls checks what
   * came out by reading it, so a form that is not understood may give anything, or throw.
   */
  edit(text: string, edit: Edit): string
}

/** Why a text cannot be read. Line and column are 1-based. */
export class SyntaxProblem extends Error {
  override readonly name = 'SyntaxProblem'
  readonly line: number | undefined
  readonly column: number | undefined

  constructor(message: string, at: { line?: number; column?: number } = {}) {
    super(message)
    this.line = at.line
    this.column = at.column
  }
}

export function placeOf(text: string, offset: number): { line: number; column: number } {
  const before = text.slice(0, offset)
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n') }
}

/** The line ending that the text has most of, `\n` where it has none. */
export function lineEnding(text: string): string {
  const all = text.split('\n').length - 1
  const windows = text.split('\r\n').length - 1
  return windows * 2 > all ? '\r\n' : '\n'
}

export function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

/** After the line's ending, or the end of the text. */
export function endOfLine(text: string, offset: number): number {
  const end = text.indexOf('\n', offset)
  return end === -1 ? text.length : end + 1
}

export function splice(text: string, [start, end]: readonly [number, number], insert: string): string {
  return text.slice(0, start) + insert + text.slice(end)
}

/** The text, ended with a line ending, unless it is empty. */
export function endedText(text: string): string {
  return text === '' || text.endsWith('\n') ? text : text + lineEnding(text)
}

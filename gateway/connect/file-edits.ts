import { existingDepth, isRecord, isSame, pathText, readValue, withValue, type Edit, type Path } from './edit.ts'
import { SyntaxProblem, type Format } from './formats/format.ts'
import { findKey, maskKey } from './key-mask.ts'
import { diffLines, splitLines } from './lines.ts'

/** One value that was written, and what it takes to take it back. */
export interface Written {
  path: Path
  /** With the key masked. */
  value: unknown
  /** Whether there was a value before: `old`. */
  had: boolean
  old?: unknown
  /** So many segments of the path were there before; sections below were made for it. */
  depth: number
  isChoice?: boolean | undefined
}

const byteOrderMark = '\uFEFF'

/** `change` gets and gives the text without a byte order mark; the text keeps the one it has. */
function withoutMark(text: string, change: (bare: string) => string): string {
  return text.startsWith(byteOrderMark) ? byteOrderMark + change(text.slice(1)) : change(text)
}

/** Throws SyntaxProblem, whatever it is that the reader stumbles over: too deep, aliases of aliases of aliases. */
export function readText(format: Format, text: string): unknown {
  try {
    return format.read(text.startsWith(byteOrderMark) ? text.slice(1) : text)
  } catch (error) {
    if (error instanceof SyntaxProblem) throw error
    throw new SyntaxProblem('it cannot be read: it nests too deep, or repeats itself too often')
  }
}

/** The text with the values written into it. Throws SyntaxProblem where the text is not valid or has no room for them. */
export function writeValues(
  format: Format,
  text: string,
  edits: readonly Edit[],
  key: string | undefined,
): { text: string; written: Written[] } {
  const written: Written[] = []
  const edited = withoutMark(text, (bare) =>
    edits.reduce((before, edit) => {
      const data = readText(format, before)
      const old = readValue(data, edit.path)
      written.push({
        path: edit.path,
        value: maskKey(edit.value, key),
        had: old !== undefined,
        ...(old !== undefined && { old }),
        depth: existingDepth(data, edit.path),
        ...(edit.isChoice === true && { isChoice: true }),
      })
      return isSame(old, edit.value) ? before : editOnce(format, before, edit)
    }, bare),
  )
  return { text: edited, written }
}

/**
 * The text with those values as they were before, and the places of those that somebody else has changed since: they
 * stay, but for those that are to be written again. Sections of ours are ours whatever is in them.
 */
export function takeBackValues(
  format: Format,
  text: string,
  written: readonly Written[],
  again: readonly Path[] = [],
): { text: string; left: Path[] } {
  const left: Path[] = []
  const key = findWrittenKey(format, text, written)
  const edited = withoutMark(text, (bare) =>
    written.toReversed().reduce((before, each) => {
      const now = readValue(format.read(before), each.path)
      const isOurs = isRecord(each.value) || isSame(maskKey(now, key), each.value)
      const isChosen = each.isChoice === true && now !== undefined
      if (isOurs || isChosen || again.some((path) => isSame(path, each.path))) return takeBackOnce(format, before, each)
      if (now !== undefined && !isSame(now, each.old)) left.push(each.path)
      return before
    }, bare),
  )
  return { text: edited, left }
}

/** The key that the text has now where one was written. */
export function findWrittenKey(format: Format, text: string, written: readonly Written[]): string | undefined {
  const data = readText(format, text)
  for (const { path, value } of written) {
    const key = findKey(value, readValue(data, path))
    if (key !== undefined) return key
  }
  return undefined
}

function takeBackOnce(format: Format, text: string, { path, had, old, depth }: Written): string {
  const now = readValue(format.read(text), path)
  if (had) return isSame(now, old) ? text : editOnce(format, text, { path, value: old })
  if (now === undefined) return text
  const without = editOnce(format, text, { path, value: undefined })
  return withoutEmptySections(format, without, path.slice(0, -1), depth)
}

/** Sections that were made for a value go when they hold nothing else. */
function withoutEmptySections(format: Format, text: string, path: Path, depth: number): string {
  if (path.length <= depth) return text
  const section = readValue(format.read(text), path)
  if (section !== undefined && !isEmpty(section)) return text
  const without = section === undefined ? text : editOnce(format, text, { path, value: undefined })
  return withoutEmptySections(format, without, path.slice(0, -1), depth)
}

export function isEmpty(value: unknown): boolean {
  return Array.isArray(value) ? value.length === 0 : isRecord(value) && Object.keys(value).length === 0
}

/** Nothing is written that does not read back as meant, or that lays out the rest of the file anew. */
function editOnce(format: Format, text: string, edit: Edit): string {
  const data = format.read(text)
  checkRoom(data, edit.path)
  const edited = attempt(() => format.edit(text, edit))
  const expected = withoutHollows(withValue(data, edit.path, edit.value))
  const isRight =
    edited !== undefined &&
    isSame(
      attempt(() => withoutHollows(format.read(edited))),
      expected,
    )
  if (isRight && linesTouched(text, edited) <= linesAllowed(data, edit)) return edited
  const what = pathText(edit.path)
  throw new SyntaxProblem(
    `"${what}" cannot be ${edit.value === undefined ? 'taken out' : 'written'} without changing the layout of the rest; change it by hand`,
  )
}

/** A list, or a text, in the place of a section is somebody's: it must not make room for ours. */
function checkRoom(data: unknown, path: Path): void {
  for (const [depth, segment] of path.entries()) {
    const outer = readValue(data, path.slice(0, depth))
    if (outer === undefined || outer === null) return
    const isRoom = typeof segment === 'string' ? isRecord(outer) : Array.isArray(outer)
    if (isRoom) continue
    const where = depth === 0 ? 'the file' : `"${pathText(path.slice(0, depth))}"`
    const kind = typeof segment === 'string' ? 'section' : 'list'
    throw new SyntaxProblem(`"${pathText(path)}" cannot be written: ${where} is not a ${kind}; change it by hand`)
  }
}

function attempt<T>(run: () => T): T | undefined {
  try {
    return run()
  } catch {
    return undefined
  }
}

/** Lines that were there and are not any more. */
function linesTouched(before: string, after: string): number {
  return diffLines(splitLines(before), splitLines(after)).reduce((sum, { from, to }) => sum + to - from, 0)
}

/** The old value's own, the key's, and its neighbours', which may get or lose a comma. */
function linesAllowed(data: unknown, { path }: Edit): number {
  const old = readValue(data, path)
  return 4 + (old === undefined ? 0 : 2 * JSON.stringify(old, plain, 1).split('\n').length)
}

function plain(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

/** Formats differ in whether a section that lost its last key stays. */
function withoutHollows(data: unknown): unknown {
  if (Array.isArray(data)) return data.map(withoutHollows)
  if (!isRecord(data)) return data
  const members = Object.entries(data).map(([name, value]) => [name, withoutHollows(value)] as const)
  return Object.fromEntries(members.filter(([, value]) => !isEmpty(value)))
}

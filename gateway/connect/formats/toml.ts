import { parse, parseDocument, patch } from '@decimalturn/toml-patch'
import { isRecord, isSame, withValue } from '../edit.ts'
import { endedText, endOfLine, lineEnding, splice, startOfLine, SyntaxProblem, type Format } from './format.ts'

/**
 * TOML. The parser's own patching writes new tables as it likes, so lines are made here, and patching is what is left
 * for forms that are met seldom: values inside inline tables, dotted keys.
 */
export const toml: Format = {
  read(text) {
    try {
      return parse(text) as unknown
    } catch (error) {
      throw syntaxProblem(error)
    }
  },
  edit(text, edit) {
    const expected = withValue(toml.read(text), edit.path, edit.value)
    const path = edit.path.map((segment) => {
      if (typeof segment !== 'string') throw new TypeError('lists are not edited')
      return segment
    })
    const edited = edit.value === undefined ? removeAt(text, path) : writeAt(text, path, edit.value)
    return means(edited, expected) ? edited : patch(text, expected)
  },
}

function syntaxProblem(error: unknown): SyntaxProblem {
  const { message, line, column } = error as { message: string; line?: number; column?: number }
  // The first line tells what; the rest quotes the file, which may hold keys.
  const first = (message.split('\n')[0] ?? '').replace(/\s*\(\d+, ?\d+\)\s*:?\s*$/, '')
  return new SyntaxProblem(`not valid TOML: ${first}`, {
    ...(line !== undefined && { line }),
    ...(column !== undefined && { column: column + 1 }),
  })
}

function means(text: string, expected: unknown): boolean {
  try {
    return isSame(withoutHollows(toml.read(text)), withoutHollows(expected))
  } catch {
    return false
  }
}

function withoutHollows(data: unknown): unknown {
  if (!isRecord(data)) return data
  const members = Object.entries(data).map(([name, value]) => [name, withoutHollows(value)] as const)
  return Object.fromEntries(members.filter(([, value]) => !isRecord(value) || Object.keys(value).length > 0))
}

/** `name = value`, or a `[table]` with those of its own. Offsets into the text. */
interface Row {
  path: string[]
  range: readonly [number, number]
  value: readonly [number, number]
}
interface Table {
  path: string[]
  /** From the bracket to the end of its last row. */
  range: readonly [number, number]
  rows: Row[]
  isList: boolean
}

function outline(text: string): { rows: Row[]; tables: Table[] } {
  const blocks = parseDocument(text).cst
  const rangeOf = ranges(text)
  const rowOf = (block: Block, above: readonly string[]): Row[] => {
    if (!('equals' in block)) return []
    return [{ path: [...above, ...block.key.value], range: rangeOf(block), value: rangeOf(block.value) }]
  }
  const tables = blocks.flatMap((block): Table[] => {
    if (!('items' in block)) return []
    const path = block.key.item.value
    const rows = block.items.flatMap((item) => rowOf(item, path))
    const [start, end] = rangeOf(block.key)
    return [{ path, range: [start, rows.at(-1)?.range[1] ?? end], rows, isList: text.startsWith('[[', start) }]
  })
  return { rows: blocks.flatMap((block) => rowOf(block, [])), tables }
}

type Block = ReturnType<typeof parseDocument>['cst'][number]

/** The parser counts lines from 1 and columns from 0, in UTF-16. */
function ranges(text: string): (node: Pick<Block, 'loc'>) => readonly [number, number] {
  const starts = [0, ...[...text.matchAll(/\n/g)].map(({ index }) => index + 1)]
  const offset = ({ line, column }: Block['loc']['start']): number => (starts[line - 1] ?? text.length) + column
  return ({ loc }) => [offset(loc.start), offset(loc.end)]
}

function writeAt(text: string, path: readonly string[], value: unknown): string {
  const { rows, tables } = outline(text)
  const row = [...rows, ...tables.flatMap((table) => table.rows)].find((each) => isSame(each.path, path))
  if (row !== undefined) return splice(text, row.value, tomlValue(value))
  if (isRecord(value)) return writeTable(text, path, value)
  const above = path.slice(0, -1)
  const line = rowText(path.at(-1) ?? '', value)
  if (above.length === 0) return writeFirst(text, { rows, tables, line })
  const table = tables.find((each) => !each.isList && isSame(each.path, above))
  return table === undefined ? appendBlock(text, [headerText(above), line]) : insertLine(text, table.range[1], line)
}

/** A section of ours as a whole: in its old place, or at the end. */
function writeTable(text: string, path: readonly string[], value: Record<string, unknown>): string {
  const own = outline(text).tables.filter((table) => isInside(table.path, path))
  const lines = tableLines(path, value)
  const [first] = own
  if (first === undefined) return appendBlock(text, lines)
  const marker = startOfLine(text, first.range[0])
  const without = own.toReversed().reduce((rest, table) => splice(rest, linesOf(rest, table.range), ''), text)
  return splice(without, [marker, marker], lines.map((line) => line + lineEnding(text)).join(''))
}

function tableLines(path: readonly string[], value: Record<string, unknown>): string[] {
  const rows = Object.entries(value).filter(([, member]) => member !== undefined && !isRecord(member))
  const inner = Object.entries(value).filter((entry): entry is [string, Record<string, unknown>] => isRecord(entry[1]))
  return [
    headerText(path),
    ...rows.map(([name, member]) => rowText(name, member)),
    ...inner.flatMap(([name, member]) => ['', ...tableLines([...path, name], member)]),
  ]
}

/** A key of the file itself must stand before the first table. */
function writeFirst(text: string, { rows, tables, line }: { rows: Row[]; tables: Table[]; line: string }): string {
  const last = rows.at(-1)
  if (last !== undefined) return insertLine(text, last.range[1], line)
  const [table] = tables
  if (table === undefined) return `${endedText(text)}${line}${lineEnding(text)}`
  const at = startOfComments(text, startOfLine(text, table.range[0]))
  return splice(text, [at, at], `${line}${lineEnding(text)}${lineEnding(text)}`)
}

/** Comments right above a table are the table's. */
function startOfComments(text: string, start: number): number {
  const above = startOfLine(text, start - 1)
  return start > 0 && text.slice(above, start).trimStart().startsWith('#') ? startOfComments(text, above) : start
}

function insertLine(text: string, after: number, line: string): string {
  const ending = lineEnding(text)
  const at = endOfLine(text, after)
  const isEnded = text.slice(0, at).endsWith('\n')
  return splice(text, [at, at], isEnded ? line + ending : ending + line)
}

function appendBlock(text: string, lines: string[]): string {
  const ending = lineEnding(text)
  const ended = endedText(text)
  const gap = ended === '' || ended.endsWith(ending + ending) ? '' : ending
  return `${ended}${gap}${lines.map((line) => line + ending).join('')}`
}

function removeAt(text: string, path: readonly string[]): string {
  const { rows, tables } = outline(text)
  const own = tables.filter((table) => isInside(table.path, path))
  const inside = [...rows, ...tables.filter((table) => !own.includes(table)).flatMap((table) => table.rows)]
  const gone = [...inside.filter((row) => isInside(row.path, path)), ...own].map(({ range }) => linesOf(text, range))
  return gone
    .toSorted(([one], [other]) => other - one)
    .reduce((rest, range) => splice(rest, withGap(rest, range), ''), text)
}

function isInside(path: readonly string[], outer: readonly string[]): boolean {
  return outer.every((name, depth) => path[depth] === name)
}

function linesOf(text: string, [start, end]: readonly [number, number]): [number, number] {
  return [startOfLine(text, start), endOfLine(text, end)]
}

/** A table takes the blank line above it along where another, or the end, follows. */
function withGap(text: string, [start, end]: [number, number]): [number, number] {
  if (!text.slice(start, end).trimStart().startsWith('[')) return [start, end]
  const above = startOfLine(text, start - 1)
  const isBlankAbove = start > 0 && text.slice(above, start).trim() === ''
  const isBlankBelow = text.slice(end, endOfLine(text, end)).trim() === ''
  return isBlankAbove && isBlankBelow ? [above, end] : [start, end]
}

function headerText(path: readonly string[]): string {
  return `[${path.map(keyText).join('.')}]`
}

function rowText(name: string, value: unknown): string {
  return `${keyText(name)} = ${tomlValue(value)}`
}

function keyText(name: string): string {
  return /^[\w-]+$/.test(name) ? name : tomlString(name)
}

function tomlValue(value: unknown): string {
  if (typeof value === 'string') return tomlString(value)
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value)
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return `[${value.map(tomlValue).join(', ')}]`
  if (!isRecord(value)) throw new TypeError('nothing TOML can hold')
  const members = Object.entries(value).map(([name, member]) => rowText(name, member))
  return members.length === 0 ? '{}' : `{ ${members.join(', ')} }`
}

/** Like JSON's strings, but for the one control character that JSON leaves as it is. */
function tomlString(text: string): string {
  return JSON.stringify(text).replaceAll('\u007F', String.raw`\u007F`)
}

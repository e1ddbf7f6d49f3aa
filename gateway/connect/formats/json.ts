import { parse, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'
import { indexedPath, type Edit } from '../edit.ts'
import { endOfLine, lineEnding, placeOf, splice, startOfLine, SyntaxProblem, type Format } from './format.ts'

/** Comments and trailing commas are read wherever they are met, and none are added. */
const options = { allowTrailingComma: true, allowEmptyContent: true }

/** JSON, with and without comments. */
export const json: Format = {
  read(text) {
    const errors: ParseError[] = []
    const data: unknown = parse(text, errors, options)
    const [first] = errors
    if (first !== undefined) throw new SyntaxProblem(explain(first), placeOf(text, first.offset))
    return data ?? {}
  },
  edit(text, { path, value }: Edit) {
    const tree = parseTree(text, [], options)
    if (tree === undefined) return value === undefined ? text : textOfNew(text, nest(path, value))
    const place = findPlace(tree, indexedPath(parse(text, [], options), path))
    if (place === undefined) throw new TypeError('no place for it')
    if (value === undefined) return place.node === undefined ? text : removeNode(text, place.parent, place.node)
    if (place.node !== undefined) return replaceValue(text, place.node, value)
    const inner = place.depth + 1 === path.length ? value : nest(path.slice(place.depth + 1), value)
    return insertInto(text, place.parent, { key: place.key, value: inner })
  },
}

/** `CommaExpected` -> `not valid JSON: comma expected` */
function explain({ error }: ParseError): string {
  const words = printParseErrorCode(error).replaceAll(/(?<=[a-z])([A-Z])/g, (letter) => ` ${letter}`)
  return `not valid JSON: ${words.toLowerCase()}`
}

/** `nest(['a', { item }], 1)` is `{ a: [1] }`. */
function nest(path: Edit['path'], value: unknown): unknown {
  return path.reduceRight((inner, segment) => (typeof segment === 'string' ? { [segment]: inner } : [inner]), value)
}

function textOfNew(text: string, value: unknown): string {
  const ending = lineEnding(text)
  const before = text.trim() === '' ? '' : text.endsWith('\n') ? text : text + ending
  return `${before}${stringify(value, { unit: '  ', indent: '', ending })}${ending}`
}

interface Place {
  /** The innermost object or list on the path that the text has. */
  parent: Node
  key: string | number
  /** Of `key` in the path. */
  depth: number
  /** A property, or an item; undefined: it is not there. */
  node: Node | undefined
}

function findPlace(root: Node, path: readonly (string | number)[]): Place | undefined {
  let parent = root
  for (const [depth, key] of path.entries()) {
    if (parent.type !== (typeof key === 'string' ? 'object' : 'array')) return undefined
    const node = childOf(parent, key)
    if (node === undefined || depth === path.length - 1) return { parent, key, depth, node }
    const inner = valueOf(node)
    // `"env": null` holds nothing that could be added to.
    if (inner === undefined) return undefined
    parent = inner
  }
  return undefined
}

/** The last of several properties of one name is the one that counts. */
function childOf({ children = [] }: Node, key: string | number): Node | undefined {
  return typeof key === 'number' ? children[key] : children.findLast(({ children: [name] = [] }) => name?.value === key)
}

function valueOf(node: Node): Node | undefined {
  return node.type === 'property' ? node.children?.[1] : node
}

function replaceValue(text: string, node: Node, value: unknown): string {
  const old = valueOf(node)
  if (old === undefined) throw new TypeError('no value there')
  const written = stringify(value, { ...layoutOf(text), indent: indentAt(text, node.offset) })
  return splice(text, [old.offset, endOf(old)], written)
}

function insertInto(text: string, parent: Node, entry: { key: string | number; value: unknown }): string {
  const layout = layoutOf(text)
  const last = parent.children?.at(-1)
  const isOneLine = last !== undefined && !text.slice(parent.offset, endOf(parent)).includes('\n')
  const outer = indentAt(text, parent.offset)
  const indent = last === undefined || isOneLine ? outer + layout.unit : indentAt(text, last.offset)
  const written = entryText(entry, { ...layout, indent: isOneLine ? outer : indent })
  if (last === undefined) return insertFirst(text, parent, { written, layout, indent, outer })
  if (isOneLine) return splice(text, [endOf(last), endOf(last)], `, ${written}`)
  const comma = commaAfter(text, last, parent)
  const afterComma = comma === undefined ? endOf(last) : comma + 1
  // Behind a comment that belongs to the line of the last entry.
  const lineEnd = endOfLine(text, afterComma)
  const rest = text.slice(afterComma, Math.min(lineEnd, endOf(parent) - 1))
  const at = lineEnd < endOf(parent) && isTrailing(rest) ? lineEnd - lineBreakBefore(text, lineEnd) : afterComma
  const added = splice(text, [at, at], `${layout.ending}${indent}${written}${comma === undefined ? '' : ','}`)
  return comma === undefined ? splice(added, [endOf(last), endOf(last)], ',') : added
}

interface FirstEntry {
  written: string
  layout: { ending: string }
  indent: string
  outer: string
}

function insertFirst(text: string, parent: Node, { written, layout, indent, outer }: FirstEntry): string {
  const close = endOf(parent) - 1
  const inside = text.slice(parent.offset + 1, close)
  if (inside.trim() === '') {
    return splice(text, [parent.offset + 1, close], `${layout.ending}${indent}${written}${layout.ending}${outer}`)
  }
  // There are comments, which stay first.
  const at = parent.offset + 1 + inside.trimEnd().length
  return splice(text, [at, close], `${layout.ending}${indent}${written}${layout.ending}${outer}`)
}

function removeNode(text: string, parent: Node, node: Node): string {
  const siblings = parent.children ?? []
  const comma = commaAfter(text, node, parent)
  const previous = siblings[siblings.indexOf(node) - 1]
  const end = comma === undefined ? endOf(node) : comma + 1
  const lineStart = startOfLine(text, node.offset)
  const lineEnd = endOfLine(text, end)
  const isAlone = text.slice(lineStart, node.offset).trim() === '' && text.slice(end, lineEnd).trim() === ''
  const removed: [number, number] = isAlone ? [lineStart, lineEnd] : [node.offset, spacesAfter(text, end)]
  const without = splice(text, removed, '')
  if (comma !== undefined || previous === undefined) return without
  // It was the last, and the one before it is now.
  const loose = commaAfter(text, previous, parent)
  if (loose === undefined) return without
  return isAlone ? splice(without, [loose, loose + 1], '') : splice(text, [loose, end], '')
}

/** Where the comma behind an entry stands, over comments. */
function commaAfter(text: string, node: Node, parent: Node): number | undefined {
  const rest = text.slice(endOf(node), endOf(parent) - 1)
  const before = /^(?:\s|\/\/[^\n]*\n|\/\*(?:(?!\*\/)[\s\S])*\*\/)*,/.exec(rest)?.[0]
  return before === undefined ? undefined : endOf(node) + before.length - 1
}

/** Nothing but space and comments, the last of which ends with the line. */
function isTrailing(rest: string): boolean {
  return /^[ \t]*(?:\/\*(?:(?!\*\/)[^\n])*\*\/[ \t]*)*(?:\/\/[^\n]*)?\r?\n?$/.test(rest)
}

function lineBreakBefore(text: string, offset: number): number {
  if (text[offset - 1] !== '\n') return 0
  return text[offset - 2] === '\r' ? 2 : 1
}

function spacesAfter(text: string, offset: number): number {
  return offset + (/^[ \t]*/.exec(text.slice(offset))?.[0].length ?? 0)
}

interface Layout {
  unit: string
  ending: string
}

/** As the text has it: the first indented line tells. */
function layoutOf(text: string): Layout {
  const unit = /^[^\S\n]*[{[][^\n]*\n([ \t]+)\S/m.exec(text)?.[1] ?? '  '
  return { unit, ending: lineEnding(text) }
}

function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(startOfLine(text, offset), offset))?.[0] ?? ''
}

function entryText(
  { key, value }: { key: string | number; value: unknown },
  layout: Layout & { indent: string },
): string {
  const written = stringify(value, layout)
  return typeof key === 'number' ? written : `${JSON.stringify(key)}: ${written}`
}

function stringify(value: unknown, { unit, ending, indent }: Layout & { indent: string }): string {
  return JSON.stringify(value, undefined, unit).replaceAll('\n', `${ending}${indent}`)
}

function endOf(node: Node): number {
  return node.offset + node.length
}

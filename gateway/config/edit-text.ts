import { isCollection, isMap, isNode, isPair, isScalar, isSeq, Scalar, stringify } from 'yaml'
import type { Node, Pair, Range, YAMLMap, YAMLSeq } from 'yaml'
import type { ConfigPath } from './path.ts'
import { findPair } from './position.ts'
import type { YamlSource } from './yaml-source.ts'

/**
 * Edits that touch only the lines they mean, so that a hand-written file keeps every other byte. Each answers the new
 * text, or undefined for a form it does not handle; the caller checks the outcome, and rewrites where there is none.
 */
export function spliceEdit(source: YamlSource, path: ConfigPath, value: unknown): string | undefined {
  if (source.document.contents === null) return source.text + endOfLine(source.text) + stringify(nest(path, value))
  const place = findPlace(source, path)
  if (place === undefined) return undefined
  const { parent, key, rest } = place
  if (parent.flow === true) return editInFlow(source, place, value)
  if (isMap(parent)) return editMap(source, { map: parent, key: String(key), value: nestIfPresent(rest, value) })
  return isSeq(parent)
    ? editSeq(source, { seq: parent, index: Number(key), value: nestIfPresent(rest, value) })
    : undefined
}

export interface Place {
  /** The innermost list or section on the path that the file has. */
  parent: YAMLMap | YAMLSeq
  key: string | number
  /** What the path goes on with below a key that the file does not have. */
  rest: ConfigPath
}

export function findPlace({ document }: YamlSource, path: ConfigPath): Place | undefined {
  let parent: unknown = document.contents
  for (const [depth, key] of path.entries()) {
    if (!isMap(parent) && !isSeq(parent)) return undefined
    const child = depth === path.length - 1 ? undefined : parent.get(key, true)
    if (!isCollection(child)) return { parent, key, rest: path.slice(depth + 1) }
    parent = child
  }
  return undefined
}

/** `nest(['a', 0], 1)` is `{ a: [1] }`. */
export function nest(path: ConfigPath, value: unknown): unknown {
  return path.reduceRight((inner, key) => (typeof key === 'number' ? [inner] : { [key]: inner }), value)
}

function nestIfPresent(path: ConfigPath, value: unknown): unknown {
  return value === undefined ? undefined : nest(path, value)
}

interface MapEdit {
  map: YAMLMap
  key: string
  value: unknown
}

function editMap(source: YamlSource, { map, key, value }: MapEdit): string | undefined {
  const pair = findPair(map, key)
  if (pair === undefined) return value === undefined ? source.text : appendTo(source, map, { [key]: value })
  if (value === undefined) return deletePair(source, map, pair)
  if (isScalar(pair.value) && !isCollectionValue(value)) return replaceScalar(source, pair.value, value)
  const [start, end] = [rangeOf(pair.key)?.[0], rangeOf(pair.value)?.[2]]
  if (start === undefined || end === undefined) return undefined
  const indent = ' '.repeat(columnOf(source.text, start))
  if (isScalar(pair.value) && pair.value.source === '') {
    // `cache:` with perhaps some comments below it, which stay.
    const block = indentBy(stringifyBlock(value), `${indent}  `)
    return replace(source.text, [end, end], endOfLine(source.text.slice(0, end)) + block)
  }
  return replace(source.text, [start, end], indentBy(stringifyBlock({ [key]: value }), indent).trimStart())
}

interface SeqEdit {
  seq: YAMLSeq
  index: number
  value: unknown
}

function editSeq(source: YamlSource, { seq, index, value }: SeqEdit): string | undefined {
  const item = seq.items[index]
  if (item === undefined) return value === undefined ? source.text : appendTo(source, seq, [value])
  if (isScalar(item) && value !== undefined && !isCollectionValue(value)) return replaceScalar(source, item, value)
  const range = rangeOf(item)
  if (range === undefined) return undefined
  const start = startOfLine(source.text, range[0])
  if (value === undefined) return replace(source.text, [start, range[2]], '')
  const indent = ' '.repeat(columnOf(source.text, rangeOf(seq)?.[0] ?? 0))
  return replace(source.text, [start, range[2]], indentBy(stringifyBlock([value]), indent))
}

/** The key's own lines. The first key of a list item shares its line with the dash: there the next key moves up. */
function deletePair(source: YamlSource, map: YAMLMap, pair: Pair): string | undefined {
  const [start, end] = [rangeOf(pair.key)?.[0], rangeOf(pair.value)?.[2]]
  if (start === undefined || end === undefined) return undefined
  const lineStart = startOfLine(source.text, start)
  if (source.text.slice(lineStart, start).trim() === '') return replace(source.text, [lineStart, end], '')
  const next = rangeOf(map.items[map.items.indexOf(pair) + 1]?.key)?.[0]
  return next === undefined ? undefined : replace(source.text, [start, next], '')
}

function appendTo(source: YamlSource, parent: YAMLMap | YAMLSeq, entry: unknown): string | undefined {
  const last = parent.items.at(-1)
  const lastNode = isPair(last) ? (last.value ?? last.key) : last
  const [start, end] = [rangeOf(parent)?.[0], rangeOf(lastNode)?.[2]]
  if (start === undefined || end === undefined) return undefined
  const before = source.text.slice(0, end)
  const isSection = parent === source.document.contents && isCollectionValue(Object.values(entry as object)[0])
  const block = indentBy(stringifyBlock(entry), ' '.repeat(columnOf(source.text, start)))
  return replace(source.text, [end, end], `${endOfLine(before)}${isSection ? '\n' : ''}${block}`)
}

/** A scalar in its old quotes, in its old place. */
function replaceScalar(source: YamlSource, old: Scalar, value: unknown, isInFlow = false): string | undefined {
  const range = old.range
  if (!range || old.type === Scalar.BLOCK_FOLDED || old.type === Scalar.BLOCK_LITERAL) return undefined
  const space = source.text[range[0] - 1] === ':' ? ' ' : ''
  return replace(source.text, [range[0], range[1]], space + scalarText(value, old.type, isInFlow))
}

function scalarText(value: unknown, oldType: Scalar['type'], isInFlow: boolean): string {
  const scalar = new Scalar(value)
  if (oldType !== undefined) scalar.type = oldType
  const text = stringify(scalar, { lineWidth: 0 }).trimEnd()
  // Block text is for whole lines, and in flow style these characters end a plain scalar.
  const needsQuotes = text.includes('\n') || (isInFlow && /^[^"'].*[,[\]{}]/.test(text))
  return needsQuotes ? JSON.stringify(value) : text
}

/** `[a, b]` and `{ a: 1 }`: a scalar is replaced in place, else the outermost pair of brackets is written anew. */
function editInFlow(source: YamlSource, { parent, key, rest }: Place, value: unknown): string | undefined {
  const old: unknown = parent.get(key, true)
  if (isScalar(old) && rest.length === 0 && value !== undefined && !isCollectionValue(value)) {
    return replaceScalar(source, old, value, true)
  }
  const range = rangeOf(parent)
  if (range === undefined) return undefined
  const changed = parent.clone() as YAMLMap | YAMLSeq
  // The comment behind it stands outside the range and stays.
  changed.comment = null
  if (value === undefined) changed.delete(key)
  else changed.set(key, source.document.createNode(nest(rest, value), { flow: true }))
  const text = stringify(changed, { lineWidth: 0, flowCollectionPadding: source.text[range[0] + 1] === ' ' })
  return replace(source.text, [range[0], range[1]], text.trimEnd())
}

function isCollectionValue(value: unknown): boolean {
  return typeof value === 'object' && value !== null
}

function rangeOf(node: unknown): Range | undefined {
  return isNode(node) ? ((node as Node).range ?? undefined) : undefined
}

function stringifyBlock(value: unknown): string {
  return stringify(value, { lineWidth: 0, flowCollectionPadding: false })
}

function indentBy(text: string, indent: string): string {
  return text.replaceAll(/^(?=.)/gm, indent)
}

function replace(text: string, [start, end]: [number, number], by: string): string {
  const inserted = text.includes('\r\n') ? by.replaceAll(/\r?\n/g, '\r\n') : by
  return text.slice(0, start) + inserted + text.slice(end)
}

function startOfLine(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1
}

function columnOf(text: string, offset: number): number {
  return offset - startOfLine(text, offset)
}

function endOfLine(before: string): string {
  return before === '' || before.endsWith('\n') ? '' : '\n'
}

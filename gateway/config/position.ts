import { isAlias, isCollection, isMap, isNode, isPair, isScalar, isSeq } from 'yaml'
import type { Node, Pair, YAMLMap } from 'yaml'
import type { ConfigPath, PathProblem } from './path.ts'
import type { YamlSource } from './yaml-source.ts'

/** 1-based, as editors count. */
export interface Position {
  line: number
  column: number
}

/**
 * Where a path stands in the file. A path that the file does not have (a missing key) gives the nearest thing above
 * it that it has; undefined when that is the whole file.
 */
export function positionOf(source: YamlSource, path: ConfigPath, at: PathProblem['at']): Position | undefined {
  const offset = offsetOf(source, path, at)
  return offset === undefined ? undefined : positionAt(source, offset)
}

export function positionAt({ lineCounter }: YamlSource, offset: number): Position {
  const { line, col } = lineCounter.linePos(offset)
  return { line, column: col }
}

function offsetOf(source: YamlSource, path: ConfigPath, at: PathProblem['at']): number | undefined {
  let node: unknown = source.document.contents
  let offset: number | undefined
  for (const [depth, segment] of path.entries()) {
    const step = enter(source, node, segment)
    if (step === undefined) return offset
    const isLast = depth === path.length - 1
    offset = isLast && at === 'key' ? (step.key ?? step.value) : bestOffset(step)
    node = step.node
  }
  return offset
}

interface Step {
  key: number | undefined
  value: number | undefined
  node: unknown
}

/** A value on the key's line is shown itself; a section or an empty value is shown by its key. */
function bestOffset({ key, value, node }: Step): number | undefined {
  if (key === undefined) return value
  const hasOwnPlace = isScalar(node) ? node.value !== null : !isCollection(node) || node.flow === true
  return hasOwnPlace ? (value ?? key) : key
}

function enter(source: YamlSource, parent: unknown, segment: string | number): Step | undefined {
  const node = isAlias(parent) ? parent.resolve(source.document) : parent
  if (isSeq(node) && typeof segment === 'number') {
    const item = node.items[segment]
    return item === undefined ? undefined : { key: undefined, value: startOf(item), node: item }
  }
  const pair = isMap(node) ? findPair(node, segment) : undefined
  return pair && { key: startOf(pair.key), value: startOf(pair.value), node: pair.value }
}

export function findPair(map: YAMLMap, segment: string | number): Pair | undefined {
  return map.items.find(({ key }) => String(isScalar(key) ? key.value : key) === String(segment))
}

function startOf(node: unknown): number | undefined {
  if (isPair(node)) return startOf(node.key)
  return isNode(node) ? (node as Node).range?.[0] : undefined
}

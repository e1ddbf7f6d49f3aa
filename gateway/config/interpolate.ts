import { isMap, isPair, isScalar, isSeq, Scalar, visit } from 'yaml'
import type { Node } from 'yaml'
import type { ConfigPath } from './path.ts'
import { formatPath } from './path.ts'
import { positionAt } from './position.ts'
import type { ConfigProblem } from './types.ts'
import type { YamlSource } from './yaml-source.ts'

export type Environment = Readonly<Record<string, string | undefined>>

export interface Interpolation {
  problems: ConfigProblem[]
  /** Scalars that became a number or true/false, with the text they came from: a key made of digits is still a key. */
  typed: { path: ConfigPath; node: Scalar; text: string }[]
  /** Values taken from the environment, so that messages can name the variable instead of showing them. */
  taken: { name: string; value: string }[]
  /** Scalars that were left out, since a variable of theirs is nowhere and they may go without. */
  absent: { path: ConfigPath; names: string[] }[]
}

/** A `${NAME}` as it stands in a text. */
export interface Reference {
  path: ConfigPath
  name: string
  hasDefault: boolean
}

/** Whether a value may be left out where its variable is nowhere; else that is a problem. */
export type MayBeAbsent = (path: ConfigPath, name: string) => boolean

/** What is not closed goes to the end in one: looked for from each `${` again, a long text took minutes. */
const referencePattern = /\$\$|\$\{([^}]*)(\}|$)/g
const namePattern = /^([A-Za-z_]\w*)(?::-([\s\S]*))?$/

/**
 * Replaces `${NAME}`, `${NAME:-default}` and `$$` (a plain `$`) in the scalars of a parsed document. It happens after
 * parsing, so that no value can bring YAML of its own. Keys and comments stay as they are.
 */
export function interpolate(
  source: YamlSource,
  env: Environment,
  mayBeAbsent: MayBeAbsent = () => false,
): Interpolation {
  const result: Interpolation = { problems: [], typed: [], taken: [], absent: [] }
  visitReferring(source, (node, path) => interpolateScalar({ source, env, mayBeAbsent, node, path, result }))
  return result
}

/** The references of a text, in its order; what is no reference (`${a b}`) is left to `interpolate` to complain of. */
export function findReferences(source: YamlSource): Reference[] {
  const found: Reference[] = []
  visitReferring(source, (node, path) => {
    for (const { name, fallback } of referencesIn(node.value as string)) {
      found.push({ path, name, hasDefault: fallback !== undefined })
    }
  })
  return found
}

/** The references in a value. */
export function referencesIn(text: string): { name: string; fallback: string | undefined }[] {
  return [...text.matchAll(referencePattern)].flatMap(([, inner, end]) => {
    const match = inner === undefined || end !== '}' ? null : namePattern.exec(inner)
    return match?.[1] === undefined ? [] : [{ name: match[1], fallback: match[2] }]
  })
}

function visitReferring({ document }: YamlSource, call: (node: Scalar, path: ConfigPath) => void): void {
  visit(document, {
    Scalar(key, node, ancestors) {
      if (key === 'key' || typeof node.value !== 'string' || !node.value.includes('$')) return
      call(node, pathOf(key, node, ancestors))
    },
  })
}

/** Text that means itself when it is loaded again. */
export function escapeReferences(text: string): string {
  return text.replaceAll('$', '$$$$')
}

interface ScalarTask {
  source: YamlSource
  env: Environment
  mayBeAbsent: MayBeAbsent
  node: Scalar
  path: ConfigPath
  result: Interpolation
}

function interpolateScalar(task: ScalarTask): void {
  const { node, path, result } = task
  const before = node.value as string
  const missing = namesToMiss(task, before)
  if (missing.length > 0) {
    node.value = null
    result.absent.push({ path, names: missing })
    return
  }
  const isWhole = /^\$\{[^}]*\}$/.test(before) && node.type === Scalar.PLAIN
  const problemCount = result.problems.length
  const after = before.replaceAll(referencePattern, (found: string, inner: string | undefined, end: string) => {
    if (found === '$$') return '$'
    return end === '}' ? resolve(task, found, inner, isWhole) : resolve(task, '${', undefined, isWhole)
  })
  if (result.problems.length > problemCount) return
  node.value = isWhole ? typedValue(after) : after
  if (typeof node.value !== 'string' && node.value !== null) result.typed.push({ path, node, text: after })
}

/** The variables that are nowhere, if all of those may be; else none. */
function namesToMiss({ env, mayBeAbsent, path }: ScalarTask, text: string): string[] {
  const isNowhere = ({ name, fallback }: { name: string; fallback: string | undefined }) =>
    fallback === undefined && (env[name] ?? '') === ''
  const names = referencesIn(text)
    .filter(isNowhere)
    .map(({ name }) => name)
  return names.every((name) => mayBeAbsent(path, name)) ? names : []
}

function resolve(task: ScalarTask, found: string, inner: string | undefined, isWhole: boolean): string {
  const match = inner === undefined ? null : namePattern.exec(inner)
  const name = match?.[1]
  if (name === undefined) return complain(task, found, malformed(found))
  const [value, fallback] = [task.env[name], match?.[2]]
  if (value !== undefined && value !== '') task.result.taken.push({ name, value })
  // As in a shell, `:-` also stands in for a variable that is set to nothing.
  if (fallback !== undefined) return value === undefined || value === '' ? fallback : value
  if (value === undefined) return complain(task, found, `environment variable ${name} is not set; ${remedy(name)}`)
  if (value === '' && isWhole) return complain(task, found, `environment variable ${name} is empty; ${remedy(name)}`)
  return value
}

function remedy(name: string): string {
  return `set it, or write \${${name}:-default}`
}

function malformed(found: string): string {
  return `"${found}" is not a reference; write \${NAME} or \${NAME:-default}, or $\${ for a plain \${`
}

function complain({ source, node, path, result }: ScalarTask, found: string, message: string): string {
  const [start, end] = node.range ?? [0, 0]
  // The exact place inside the scalar, where it is written as is (escapes of double quotes may hide it).
  const within = source.text.slice(start, end).indexOf(found)
  result.problems.push({ ...positionAt(source, start + Math.max(within, 0)), path: formatPath(path), message })
  return found
}

/** `${PORT}` without quotes is what its value looks like; a lossy reading (0123, 1e400) stays text. */
function typedValue(text: string): string | number | boolean | null {
  if (text === '') return null
  if (text === 'true' || text === 'false') return text === 'true'
  return /^-?\d+(\.\d+)?$/.test(text) && String(Number(text)) === text ? Number(text) : text
}

/** `own`: the index of the node, if it is an item of a list; looked for in it, long lists took minutes. */
function pathOf(own: number | 'key' | 'value' | null, node: Node, ancestors: readonly unknown[]): ConfigPath {
  const path: (string | number)[] = []
  for (const [index, ancestor] of ancestors.entries()) {
    const child = ancestors[index + 1] ?? node
    if (isSeq(ancestor)) path.push(child === node && typeof own === 'number' ? own : ancestor.items.indexOf(child))
    if (isMap(ancestor) && isPair(child)) path.push(String(isScalar(child.key) ? child.key.value : child.key))
  }
  return path
}

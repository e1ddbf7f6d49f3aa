import type { z } from 'zod'
import { knownKeys } from './known-keys.ts'
import type { ConfigPath, PathProblem } from './path.ts'
import { isRecord, valueAt } from './path.ts'
import { didYouMean } from './spelling.ts'

type Issue = z.core.$ZodIssue

export interface SchemaProblem extends PathProblem {
  /** The schema wants text here. */
  wantsText: boolean
}

/** Schema issues in words for the person who wrote the file, with what would be right. */
export function describeIssues(issues: readonly Issue[], input: unknown): SchemaProblem[] {
  return issues.flatMap((issue) => describe(issue, input, []))
}

/** Of one section; with more of them it is another kind of file, and finding a place for each takes minutes. */
const mostKeys = 100

function describe(issue: Issue, input: unknown, above: ConfigPath): SchemaProblem[] {
  const path = [...above, ...issue.path.map((segment) => (typeof segment === 'number' ? segment : String(segment)))]
  if (issue.code === 'unrecognized_keys') return issue.keys.slice(0, mostKeys).map((key) => unknownKey(path, key))
  const branch = issue.code === 'invalid_union' ? meantBranch(issue.errors) : undefined
  if (branch !== undefined) return branch.flatMap((inner) => describe(inner, input, path))
  const message = isMissing(issue, input, path) ? 'is required' : messageOf(issue, valueAt(input, path))
  const wantsText = issue.code === 'invalid_type' && issue.expected === 'string'
  return [{ path, at: issue.code === 'invalid_key' ? 'key' : 'value', message, wantsText }]
}

/** Of a choice, the form that was meant: the one whose outer type fits. undefined when none does. */
function meantBranch(branches: readonly Issue[][]): readonly Issue[] | undefined {
  const fitting = branches.filter((issues) =>
    issues.every((issue) => issue.path.length > 0 || issue.code !== 'invalid_type'),
  )
  return fitting.toSorted((one, other) => one.length - other.length)[0]
}

function isMissing(issue: Issue, input: unknown, path: ConfigPath): boolean {
  return issue.code === 'invalid_type' && path.length > 0 && valueAt(input, path) === undefined
}

function unknownKey(path: ConfigPath, key: string): SchemaProblem {
  return { path: [...path, key], at: 'key', message: unknownKeyMessage(path, key), wantsText: false }
}

function unknownKeyMessage(path: ConfigPath, key: string): string {
  const known = knownKeys(path)
  const suggestion = didYouMean(key, known)
  return `unknown key "${key}"${suggestion === '' ? `; known here: ${known.join(', ')}` : suggestion}`
}

const words: Record<string, string> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a section with keys',
  record: 'a section with keys',
}

const messages: { [Code in Issue['code']]?: (issue: Issue & { code: Code }, value: unknown) => string } = {
  invalid_type: ({ expected }, value) =>
    `expected ${words[expected] ?? expected}, got ${received(value)}${hint(expected, value)}`,
  invalid_union: (_, value) => `expected another form, got ${received(value)}`,
  invalid_value: ({ values }, value) => {
    const choices = values.map(String)
    const suggestion = typeof value === 'string' ? didYouMean(value, choices) : ''
    return `expected ${choices.join(', ').replace(/, ([^,]*)$/, ' or $1')}, got ${received(value)}${suggestion}`
  },
  too_small: ({ origin, minimum, inclusive }, value) => {
    if (origin === 'string') return 'must not be empty'
    if (origin === 'array') return `needs at least ${minimum} ${minimum === 1n || minimum === 1 ? 'item' : 'items'}`
    return `must be ${inclusive === true ? 'at least' : 'more than'} ${minimum}, got ${received(value)}`
  },
  too_big: ({ maximum }, value) => `must be at most ${maximum}, got ${received(value)}`,
  invalid_key: ({ issues }) => `this key is not allowed: ${issues.map((issue) => messageOf(issue, '')).join('; ')}`,
}

/** Zod's own sentences start so; any other message was written by us, in the schema. */
const zodSentence = /^(Invalid|Too (small|big))/

function messageOf(issue: Issue, value: unknown): string {
  if (issue.code === 'invalid_union' && !zodSentence.test(issue.message)) {
    return `${issue.message}, got ${received(value)}`
  }
  if (!zodSentence.test(issue.message)) return issue.message
  const build = messages[issue.code] as ((issue: Issue, value: unknown) => string) | undefined
  return build?.(issue, value) ?? issue.message
}

function received(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (isRecord(value)) return 'a section with keys'
  if (typeof value !== 'string') return String(value)
  return `text "${value.length > 40 ? `${value.slice(0, 40)}…` : value}"`
}

function hint(expected: string, value: unknown): string {
  if (expected === 'string' && (typeof value === 'number' || typeof value === 'boolean')) {
    return `; put it in quotes: "${value}"`
  }
  if (typeof value !== 'string') return ''
  if (['number', 'int'].includes(expected) && /^\d+(\.\d+)?$/.test(value)) return '; remove the quotes'
  if (expected === 'boolean' && /^(yes|on|no|off|true|false)$/i.test(value)) {
    return `; write ${/^(yes|on|true)$/i.test(value)} without quotes`
  }
  return expected === 'object' && /^\w+:\S/.test(value) ? '; a space is missing after ":"' : ''
}

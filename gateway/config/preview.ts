import { isDeepStrictEqual } from 'node:util'
import { stringify } from 'yaml'
import type { ConfigChange } from '../contract.ts'
import type { Environment } from './interpolate.ts'
import { mask } from './credentials.ts'
import { maskedData } from './key-spots.ts'
import { parseConfig, readConfigData } from './load.ts'
import type { ConfigPath } from './path.ts'
import { formatPath, isRecord } from './path.ts'
import type { KnownProvider } from './references.ts'
import type { SecretLookup } from './resolve-references.ts'
import { resolveReferences } from './resolve-references.ts'
import type { ConfigProblem } from './types.ts'
import { ConfigError } from './types.ts'

export interface PreviewOptions {
  secrets: SecretLookup
  env: Environment
  knownProviders: readonly KnownProvider[]
}

export interface ConfigPreview {
  changes: ConfigChange[]
  /** `3:5 providers[0].timeout: what is wrong`; with one of them the text cannot be taken. */
  problems: string[]
  /** Names of references that are nowhere. */
  missingKeys: string[]
}

/** What would become of the configuration if `after` were taken in its place. Shows no secret. */
export async function previewConfig(before: string, after: string, options: PreviewOptions): Promise<ConfigPreview> {
  const { env, missing } = await resolveReferences(after, options)
  return {
    changes: compareConfigs(readConfigData(before) ?? {}, readConfigData(after)),
    problems: problemsOf(after, { env, knownProviders: options.knownProviders }),
    missingKeys: missing,
  }
}

function problemsOf(text: string, options: { env: Environment; knownProviders: readonly KnownProvider[] }): string[] {
  try {
    parseConfig(text, { ...options, file: 'gateway.yaml', mayMiss: () => true })
    return []
  } catch (error) {
    if (error instanceof ConfigError) return told(error.problems)
    throw error
  }
}

/** More nobody reads. */
const mostProblems = 100

function told(problems: readonly ConfigProblem[]): string[] {
  const first = problems.slice(0, mostProblems).map(describeProblem)
  return problems.length > mostProblems ? [...first, `and ${problems.length - mostProblems} more`] : first
}

function describeProblem({ line, column, path, message }: ConfigProblem): string {
  const place = line === undefined ? '' : `${line}:${column ?? 1} `
  return `${place}${path === '' ? '' : `${path}: `}${message}`
}

/** A value, with the place it has in the file (which says whether it is a secret) and the one that is shown. */
interface Side {
  value: unknown
  path: ConfigPath
}

/** Of data as it stands in the files; undefined `after`: it cannot be read, so nothing can be said. */
function compareConfigs(before: unknown, after: unknown): ConfigChange[] {
  if (after === undefined) return []
  return compare({ value: before, path: [] }, { value: after, path: [] }, [])
}

function compare(before: Side, after: Side, shown: ConfigPath): ConfigChange[] {
  if (isDeepStrictEqual(before.value, after.value)) return []
  if (areNamedLists(before.value, after.value)) return compareNamed(before, after, shown)
  if (isRecord(before.value) || isRecord(after.value)) {
    const [old, now] = [before.value ?? {}, after.value ?? {}]
    // A new section is told key by key, a new provider or alias as a whole.
    if (isRecord(old) && isRecord(now) && (shown.length < 2 || areBoth(before, after))) {
      const keys = new Set([...Object.keys(old), ...Object.keys(now)])
      return [...keys].flatMap((key) => compare(member(before, key), member(after, key), [...shown, key]))
    }
  }
  return [{ path: formatPath(shown), before: toYaml(before), after: toYaml(after) }]
}

function areBoth(before: Side, after: Side): boolean {
  return before.value !== undefined && after.value !== undefined
}

function member({ value, path }: Side, key: string): Side {
  return {
    value: isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined,
    path: [...path, key],
  }
}

/** Lists of things with names (providers, client keys): what became of each, wherever it stands now. */
function areNamedLists(before: unknown, after: unknown): boolean {
  const lists = [before ?? [], after ?? []]
  return lists.every((list) => Array.isArray(list) && namesOf(list) !== undefined) && lists.flat().length > 0
}

function compareNamed(before: Side, after: Side, shown: ConfigPath): ConfigChange[] {
  const [old, now] = [namesOf(before.value ?? []) ?? [], namesOf(after.value ?? []) ?? []]
  const changes = [...new Set([...old, ...now])].flatMap((name) =>
    compare(item(before, old.indexOf(name)), item(after, now.indexOf(name)), [...shown, name]),
  )
  const [keptOld, keptNow] = [old.filter((name) => now.includes(name)), now.filter((name) => old.includes(name))]
  if (isDeepStrictEqual(keptOld, keptNow)) return changes
  return [...changes, { path: `${formatPath(shown)} (order)`, before: old.join(', '), after: now.join(', ') }]
}

/** undefined: not all have a name, or two have the same. */
function namesOf(list: unknown): string[] | undefined {
  if (!Array.isArray(list)) return undefined
  const names = list.map((item: unknown) => (isRecord(item) ? item['name'] : undefined))
  if (!names.every((name) => typeof name === 'string') || new Set(names).size !== names.length) return undefined
  return names
}

function item({ value, path }: Side, index: number): Side {
  return { value: index === -1 ? undefined : (value as unknown[])[index], path: [...path, Math.max(index, 0)] }
}

function toYaml({ value, path }: Side): string | null {
  if (value === undefined) return null
  const shown = maskedData(value, path)
  if (shown === mask) return mask
  return stringify(shown, { lineWidth: 0, aliasDuplicateObjects: false }).trimEnd()
}

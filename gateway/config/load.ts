import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isCredentialName, isCredentialValue } from './credentials.ts'
import type { Environment, Interpolation } from './interpolate.ts'
import { interpolate } from './interpolate.ts'
import { isKeySpot } from './key-spots.ts'
import type { SchemaProblem } from './issues.ts'
import { describeIssues } from './issues.ts'
import { findNotices } from './notices.ts'
import type { ConfigPath, PathProblem } from './path.ts'
import { formatPath } from './path.ts'
import { positionOf } from './position.ts'
import type { KnownProvider } from './references.ts'
import { checkReferences } from './references.ts'
import type { Config } from './schema.ts'
import { configSchema } from './schema.ts'
import type { ConfigProblem, LoadedConfig } from './types.ts'
import { ConfigError } from './types.ts'
import type { YamlSource } from './yaml-source.ts'
import { isReadable, parseYaml, plainData, syntaxProblems } from './yaml-source.ts'

export interface ParseOptions {
  /** Named in problems, as given. */
  file: string
  env: Environment
  /** The provider table: with it, missing addresses and unknown types are found too. */
  knownProviders?: readonly KnownProvider[]
  /** Keys that may be nowhere yet: what they belong to is loaded without them, with a notice. Absent: none may. */
  mayMiss?: (name: string) => boolean
}

/** Reads and checks a file; throws ConfigError with everything that is wrong with it. */
export async function loadConfigFile(
  file: string,
  env: Environment,
  knownProviders: readonly KnownProvider[] = [],
): Promise<LoadedConfig> {
  return parseConfig(await readConfig(file), { file, env, knownProviders })
}

/** Checks the text of a file; throws ConfigError with everything that is wrong with it. */
export function parseConfig(text: string, options: ParseOptions): LoadedConfig {
  const { file, env, knownProviders = [], mayMiss = () => false } = options
  const source = parseYaml(text)
  const syntax = syntaxProblems(source)
  if (!isReadable(source)) throw new ConfigError(file, syntax)

  const interpolation = interpolate(source, env, (path, name) => isKeySpot(path) && mayMiss(name))
  const withoutKeys = interpolation.absent.map(({ path, names }) => missingKeyNotice(source, path, names))
  dropClientKeys(source, interpolation)
  const { config, input, problems } = validate(source, interpolation, file)
  const references = checkReferences(input, knownProviders)
  const placed = [...problems, ...references.problems].map((problem) => place(source, problem))
  const all = [...syntax, ...interpolation.problems, ...withoutEchoes(placed, interpolation)]
  if (all.length > 0 || config === undefined) throw new ConfigError(file, all.toSorted(byPosition))
  const missingKeys = [...new Set(interpolation.absent.flatMap(({ names }) => names))]
  return {
    config,
    file: resolve(file),
    notices: [...withoutKeys, ...references.notices, ...findNotices(config)],
    ...(missingKeys.length > 0 && { missingKeys, keyless: keylessProviders(source, interpolation) }),
  }
}

function keylessProviders({ document }: YamlSource, { absent }: Interpolation): Record<string, string> {
  const pairs = absent.flatMap(({ path, names: [name] }) => {
    return path[0] === 'providers' && name !== undefined
      ? [[String(document.getIn([...path.slice(0, 2), 'name'])), name] as const]
      : []
  })
  return Object.fromEntries(pairs)
}

/** The text as data, references as they are; undefined where it is no YAML. */
export function readConfigData(text: string): unknown {
  const source = parseYaml(text)
  if (!isReadable(source)) return undefined
  try {
    return plainData(source)
  } catch {
    // It stands for itself (`a: &a [*a]`), or for more than the memory holds.
    return undefined
  }
}

function missingKeyNotice(source: YamlSource, path: ConfigPath, names: string[]): string {
  const owner = source.document.getIn([...path.slice(0, 2), 'name'])
  const whose = path[0] === 'auth' ? 'this client key is not accepted' : `${String(owner)} is not asked`
  const references = names.map((name) => `\${${name}}`).join(', ')
  return `${formatPath(path)}: ${references} is not set anywhere: ${whose} until it is`
}

/** Last first, so that the others keep their place. A client key without its value would open the door to nobody. */
function dropClientKeys({ document }: YamlSource, { absent }: Interpolation): void {
  const items = absent.filter(({ path }) => path[0] === 'auth').map(({ path }) => path.slice(0, 3))
  for (const item of items.toReversed()) document.deleteIn(item)
}

const readFailures: Record<string, string> = {
  ENOENT: 'there is no such file',
  EACCES: 'may not be read by this user',
  EISDIR: 'is a directory, not a file',
}

async function readConfig(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code = '', message } = error as NodeJS.ErrnoException
    throw new ConfigError(file, [{ path: '', message: readFailures[code] ?? `cannot be read: ${message}` }])
  }
}

interface Validation {
  config: Config | undefined
  input: unknown
  problems: SchemaProblem[]
}

function validate(source: YamlSource, interpolation: Interpolation, file: string): Validation {
  const first = check(readData(source, file))
  // `${KEY}` that holds only digits became a number; where the schema wants text, text it is.
  const wanted = new Set(first.problems.filter((problem) => problem.wantsText).map(({ path }) => formatPath(path)))
  const mistyped = interpolation.typed.filter(({ path }) => wanted.has(formatPath(path)))
  if (mistyped.length === 0) return first
  for (const { node, text } of mistyped) node.value = text
  return check(readData(source, file))
}

function check(input: unknown): Validation {
  const result = configSchema.safeParse(input)
  if (result.success) return { config: result.data, input, problems: [] }
  return { config: undefined, input, problems: describeIssues(result.error.issues, input) }
}

function readData(source: YamlSource, file: string): unknown {
  try {
    return plainData(source)
  } catch (error) {
    // So many aliases (*name) inside each other that they would fill the memory.
    throw new ConfigError(file, [{ path: '', message: `not valid YAML: ${(error as Error).message}` }])
  }
}

function place(source: YamlSource, { path, at, message }: PathProblem): ConfigProblem {
  return { ...positionOf(source, path, at), path: formatPath(path), message }
}

/** Leaves out what only follows from a missing variable, and shows no secret that came from the environment. */
function withoutEchoes(problems: ConfigProblem[], { problems: missing, taken }: Interpolation): ConfigProblem[] {
  const secrets = taken.filter(({ name, value }) => isCredentialName(name) || isCredentialValue(value))
  return problems
    .filter(({ path }) => !missing.some((other) => other.path === path))
    .map((problem) => ({
      ...problem,
      message: secrets.reduce((text, { name, value }) => text.replaceAll(value, `\${${name}}`), problem.message),
    }))
}

function byPosition(one: ConfigProblem, other: ConfigProblem): number {
  return (one.line ?? 0) - (other.line ?? 0) || (one.column ?? 0) - (other.column ?? 0)
}

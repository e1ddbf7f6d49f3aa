import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { isCredentialName, isCredentialValue } from './credentials.ts'
import type { Environment, Interpolation } from './interpolate.ts'
import { interpolate } from './interpolate.ts'
import type { SchemaProblem } from './issues.ts'
import { describeIssues } from './issues.ts'
import { findNotices } from './notices.ts'
import type { PathProblem } from './path.ts'
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
export function parseConfig(text: string, { file, env, knownProviders = [] }: ParseOptions): LoadedConfig {
  const source = parseYaml(text)
  const syntax = syntaxProblems(source)
  if (!isReadable(source)) throw new ConfigError(file, syntax)

  const interpolation = interpolate(source, env)
  const { config, input, problems } = validate(source, interpolation, file)
  const references = checkReferences(input, knownProviders)
  const placed = [...problems, ...references.problems].map((problem) => place(source, problem))
  const all = [...syntax, ...interpolation.problems, ...withoutEchoes(placed, interpolation)]
  if (all.length > 0 || config === undefined) throw new ConfigError(file, all.toSorted(byPosition))
  return { config, file: resolve(file), notices: [...references.notices, ...findNotices(config)] }
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

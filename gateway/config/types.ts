import type { Config } from './schema.ts'

/** A configuration that was read and found good, with where it came from. */
export interface LoadedConfig {
  config: Config
  /** Absolute path; undefined when there is no file (defaults, or handed in). */
  file?: string
  /** Things that are allowed but probably not meant; shown once at start. */
  notices: string[]
  /** Names of keys that are nowhere; what they belong to was loaded without them. */
  missingKeys?: string[]
  /** Providers whose key is one of them -> its name. They must not be asked: calls would go out without a key. */
  keyless?: Record<string, string>
}

/** A problem of a configuration file, for people: where, what, what would be right. */
export interface ConfigProblem {
  /** 1-based; undefined where the file has no such place (a missing required key of an absent section). */
  line?: number
  column?: number
  /** `providers[0].timeout` */
  path: string
  message: string
}

/** Thrown by loading; `message` is all problems, one per line, each `file:line:column path: message`. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: ConfigProblem[]

  constructor(file: string, problems: ConfigProblem[]) {
    super(problems.map((problem) => formatProblem(file, problem)).join('\n'))
    this.problems = problems
  }
}

function formatProblem(file: string, { line, column, path, message }: ConfigProblem): string {
  const place = line === undefined ? file : `${file}:${line}:${column ?? 1}`
  return path === '' ? `${place} ${message}` : `${place} ${path}: ${message}`
}

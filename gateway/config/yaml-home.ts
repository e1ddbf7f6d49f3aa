import { readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { defaultConfig } from './defaults.ts'
import type { ConfigHome } from './home.ts'
import { createTurns } from './in-turn.ts'
import type { Environment } from './interpolate.ts'
import { loadConfigFile, parseConfig } from './load.ts'
import type { KnownProvider } from './references.ts'
import type { SecretLookup } from './resolve-references.ts'
import { resolveReferences } from './resolve-references.ts'
import { editConfigText, editsFor, saveConfigFile } from './save.ts'
import type { LoadedConfig } from './types.ts'
import { ConfigError } from './types.ts'

export interface YamlHomeOptions {
  file: string
  secrets: SecretLookup
  env: Environment
  knownProviders: readonly KnownProvider[]
  /** Nobody asked for this file: while it is missing, the defaults hold. An edit makes it in any case. */
  isOptional?: boolean
}

const newFile = `# LLM Gateway configuration: for people and for the app, which keeps comments and order.
# Keys are best kept elsewhere and referred to: apiKey: \${OPENAI_API_KEY}
`

/**
 * A gateway.yaml. A key that is nowhere is refused when the gateway starts, since a server that starts half is found out
 * late; but an edit may bring a provider before its key, and what such an edit left without a key loads until the end of
 * the process.
 */
export function yamlHome(options: YamlHomeOptions): ConfigHome {
  const { file, secrets, env, knownProviders, isOptional = false } = options
  const inTurn = createTurns()
  let awaited: ReadonlySet<string> = new Set()

  const parse = async (text: string, mayMiss: (name: string) => boolean): Promise<LoadedConfig> => {
    const { env: all, problems } = await resolveReferences(text, { secrets, env })
    const loaded = withReasons(problems, file, () => parseConfig(text, { file, env: all, knownProviders, mayMiss }))
    return { ...loaded, notices: [...problems, ...loaded.notices] }
  }
  const write = async (text: string): Promise<LoadedConfig> => {
    const loaded = await parse(text, () => true)
    await save(file, text)
    awaited = new Set(loaded.missingKeys)
    return { ...loaded, notices: [...startNotices(loaded), ...loaded.notices] }
  }

  return {
    kind: 'file',
    file: resolve(file),
    text: async () => (await readIfThere(file)) ?? '',
    write: (text) => inTurn(() => write(text)),
    edit: (edits) =>
      inTurn(async () => {
        const text = (await readIfThere(file)) ?? newFile
        return write(editConfigText(text, editsFor(text, edits)))
      }),
    async load() {
      const text = await readIfThere(file)
      if (text === undefined && isOptional) return { config: defaultConfig(), file: resolve(file), notices: [] }
      // What keeps a file from being read is worded there.
      if (text === undefined) return loadConfigFile(file, env, knownProviders)
      return parse(text, (name) => awaited.has(name))
    },
  }
}

/** A key that is missed may be in a store that could not be asked. */
function withReasons(reasons: string[], file: string, load: () => LoadedConfig): LoadedConfig {
  try {
    return load()
  } catch (error) {
    if (!(error instanceof ConfigError) || reasons.length === 0) throw error
    throw new ConfigError(file, [...error.problems, ...reasons.map((message) => ({ path: '', message }))])
  }
}

function startNotices({ missingKeys = [] }: LoadedConfig): string[] {
  if (missingKeys.length === 0) return []
  return [`Set ${missingKeys.join(', ')} before the gateway is started the next time: it does not start without.`]
}

async function readIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return undefined
    throw new ConfigError(file, [{ path: '', message: `cannot be read: ${message}` }])
  }
}

async function save(file: string, text: string): Promise<void> {
  try {
    await saveConfigFile(file, text)
  } catch (error) {
    const message = `cannot be written: ${(error as Error).message}; make it and its folder writable for this user`
    throw new ConfigError(file, [{ path: '', message }])
  }
}

import { existsSync, unwatchFile, watchFile, type Stats } from 'node:fs'
import { dirname } from 'node:path'
import type { CliArguments } from './cli-arguments.ts'
import { defaultConfig } from './config/defaults.ts'
import type { ConfigHome } from './config/home.ts'
import { findNotices } from './config/notices.ts'
import type { LoadedConfig } from './config/types.ts'
import type { Secrets } from './stores/secrets.ts'

export interface HeadlessHomeOptions {
  /** Of gateway.yaml; it need not be there if `isOptional`: the first edit makes it. */
  file: string
  isOptional: boolean
  secrets: Secrets
  env: Record<string, string | undefined>
  argv: CliArguments
  /** Told of everything that is loaded, before anybody else has it. */
  onLoaded: (loaded: LoadedConfig) => void
}

export interface HeadlessHome extends ConfigHome {
  readonly file: string
  /** Whether it is another text than the one that was last written here. */
  wasChangedByOthers(): Promise<boolean>
}

/** A gateway.yaml under the command line. `yaml` and the schema are only read where there is a file: the rest starts sooner. */
export function headlessHome(options: HeadlessHomeOptions): HeadlessHome {
  const { file, isOptional, secrets, env, argv, onLoaded } = options
  let opened: Promise<ConfigHome> | undefined
  const open = (): Promise<ConfigHome> => {
    opened ??= openYamlHome({ file, isOptional, secrets, env })
    return opened
  }
  const adjust = (loaded: LoadedConfig): LoadedConfig => {
    const adjusted = withArguments(loaded, argv)
    onLoaded(adjusted)
    return adjusted
  }
  let written: string | undefined
  const change = async (make: (home: ConfigHome) => Promise<LoadedConfig>): Promise<LoadedConfig> => {
    const home = await open()
    const loaded = await make(home)
    written = await home.text()
    return adjust(loaded)
  }
  return {
    kind: 'file',
    file,
    text: async () => (await open()).text(),
    write: (text) => change((home) => home.write(text)),
    edit: (edits) => change((home) => home.edit(edits)),
    wasChangedByOthers: async () => (await (await open()).text()) !== written,
    async load() {
      if (isOptional && !existsSync(file)) return adjust({ config: defaultConfig(), notices: [] })
      return adjust(await (await open()).load())
    },
  }
}

async function openYamlHome(options: Omit<HeadlessHomeOptions, 'argv' | 'onLoaded'>): Promise<ConfigHome> {
  const [{ yamlHome }, { providerRows }] = await Promise.all([
    import('./config/yaml-home.ts'),
    import('./providers/rows.ts'),
  ])
  return yamlHome({ ...options, knownProviders: providerRows })
}

/** What the command line says counts over the file. */
export function withArguments(loaded: LoadedConfig, { port, host }: CliArguments): LoadedConfig {
  const server = {
    ...loaded.config.server,
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
  }
  const config = { ...loaded.config, server }
  // Who may reach the gateway depends on the host, so what was noted is noted anew.
  const before = findNotices(loaded.config)
  const notices = [...loaded.notices.filter((notice) => !before.includes(notice)), ...findNotices(config)]
  return { ...loaded, config, notices }
}

export interface WatchPorts {
  onChange: () => void
  onError: (error: Error) => void
}

const pollEveryMs = 1000

/** Calls back when somebody else has changed the file, also when it comes to be. */
export async function watchHome(
  home: HeadlessHome,
  dataFolder: string,
  { onChange, onError }: WatchPorts,
): Promise<{ close(): void }> {
  const look = (): void => {
    void home
      .wasChangedByOthers()
      .catch(() => true)
      .then((isNews) => isNews && onChange())
  }
  if (dirname(home.file) === dataFolder) return pollFile(home.file, look)
  const { watchConfigFile } = await import('./config/watch.ts')
  return watchConfigFile(home.file, look, { onError })
}

/** Beside the ledger the folder changes with every call: there the file alone is looked at. */
function pollFile(file: string, onChange: () => void): { close(): void } {
  const listener = (now: Stats, before: Stats): void => {
    if (now.mtimeMs !== before.mtimeMs && now.mtimeMs > 0) onChange()
  }
  watchFile(file, { interval: pollEveryMs, persistent: false }, listener)
  return { close: () => unwatchFile(file, listener) }
}

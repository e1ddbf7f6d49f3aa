import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { createGateway, type Gateway } from './app.ts'
import { defaultDataDir, findConfigFile, type CliArguments } from './cli-arguments.ts'
import { defaultConfig } from './config/defaults.ts'
import { findNotices } from './config/notices.ts'
import { ConfigError, type LoadedConfig } from './config/types.ts'
import { describePortHolder } from './port-holder.ts'
import { openSqliteLedger } from './stores/ledger-sqlite.ts'
import { limitYoungGeneration } from './young-generation.ts'
import { createMemoryLedger } from './stores/ledger-memory.ts'
import type { Ledger } from './stores/ledger.ts'
import { createLog, type Log } from './telemetry/log.ts'

/** The gateway as a server: runs until SIGTERM or SIGINT. Answers the exit code. */
export async function runHeadless(argv: CliArguments): Promise<number> {
  const afterCall = limitYoungGeneration()
  const file = findConfigFile({ given: argv.config, workingDirectory: process.cwd(), exists: existsSync })
  const load = async (): Promise<LoadedConfig> => withArguments(await loadConfig(file), argv)
  const loaded = await orExplain(load)
  if (loaded === undefined) return 1
  if (argv.command === 'check') return check(loaded)
  if (argv.command === 'print-config') return printConfig(loaded)
  let secrets = secretsOf(loaded)
  const log = await createLog({ ...loaded.config.logging, secrets: () => secrets })
  const ledger = await openLedger(argv, loaded, log)
  if (ledger === undefined) return 1
  const gateway = await orExplain(() => createGateway(loaded, { ledger, log, env: process.env, afterCall }))
  if (gateway === undefined) {
    await ledger.close()
    return 1
  }
  const onLoaded = (next: LoadedConfig): void => {
    secrets = secretsOf(next)
    gateway.reload(next)
  }
  const reload = createReload({ load, onLoaded, log, before: loaded })
  // Before anybody is told that it runs: whoever reads that may signal at once.
  const stopped = untilStopped(reload)
  const url = await listen(gateway, loaded)
  if (url === undefined) return 1
  const watcher = file === undefined ? undefined : await watch(file, reload, log)
  announce(url, loaded, log)
  const signal = await stopped
  log.info({ signal }, 'stopping: running calls may finish')
  watcher?.close()
  await gateway.close()
  log.info({}, 'stopped')
  return 0
}

/** `yaml` and the schema are only read where there is a file: the rest starts sooner without. */
async function loadConfig(file: string | undefined): Promise<LoadedConfig> {
  if (file === undefined) return { config: defaultConfig(), notices: [] }
  const { loadConfigFile } = await import('./config/load.ts')
  const { providerRows } = await import('./providers/rows.ts')
  return loadConfigFile(file, process.env, providerRows)
}

function withArguments(loaded: LoadedConfig, { port, host }: CliArguments): LoadedConfig {
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

async function orExplain<T>(attempt: () => Promise<T>): Promise<T | undefined> {
  try {
    return await attempt()
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    console.error(error.message)
    return undefined
  }
}

function check({ file, notices }: LoadedConfig): number {
  for (const notice of notices) console.error(`note: ${notice}`)
  console.log(file === undefined ? 'No configuration file: the built-in defaults are good.' : `${file} is good.`)
  return 0
}

async function printConfig({ config }: LoadedConfig): Promise<number> {
  const { effectiveConfigYaml } = await import('./config/print.ts')
  process.stdout.write(effectiveConfigYaml(config))
  return 0
}

function secretsOf({ config }: LoadedConfig): string[] {
  return [...config.providers.map(({ apiKey }) => apiKey), ...config.auth.keys.map(({ key }) => key)].filter(
    (secret) => secret !== undefined,
  )
}

/** A data directory that was asked for must work; the default one may be missing its ground (read-only systems). */
async function openLedger(argv: CliArguments, { config }: LoadedConfig, log: Log): Promise<Ledger | undefined> {
  const directory = argv.dataDir ?? defaultDataDir(process.env, process.platform)
  try {
    await makeDirectory(directory)
    const ledger = await openSqliteLedger({
      file: join(directory, 'ledger.db'),
      retentionMs: config.ledger.retention,
      warn: (message) => log.warn({}, message),
    })
    await ledger.ready
    return ledger
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (argv.dataDir !== undefined) {
      console.error(`The data directory ${directory} cannot be used: ${why}`)
      return undefined
    }
    log.warn(
      { directory, error: why },
      'the ledger cannot be kept on disk: spending is only known until the gateway stops; set --data-dir',
    )
    return createMemoryLedger()
  }
}

/** Not mkdir's own recursion, which never ends in /proc. */
async function makeDirectory(directory: string): Promise<void> {
  const parent = dirname(directory)
  if (existsSync(directory)) return
  if (!existsSync(parent) && parent !== directory) await makeDirectory(parent)
  await mkdir(directory, { mode: 0o700 })
}

async function listen(gateway: Gateway, { config }: LoadedConfig): Promise<string | undefined> {
  const { host, port } = config.server
  try {
    return await gateway.listen({ host, port })
  } catch (error) {
    console.error(await explainListenError(error as NodeJS.ErrnoException, { host, port }))
    await gateway.close()
    return undefined
  }
}

async function explainListenError(
  error: NodeJS.ErrnoException,
  { host, port }: { host: string; port: number },
): Promise<string> {
  switch (error.code) {
    case 'EADDRINUSE':
      return `Port ${port} on ${host} is taken by ${await describePortHolder(port)}: stop it, or start on another port with --port ${port + 1}.`
    case 'EACCES':
      return `Port ${port} may not be opened by this user: choose one above 1023 with --port.`
    case 'EADDRNOTAVAIL':
    case 'ENOTFOUND':
      return `${host} is no address of this machine: correct server.host or --host.`
    default:
      return `Cannot listen on ${host}:${port}: ${error.message}`
  }
}

function announce(url: string, { config, file, notices }: LoadedConfig, log: Log): void {
  for (const notice of notices) log.warn({}, notice)
  log.info({ url, config: file ?? 'built-in defaults' }, 'listening')
  if (config.providers.length > 0) return
  log.info(
    {},
    `no provider is configured: the built-in demo answers. Try: curl ${url}/v1/chat/completions -d '{"model":"demo","messages":[{"role":"user","content":"Hello!"}]}'`,
  )
}

interface ReloadInput {
  load: () => Promise<LoadedConfig>
  onLoaded: (next: LoadedConfig) => void
  log: Log
  before: LoadedConfig
}

/** A file that does not load changes nothing. */
function createReload({ load, onLoaded, log, before }: ReloadInput): () => Promise<void> {
  return async () => {
    try {
      const next = await load()
      onLoaded(next)
      for (const notice of next.notices) log.warn({}, notice)
      log.info({ config: next.file, needsRestart: needsRestart(before, next) }, 'configuration reloaded')
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      log.error({ error: why }, 'the changed configuration is not used: the running one stays in force')
    }
  }
}

/** Settings that are taken up when the process starts. */
function needsRestart({ config: before }: LoadedConfig, { config: after }: LoadedConfig): string[] | undefined {
  const pairs: [string, unknown, unknown][] = [
    ['server.host', before.server.host, after.server.host],
    ['server.port', before.server.port, after.server.port],
    ['server.readTimeout', before.server.readTimeout, after.server.readTimeout],
    ['server.cors.enabled', before.server.cors.enabled, after.server.cors.enabled],
    ['metrics', JSON.stringify(before.metrics), JSON.stringify(after.metrics)],
    ['cache.maxSize', before.cache.maxSize, after.cache.maxSize],
    ['network', JSON.stringify(before.network), JSON.stringify(after.network)],
    ['ledger.retention', before.ledger.retention, after.ledger.retention],
    ['logging', JSON.stringify(before.logging), JSON.stringify(after.logging)],
  ]
  const changed = pairs.filter(([, a, b]) => a !== b).map(([name]) => name)
  return changed.length === 0 ? undefined : changed
}

async function watch(file: string, reload: () => Promise<void>, log: Log): Promise<{ close(): void }> {
  const { watchConfigFile } = await import('./config/watch.ts')
  return watchConfigFile(file, () => void reload(), {
    onError: (error) =>
      log.warn({ error: error.message }, 'the configuration file is no longer watched; send SIGHUP to reload it'),
  })
}

/** Resolves with the first signal that asks to stop; the second one does not wait for anything. */
function untilStopped(reload: () => Promise<void>): Promise<string> {
  return new Promise((resolve) => {
    let stopping = false
    const stop = (signal: string): void => {
      if (stopping) process.exit(1)
      stopping = true
      resolve(signal)
    }
    process.on('SIGTERM', () => stop('SIGTERM'))
    process.on('SIGINT', () => stop('SIGINT'))
    process.on('SIGHUP', () => void reload())
  })
}

import { existsSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { keepAdminToken, type KeptToken } from './api/admin-token.ts'
import { needsRestart } from './api/settings-restart.ts'
import { createGateway, type Gateway } from './app.ts'
import { builtUi } from './built-ui.ts'
import { defaultDataDir, findConfigFile, tokenProblem, type CliArguments } from './cli-arguments.ts'
import { otlpSecrets } from './config/otlp-secrets.ts'
import { exposureWarning } from './config/notices.ts'
import { redisSecrets } from './config/redis-url.ts'
import { ConfigError, type LoadedConfig } from './config/types.ts'
import { headlessHome, watchHome, type HeadlessHome } from './headless-home.ts'
import { openLedger } from './headless-ledger.ts'
import { describePortHolder } from './port-holder.ts'
import { createSecrets } from './stores/secrets-chain.ts'
import { createCredentialSecrets, type CredentialSecrets } from './stores/secrets-credentials.ts'
import { createFileSecrets } from './stores/secrets-file.ts'
import type { Secrets } from './stores/secrets.ts'
import { createLog, type Log } from './telemetry/log.ts'
import { limitYoungGeneration } from './young-generation.ts'

/** The gateway as a server: runs until SIGTERM or SIGINT. Answers the exit code. */
export async function runHeadless(argv: CliArguments): Promise<number> {
  const afterCall = limitYoungGeneration()
  const dataFolder = resolve(argv.dataDir ?? defaultDataDir(process.env, process.platform))
  const hidden = new HiddenTexts()
  const credentials = createCredentialSecrets(process.env['CREDENTIALS_DIRECTORY'])
  const file = createFileSecrets(join(dataFolder, 'keys.json'))
  const secrets = createSecrets({ env: process.env, credentials, file })
  const home = findHome(argv, { dataFolder, secrets, onLoaded: (loaded) => hidden.take(loaded) })
  const loaded = await orExplain(() => home.load())
  if (loaded === undefined) return 1
  if (argv.command === 'check') return check(loaded)
  if (argv.command === 'print-config') return printConfig(loaded)
  const log = await createLog({ ...loaded.config.logging, secrets: () => hidden.texts })
  const opened = await openLedger(dataFolder, argv, loaded, log)
  if (typeof opened === 'string') {
    console.error(opened)
    return 1
  }
  const { ledger, folder } = opened
  const adminToken = await orExplain(() => findAdminToken(argv, credentials, folder))
  if (adminToken === undefined) {
    await ledger.close()
    return 1
  }
  hidden.add(adminToken.token)
  const gateway = await orExplain(() =>
    createGateway(loaded, {
      ledger,
      log,
      env: process.env,
      afterCall,
      secrets,
      // The folder for a new file is the ledger's.
      ...(loaded.file === undefined && folder === undefined ? {} : { home }),
      ...(folder === undefined ? {} : { dataFolder: folder }),
      admin: { token: adminToken.token, hint: tokenHint },
      ...builtUi(),
    }),
  )
  if (gateway === undefined) {
    await ledger.close()
    return 1
  }
  const reload = createReload({
    load: () => home.load(),
    onLoaded: (next) => gateway.reload(next),
    log,
    before: loaded,
  })
  // Before anybody is told that it runs: whoever reads that may signal at once.
  const stopped = untilStopped(reload)
  const url = await listen(gateway, loaded)
  if (url === undefined) return 1
  const watcher = await watchHome(home, dataFolder, {
    onChange: () => void reload(),
    onError: (error) =>
      log.warn({ error: error.message }, 'the configuration file is no longer watched; send SIGHUP to reload it'),
  })
  warnIfOpen(loaded)
  announce(url, loaded, log)
  announceDashboard(url, adminToken, log)
  const signal = await stopped
  log.info({ signal }, 'stopping: running calls may finish')
  watcher.close()
  await gateway.close()
  log.info({}, 'stopped')
  return 0
}

interface HomePorts {
  dataFolder: string
  secrets: Secrets
  onLoaded: (loaded: LoadedConfig) => void
}

/** What was asked for or is found; else the place where the first edit in the dashboard will make a file. */
function findHome(argv: CliArguments, { dataFolder, secrets, onLoaded }: HomePorts): HeadlessHome {
  const folders = [process.cwd(), dataFolder]
  const found = findConfigFile({ given: argv.config, workingDirectory: process.cwd(), folders, exists: existsSync })
  const file = found ?? join(dataFolder, 'gateway.yaml')
  return headlessHome({ file, isOptional: found === undefined, secrets, env: process.env, argv, onLoaded })
}

/** What no log line may show: the keys of the configuration in force, and the admin token. */
class HiddenTexts {
  texts: string[] = []
  #always: string[] = []

  add(text: string): void {
    this.#always.push(text)
    this.texts = [...this.texts, text]
  }

  take({ config }: LoadedConfig): void {
    const keys = [
      ...config.providers.map(({ apiKey }) => apiKey),
      ...config.auth.keys.map(({ key }) => key),
      ...redisSecrets(config.cache.redis.url),
      ...otlpSecrets(config.telemetry),
    ]
    this.texts = [...this.#always, ...keys.filter((key) => key !== undefined)]
  }
}

const tokenHint =
  'It was printed when the gateway first started, and is kept in the file admin-token in its data folder, unless it was set with LLM_GATEWAY_ADMIN_TOKEN.'

/** What the command line, the environment or a credential says; else the one that is kept with the ledger. */
async function findAdminToken(
  { adminToken }: CliArguments,
  credentials: CredentialSecrets,
  folder: string | undefined,
): Promise<KeptToken> {
  const name = 'LLM_GATEWAY_ADMIN_TOKEN'
  const token = adminToken ?? (await credentials.get(name))
  if (token === undefined) return keepAdminToken(folder)
  const message = tokenProblem(`The credential ${name}`, token)
  if (message !== undefined) throw new ConfigError('credentials:', [{ path: '', message }])
  return { token, file: undefined, isNew: false }
}

/** A new token is shown once, beside the log: lines of a log go far. */
function announceDashboard(url: string, { token, file, isNew }: KeptToken, log: Log): void {
  const dashboard = `${url}/ui/`
  if (isNew) console.error(`Dashboard: ${dashboard}  token: ${token}`)
  else log.info({ dashboard, tokenFile: file }, 'the dashboard asks for the admin token')
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

/** Beside the log, so that no log level hides it and no other line hides it. */
function warnIfOpen({ config }: LoadedConfig): void {
  const warning = exposureWarning(config)
  if (warning === undefined) return
  const rule = '!'.repeat(78)
  console.error(`${rule}\nWARNING. ${warning.replaceAll('. ', '.\n')}\n${rule}`)
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
      warnIfOpen(next)
      for (const notice of next.notices) log.warn({}, notice)
      const waiting = needsRestart(before.config, next.config)
      log.info(
        { config: next.file, needsRestart: waiting.length === 0 ? undefined : waiting },
        'configuration reloaded',
      )
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      log.error({ error: why }, 'the changed configuration is not used: the running one stays in force')
    }
  }
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

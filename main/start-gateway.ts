import { join } from 'node:path'
import type { CliArguments } from '../gateway/cli-arguments.ts'
import { appHome } from '../gateway/config/app-home.ts'
import type { ConfigHome } from '../gateway/config/home.ts'
import { otlpSecrets } from '../gateway/config/otlp-secrets.ts'
import { redisSecrets } from '../gateway/config/redis-url.ts'
import type { Config } from '../gateway/config/schema.ts'
import { ConfigError, type LoadedConfig } from '../gateway/config/types.ts'
import { yamlHome } from '../gateway/config/yaml-home.ts'
import { withArguments } from '../gateway/headless-home.ts'
import { providerRows } from '../gateway/providers/rows.ts'
import { createSecrets } from '../gateway/stores/secrets-chain.ts'
import { createFileSecrets } from '../gateway/stores/secrets-file.ts'
import { createKeychainSecrets } from '../gateway/stores/secrets-keychain.ts'
import { createLog } from '../gateway/telemetry/log.ts'
import { adjustedHome } from './adjusted-home.ts'
import { createGatewayHost, type GatewayHost } from './gateway-host.ts'
import { createLogFile } from './log-file.ts'
import { openSettingsStore, type SettingsStore } from './settings-store.ts'

export interface DesktopGateway {
  host: GatewayHost
  settings: SettingsStore
}

/** Settings, keys, log and ledger, all in the app's data folder, and the gateway on top. It does not listen yet. */
export async function startGateway(folder: string, argv: CliArguments): Promise<DesktopGateway> {
  const { settings, notice } = openSettingsStore(folder)
  const notices = notice === undefined ? [] : [notice]
  const file = createFileSecrets(join(folder, 'keys.json'))
  const secrets = createSecrets({ env: process.env, keychain: createKeychainSecrets(), file })
  const known = { secrets, env: process.env, knownProviders: providerRows }
  let inForce: Config | undefined
  const home = adjustedHome(
    argv.config === undefined
      ? appHome({ store: settings.config, ...known })
      : yamlHome({ file: argv.config, ...known }),
    (loaded) => {
      const adjusted = withArguments(loaded, argv)
      inForce = adjusted.config
      return { ...adjusted, notices: [...notices, ...adjusted.notices] }
    },
  )
  const { config } = await loadOrSetAside(home, settings, notices)
  const log = await createLog({
    level: config.logging.level,
    format: 'json',
    write: createLogFile(join(folder, 'logs', 'gateway.log')),
    secrets: () => (inForce === undefined ? [] : secretsOf(inForce)),
  })
  const host = await createGatewayHost({ home, secrets, folder, log })
  return { host, settings }
}

/** A configuration of the app's own that is not good (an older or newer version wrote it) must not keep it from starting. */
async function loadOrSetAside(home: ConfigHome, settings: SettingsStore, notices: string[]): Promise<LoadedConfig> {
  try {
    return await home.load()
  } catch (error) {
    if (home.kind !== 'app' || !(error instanceof ConfigError)) throw error
    notices.push(settings.setAside(error.message))
    return home.load()
  }
}

function secretsOf({ providers, auth, cache, telemetry }: Config): string[] {
  return [
    ...providers.flatMap(({ apiKey }) => apiKey ?? []),
    ...auth.keys.flatMap(({ key }) => key ?? []),
    ...redisSecrets(cache.redis.url),
    ...otlpSecrets(telemetry),
  ]
}

import { randomUUID } from 'node:crypto'
import { createCallIds } from './pipeline/call-id.ts'
import { existsSync } from 'node:fs'
import { homedir, hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { createAliasesHandlers } from './api/aliases.ts'
import type { Api, GatewayHandlers } from './api/api.ts'
import { createBudgetsHandlers } from './api/budgets.ts'
import { createCacheHandlers } from './api/cache.ts'
import { comparing } from './api/cache-semantic.ts'
import { createKeyUse } from './api/client-keys-use.ts'
import { createClientKeysHandlers } from './api/client-keys.ts'
import { createConfigHandlers } from './api/configuration-transfer.ts'
import { createConfiguration } from './api/configuration.ts'
import { createDiagnosticsHandlers } from './api/diagnostics.ts'
import { createApi } from './api/dispatch.ts'
import { createGuardsHandlers } from './api/guards.ts'
import { withRestores, type RestoringConfiguration } from './api/keys-restore.ts'
import { createKeysHandlers } from './api/keys.ts'
import { createLimitsHandlers } from './api/limits.ts'
import { createModelsHandlers } from './api/models-list.ts'
import { createPlaygroundHandlers } from './api/playground.ts'
import { createProvidersHandlers } from './api/providers.ts'
import { needsRestart } from './api/settings-restart.ts'
import { createSettingsHandlers } from './api/settings.ts'
import { createStatusHandlers } from './api/status.ts'
import { createToolsHandlers } from './api/tools.ts'
import { createTrafficHandlers } from './api/traffic.ts'
import { createUsageHandlers } from './api/usage-queries.ts'
import { nanoOf } from './budgets/budget.ts'
import { createHistory } from './config/history.ts'
import { noHome } from './config/no-home.ts'
import { whyReadOnly } from './config/read-only.ts'
import type { Config } from './config/schema.ts'
import type { LoadedConfig } from './config/types.ts'
import { createConnector } from './connect/connector.ts'
import type { Status } from './contract.ts'
import type { ManagementPorts } from './management.ts'
import { version } from './version.ts'

export interface ManagementApiPorts extends ManagementPorts {
  status: () => Promise<Status>
  pause: (paused: boolean) => void
  /** Where it listens. */
  url: () => string | undefined
}

/** Every noun of the contract with what it needs; the list of what a window can do. */
export function createManagementApi(ports: ManagementApiPorts): Api {
  const { hub, shared, runtime } = ports
  const home = ports.home ?? noHome()
  const history = createHistory({ home, now: shared.now, newId: randomUUID })
  const current = (): ReturnType<typeof runtime>['loaded'] => runtime().loaded
  const reload = (loaded: LoadedConfig): void => {
    ports.reload(loaded)
    const waiting = needsRestart(ports.started.config, loaded.config)
    const needs = waiting.length === 0 ? {} : { needsRestart: waiting }
    shared.log.info(needs, 'the configuration was changed in the window')
  }
  const configuration = withRestores(createConfiguration({ home, history, current, reload }), shared.now)
  return createApi(createHandlers(ports, configuration), {
    hub,
    scrub: (text) => runtime().scrub(text),
    onUnexpected: (error, method) =>
      shared.log.error(
        { method, error: error instanceof Error ? error.stack : String(error) },
        'a method of the window failed',
      ),
  })
}

function createHandlers(ports: ManagementApiPorts, configuration: RestoringConfiguration): GatewayHandlers {
  const { hub, shared, runtime, secrets, started } = ports
  const { ledger, cache, health, breaker, upstream, now, nowMs, recent } = shared
  const prices = (): ReturnType<ReturnType<typeof runtime>['prices']> => runtime().prices()
  return {
    ...createStatusHandlers({ pause: ports.pause, read: ports.status }),
    ...createUsageHandlers({ ledger, now, monthlyBudget: () => monthlyBudget(runtime().config) }),
    ...createBudgetsHandlers({ ...shared, configuration, keeper: shared.budgets, ledger, now }),
    ...createGuardsHandlers({ configuration, ledger, now, timeZone: () => shared.budgets.timeZone }),
    ...createTrafficHandlers({
      ledger,
      recent,
      prices,
      current: runtime,
      capture: () => runtime().config.ledger.bodies,
      cacheEnabled: () => runtime().config.cache.enabled,
    }),
    ...createProvidersHandlers({ configuration, secrets, upstream, now, nowMs, current: runtime, health, breaker }),
    ...createKeysHandlers({ configuration, secrets }),
    ...createClientKeysHandlers({
      configuration,
      whyReadOnly: () => whyReadOnly(ports.home ?? noHome()),
      readUse: createKeyUse(ledger, now),
      now,
    }),
    ...createModelsHandlers({ current: runtime, prices, breaker, now }),
    ...createAliasesHandlers({ configuration, current: runtime }),
    ...createCacheHandlers({
      cache,
      ledger,
      configuration,
      now,
      vectors: shared.vectors,
      semantic: shared.semantic,
      embed: async (text) => runtime().semantic?.embed(text, comparing, AbortSignal.timeout(compareMs)),
    }),
    ...createLimitsHandlers({ configuration }),
    ...createSettingsHandlers({ configuration, started: started.config }),
    ...createConfigHandlers({ configuration, secrets, env: ports.env }),
    ...createDiagnosticsHandlers({
      version,
      url: ports.url,
      providers: () => runtime().providers,
      upstream,
      now,
      nowMs,
      scrub: (text) => runtime().scrub(text),
      dataFolder: ports.dataFolder,
      secretStore: () => secrets.describe(),
      storeNotices: shared.storeNotices,
      proxy: () => runtime().config.network.proxy,
      env: ports.env,
      identity: { home: homedir(), user: userName(), host: hostname() },
    }),
    ...toolsHandlers(ports, configuration),
    ...createPlaygroundHandlers({
      ...ports.calls,
      emit: (event) => hub.emit(event),
      newId: createCallIds(shared.now),
    }),
  }
}

/** More than the longest timeout of an embedding. */
const compareMs = 70_000

function monthlyBudget({ budgets: { monthly } }: Config): number | undefined {
  return monthly === undefined ? undefined : nanoOf(monthly)
}

function toolsHandlers(
  { shared, runtime, started, url, shell, dataFolder, userHome = homedir(), env }: ManagementApiPorts,
  configuration: RestoringConfiguration,
): ReturnType<typeof createToolsHandlers> {
  const places = { home: userHome, platform: process.platform, env, exists: existsSync }
  const { ledger, now } = shared
  const connector =
    dataFolder === undefined
      ? undefined
      : createConnector({ places, folder: join(dataFolder, 'connect'), shell: undefined, now })
  return createToolsHandlers({
    configuration,
    config: () => runtime().config,
    host: started.config.server.host,
    ledger,
    now,
    url,
    shell,
    places,
    connector,
  })
}

/** A user id without an entry in the password file, as containers have, is no name. */
function userName(): string {
  try {
    return userInfo().username
  } catch {
    return ''
  }
}

import type { FastifyInstance } from 'fastify'
import { exposureWarning } from './config/notices.ts'
import type { LoadedConfig } from './config/types.ts'
import { registerCors } from './http/cors.ts'
import { createFastify } from './http/create-fastify.ts'
import { drain, shuttingDown } from './http/drain.ts'
import { registerAccess } from './http/access.ts'
import { GatewayError } from './errors.ts'
import { createHub } from './api/hub.ts'
import { createAdminGate } from './api/admin-token.ts'
import type { Api } from './api/api.ts'
import { registerAdminRoutes } from './http/admin.ts'
import { registerUiRoutes, uiFolder, uiInside, type UiFiles } from './http/ui.ts'
import { createManagement } from './management.ts'
import type { Call } from './pipeline/call.ts'
import type { Stages } from './pipeline/handle.ts'
import { createSecrets } from './stores/secrets-chain.ts'
import type { ReadableLedger } from './stores/ledger-reader.ts'
import { createRuntime } from './runtime.ts'
import { createBudgetStart, createShared } from './create-shared.ts'
import type { Ports } from './ports.ts'
import { registerRoutes } from './register-routes.ts'

export interface Gateway {
  fastify: FastifyInstance
  ledger: ReadableLedger
  /** What windows ask and change; IPC and HTTP both end here. */
  api: Api
  /** Resolves with the address, e.g. `http://127.0.0.1:8080`. */
  listen(at: { host: string; port: number }): Promise<string>
  /** Takes a new configuration; running calls end under their old one. */
  reload(loaded: LoadedConfig): void
  /** Stops taking calls, lets running ones end within the drain timeout, closes the ledger. */
  close(): Promise<void>
}

/** Builds the gateway without side effects but those of its ports; `listen` opens the door. */
export async function createGateway(loaded: LoadedConfig, ports: Partial<Ports> = {}): Promise<Gateway> {
  const { config } = loaded
  const { admin, env = {} } = ports
  const gate = admin === undefined ? undefined : createAdminGate(admin.token, ports.nowMs ?? (() => performance.now()))
  const shared = await createShared(loaded, ports, {
    onCall: (rows) => management.onCall(rows),
    onLedgerError: (error) => management.onLedgerError(error),
    onBudget: (notice) => management.onBudget(notice),
    isAdminToken: (token) => gate?.matches(token) === true,
  })
  let runtime = createRuntime(loaded, shared)
  const startBudgets = createBudgetStart()
  startBudgets(shared, config)
  let draining = false
  const calls = new Set<AbortController>()
  const callPorts = {
    stages: () => (management.isPaused() ? pausedStages(runtime.stages) : runtime.stages),
    prepare: (call: Call) => runtime.prepare(call),
    calls,
    inFlight: (delta: 1 | -1) => shared.metrics.inFlight(delta),
    now: shared.now,
    nowMs: shared.nowMs,
  }
  const management = createManagement({
    hub: createHub((error) => shared.log.error({ error: String(error) }, 'an event could not be told')),
    shared,
    runtime: () => runtime,
    reload,
    started: loaded,
    home: ports.home,
    secrets: ports.secrets ?? createSecrets({ env }),
    shell: ports.shell ?? 'headless',
    dataFolder: ports.dataFolder,
    userHome: ports.userHome,
    env,
    calls: { ...callPorts, checkOpen },
  })
  const fastify = createFastify(config.server, shared.log)
  registerAccess(fastify, () => runtime)
  if (config.server.cors.enabled) await registerCors(fastify, () => runtime.config.server.cors.allowedOrigins)
  registerRoutes(fastify, { shared, callPorts, runtime: () => runtime, isDraining: () => draining, started: config })
  if (admin !== undefined && gate !== undefined) {
    const isClientKey = (token: string): boolean => runtime.isClientKey(token)
    const isDesktop = ports.shell === 'desktop'
    const admitted = { gate, isClientKey, tokenHint: admin.hint, isLocalOnly: isDesktop }
    registerAdminRoutes(fastify, { api: management.api, ...admitted })
    // The app has a window of its own.
    if (!isDesktop) registerUiRoutes(fastify, uiOf(ports))
  }

  function checkOpen(): void {
    if (draining) throw shuttingDown()
    if (management.isPaused()) throw paused()
  }

  function reload(next: LoadedConfig): void {
    runtime = createRuntime(next, shared)
    startBudgets(shared, next.config)
    void shared.cache.resize(next.config.cache.maxSize)
    management.reloaded()
  }

  return {
    fastify,
    ledger: shared.ledger,
    api: management.api,
    async listen({ host, port }) {
      const url = await fastify.listen({ host, port, backlog: 8192 })
      management.listens(url)
      const warning = exposureWarning(runtime.config)
      if (warning !== undefined) shared.log.warn({ host }, warning)
      return url
    },
    reload,
    async close() {
      draining = true
      const { drainTimeout } = runtime.config.server
      await drain(fastify, calls, drainTimeout)
      const told = shared.traces?.close(Math.min(drainTimeout, tellTracesMs))
      management.close()
      startBudgets(undefined)
      await shared.upstream.close()
      shared.closeStores()
      await shared.ledger.close()
      await told
    },
  }
}

/** How long the end of the process waits for a collector. */
const tellTracesMs = 5000

/** Paused by the user: calls are refused, each in its client's dialect, and put down. */
function pausedStages(stages: Stages): Stages {
  return {
    ...stages,
    authenticate() {
      throw paused()
    },
  }
}

function paused(): GatewayError {
  return new GatewayError('paused', 'The gateway is paused. Resume it in its window or tray menu.')
}

function uiOf({ uiFiles, uiFolder: folder }: Partial<Ports>): UiFiles {
  if (uiFiles !== undefined) return uiInside(uiFiles)
  return folder === undefined ? { read: async () => undefined } : uiFolder(folder)
}

import { randomUUID } from 'node:crypto'
import type { FastifyInstance } from 'fastify'
import type { Config } from './config/schema.ts'
import { exposureWarning } from './config/notices.ts'
import type { LoadedConfig } from './config/types.ts'
import { registerCors } from './http/cors.ts'
import { createFastify } from './http/create-fastify.ts'
import { drain, shuttingDown } from './http/drain.ts'
import { registerForwardRoutes, type ForwardPorts } from './http/forward.ts'
import { registerAccess } from './http/access.ts'
import { llmRoutes } from './http/llm-routes.ts'
import { registerLlmRoutes, type LlmPorts } from './http/llm.ts'
import { registerDiscoveryRoutes } from './http/discovery-routes.ts'
import { registerOllamaRoutes } from './http/discovery-ollama.ts'
import { registerModelsRoutes } from './http/models-routes.ts'
import { registerOpsRoutes } from './http/ops.ts'
import { registerResponsesRoutes } from './http/responses-routes.ts'
import { registerResponsesSocket } from './http/responses-socket.ts'
import { GatewayError } from './errors.ts'
import { createHub } from './api/hub.ts'
import { createRecentCalls } from './api/recent-calls.ts'
import { createAdminGate } from './api/admin-token.ts'
import type { Api } from './api/api.ts'
import type { ConfigHome } from './config/home.ts'
import type { Status } from './contract.ts'
import { registerAdminRoutes } from './http/admin.ts'
import { registerUiRoutes, uiFolder, uiInside, type UiFiles } from './http/ui.ts'
import { createManagement } from './management.ts'
import type { BudgetNotice } from './budgets/levels.ts'
import type { Call } from './pipeline/call.ts'
import type { Stages } from './pipeline/handle.ts'
import { createSecrets } from './stores/secrets-chain.ts'
import type { ReadableLedger } from './stores/ledger-reader.ts'
import type { Secrets } from './stores/secrets.ts'
import { createBreaker, type Breaker } from './pipeline/breaker.ts'
import { BudgetKeeper } from './budgets/keeper.ts'
import { createProviderHealth } from './pipeline/health.ts'
import { openStores } from './open-stores.ts'
import { createPriceShelf } from './models/price-shelf.ts'
import { usd } from './pipeline/send-answer.ts'
import { createRuntime, type Runtime, type Shared } from './runtime.ts'
import type { SharedCircuits } from './stores/circuits-redis.ts'
import { createMemoryLedger } from './stores/ledger-memory.ts'
import { createMemorySpending } from './stores/spending-memory.ts'
import { createMemoryResponses } from './stores/responses-memory.ts'
import { createLog, type Log } from './telemetry/log.ts'
import { createMetrics } from './telemetry/metrics.ts'
import type { Traces, TracesPorts } from './trace-calls.ts'
import { createUpstream } from './upstream/client.ts'
import type { Upstream } from './upstream/upstream.ts'
import { version } from './version.ts'

/** What the world lends the gateway; each has a default, tests bring their own. */
export interface Ports {
  ledger: ReadableLedger
  upstream: Upstream
  log: Log
  /** Milliseconds since 1970. */
  now: () => number
  /** Milliseconds on a clock that never jumps. */
  nowMs: () => number
  /** [0, 1) */
  random: () => number
  /** Told of every finished call. */
  afterCall: () => void
  env: Record<string, string | undefined>
  /** Where edits of the configuration go; absent: it cannot be edited. */
  home: ConfigHome
  secrets: Secrets
  shell: Status['shell']
  /** Where the ledger and the rest lie, to be told and checked. */
  dataFolder: string
  /** Where the files of the tools lie that are connected; absent: the home of the user who runs this. */
  userHome: string
  /** With it the management API and the dashboard are served over HTTP; `hint` says where people find it. */
  admin: { token: string; hint: string }
  /** The built dashboard, in a folder or unpacked by a function. */
  uiFolder: string
  uiFiles: () => Promise<Map<string, Uint8Array>>
}

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

interface RoutePorts {
  shared: Shared
  callPorts: Pick<LlmPorts, 'stages' | 'prepare' | 'calls' | 'inFlight' | 'now' | 'nowMs'>
  runtime: () => Runtime
  isDraining: () => boolean
  /** As the process started with. */
  started: Config
}

function registerRoutes(
  fastify: FastifyInstance,
  { shared, callPorts, runtime, isDraining, started }: RoutePorts,
): void {
  fastify.addHook('onRequest', (request, _reply, done) => {
    const watches = request.routeOptions.url === '/health' || request.routeOptions.url === '/ready'
    done(isDraining() && !watches ? shuttingDown() : undefined)
  })
  const settings = (): ReturnType<ForwardPorts['settings']> => {
    const { bodyLimit, writeTimeout: writeTimeoutMs, readTimeout: readTimeoutMs } = runtime().config.server
    return { bodyLimit, writeTimeoutMs, readTimeoutMs }
  }
  registerLlmRoutes(fastify, { ...callPorts, routes: llmRoutes, settings, newId: randomUUID })
  registerForwardRoutes(fastify, { ...callPorts, settings, newId: randomUUID, forwarding: () => runtime().forwarding })
  registerResponsesRoutes(fastify, { responses: shared.responses, current: runtime })
  registerResponsesSocket(fastify, {
    ...callPorts,
    settings,
    newId: randomUUID,
    responses: shared.responses,
    paths: llmRoutes.filter(({ hasSocket }) => hasSocket).map(({ path }) => path),
    guard: (headers) => runtime().guard(headers),
    isDraining,
  })
  registerModelsRoutes(fastify, { current: runtime })
  registerOllamaRoutes(fastify, { current: runtime })
  registerDiscoveryRoutes(fastify, { current: runtime, now: shared.now })
  registerOpsRoutes(fastify, {
    ...shared,
    version,
    startedAt: shared.now(),
    current: () => ({ ...runtime(), notices: [...runtime().loaded.notices, ...shared.storeNotices()] }),
    draining: isDraining,
    metricsPath: started.metrics.enabled ? started.metrics.endpoint : undefined,
  })
}

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

type Watchers = Pick<Shared, 'onCall' | 'onLedgerError' | 'isAdminToken'> & {
  onBudget: (notice: BudgetNotice) => void
}

/** A period may end without a call: what is told of budgets then is brought up to date this often. */
const refreshBudgetsMs = 60_000

/** Takes up the budgets of a configuration; calls wait until their sums are read. `undefined`: it is over. */
function createBudgetStart(): (shared: Shared | undefined, config?: Config) => void {
  let timer: NodeJS.Timeout | undefined
  return (shared, config) => {
    clearInterval(timer)
    if (shared === undefined || config === undefined) return
    void shared.budgets.configure(config.budgets)
    if (shared.budgets.isActive) timer = setInterval(() => void shared.budgets.refresh(), refreshBudgetsMs).unref()
  }
}

type BudgetPorts = Pick<Shared, 'ledger' | 'now' | 'log' | 'metrics'> & Pick<Watchers, 'onBudget'>

function createBudgets({ ledger, now, log, metrics, onBudget }: BudgetPorts): BudgetKeeper {
  return new BudgetKeeper({
    ledger,
    now,
    spending: createMemorySpending(),
    onShare: (id, share) => metrics.budget(id, share),
    onLevel(notice) {
      const { budget, level, spentNanoUsd, limitNanoUsd } = notice
      log.warn({ budget: budget.id, level, spentUsd: usd(spentNanoUsd), limitUsd: usd(limitNanoUsd) }, notice.text)
      onBudget(notice)
    },
    onUnread: (error) =>
      log.error({ error: String(error) }, 'the ledger could not be read: budgets begin as if nothing had been spent'),
  })
}

async function createShared({ config }: LoadedConfig, ports: Partial<Ports>, watchers: Watchers): Promise<Shared> {
  const { now = Date.now, nowMs = () => performance.now(), random = Math.random, env = {} } = ports
  const metrics = createMetrics()
  const log =
    ports.log ?? (await createLog({ level: config.logging.level, format: config.logging.format, secrets: () => [] }))
  // First, because it may refuse its settings, and what is open by then would stay so.
  const upstream = ports.upstream ?? createUpstream(config.network, env)
  const traces = await openTraces(config, { log, now, env })
  const { circuits, ...stores } = await openStores(config, { now, nowMs, log, metrics })
  const ledger = ports.ledger ?? createMemoryLedger()
  return {
    ledger,
    budgets: createBudgets({ ledger, now, log, metrics, onBudget: watchers.onBudget }),
    ...stores,
    flights: new Map(),
    breaker: createToldBreaker({ nowMs, metrics, log, circuits }),
    health: createProviderHealth(now),
    priceShelf: createPriceShelf({
      folder: ports.dataFolder,
      nowMs,
      onProblem: (problem) => log.warn({}, problem),
    }),
    upstream,
    metrics,
    traces,
    log,
    now,
    nowMs,
    random,
    afterCall: ports.afterCall ?? (() => undefined),
    recent: createRecentCalls(),
    responses: createMemoryResponses({ now }),
    ...watchers,
  }
}

interface BreakerPorts extends Pick<Shared, 'nowMs' | 'metrics' | 'log'> {
  circuits: SharedCircuits | undefined
}

/** Says what it does: to metrics, the log and the other gateways. */
function createToldBreaker({ nowMs, metrics, log, circuits }: BreakerPorts): Breaker {
  const breaker = createBreaker(
    nowMs,
    (key, open) => {
      const slash = key.indexOf('/')
      metrics.breaker(key.slice(0, slash), key.slice(slash + 1), open)
      log.warn({ target: key, open }, open ? 'circuit opened: the target failed too often' : 'circuit closed')
      circuits?.tell(key, open ? breaker.opensInMs(key) : 0)
    },
    (key) => circuits?.isOpenElsewhere(key) === true,
  )
  return breaker
}

/** OpenTelemetry takes a while to load: only who wants it waits for it. */
async function openTraces(config: Config, ports: TracesPorts): Promise<Traces | undefined> {
  if (config.telemetry.otlp === undefined) return undefined
  const { createTraces } = await import('./trace-calls.ts')
  return createTraces(config, ports)
}

import type { Config } from './config/schema.ts'
import type { LoadedConfig } from './config/types.ts'
import { createRecentCalls } from './api/recent-calls.ts'
import type { BudgetNotice } from './budgets/levels.ts'
import { createBreaker, type Breaker } from './pipeline/breaker.ts'
import { BudgetKeeper } from './budgets/keeper.ts'
import { createProviderHealth } from './pipeline/health.ts'
import { createEmbeddingHealth, type EmbeddingHealth } from './pipeline/semantic-health.ts'
import { openStores } from './open-stores.ts'
import { createPriceShelf } from './models/price-shelf.ts'
import { usd } from './pipeline/send-answer.ts'
import type { Shared } from './runtime.ts'
import type { SharedCircuits } from './stores/circuits-redis.ts'
import { createMemoryLedger } from './stores/ledger-memory.ts'
import { createMemoryResponses } from './stores/responses-memory.ts'
import type { Spending } from './stores/spending.ts'
import { createLog } from './telemetry/log.ts'
import { createMetrics } from './telemetry/metrics.ts'
import type { Traces, TracesPorts } from './trace-calls.ts'
import { createUpstream } from './upstream/client.ts'
import type { Ports } from './ports.ts'

export type Watchers = Pick<Shared, 'onCall' | 'onLedgerError' | 'isAdminToken'> & {
  onBudget: (notice: BudgetNotice) => void
}

/** A period may end without a call: what is told of budgets then is brought up to date this often. */
const refreshBudgetsMs = 60_000

/** Takes up the budgets of a configuration; calls wait until their sums are read. `undefined`: it is over. */
export function createBudgetStart(): (shared: Shared | undefined, config?: Config) => void {
  let timer: NodeJS.Timeout | undefined
  return (shared, config) => {
    clearInterval(timer)
    if (shared === undefined || config === undefined) return
    void shared.budgets.configure(config.budgets)
    if (shared.budgets.isActive) timer = setInterval(() => void shared.budgets.refresh(), refreshBudgetsMs).unref()
  }
}

type BudgetPorts = Pick<Shared, 'ledger' | 'now' | 'log' | 'metrics'> &
  Pick<Watchers, 'onBudget'> & { spending: Spending }

function createBudgets({ ledger, now, log, metrics, onBudget, spending }: BudgetPorts): BudgetKeeper {
  return new BudgetKeeper({
    ledger,
    now,
    spending,
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

/** The stores and everything else that outlives a reload. */
export async function createShared(
  { config }: LoadedConfig,
  ports: Partial<Ports>,
  watchers: Watchers,
): Promise<Shared> {
  const { now = Date.now, nowMs = () => performance.now(), random = Math.random, env = {} } = ports
  const metrics = createMetrics()
  const log =
    ports.log ?? (await createLog({ level: config.logging.level, format: config.logging.format, secrets: () => [] }))
  // First, because it may refuse its settings, and what is open by then would stay so.
  const upstream = ports.upstream ?? createUpstream(config.network, env)
  const traces = await openTraces(config, { log, now, env })
  const { dataFolder } = ports
  const { circuits, spending, ...stores } = await openStores(config, { now, nowMs, log, metrics, dataFolder })
  const ledger = ports.ledger ?? createMemoryLedger()
  return {
    ledger,
    budgets: createBudgets({ ledger, now, log, metrics, onBudget: watchers.onBudget, spending }),
    ...stores,
    semantic: { health: createToldHealth({ nowMs, metrics, log }), refused: 0 },
    flights: new Map(),
    breaker: createToldBreaker({ nowMs, metrics, log, circuits }),
    health: createProviderHealth(now),
    priceShelf: createPriceShelf({
      folder: dataFolder,
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

function createToldHealth({ nowMs, metrics, log }: Pick<Shared, 'nowMs' | 'metrics' | 'log'>): EmbeddingHealth {
  return createEmbeddingHealth({
    nowMs,
    onFailed: () => metrics.semantic('embedding_failed'),
    onChange(problem) {
      if (problem === undefined) log.info({}, 'questions get their embeddings again')
      else log.warn({ problem }, 'a question got no embedding: until it works, only the same request is a hit')
    },
  })
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

import { budgetsOf } from './budgets/budget.ts'
import type { BudgetKeeper } from './budgets/keeper.ts'
import { demoProviders } from './config/defaults.ts'
import { otlpSecrets } from './config/otlp-secrets.ts'
import { redisSecrets } from './config/redis-url.ts'
import type { Config } from './config/schema.ts'
import type { LoadedConfig } from './config/types.ts'
import { createOriginGuard, type OriginGuard } from './http/origin-guard.ts'
import { costOf } from './models/cost.ts'
import type { ModelPrice } from './models/price.ts'
import type { PriceBook } from './models/price-book.ts'
import { priceBook, type OpenPrices, type PriceShelf } from './models/price-shelf.ts'
import { createAdmit } from './pipeline/admit.ts'
import { answer, type AnswerPorts } from './pipeline/answer.ts'
import { GatewayError } from './errors.ts'
import { anonymousName, createAuthenticate, type Authenticate } from './pipeline/authenticate.ts'
import type { Breaker } from './pipeline/breaker.ts'
import type { Attempt, Call, Target } from './pipeline/call.ts'
import type { Stages } from './pipeline/handle.ts'
import type { ProviderHealth } from './pipeline/health.ts'
import { withGuards } from './pipeline/guard.ts'
import { createHedging, type Hedging } from './pipeline/hedge.ts'
import { createForwarding, type Forwarding } from './pipeline/forward/create-forwarding.ts'
import { createLookUp, type FoundAnswer, type LookUp } from './pipeline/lookup.ts'
import { createProbe, type Probe } from './pipeline/probe.ts'
import { route, routingTable, type RoutingTable } from './pipeline/route.ts'
import { createRecall } from './pipeline/recall.ts'
import { createRemember } from './pipeline/remember.ts'
import { createRouter } from './pipeline/router.ts'
import type { EmbeddingHealth } from './pipeline/semantic-health.ts'
import { settle, type SettlePorts } from './pipeline/settle.ts'
import { createSpend, type Spend } from './pipeline/spend.ts'
import { resolveProvider } from './providers/provider.ts'
import type { Provider } from './providers/types.ts'
import type { Cache, CacheInspector } from './stores/cache.ts'
import type { Counter } from './stores/counter.ts'
import type { AttemptRow } from './stores/ledger.ts'
import type { ReadableLedger } from './stores/ledger-reader.ts'
import type { Responses } from './stores/responses.ts'
import type { Vectors, VectorsInspector } from './stores/vectors.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'
import { createScrubber } from './telemetry/scrub.ts'
import { prepareCapture, recordCapture, type CapturePorts } from './record-capture.ts'
import type { RecentCallsKeeper } from './api/recent-calls.ts'
import { recordSettled } from './record-settled.ts'
import { createSemanticCache, type SemanticCache } from './semantic-cache.ts'
import type { Traces } from './trace-calls.ts'
import { createInlineMedia } from './upstream/media.ts'
import type { Upstream } from './upstream/upstream.ts'

/** What outlives a reload of the configuration: stores, counters, connections. */
export interface Shared {
  ledger: ReadableLedger
  /** All that goes into the ledger goes through it. */
  budgets: BudgetKeeper
  counter: Counter
  cache: Cache & CacheInspector
  vectors: Vectors & VectorsInspector
  /** How the semantic cache does. `refused`: by its guard, since the start. */
  semantic: { health: EmbeddingHealth; refused: number }
  /** What of them is not as it should be, for people. */
  storeNotices: () => string[]
  closeStores: () => void
  flights: Map<string, Promise<FoundAnswer | undefined>>
  breaker: Breaker
  health: ProviderHealth
  priceShelf: PriceShelf
  upstream: Upstream
  metrics: Metrics
  /** Absent where no collector is configured: nothing of it is loaded. */
  traces?: Traces | undefined
  log: Log
  now: () => number
  nowMs: () => number
  random: () => number
  afterCall: () => void
  recent: RecentCallsKeeper
  /** What clients may refer to by `previous_response_id`. */
  responses: Responses
  /** A finished call, for whoever watches. */
  onCall: (rows: readonly AttemptRow[]) => void
  onLedgerError: (error: unknown) => void
  /** It opens the management API, and no model. */
  isAdminToken: (token: string) => boolean
}

/** Everything made from one configuration; a reload makes a new one, running calls keep theirs. */
export interface Runtime {
  config: Config
  loaded: LoadedConfig
  providers: Provider[]
  table: RoutingTable
  stages: Stages
  forwarding: Forwarding
  guard: OriginGuard
  probe: Probe
  authenticate: Authenticate
  /** Whether it is one of auth.keys. */
  isClientKey: (token: string) => boolean
  /** What a call goes through before the stages. */
  prepare: (call: Call) => Call
  prices: () => Promise<PriceBook>
  scrub: (text: string) => string
  /** undefined: only the same request counts. */
  semantic: SemanticCache | undefined
}

export function createRuntime(loaded: LoadedConfig, shared: Shared): Runtime {
  const { config } = loaded
  const providers = resolveProviders(loaded)
  const table = routingTable(config, providers)
  const secrets = [
    ...providers.flatMap((provider) => provider.secrets),
    ...config.auth.keys.flatMap(({ key }) => key ?? []),
    ...redisSecrets(config.cache.redis.url),
    ...otlpSecrets(config.telemetry),
  ]
  const scrub = createScrubber(() => secrets)
  const knownCaller = createAuthenticate(config, shared.now)
  const authenticate = withoutAdmin(knownCaller, shared.isAdminToken)
  const pricing = createPricing(config, shared.priceShelf)
  const parts = { config, table, scrub, authenticate, pricing }
  const prepare = (call: Call): Call => prepareCapture(call, config.ledger)
  const semantic = createSemanticCache(config, { ...shared, prepare, stages: () => stages })
  const answerPorts = { ...createAnswerPorts(parts, shared), lookUp: lookUpOf(config, shared, semantic) }
  const stages = createStages(parts, answerPorts, shared)
  return {
    config,
    loaded,
    providers,
    table,
    authenticate,
    scrub,
    isClientKey: (token) => isNamed(knownCaller, token),
    prepare,
    semantic,
    prices: pricing.prices,
    stages,
    forwarding: createForwarding(table, { ...answerPorts, limitsModels: limitsModels(config) }),
    guard: createOriginGuard(config.server),
    probe: createProbe({ upstream: shared.upstream, now: shared.now, scrub }),
  }
}

/** Where anybody is served, the admin token would pass as nobody's key: it must not become one. */
function withoutAdmin(authenticate: Authenticate, isAdminToken: (token: string) => boolean): Authenticate {
  return (token) => {
    if (token !== undefined && isAdminToken(token)) {
      throw new GatewayError('invalid_api_key', 'The admin token manages the gateway; it is no key for models.')
    }
    return authenticate(token)
  }
}

function isNamed(authenticate: Authenticate, token: string): boolean {
  try {
    return authenticate(token).name !== anonymousName
  } catch {
    return false
  }
}

/** Where nobody is configured the built-in demo answers: the first request works without a key. */
function resolveProviders({ config, keyless = {} }: LoadedConfig): Provider[] {
  const configured = config.providers.length === 0 ? demoProviders() : config.providers
  return configured.map((given, order) => {
    const provider = resolveProvider(given, order)
    const reference = keyless[given.name]
    if (provider.problem !== undefined || reference === undefined) return provider
    return { ...provider, problem: `its key is missing: ${reference} is not set anywhere` }
  })
}

interface Parts {
  config: Config
  table: RoutingTable
  scrub: (text: string) => string
  authenticate: Authenticate
  pricing: Pricing
}

function limitsModels({ rateLimit: { enabled, perModel } }: Config): boolean {
  return enabled && Object.keys(perModel).length > 0
}

/** Absent where nothing limits what is spent: calls are not held up by it then. */
function spendOf({ config, table, pricing }: Parts, { budgets: keeper, now, random }: Shared): { spend?: Spend } {
  if (budgetsOf(config.budgets).length === 0) return {}
  const spend = createSpend({
    keeper,
    pricesReady: pricing.pricesReady,
    priceOf: (target) => pricing.priceOf(target, now()),
    routeAlias({ dialect, options: { fallback = true } }, model) {
      return route({ model, dialect, provider: undefined, fallback }, table, random)
    },
  })
  return { spend }
}

/** Absent where slow calls are waited for. */
function hedgeOf({ routing: { hedge } }: Config, { breaker, nowMs, metrics, log }: Shared): { hedge?: Hedging } {
  if (hedge === undefined) return {}
  const hedging = createHedging(hedge, {
    breaker,
    nowMs,
    onHedge({ call: { id }, target: { provider, model }, outcome, delayMs }) {
      metrics.hedge(outcome)
      log.debug({ id, provider: provider.name, model, outcome, delayMs }, 'second request')
    },
    onUnexpected: (error, { id }) => log.error({ id, error: errorText(error) }, 'a second request could not be made'),
  })
  return { hedge: hedging }
}

function lookUpOf({ cache: { enabled, ttl } }: Config, shared: Shared, semantic: SemanticCache | undefined): LookUp {
  const { cache, flights } = shared
  return createLookUp(
    { enabled, ttlMs: ttl },
    { cache, flights, ...(semantic !== undefined && { semantic: (model) => semantic.lookUpFor(model) }) },
  )
}

function createAnswerPorts(parts: Parts, shared: Shared): Omit<AnswerPorts, 'lookUp'> {
  const { config, scrub, pricing } = parts
  const { log, breaker, upstream, now, nowMs, random } = shared
  return {
    ...pricing,
    ...spendOf(parts, shared),
    ...hedgeOf(config, shared),
    upstream,
    breaker,
    random,
    now,
    nowMs,
    scrub,
    inlineMedia: createInlineMedia({ allowPrivate: config.network.allowPrivateMedia }),
    maxAttempts: config.routing.maxAttempts,
    remember: createRemember(shared.responses),
    onNotKept: (error) => log.error({ error: errorText(error) }, 'an answer could not be kept'),
    onRetry: (target, step) =>
      log.debug({ provider: target.provider.name, model: target.model, step }, 'attempt failed'),
  }
}

function createStages(parts: Parts, answerPorts: AnswerPorts, shared: Shared): Stages {
  const { config, table, scrub, authenticate, pricing } = parts
  const { log, metrics, now, nowMs, random } = shared
  const capturePorts: CapturePorts = {
    config,
    scrub,
    recent: shared.recent,
    keep: ({ id, startedAt }, capture) => shared.ledger.capture(id, startedAt, capture),
    onError: (error) => log.error({ error: errorText(error) }, 'the bodies of a call could not be kept'),
  }
  const settlePorts: SettlePorts = {
    ...pricing,
    ledger: shared.budgets,
    nowMs,
    onSettled(ending, settled) {
      recordSettled(ending, settled, { ...shared, logging: config.logging, scrub })
      recordCapture(ending, capturePorts)
      shared.onCall(settled.rows)
      shared.afterCall()
    },
    onLedgerError(error) {
      log.error({ error: String(error) }, 'the ledger cannot be written: this call is not accounted for')
      metrics.ledgerFailed()
      shared.onLedgerError(error)
    },
  }
  const stages: Stages = {
    ...(shared.traces !== undefined && { trace: shared.traces.begin }),
    authenticate,
    recall: createRecall(shared.responses),
    route: createRouter(table, random),
    admit: createAdmit(config, { counter: shared.counter, now, onRefused: (limit) => metrics.rateLimited(limit) }),
    answer: (call, caller, found, ticket) => answer({ call, caller, route: found, ticket }, answerPorts),
    settle(ending) {
      const settled = settle(ending, settlePorts)
      if (answerPorts.spend === undefined) return settled
      // Whatever becomes of the account, nothing stays held for a call that is over.
      return settled.finally(() => shared.budgets.release(ending.call.id))
    },
    onUnexpected: (error, call) => log.error({ id: call.id, error: errorText(error) }, 'unexpected error'),
  }
  return withGuards(stages, config.guards)
}

function errorText(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error)
}

interface Pricing extends Pick<SettlePorts, 'costOf'> {
  prices: () => Promise<PriceBook>
  pricesReady: () => Promise<PriceBook> | undefined
  priceOf: (target: Target, at: number) => ModelPrice | undefined
}

/**
 * Prices load beside the first calls: reading the table takes longer than the gateway takes to start. A call that ends
 * when an updated table may have come has it looked for, and does not wait for it.
 */
function createPricing({ pricing: { overrides } }: Config, shelf: PriceShelf): Pricing {
  let book: PriceBook | undefined
  let opened: OpenPrices | undefined
  async function prices(): Promise<PriceBook> {
    const open = await shelf.open()
    if (book !== undefined && open === opened) return book
    opened = open
    book = priceBook(open, overrides)
    return book
  }
  function priceOf({ provider, model }: Target, at: number): ModelPrice | undefined {
    return book?.find({ provider: provider.name, row: provider.row, model, at })
  }
  return {
    prices,
    pricesReady() {
      if (book === undefined) return prices()
      if (shelf.isDue()) void prices()
      return undefined
    },
    priceOf,
    costOf({ target, startedAt }: Attempt, usage) {
      const price = priceOf(target, startedAt)
      return price === undefined ? undefined : costOf(usage, price)?.totalNanoUsd
    },
  }
}

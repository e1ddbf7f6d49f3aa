import { DistributionFamily, TallyFamily } from './series.ts'

/** Names that come from outside and have no bound of their own (error codes, limits, open breakers). */
const nameLimit = 200

/** Everything /metrics tells of the gateway. Names are a promise: dashboards and alerts are built on them. */
export function createFamilies() {
  return {
    requests: counter('requests_total', 'Calls answered, whatever came of them.'),
    tokens: counter('tokens_total', 'Input and output tokens of all attempts.'),
    cost: new TallyFamily({
      name: 'llm_gateway_cost_total',
      help: 'Cost of all attempts with a known price, in USD.',
      type: 'counter',
      divisor: 1e9,
    }),
    cacheHits: counter('cache_hits_total', 'Calls answered from the cache.'),
    semanticHits: counter('semantic_hits_total', 'Calls answered with the answer to a question that means the same.'),
    semanticRefused: counter(
      'semantic_refused_by_guard_total',
      'Calls for which a question was alike enough, and differed in a word that may change the answer.',
    ),
    embeddingFailures: counter('semantic_embedding_failures_total', 'Questions that got no vector in time.'),
    cacheMisses: counter('cache_misses_total', 'Cacheable calls that were not in the cache.'),
    providerRequests: counter('provider_requests_total', 'Attempts, by provider.', ['provider']),
    modelCost: new TallyFamily({
      name: 'llm_gateway_model_cost_total',
      help: 'Cost of all attempts with a known price, in USD, by the model the provider was asked for.',
      type: 'counter',
      labels: ['model'],
      divisor: 1e9,
    }),
    tokensByType: counter(
      'tokens_by_type_total',
      'Tokens of all attempts; cached and reasoning ones are also in input and output.',
      ['provider', 'model', 'type'],
    ),
    errors: counter('errors_total', 'Calls that ended with an error, by code.', ['code'], nameLimit),
    errorCauses: counter('errors_by_cause_total', 'Calls that ended with an error, by who must act.', ['cause']),
    providerErrors: counter('provider_errors_total', 'Attempts that failed, by provider and who must act.', [
      'provider',
      'cause',
    ]),
    ledgerErrors: counter('ledger_errors_total', 'Calls that could not be written into the ledger.'),
    retries: counter('retries_total', 'Attempts that repeated the one before.', ['provider']),
    fallbacks: counter('fallbacks_total', 'Attempts on another provider or model than the one before.'),
    hedges: counter(
      'hedges_total',
      'Second requests beside slow first ones, by what came of them, or why there was none.',
      ['outcome'],
    ),
    guardFindings: counter(
      'guard_findings_total',
      'What guards found, in requests and in answers.',
      ['guard', 'check', 'action', 'on'],
      nameLimit,
    ),
    rateLimited: counter('rate_limited_total', 'Calls refused by a limit.', ['limit'], nameLimit),
    budgetShare: new TallyFamily({
      name: 'llm_gateway_budget_spent_ratio',
      help: 'Spent of a budget in its present period, 1 = all of it.',
      type: 'gauge',
      labels: ['budget'],
      limit: nameLimit,
    }),
    inFlight: new TallyFamily({ name: 'llm_gateway_in_flight', help: 'Calls under way.', type: 'gauge' }),
    breakerOpen: new TallyFamily({
      name: 'llm_gateway_breaker_open',
      help: '1 while the provider and model are not asked because they keep failing.',
      type: 'gauge',
      labels: ['provider', 'model'],
      limit: nameLimit,
    }),
    redisUp: new TallyFamily({
      name: 'llm_gateway_redis_up',
      help: '1 while Redis answers, 0 while this gateway counts and caches by itself; absent without Redis.',
      type: 'gauge',
    }),
    build: new TallyFamily({
      name: 'llm_gateway_build_info',
      help: 'Always 1; the version of the gateway is in the label.',
      type: 'gauge',
      labels: ['version'],
    }),
    duration: new DistributionFamily({
      name: 'llm_gateway_request_duration_seconds',
      help: 'From the start of the first attempt to the end of the answer.',
      labels: ['provider', 'model'],
      bounds: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600],
    }),
    firstToken: new DistributionFamily({
      name: 'llm_gateway_time_to_first_token_seconds',
      help: 'From the start of the first attempt to the first content of the answer.',
      labels: ['provider', 'model'],
      bounds: [0.025, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60],
    }),
    overhead: new DistributionFamily({
      name: 'llm_gateway_overhead_seconds',
      help: 'Time the gateway itself added to a call.',
      labels: ['provider', 'model'],
      bounds: [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5],
    }),
  }
}

export type Families = ReturnType<typeof createFamilies>

function counter(name: string, help: string, labels: string[] = [], limit = Infinity): TallyFamily {
  return new TallyFamily({ name: `llm_gateway_${name}`, help, type: 'counter', labels, limit })
}

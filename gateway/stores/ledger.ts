/** The durable record of calls and attempts: tokens, money, time, outcome. */
export interface Ledger {
  /**
   * Resolves when a `kill -9` loses none of the rows any more: they are committed, or in a journal that the next start
   * commits. Rejects only when neither can be written (disk full, damaged); the message says what to do.
   */
  append(rows: AttemptRow[]): Promise<void>
  usage(query: UsageQuery): Promise<UsageReport>
  /** Deletes rows that started before `before` (milliseconds since 1970); roll-ups stay. Returns how many went. */
  prune(before: number): Promise<number>
  /** Commits what is left, or leaves it in the journal, and releases the file. */
  close(): Promise<void>
}

/**
 * One try of one target. A call has at least one row, one of them `final`, mostly the last: also a call that no provider saw
 * (cache hit, refused by a limit), with `provider` undefined or, for a hit, the provider that made the cached answer.
 */
export interface AttemptRow {
  callId: string
  /** 1 for the first attempt of a call; 0 when no provider was asked. */
  attempt: number
  /** True on the row that decided the call; calls are counted by it. */
  final: boolean
  /** Milliseconds since 1970, when the attempt began. */
  startedAt: number
  /** The client's dialect, e.g. `openai-chat`. */
  dialect: string
  stream: boolean
  /** The model as the client named it. */
  requestedModel: string
  /** The alias it was, if it was one. */
  alias?: string
  provider?: string
  /** The model as the provider was asked for it. */
  model?: string
  /** The client key's name, or `anonymous`. */
  key: string
  /** `metadata.feature` of the call. */
  feature?: string
  /** `metadata.user_id` of the call. */
  userId?: string
  outcome: AttemptOutcome
  /** HTTP status: the provider's for an attempt, the client's where no provider was asked. */
  status?: number
  errorCode?: string
  cache: CacheOutcome
  inputTokens?: number
  cacheReadTokens?: number
  cacheWriteTokens?: number
  outputTokens?: number
  reasoningTokens?: number
  /** The gateway counted, because the provider reported nothing. */
  estimated: boolean
  /** 1e-9 USD. undefined = price unknown (never 0 for "unknown"). */
  costNanoUsd?: number
  /** 1e-9 USD that a cache hit did not cost. */
  savedNanoUsd?: number
  /** Of the question that was answered before to this one, -1 to 1; of `SEMANTIC` hits alone. */
  similarity?: number
  /** The call whose answer a `SEMANTIC` hit is. */
  sourceCallId?: string
  /** What the guards found, on the final row; absent: nothing, or there are none. */
  guards?: GuardFinding[]
  /** Milliseconds. */
  durationMs: number
  /** To the first content, milliseconds. */
  firstTokenMs?: number
}

/** The `errorCode` of an attempt that was cut off because another, made beside it, was faster. */
export const hedgeLost = 'hedge_lost'

/** `SEMANTIC`: with the answer to a question that means the same. */
export const cacheOutcomes = ['HIT', 'SEMANTIC', 'MISS', 'BYPASS'] as const
export type CacheOutcome = (typeof cacheOutcomes)[number]

/** What one guard found in one call, and did about it. Never what was found itself. */
export interface GuardFinding {
  /** Its name in the configuration. */
  guard: string
  check: 'prompt-injection' | 'secrets' | 'pii'
  on: 'request' | 'response'
  action: 'log' | 'flag' | 'redact' | 'block'
  /** How often, by detector, e.g. `{ email: 2 }`. */
  found: Record<string, number>
}

/** `aborted`: the client hung up. `broken`: it failed after the answer had begun. */
export type AttemptOutcome = 'ok' | 'error' | 'aborted' | 'broken' | 'refused'

export const usageGroups = ['model', 'provider', 'alias', 'key', 'feature', 'day', 'hour'] as const
export type UsageGroup = (typeof usageGroups)[number]

export interface UsageQuery {
  /** Milliseconds since 1970, inclusive; answered from hourly roll-ups, so the hour that contains it counts whole. */
  from?: number
  /** Exclusive. */
  to?: number
  groupBy?: UsageGroup[]
}

export interface UsageReport {
  total: UsageTotals
  /** One entry per combination that occurs, biggest cost first (days and hours in order); empty without groupBy. */
  groups: UsageGroupTotals[]
}

export type UsageGroupTotals = UsageTotals & { group: Partial<Record<UsageGroup, string | null>> }

export interface UsageTotals {
  /** Calls, whatever came of them. */
  requests: number
  errors: number
  inputTokens: number
  outputTokens: number
  cacheReadTokens: number
  cacheWriteTokens: number
  reasoningTokens: number
  /** Of all attempts, retried and failed ones too: they are paid for. 1e-9 USD. */
  costNanoUsd: number
  /** By exact hits. */
  savedNanoUsd: number
  /** Exact ones. */
  cacheHits: number
  cacheMisses: number
  /** Answered with an answer to another question that means the same: counted apart, because it may have been wrong. */
  semanticHits: number
  /** By semantic hits; what the embeddings cost is in costNanoUsd. */
  semanticSavedNanoUsd: number
  /** Attempts with tokens whose price is not known; their cost is missing from costNanoUsd. */
  unpricedAttempts: number
  /** Attempts whose tokens the gateway had to count itself. */
  estimatedAttempts: number
}

import { given } from '../chat/given.ts'
import type { Usage } from '../chat/usage.ts'
import { estimateInputTokens } from '../models/estimate.ts'
import type { AttemptRow, Ledger } from '../stores/ledger.ts'
import type { Answer, Attempt, Call, Caller, Route } from './call.ts'
import type { Ticket } from './admit.ts'

/** Everything a finished call comes to; parts are missing when it ended before they were made. */
export interface Ending {
  call: Call
  caller: Caller | undefined
  route: Route | undefined
  ticket: Ticket | undefined
  answer: Answer
}

export interface Settled {
  rows: AttemptRow[]
  /** The whole call, all attempts; undefined = some price is unknown. 1e-9 USD. */
  costNanoUsd: number | undefined
}

export interface SettlePorts {
  ledger: Pick<Ledger, 'append'>
  nowMs: () => number
  /** Resolves when prices can be asked; undefined when they can be already. */
  pricesReady: () => Promise<unknown> | undefined
  /** 1e-9 USD, undefined = unknown. */
  costOf: (attempt: Attempt, usage: Usage) => number | undefined
  onSettled: (ending: Ending, settled: Settled) => void
  onLedgerError: (error: unknown) => void
}

/**
 * Once per call, whatever came of it: counts, prices, commits. Resolves when the ledger has the rows; only then do the
 * last bytes of the answer leave, so that no finished call is lost to a crash. A ledger that cannot write stops no call.
 */
export async function settle(ending: Ending, ports: SettlePorts): Promise<Settled> {
  const loading = ports.pricesReady()
  if (loading !== undefined) await loading
  const rows = ledgerRows(ending, ports)
  const settled = { rows, costNanoUsd: totalCost(rows) }
  await ending.ticket?.settle(usageOf(ending.answer, ending.call))
  try {
    await ports.ledger.append(rows)
  } catch (error) {
    ports.onLedgerError(error)
  }
  ports.onSettled(ending, settled)
  return settled
}

/** Pure but for the price: one row per attempt, one for a call that no provider saw. */
export function ledgerRows(ending: Ending, ports: Pick<SettlePorts, 'costOf' | 'nowMs'>): AttemptRow[] {
  const { answer } = ending
  const common = commonColumns(ending)
  const guards = guardsOf(ending)
  if (answer.attempts.length === 0) return [{ ...common, ...unattempted(ending, ports.nowMs()), ...guards }]
  return answer.attempts.map((attempt) => ({
    ...common,
    ...attemptColumns(ending.call, attempt, ports.costOf),
    final: attempt === answer.decisive,
    ...(attempt === answer.decisive && guards),
  }))
}

/** What guards found in the request, and in the answer that counts. */
function guardsOf({ call, answer }: Ending): Pick<AttemptRow, 'guards'> | undefined {
  if (call.guards === undefined) return undefined
  const guards = [...call.guards.found, ...(answer.guards ?? answer.decisive?.seen?.guards ?? [])]
  return guards.length === 0 ? undefined : { guards }
}

type Common = Pick<
  AttemptRow,
  'callId' | 'dialect' | 'stream' | 'requestedModel' | 'alias' | 'key' | 'feature' | 'userId' | 'cache'
>

function commonColumns({ call, caller, route, answer }: Ending): Common {
  const { feature, user_id: userId } = call.options.metadata ?? {}
  return {
    callId: call.id,
    dialect: call.dialect.id,
    stream: call.stream,
    requestedModel: call.model,
    key: caller?.name ?? 'unknown',
    cache: answer.cache,
    ...(route?.alias === undefined ? {} : { alias: route.alias }),
    ...(feature === undefined ? {} : { feature }),
    ...(userId === undefined ? {} : { userId }),
  }
}

function unattempted({ call, answer }: Ending, nowMs: number): Omit<AttemptRow, keyof Common> {
  const { hit, failure } = answer
  return {
    attempt: 0,
    final: true,
    startedAt: call.startedAt,
    outcome: failure === undefined ? 'ok' : failure.status === 499 ? 'aborted' : 'refused',
    status: failure?.status ?? 200,
    estimated: false,
    durationMs: nowMs - call.startedMs,
    // No provider was asked, so nothing was spent: that is known.
    costNanoUsd: 0,
    ...(failure?.code === undefined ? {} : { errorCode: failure.code }),
    ...(hit === undefined ? {} : { provider: hit.provider, model: hit.providerModel }),
    ...(hit?.savedNanoUsd === undefined ? {} : { savedNanoUsd: hit.savedNanoUsd }),
    ...hit?.semantic,
  }
}

function attemptColumns(
  call: Call,
  attempt: Attempt,
  costOf: SettlePorts['costOf'],
): Omit<AttemptRow, keyof Common | 'final'> {
  const usage = attemptUsage(attempt, call)
  const cost = usage === undefined ? 0 : costOf(attempt, usage)
  return {
    attempt: attempt.number,
    startedAt: attempt.startedAt,
    provider: attempt.target.provider.name,
    model: attempt.target.model,
    outcome: attempt.outcome,
    estimated: usage?.estimated === true,
    durationMs: attempt.durationMs,
    ...given({
      status: attempt.status,
      errorCode: attempt.errorCode,
      firstTokenMs: attempt.firstTokenMs,
      inputTokens: usage?.input,
      cacheReadTokens: usage?.cacheRead,
      cacheWriteTokens: usage?.cacheWrite,
      outputTokens: usage?.output,
      reasoningTokens: usage?.reasoning,
      costNanoUsd: cost,
    }),
  }
}

/** The provider's word; a count of our own, flagged, where an answer came without one; undefined = nothing produced. */
export function attemptUsage(attempt: Attempt, call: Call): Usage | undefined {
  const { usage } = attempt
  if (attempt.target.dialect.provider?.isFree === true) return undefined
  if (usage?.input !== undefined || usage?.output !== undefined) return usage
  if (!attempt.produced) return undefined
  if (attempt.target.dialect.provider?.reportsAlone === true) return { unpriced: true }
  return { input: countInput(call), output: attempt.outputEstimate, estimated: true }
}

/** Parsing a larger body only to count it would hold up every stream. */
const countableBytes = 512 * 1024

function countInput(call: Call): number {
  const { bytes } = call.members
  const rough = Math.ceil(bytes.length / 4)
  if (bytes.length > countableBytes) return rough
  try {
    return estimateInputTokens(call.json())
  } catch {
    // Handed through unparsed, and the provider was more lenient than JSON is (NaN, comments).
    return rough
  }
}

function usageOf(answer: Answer, call: Call): Usage | undefined {
  const { decisive } = answer
  return decisive === undefined ? undefined : attemptUsage(decisive, call)
}

function totalCost(rows: AttemptRow[]): number | undefined {
  let total = 0
  for (const { costNanoUsd } of rows) {
    if (costNanoUsd === undefined) return undefined
    total += costNanoUsd
  }
  return total
}

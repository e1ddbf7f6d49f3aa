import type { CallRow } from '../contract.ts'
import type { CallSummary } from '../stores/ledger-reader.ts'
import type { AttemptRow } from '../stores/ledger.ts'

/** The ledger's row as the contract has it. */
export function callRow(call: CallSummary): CallRow {
  return {
    id: call.id,
    callId: call.callId,
    startedAt: call.startedAt,
    dialect: call.dialect,
    stream: call.stream,
    requestedModel: call.requestedModel,
    alias: call.alias ?? null,
    provider: call.provider ?? null,
    model: call.model ?? null,
    key: call.key,
    feature: call.feature ?? null,
    outcome: call.outcome,
    status: call.status ?? null,
    errorCode: call.errorCode ?? null,
    cache: call.cache,
    inputTokens: call.inputTokens ?? null,
    cacheReadTokens: call.cacheReadTokens ?? null,
    outputTokens: call.outputTokens ?? null,
    estimated: call.estimated,
    costNanoUsd: call.costNanoUsd ?? null,
    savedNanoUsd: call.savedNanoUsd ?? null,
    similarity: call.similarity ?? null,
    sourceCallId: call.sourceCallId ?? null,
    guards: call.guards ?? [],
    durationMs: call.durationMs,
    firstTokenMs: call.firstTokenMs ?? null,
    attempts: call.attempts,
  }
}

/** A call that just ended, from its rows: the deciding one, with the money of all. undefined for no rows. */
export function liveCallRow(rows: readonly AttemptRow[]): CallRow | undefined {
  const decisive = rows.find(({ final }) => final) ?? rows.at(-1)
  if (decisive === undefined) return undefined
  const costs = rows.map(({ costNanoUsd }) => costNanoUsd ?? null)
  const attempts = rows.filter(({ attempt }) => attempt > 0).length
  const costNanoUsd = costs.includes(null) ? null : costs.reduce<number>((sum, cost) => sum + (cost ?? 0), 0)
  return { ...callRow({ ...decisive, id: 0, attempts }), costNanoUsd }
}

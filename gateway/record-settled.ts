import type { Config } from './config/schema.ts'
import type { Attempt } from './pipeline/call.ts'
import { usd } from './pipeline/send-answer.ts'
import type { Ending, Settled } from './pipeline/settle.ts'
import type { ProviderHealth } from './pipeline/health.ts'
import type { Log } from './telemetry/log.ts'
import type { Metrics } from './telemetry/metrics.ts'
import type { Traces } from './trace-calls.ts'

export interface RecordPorts {
  log: Log
  metrics: Metrics
  traces?: Traces | undefined
  scrub: (text: string) => string
  health: ProviderHealth
  nowMs: () => number
  logging: Config['logging']
}

const ranks = { debug: 0, info: 1, warn: 2, error: 3, silent: 4 } as const
const bodyLogLimit = 16 * 1024

/** Metrics, provider health and one log line: whatever looks at a finished call looks at it here. */
export function recordSettled(ending: Ending, settled: Settled, ports: RecordPorts): void {
  const { call, answer } = ending
  const totalMs = ports.nowMs() - call.startedMs
  const upstreamMs = upstreamTimeOf(answer.attempts)
  ports.metrics.recordCall(settled.rows, { overheadMs: Math.max(0, totalMs - upstreamMs) })
  ports.traces?.record(ending, settled, { totalMs, scrub: ports.scrub })
  for (const attempt of answer.attempts) ports.health.record(attempt)
  const level = answer.failure === undefined || answer.failure.status < 500 ? 'info' : 'warn'
  // The fields of a line that nobody writes are not made.
  if (ranks[level] < ranks[ports.logging.level]) return
  ports.log[level](callFields(ending, settled, { totalMs, logBody: ports.logging.requestBody }), 'call')
}

/** How long providers were waited for; the time in which two were asked side by side (the first two) counts once. */
function upstreamTimeOf(attempts: readonly Attempt[]): number {
  const sum = attempts.reduce((total, { durationMs }) => total + durationMs, 0)
  const [first, second] = attempts
  return first === undefined || second === undefined ? sum : sum - sharedMs(first, second)
}

function sharedMs(first: Attempt, second: Attempt): number {
  const end = Math.min(first.startedAt + first.durationMs, second.startedAt + second.durationMs)
  return Math.max(0, end - Math.max(first.startedAt, second.startedAt))
}

function callFields(
  { call, caller, answer }: Ending,
  { rows, costNanoUsd }: Settled,
  extra: { totalMs: number; logBody: boolean },
): object {
  const row = rows.find(({ final }) => final) ?? rows[0]
  return {
    id: call.id,
    key: caller?.name,
    model: call.model,
    provider: row?.provider,
    providerModel: row?.model,
    status: answer.failure?.status ?? 200,
    error:
      answer.failure === undefined
        ? undefined
        : { code: answer.failure.code ?? undefined, message: answer.failure.message },
    stream: call.stream,
    cache: answer.cache,
    attempts: answer.attempts.length,
    inputTokens: row?.inputTokens,
    outputTokens: row?.outputTokens,
    costUsd: costNanoUsd === undefined ? null : usd(costNanoUsd),
    durationMs: Math.round(extra.totalMs),
    guards: row?.guards,
    firstTokenMs: row?.firstTokenMs === undefined ? undefined : Math.round(row.firstTokenMs),
    body: extra.logBody ? call.members.bytes.toString('utf8', 0, bodyLogLimit) : undefined,
  }
}

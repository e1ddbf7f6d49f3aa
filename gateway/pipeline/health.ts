import type { ErrorCode } from '../errors.ts'
import type { Attempt } from './call.ts'

/** What live traffic says of the providers. In memory, since the start of the process. */
export interface ProviderHealth {
  record(attempt: Attempt): void
  of(provider: string): HealthRecord
}

export interface HealthRecord {
  attempts: number
  failures: number
  consecutiveFailures: number
  /** Milliseconds since 1970. */
  lastSuccessAt: number | undefined
  lastFailure: { at: number; status: number | undefined; code: string | undefined } | undefined
  /** Of the last successes, milliseconds; undefined before the first. */
  latencyMs: number | undefined
}

const smoothing = 0.2
const guardBlocked = 'guard_blocked' satisfies ErrorCode

export function createProviderHealth(now: () => number): ProviderHealth {
  const records = new Map<string, HealthRecord>()
  const of = (provider: string): HealthRecord => {
    let record = records.get(provider)
    if (record === undefined) records.set(provider, (record = fresh()))
    return record
  }
  return {
    of,
    record(attempt) {
      // What a guard withheld was a good answer, as far as its provider goes.
      if (attempt.outcome === 'aborted' || attempt.errorCode === guardBlocked) return
      const record = of(attempt.target.provider.name)
      record.attempts += 1
      if (attempt.outcome === 'ok') {
        record.consecutiveFailures = 0
        record.lastSuccessAt = now()
        record.latencyMs = smooth(record.latencyMs, attempt.firstTokenMs ?? attempt.durationMs)
        return
      }
      record.failures += 1
      record.consecutiveFailures += 1
      record.lastFailure = { at: now(), status: attempt.status, code: attempt.errorCode }
    },
  }
}

function smooth(before: number | undefined, value: number): number {
  return before === undefined ? value : before + smoothing * (value - before)
}

function fresh(): HealthRecord {
  return {
    attempts: 0,
    failures: 0,
    consecutiveFailures: 0,
    lastSuccessAt: undefined,
    lastFailure: undefined,
    latencyMs: undefined,
  }
}

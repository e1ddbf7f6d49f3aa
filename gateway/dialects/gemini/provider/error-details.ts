import { asArray, asNumber, asObject, asString, type JsonObject } from '../../../chat/json.ts'

/** google.rpc.* messages in `error.details`, told apart by `@type`. */
function ofType(details: JsonObject[], name: string): JsonObject[] {
  return details.filter((detail) => asString(detail['@type'])?.endsWith(`google.rpc.${name}`) === true)
}

export function reasons(details: JsonObject[]): string[] {
  return ofType(details, 'ErrorInfo').flatMap((info) => asString(info['reason']) ?? [])
}

/** RetryInfo: `"34.4s"`, or as an object `{ seconds, nanos }`. Google sends no Retry-After header. */
export function readRetryDelayMs(details: JsonObject[]): number | undefined {
  for (const { retryDelay } of ofType(details, 'RetryInfo')) {
    const seconds = typeof retryDelay === 'string' ? readSeconds(retryDelay) : readDuration(asObject(retryDelay))
    if (seconds !== undefined) return Math.ceil(seconds * 1000)
  }
  return undefined
}

function readSeconds(text: string): number | undefined {
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(text) ?? []
  return seconds === undefined ? undefined : Number(seconds)
}

function readDuration(duration: JsonObject | undefined): number | undefined {
  const seconds = Number(duration?.['seconds'] ?? Number.NaN)
  return Number.isFinite(seconds) ? seconds + (asNumber(duration?.['nanos']) ?? 0) / 1e9 : undefined
}

/**
 * A quota per day, or one of zero (the model is not in the plan), will not come back within a retry, whatever
 * RetryInfo says beside it; quotas per minute do.
 */
export function isQuotaSpent(message: string, details: JsonObject[]): boolean {
  const violations = ofType(details, 'QuotaFailure').flatMap((failure) => asArray(failure['violations']) ?? [])
  const limits = [
    ...violations.map((violation) => asString(asObject(violation)?.['quotaId'])),
    ...ofType(details, 'ErrorInfo').map((info) => asString(asObject(info['metadata'])?.['quota_limit'])),
  ]
  const values = violations.map((violation) => asString(asObject(violation)?.['quotaValue']))
  return limits.some((limit) => limit?.includes('PerDay')) || values.includes('0') || /\blimit: 0\b/.test(message)
}

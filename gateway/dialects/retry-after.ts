import type { ErrorResponse } from './dialect.ts'

/**
 * How long the provider asks to wait, in milliseconds: `retry-after-ms` (OpenAI, Azure), else `retry-after` in seconds
 * or as an HTTP date, which is compared with the answer's own `date` so that wrong clocks do not matter.
 */
export function readRetryAfter(headers: ErrorResponse['headers']): number | undefined {
  const exact = toDelay(Number(header(headers, 'retry-after-ms') ?? Number.NaN))
  if (exact !== undefined) return exact
  const text = header(headers, 'retry-after')
  if (text === undefined) return undefined
  const seconds = Number(text)
  if (!Number.isNaN(seconds)) return toDelay(seconds * 1000)
  const now = Date.parse(header(headers, 'date') ?? '')
  return toDelay(Date.parse(text) - (Number.isNaN(now) ? Date.now() : now))
}

function toDelay(milliseconds: number): number | undefined {
  return Number.isFinite(milliseconds) && milliseconds >= 0 ? Math.ceil(milliseconds) : undefined
}

/** One header's value, the first where there are several; undefined when absent or blank. */
export function header(headers: ErrorResponse['headers'], name: string): string | undefined {
  const value = headers[name]
  const text = (Array.isArray(value) ? value[0] : value)?.trim()
  return text === '' ? undefined : text
}

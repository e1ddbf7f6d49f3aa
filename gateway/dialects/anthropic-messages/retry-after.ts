import type { ErrorResponse } from '../dialect.ts'

/** How long the provider asks to wait, in milliseconds: `retry-after-ms`, else `retry-after` in seconds or as a date. */
export function readRetryAfter(headers: ErrorResponse['headers']): number | undefined {
  const milliseconds = Number.parseFloat(single(headers['retry-after-ms']) ?? '')
  if (milliseconds >= 0) return milliseconds
  const text = single(headers['retry-after'])
  if (text === undefined) return undefined
  if (/^\s*\d+(\.\d+)?\s*$/.test(text)) return Number.parseFloat(text) * 1000
  return untilDate(text, single(headers['date']))
}

/** Against the answer's own `date`: the provider's clock is the one its date was made with. */
function untilDate(text: string, now: string | undefined): number | undefined {
  const wait = Date.parse(text) - Date.parse(now ?? '')
  return Number.isFinite(wait) && wait >= 0 ? wait : undefined
}

function single(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}

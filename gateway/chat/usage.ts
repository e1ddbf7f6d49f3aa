import type { Json } from './json.ts'

/**
 * Tokens of one answer. `undefined` = the provider did not say; `0` = it said zero.
 * `input` and `output` are totals, the others are subsets of them, whatever the dialect counts apart:
 * Anthropic's input_tokens excludes cache tokens, xAI's completion_tokens excludes reasoning; decoders add them up.
 */
export interface Usage {
  /** All prompt tokens, cached ones included. */
  input?: number
  /** Of `input`: read from the provider's prompt cache. */
  cacheRead?: number
  /** Of `input`: written to the provider's prompt cache (every lifetime). */
  cacheWrite?: number
  /** Of `cacheWrite`: written with one hour of life (Anthropic), which costs more. */
  cacheWrite1h?: number
  /** Of `input`. */
  inputAudio?: number
  /** All generated tokens, reasoning included. */
  output?: number
  /** Of `output`. */
  reasoning?: number
  /** Of `output`. */
  outputAudio?: number
  /** Searches made by a server-side tool, billed per search. */
  webSearches?: number
  /** The tier that really served the call, as the provider names it. */
  serviceTier?: string
  /** True where the provider reported nothing and the gateway counted. */
  estimated?: boolean
  /** Something is charged for that these counts do not show (minutes of audio, pictures): the cost is not known. */
  unpriced?: true
  /** What the provider said, untouched. */
  raw?: Json
}

/** Later reports win member by member: providers send cumulative usage in pieces (Anthropic, Gemini, Perplexity). */
export function mergeUsage(earlier: Usage | undefined, later: Usage): Usage {
  if (earlier === undefined) return later
  const merged: Usage = { ...earlier }
  for (const [key, value] of Object.entries(later)) {
    if (value !== undefined) Object.assign(merged, { [key]: value })
  }
  return merged
}

/** Sum of two calls' usage; a member is unknown only if both are. */
export function addUsage(left: Usage, right: Usage): Usage {
  const keys = [
    'input',
    'cacheRead',
    'cacheWrite',
    'cacheWrite1h',
    'inputAudio',
    'output',
    'reasoning',
    'outputAudio',
    'webSearches',
  ] as const
  const sum: Usage = {}
  for (const key of keys) {
    const a = left[key]
    const b = right[key]
    if (a !== undefined || b !== undefined) sum[key] = (a ?? 0) + (b ?? 0)
  }
  if (left.estimated === true || right.estimated === true) sum.estimated = true
  return sum
}

import { asArray, asCount, asObject, asString, isObject, type JsonObject } from '../../../chat/json.ts'
import { addUsage, type Usage } from '../../../chat/usage.ts'

/**
 * message_start and message_delta each report some fields, cumulative, and nulls for the rest: the last word that is
 * not null counts, field by field (input_tokens may still grow in message_delta).
 */
export function mergeWireUsage(earlier: JsonObject, later: JsonObject): JsonObject {
  const told = Object.entries(later).filter(([, value]) => value !== null && value !== undefined)
  return { ...earlier, ...Object.fromEntries(told) }
}

export function readUsage(wire: JsonObject): Usage {
  const usage = compactions(wire).reduce((sum, iteration) => addUsage(sum, readTokens(iteration)), readTokens(wire))
  const webSearches = asCount(asObject(wire['server_tool_use'])?.['web_search_requests'])
  const serviceTier = asString(wire['service_tier'])
  if (webSearches !== undefined) usage.webSearches = webSearches
  if (serviceTier !== undefined) usage.serviceTier = serviceTier
  usage.raw = wire
  return usage
}

/** Usage out of a whole body, without decoding the rest. */
export function readBodyUsage(body: JsonObject): Usage | undefined {
  const wire = asObject(body['usage'])
  return wire === undefined ? undefined : readUsage(mergeWireUsage({}, wire))
}

/**
 * What message_start tells: output_tokens is a placeholder there (1 to 8), so that an answer cut off later would look
 * as if it had cost that little.
 */
export function readEarlyUsage(wire: JsonObject): Usage {
  const { output: _, ...usage } = readUsage(wire)
  return usage
}

/**
 * The totals of a call with context compaction leave the compaction pass out, which is billed at the same model's rate.
 * Other iterations are either in the totals (message) or billed at another model's rate (advisor): those stay in `raw`.
 */
function compactions(wire: JsonObject): JsonObject[] {
  const iterations = (asArray(wire['iterations']) ?? []).filter(isObject)
  return iterations.filter((iteration) => iteration['type'] === 'compaction')
}

function readTokens(wire: JsonObject): Usage {
  const usage: Usage = {}
  const fresh = asCount(wire['input_tokens'])
  const lifetimes = asObject(wire['cache_creation'])
  const cacheWrite1h = asCount(lifetimes?.['ephemeral_1h_input_tokens'])
  const cacheWrite = asCount(wire['cache_creation_input_tokens']) ?? sumOfLifetimes(lifetimes)
  const cacheRead = asCount(wire['cache_read_input_tokens'])
  const output = asCount(wire['output_tokens'])
  const reasoning = asCount(asObject(wire['output_tokens_details'])?.['thinking_tokens'])
  // input_tokens excludes both kinds of cached tokens (https://platform.claude.com/docs/en/build-with-claude/prompt-caching).
  if (fresh !== undefined) usage.input = fresh + (cacheWrite ?? 0) + (cacheRead ?? 0)
  if (cacheRead !== undefined) usage.cacheRead = cacheRead
  if (cacheWrite !== undefined) usage.cacheWrite = cacheWrite
  if (cacheWrite1h !== undefined) usage.cacheWrite1h = cacheWrite1h
  if (output !== undefined) usage.output = output
  if (reasoning !== undefined) usage.reasoning = reasoning
  return usage
}

function sumOfLifetimes(lifetimes: JsonObject | undefined): number | undefined {
  if (lifetimes === undefined) return undefined
  const fiveMinutes = asCount(lifetimes['ephemeral_5m_input_tokens'])
  const oneHour = asCount(lifetimes['ephemeral_1h_input_tokens'])
  return fiveMinutes === undefined && oneHour === undefined ? undefined : (fiveMinutes ?? 0) + (oneHour ?? 0)
}

import { given } from '../../../chat/given.ts'
import type { JsonObject } from '../../../chat/json.ts'
import type { Usage } from '../../../chat/usage.ts'

/** undefined where nothing is known; a total that only half is known of counts the other half as 0. */
export function encodeUsage(usage: Usage | undefined): JsonObject | undefined {
  if (usage === undefined || (usage.input === undefined && usage.output === undefined)) return undefined
  const input = usage.input ?? 0
  const output = usage.output ?? 0
  return {
    input_tokens: input,
    input_tokens_details: given({ cached_tokens: usage.cacheRead ?? 0, cache_write_tokens: usage.cacheWrite }),
    output_tokens: output,
    output_tokens_details: { reasoning_tokens: usage.reasoning ?? 0 },
    total_tokens: input + output,
  }
}

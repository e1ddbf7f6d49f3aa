import type { JsonObject } from '../../../chat/json.ts'
import type { Usage } from '../../../chat/usage.ts'
import { given } from '../../../chat/given.ts'

/** undefined where nothing is known; a total that only half is known of counts the other half as 0. */
export function encodeUsage(usage: Usage | undefined): JsonObject | undefined {
  if (usage === undefined || (usage.input === undefined && usage.output === undefined)) return undefined
  const input = usage.input ?? 0
  const output = usage.output ?? 0
  return {
    prompt_tokens: input,
    completion_tokens: output,
    total_tokens: input + output,
    prompt_tokens_details: given({
      cached_tokens: usage.cacheRead ?? 0,
      cache_write_tokens: usage.cacheWrite,
      audio_tokens: usage.inputAudio,
    }),
    completion_tokens_details: given({
      reasoning_tokens: usage.reasoning ?? 0,
      audio_tokens: usage.outputAudio,
    }),
  }
}

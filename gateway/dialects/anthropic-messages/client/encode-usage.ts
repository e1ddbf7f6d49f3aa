import { given } from '../../../chat/given.ts'
import type { JsonObject } from '../../../chat/json.ts'
import type { Usage } from '../../../chat/usage.ts'

/**
 * `input_tokens` excludes both kinds of cached tokens (https://platform.claude.com/docs/en/build-with-claude/prompt-caching);
 * clients add the three up, so each is a number, 0 where nothing is known. `tier`: told outside of the usage.
 */
export function encodeUsage(usage: Usage = {}, tier?: string): JsonObject {
  const { input = 0, cacheRead = 0, cacheWrite = 0, output = 0, reasoning, webSearches } = usage
  return {
    input_tokens: Math.max(0, input - cacheRead - cacheWrite),
    cache_creation_input_tokens: cacheWrite,
    cache_read_input_tokens: cacheRead,
    output_tokens: output,
    ...given({
      cache_creation: usage.cacheWrite === undefined ? undefined : lifetimes(cacheWrite, usage.cacheWrite1h),
      output_tokens_details: reasoning === undefined ? undefined : { thinking_tokens: reasoning },
      server_tool_use:
        webSearches === undefined ? undefined : { web_search_requests: webSearches, web_fetch_requests: 0 },
      service_tier: tierOf(usage.serviceTier ?? tier),
    }),
  }
}

function lifetimes(all: number, oneHour = 0): JsonObject {
  return { ephemeral_5m_input_tokens: Math.max(0, all - oneHour), ephemeral_1h_input_tokens: oneHour }
}

/** What the SDKs' types know; OpenAI calls its ordinary tier `default`. */
function tierOf(tier: string | undefined): string | undefined {
  if (tier === 'default') return 'standard'
  return tier === 'standard' || tier === 'priority' || tier === 'batch' ? tier : undefined
}

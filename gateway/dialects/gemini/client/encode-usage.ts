import { given } from '../../../chat/given.ts'
import type { JsonObject } from '../../../chat/json.ts'
import type { Usage } from '../../../chat/usage.ts'

/**
 * `usageMetadata`; undefined where nothing is known. Prompt tokens include cached ones, candidates' tokens exclude
 * thoughts.
 */
export function encodeUsage(usage: Usage | undefined, tier?: string): JsonObject | undefined {
  if (usage === undefined || (usage.input === undefined && usage.output === undefined)) return undefined
  const { input = 0, output = 0, reasoning, cacheRead, inputAudio, outputAudio } = usage
  const candidates = Math.max(0, output - (reasoning ?? 0))
  return given({
    promptTokenCount: input,
    candidatesTokenCount: candidates,
    totalTokenCount: input + output,
    cachedContentTokenCount: cacheRead,
    thoughtsTokenCount: reasoning,
    promptTokensDetails: byModality(input, inputAudio),
    candidatesTokensDetails: byModality(candidates, outputAudio),
    serviceTier: usage.serviceTier ?? tier,
  })
}

function byModality(total: number, audio: number | undefined): JsonObject[] | undefined {
  if (audio === undefined || audio === 0) return undefined
  return [
    { modality: 'TEXT', tokenCount: Math.max(0, total - audio) },
    { modality: 'AUDIO', tokenCount: audio },
  ]
}

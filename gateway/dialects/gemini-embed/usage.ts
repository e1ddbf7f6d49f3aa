import { asNumber, asObject, type JsonObject } from '../../chat/json.ts'
import type { Usage } from '../../chat/usage.ts'

/** `usageMetadata` of an answer with embeddings (newer models alone tell it). Nothing is generated: output is 0. */
export function readEmbedUsage(body: JsonObject): Usage | undefined {
  const metadata = asObject(body['usageMetadata'])
  const input = asNumber(metadata?.['promptTokenCount']) ?? asNumber(metadata?.['totalTokenCount'])
  return metadata === undefined || input === undefined ? undefined : { input, output: 0, raw: metadata }
}

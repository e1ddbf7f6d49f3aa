import { asObject, isObject, type Json } from '../../chat/json.ts'
import type { Usage } from '../../chat/usage.ts'
import { readUsage } from '../openai-chat/provider/decode-usage.ts'

/** Usage of a whole embeddings answer. Embeddings generate nothing: output is 0, not unknown. */
export function readEmbeddingsUsage(body: Json): Usage | undefined {
  const usage = asObject(body)?.['usage']
  if (!isObject(usage)) return undefined
  // Voyage tells total_tokens alone.
  const read = readUsage(usage) ?? readUsage({ prompt_tokens: usage['total_tokens'] })
  return read === undefined ? undefined : { ...read, output: read.output ?? 0, raw: usage }
}

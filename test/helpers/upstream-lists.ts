import { asArray, type Json, type JsonObject } from '../../gateway/chat/json.ts'
import type { Exchange } from './upstream-exchange.ts'
import type { UpstreamDialect } from './upstream-route.ts'

/** Everything a provider answers that is no chat: embeddings, lists of models, counted tokens. */
export function lists(exchange: Exchange): Json {
  const render = table[exchange.route.dialect]
  if (render === undefined) return { error: { message: `no such path: ${exchange.request.path}`, type: 'not_found' } }
  return render(exchange)
}

const table: Partial<Record<UpstreamDialect, (exchange: Exchange) => JsonObject>> = {
  'openai-embeddings': embeddings,
  'openai-models': () => ({
    object: 'list',
    data: [{ id: 'gpt-4o', object: 'model', created: 1_700_000_000, owned_by: 'openai' }],
  }),
  'anthropic-models': () => ({
    data: [{ type: 'model', id: 'claude-sonnet-4-5', display_name: 'Claude', created_at: '2025-09-29T00:00:00Z' }],
    has_more: false,
    first_id: 'claude-sonnet-4-5',
    last_id: 'claude-sonnet-4-5',
  }),
  'gemini-models': () => ({
    models: [{ name: 'models/gemini-2.5-flash', supportedGenerationMethods: ['generateContent'] }],
  }),
  'anthropic-count': () => ({ input_tokens: 10 }),
  'gemini-count': () => ({ totalTokens: 10 }),
}

function embeddings({ request: { body }, route }: Exchange): JsonObject {
  const inputs = asArray(body['input'])
  const count = inputs === undefined || typeof inputs[0] === 'number' ? 1 : inputs.length
  const encode = (vector: number[]) =>
    body['encoding_format'] === 'base64' ? Buffer.from(Float32Array.from(vector).buffer).toString('base64') : vector
  return {
    object: 'list',
    model: route.model,
    data: Array.from({ length: count }, (_, index) => ({
      object: 'embedding',
      index,
      embedding: encode(embeddingOf(index)),
    })),
    usage: { prompt_tokens: 3 * count, total_tokens: 3 * count },
  }
}

/** The vector of the input with that number; its values are exact in 32 bits. */
export function embeddingOf(index: number): number[] {
  return [0.25, -0.5, index + 1]
}

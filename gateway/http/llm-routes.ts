import type { Dialect, DialectId } from '../dialects/dialect.ts'
import { findDialect } from '../dialects/index.ts'
import type { LlmRoute } from './llm.ts'
import { locateGemini } from './locate-gemini.ts'

/** Where each dialect is spoken to us. Azure's clients put `/openai` before OpenAI's paths. */
export const llmRoutes: readonly LlmRoute[] = [
  ...openaiRoutes('/v1'),
  ...openaiRoutes('/openai/v1'),
  { path: '/v1/messages', dialect: spoken('anthropic-messages') },
  { path: '/v1/messages/count_tokens', dialect: spoken('anthropic-count-tokens') },
  // `@google/genai` 3.1 says /v1, everybody else /v1beta. Wildcards, because model names may hold slashes.
  { path: '/v1beta/models/*', dialect: spoken('gemini'), locate: locateGemini },
  { path: '/v1/models/*', dialect: spoken('gemini'), locate: locateGemini },
]

function openaiRoutes(prefix: string): LlmRoute[] {
  return [
    { path: `${prefix}/chat/completions`, dialect: spoken('openai-chat') },
    { path: `${prefix}/completions`, dialect: spoken('openai-completions') },
    { path: `${prefix}/embeddings`, dialect: spoken('openai-embeddings') },
    { path: `${prefix}/responses`, dialect: spoken('openai-responses'), hasSocket: true },
  ]
}

function spoken(id: DialectId): Dialect {
  const dialect = findDialect(id)
  if (dialect === undefined) throw new TypeError(`no dialect ${id}`)
  return dialect
}

import type { IncomingHttpHeaders } from 'node:http'
import type { DialectId } from '../dialects/dialect.ts'

export type Spoken = Extract<DialectId, 'openai-chat' | 'anthropic-messages' | 'gemini'>

/**
 * Whose shapes a client expects where a path does not run through the pipeline: lists of models, and errors. Several
 * dialects share /v1/models, where the headers tell: Anthropic's clients send `anthropic-version`.
 */
export function spokenAt(url: string, headers: IncomingHttpHeaders): Spoken {
  const path = url.split('?', 1)[0] as string
  if (path.startsWith('/v1/messages')) return 'anthropic-messages'
  if (path.startsWith('/v1beta/')) return 'gemini'
  if (!path.startsWith('/v1/')) return 'openai-chat'
  if (headers['anthropic-version'] !== undefined) return 'anthropic-messages'
  // `@google/genai` 3.1 says /v1 where every other Gemini client says /v1beta.
  const isGoogle = headers['x-goog-api-key'] !== undefined || headers['x-goog-api-client'] !== undefined
  return isGoogle ? 'gemini' : 'openai-chat'
}

import { anthropicCountTokens } from './anthropic-count-tokens/index.ts'
import { anthropicMessages } from './anthropic-messages/index.ts'
import type { Dialect, DialectId } from './dialect.ts'
import { geminiBatchEmbed } from './gemini-batch-embed/index.ts'
import { geminiCountTokens } from './gemini-count-tokens/index.ts'
import { geminiEmbed } from './gemini-embed/index.ts'
import { gemini } from './gemini/index.ts'
import { openaiChat } from './openai-chat/index.ts'
import { openaiCompletions } from './openai-completions/index.ts'
import { openaiEmbeddings } from './openai-embeddings/index.ts'
import { openaiResponses } from './openai-responses/index.ts'

/** Every wire format the gateway knows. A new one is a folder and a line here. */
const dialects: readonly Dialect[] = [
  openaiChat,
  openaiCompletions,
  openaiEmbeddings,
  openaiResponses,
  anthropicMessages,
  anthropicCountTokens,
  gemini,
  geminiCountTokens,
  geminiEmbed,
  geminiBatchEmbed,
]

/** undefined: named in the contract, not built yet. */
export function findDialect(id: DialectId): Dialect | undefined {
  return dialects.find((dialect) => dialect.id === id)
}

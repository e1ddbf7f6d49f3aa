import { readWithChat } from './read-chat.ts'
import { readWithGemini } from './read-gemini.ts'
import { readWithMessages } from './read-messages.ts'
import { readWithResponses } from './read-responses.ts'
import type { Reader } from './reading.ts'

/** The dialects that clients may chat in, each with its vendor's own library. */
export type ChatDialectId = 'openai-chat' | 'openai-responses' | 'anthropic-messages' | 'gemini'

export const readers: Record<ChatDialectId, Reader> = {
  'openai-chat': readWithChat,
  'openai-responses': readWithResponses,
  'anthropic-messages': readWithMessages,
  gemini: readWithGemini,
}

export const chatDialectIds = Object.keys(readers) as ChatDialectId[]

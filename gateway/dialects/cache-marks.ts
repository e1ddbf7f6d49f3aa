import type { ChatRequest } from '../chat/request.ts'

/** Whether the client marked anything for prompt caching: messages, their parts, or tools. */
export function hasCacheMarks({ tools = [], messages }: ChatRequest): boolean {
  const isMarked = (thing: object): boolean => 'cacheControl' in thing && thing.cacheControl !== undefined
  return tools.some(isMarked) || messages.some((message) => isMarked(message) || message.parts.some(isMarked))
}

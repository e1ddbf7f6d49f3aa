import type { JsonObject } from '../../../../../gateway/chat/json.ts'
import type { ChatRequest, Loss, Message } from '../../../../../gateway/chat/request.ts'
import { readRequest } from '../../../../../gateway/dialects/anthropic-messages/client/read.ts'

export const hello: JsonObject = { role: 'user', content: 'hello' }

export function read(members: JsonObject): Loss<ChatRequest> {
  return readRequest({ model: 'm', messages: [hello], ...members })
}

export function messagesOf(...messages: JsonObject[]): Message[] {
  return read({ messages }).value.messages
}

export function user(...content: JsonObject[]): JsonObject {
  return { role: 'user', content }
}

export function assistant(...content: JsonObject[]): JsonObject {
  return { role: 'assistant', content }
}

export function text(value: string): { type: 'text'; text: string } {
  return { type: 'text', text: value }
}

/** What was warned about. */
export function warned(loss: Loss<unknown>): string[] {
  return loss.warnings.map(({ feature }) => feature)
}

import type { ChatRequest, JsonObject, Loss, Message } from '../../../../../gateway/chat/request.ts'
import { writeRequest } from '../../../../../gateway/dialects/anthropic-messages/provider/write.ts'
import type { ModelFacts } from '../../../../../gateway/models/facts.ts'

export const hello: Message = { role: 'user', parts: [{ type: 'text', text: 'Hello' }] }

/** Writes a request of one user message, with the given members and facts over it. */
export function written(request: Partial<ChatRequest> = {}, facts: ModelFacts = {}): Loss<JsonObject> {
  return writeRequest(
    { model: 'alias', messages: [hello], stream: false, ...request },
    { provider: 'anthropic', model: 'claude-x', facts },
  )
}

export function warned(loss: Loss<unknown>): string[] {
  return loss.warnings.map(({ feature }) => feature)
}

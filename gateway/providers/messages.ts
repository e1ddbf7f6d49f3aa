import { isObject, type JsonObject } from '../chat/json.ts'

/** The body with each message put through `change`; the same body where `change` returned every message as it was. */
export function mapMessages(
  body: JsonObject,
  change: (message: JsonObject) => JsonObject,
  member = 'messages',
): JsonObject {
  const messages = body[member]
  if (!Array.isArray(messages)) return body
  const changed = messages.map((message) => (isObject(message) ? change(message) : message))
  return changed.every((message, index) => message === messages[index]) ? body : { ...body, [member]: changed }
}

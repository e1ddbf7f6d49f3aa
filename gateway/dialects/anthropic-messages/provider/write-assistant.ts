import { asObject, parseJson } from '../../../chat/json.ts'
import type { AssistantPart, JsonObject, ReasoningPart, ToolCallPart } from '../../../chat/request.ts'
import type { WriteTarget } from '../../dialect.ts'
import { writeToolId } from './tool-ids.ts'
import type { WriteContext } from './write-context.ts'
import { writeText } from './write-user.ts'

export function writeAssistantParts(parts: AssistantPart[], at: string, context: WriteContext): JsonObject[] {
  return parts.flatMap((part) => {
    if (part.type === 'reasoning') return writeReasoning(part, context.target)
    if (part.type === 'tool-call') return [writeToolCall(part, at, context)]
    return writeText({ ...part, type: 'text' }, context)
  })
}

/**
 * Thinking goes back byte-exact to who signed it; anyone else answers 400 "Invalid signature", so it is left out.
 * Without an origin the client got it elsewhere and vouches for it by sending the signature.
 */
function writeReasoning(part: ReasoningPart, target: WriteTarget): JsonObject[] {
  const { origin } = part
  if (origin !== undefined && (origin.provider !== target.provider || origin.model !== target.model)) return []
  if (part.redacted !== undefined) return [{ type: 'redacted_thinking', data: part.redacted }]
  if (part.signature === undefined) return []
  return [{ type: 'thinking', thinking: part.text, signature: part.signature }]
}

function writeToolCall(part: ToolCallPart, at: string, context: WriteContext): JsonObject {
  return { type: 'tool_use', id: writeToolId(part.id), name: part.name, input: readInput(part, at, context) }
}

/** `input` must be an object; a model that was cut off or erred left something else, which its successor should see. */
function readInput(part: ToolCallPart, at: string, context: WriteContext): JsonObject {
  if (part.arguments.trim() === '') return {}
  const input = asObject(parseJson(part.arguments))
  if (input !== undefined) return input
  context.warn(`${at}.tool_calls`, 'the arguments are not a JSON object and are sent as text inside one')
  return { INVALID_JSON: part.arguments }
}

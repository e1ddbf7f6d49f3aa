import type { JsonObject } from '../../../chat/json.ts'
import type { AssistantPart, Message, Origin, ReasoningPart, ToolCallPart } from '../../../chat/request.ts'
import type { WriteTarget } from '../../dialect.ts'
import { given } from '../../../chat/given.ts'
import { writeArguments, type Where } from './write-arguments.ts'

/** An earlier answer. Thinking and signatures go back to where they came from and nowhere else: others refuse them. */
export function writeAssistant(
  message: Extract<Message, { role: 'assistant' }>,
  target: WriteTarget,
  where: Where,
): JsonObject {
  const calls = message.parts.filter((part) => part.type === 'tool-call')
  const refusal = textOf(message.parts, 'refusal')
  return {
    role: 'assistant',
    // Content may be null only beside calls or a refusal.
    content: textOf(message.parts, 'text') ?? (calls.length > 0 || refusal !== undefined ? null : ''),
    ...given({
      name: message.name,
      refusal,
      tool_calls: calls.length === 0 ? undefined : calls.map((call) => writeCall(call, target, where)),
    }),
    ...writeReasoning(
      message.parts.filter((part) => part.type === 'reasoning' && cameFrom(part.origin, target)) as ReasoningPart[],
    ),
  }
}

function textOf(parts: AssistantPart[], type: 'text' | 'refusal'): string | undefined {
  const text = parts.map((part) => (part.type === type ? part.text : '')).join('')
  return text === '' ? undefined : text
}

function writeCall(call: ToolCallPart, target: WriteTarget, where: Where): JsonObject {
  const signature = cameFrom(call.origin, target) ? call.signature : undefined
  return {
    id: call.id,
    type: 'function',
    function: { name: call.name, arguments: writeArguments(call.arguments, where) },
    ...given({ extra_content: signature === undefined ? undefined : { google: { thought_signature: signature } } }),
  }
}

/** Plain thinking as DeepSeek and Moonshot want it back, signed thinking as OpenRouter does. */
function writeReasoning(parts: ReasoningPart[]): JsonObject {
  const text = parts.map((part) => part.text).join('')
  const details = parts.flatMap(({ text, signature, redacted }): JsonObject[] => {
    if (redacted !== undefined) return [{ type: 'reasoning.encrypted', data: redacted }]
    return signature === undefined ? [] : [{ type: 'reasoning.text', text, signature }]
  })
  return given({
    reasoning_content: text === '' || details.length > 0 ? undefined : text,
    reasoning_details: details.length === 0 ? undefined : details,
  })
}

function cameFrom(origin: Origin | undefined, target: WriteTarget): boolean {
  return origin !== undefined && origin.provider === target.provider && origin.model === target.model
}

import type { JsonObject } from '../../../chat/json.ts'
import type { AssistantPart, Message, ReasoningPart, ToolCallPart } from '../../../chat/request.ts'
import type { WriteTarget } from '../../dialect.ts'
import { inputOfArguments } from '../../custom-input.ts'
import { writeArguments } from '../../openai-chat/provider/write-arguments.ts'
import type { InputContext } from './write-input.ts'

type Spoken = Extract<AssistantPart, { type: 'text' | 'refusal' }>

/** An earlier answer as the items it was made of, in their order. */
export function writeAssistant(
  { parts }: Extract<Message, { role: 'assistant' }>,
  at: string,
  context: InputContext,
): JsonObject[] {
  const items: JsonObject[] = []
  let spoken: Spoken[] = []
  for (const part of parts) {
    if (part.type === 'text' || part.type === 'refusal') spoken.push(part)
    else {
      items.push(...writeSpoken(spoken))
      spoken = []
      items.push(...(part.type === 'reasoning' ? writeThought(part, context.target) : [writeCall(part, at, context)]))
    }
  }
  return withoutIdleThoughts([...items, ...writeSpoken(spoken)])
}

/** Plain text is the form that needs no id and status of an earlier answer. */
function writeSpoken(spoken: Spoken[]): JsonObject[] {
  if (spoken.every(({ text }) => text === '')) return []
  if (spoken.every(({ type }) => type === 'text'))
    return [{ role: 'assistant', content: spoken.map(({ text }) => text).join('') }]
  const content = spoken.map(({ type, text }) =>
    type === 'text' ? { type: 'output_text', text, annotations: [] } : { type: 'refusal', refusal: text },
  )
  return [{ type: 'message', role: 'assistant', status: 'completed', content }]
}

/**
 * Encrypted thinking goes back to where it came from and nowhere else: others refuse it. Without its id, by which the
 * provider would look for an item that it was asked not to store. Plain thinking has no way back.
 */
function writeThought({ text, signature, redacted, origin }: ReasoningPart, target: WriteTarget): JsonObject[] {
  const encrypted = redacted ?? signature
  const isOwn = origin !== undefined && origin.provider === target.provider && origin.model === target.model
  if (encrypted === undefined || !isOwn) return []
  const summary = text === '' ? [] : [{ type: 'summary_text', text }]
  return [{ type: 'reasoning', summary, encrypted_content: encrypted }]
}

function writeCall({ id, name, arguments: text }: ToolCallPart, at: string, context: InputContext): JsonObject {
  if (!context.customTools.has(name)) {
    const written = writeArguments(text, { at, warnings: context.warnings })
    return { type: 'function_call', call_id: id, name, arguments: written }
  }
  context.customCalls.add(id)
  return { type: 'custom_tool_call', call_id: id, name, input: inputOfArguments(text) }
}

/** "Item of type 'reasoning' was provided without its required following item": of an answer that was cut off. */
function withoutIdleThoughts(items: JsonObject[]): JsonObject[] {
  const last = items.findLastIndex((item) => item['type'] !== 'reasoning')
  return items.slice(0, last + 1)
}

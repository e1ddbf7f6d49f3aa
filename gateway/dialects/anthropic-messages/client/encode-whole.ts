import type { ChatChoice, ChatReply } from '../../../chat/collect.ts'
import { asObject, parseJson, type JsonObject } from '../../../chat/json.ts'
import type { AssistantPart, Origin, ReasoningPart, ToolCallPart } from '../../../chat/request.ts'
import type { ReplyAbout } from '../../dialect.ts'
import {
  encodeCallSignature,
  encodeCitation,
  encodeRedacted,
  originOf,
  sealSignature,
  messageId,
} from './encode-parts.ts'
import { encodeUsage } from './encode-usage.ts'
import { encodeFinish } from './finish.ts'

/** A whole answer as `message`. Only its first choice: Messages has one. */
export function encodeWhole(reply: ChatReply, about: ReplyAbout): JsonObject {
  const choice: ChatChoice = reply.choices[0] ?? { parts: [], annotations: [] }
  const refusal = choice.parts.find((part) => part.type === 'refusal')?.text
  const explanation = isFiltered(choice) ? refusal : undefined
  return {
    id: messageId(reply.id, about),
    type: 'message',
    role: 'assistant',
    model: reply.model ?? about.model,
    content: encodeContent(choice, about),
    ...encodeFinish(choice.finish, { isRefused: refusal !== undefined, explanation }),
    usage: encodeUsage(reply.usage, reply.serviceTier),
  }
}

function isFiltered({ finish }: ChatChoice): boolean {
  return finish?.unified === 'content-filter'
}

/** A refusal is text here; why an answer was filtered is told beside it. */
function encodeContent(choice: ChatChoice, about: ReplyAbout): JsonObject[] {
  const { annotations } = choice
  const parts = isFiltered(choice) ? choice.parts.filter((part) => part.type !== 'refusal') : choice.parts
  const origin = originOf(about)
  const isVisible = about.includeReasoning !== false
  const blocks = parts.flatMap((part) => encodePart(part, origin, isVisible))
  const text = blocks.findLast((block) => block['type'] === 'text')
  if (text !== undefined && annotations.length > 0)
    text['citations'] = annotations.map((annotation) => encodeCitation(origin, annotation))
  return blocks
}

function encodePart(part: AssistantPart, origin: Origin, isVisible: boolean): JsonObject[] {
  if (part.type === 'reasoning') return encodeReasoning(part, origin, isVisible)
  if (part.type === 'tool-call') return encodeCall(part, origin)
  // Anthropic refuses empty text when it comes back.
  return part.text === '' ? [] : [{ type: 'text', text: part.text }]
}

function encodeReasoning(
  { text, signature, redacted }: ReasoningPart,
  origin: Origin,
  isVisible: boolean,
): JsonObject[] {
  if (redacted !== undefined && text === '') return [encodeRedacted(origin, redacted)]
  if (text === '' && signature === undefined) return []
  const hiddenText = isVisible || text === '' ? undefined : text
  const sealed = sealSignature(origin, { signature, hiddenText })
  return [{ type: 'thinking', thinking: isVisible ? text : '', signature: sealed }]
}

function encodeCall({ id, name, arguments: json, signature }: ToolCallPart, origin: Origin): JsonObject[] {
  const call: JsonObject = { type: 'tool_use', id, name, input: readInput(json) }
  return signature === undefined ? [call] : [encodeCallSignature(origin, { call: id, signature }), call]
}

/** `input` must be an object; what a model that was cut off left instead, the tool is to see and refuse. */
function readInput(json: string): JsonObject {
  if (json.trim() === '') return {}
  return asObject(parseJson(json)) ?? { INVALID_JSON: json }
}

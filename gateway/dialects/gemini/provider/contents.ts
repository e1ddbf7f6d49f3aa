import { asObject, parseJson, type JsonObject } from '../../../chat/json.ts'
import type { Message, ToolMessage, UserPart } from '../../../chat/request.ts'
import { GatewayError } from '../../../errors.ts'
import type { WriteTarget } from '../../dialect.ts'
import { modelParts } from './history.ts'
import type { Lose } from './losses.ts'
import { mediaPart } from './media.ts'

interface Content extends JsonObject {
  role: 'user' | 'model'
  parts: JsonObject[]
}

export interface Conversation {
  contents: Content[]
  systemInstruction?: JsonObject
}

/** Messages as turns of `user` and `model`; tool results are the user's; neighbours of one role become one turn. */
export function writeConversation(messages: Message[], target: WriteTarget, lose: Lose): Conversation {
  const contents: Content[] = []
  const instructions: JsonObject[] = []
  const callNames = new Map<string, string>()
  for (const [index, message] of messages.entries()) {
    const at = `messages[${index}]`
    if (message.role === 'system') {
      if (contents.length > 0)
        lose(at, 'Gemini has one system instruction, ahead of the conversation; it was moved there')
      for (const { text } of message.parts) if (text !== '') instructions.push({ text })
    } else if (message.role === 'assistant') {
      for (const part of message.parts) if (part.type === 'tool-call') callNames.set(part.id, part.name)
      append(contents, 'model', modelParts(message.parts, target))
    } else if (message.role === 'tool') {
      append(contents, 'user', toolResult(message, at, callNames))
    } else {
      append(contents, 'user', userParts(message.parts, at))
    }
  }
  return conversation(contents, instructions)
}

/** A request of instructions alone is legal with OpenAI; Google wants at least one turn. */
function conversation(contents: Content[], instructions: JsonObject[]): Conversation {
  if (instructions.length === 0) return { contents }
  if (contents.length === 0) return { contents: [{ role: 'user', parts: instructions }] }
  return { contents, systemInstruction: { parts: instructions } }
}

function append(contents: Content[], role: Content['role'], parts: JsonObject[]): void {
  // A turn without parts is a 400.
  if (parts.length === 0) return
  const last = contents.at(-1)
  // One by one: as arguments, a hundred thousand would overflow the stack.
  if (last?.role === role) for (const part of parts) last.parts.push(part)
  else contents.push({ role, parts })
}

function userParts(parts: UserPart[], at: string): JsonObject[] {
  return parts.flatMap((part, index) => {
    if (part.type !== 'text') return [mediaPart(part, `${at}.content[${index}]`)]
    return part.text === '' ? [] : [{ text: part.text }]
  })
}

/** `functionResponse`, and what else the tool returned (images) as parts beside it. */
function toolResult(message: ToolMessage, at: string, callNames: Map<string, string>): JsonObject[] {
  const name = message.name ?? callNames.get(message.callId)
  if (name === undefined)
    throw new GatewayError(
      'invalid_request',
      `${at}: no earlier message calls a tool with the id "${message.callId}"`,
      {
        param: `${at}.tool_call_id`,
      },
    )
  const media = message.parts.flatMap((part, index) =>
    part.type === 'text' ? [] : [mediaPart(part, `${at}.content[${index}]`)],
  )
  return [{ functionResponse: { id: message.callId, name, response: toolResponse(message) } }, ...media]
}

/** The response must be an object; Google's own words for one made up are `result` and, for failures, `error`. */
function toolResponse(message: ToolMessage): JsonObject {
  const text = message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join('')
  const members = asObject(parseJson(text))
  if (message.isError !== true) return members ?? { result: text }
  return members?.['error'] === undefined ? { error: text } : members
}

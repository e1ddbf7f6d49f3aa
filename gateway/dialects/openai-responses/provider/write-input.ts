import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Message, TextPart, ToolMessage, UserPart, Warning } from '../../../chat/request.ts'
import type { WriteTarget } from '../../dialect.ts'
import { reportCacheMarks } from '../../openai-chat/provider/write.ts'
import { writeAssistant } from './write-assistant.ts'
import { writeUserPart } from './write-parts.ts'

/** What messages are written with. */
export interface InputContext {
  target: WriteTarget
  warnings: Warning[]
  /** Names of tools whose calls have free text instead of arguments. */
  customTools: ReadonlySet<string>
  /** Ids of such calls so far: their results are items of another type. */
  customCalls: Set<string>
}

/** System messages at the beginning are the instructions; later ones, and a developer's, keep their place. */
export function writeInput(request: ChatRequest, target: WriteTarget, warnings: Warning[]): JsonObject {
  const { messages, tools = [] } = request
  reportCacheMarks(request, warnings)
  reportNames(messages, warnings)
  const customTools = new Set(tools.flatMap(({ name, custom }) => (custom === undefined ? [] : [name])))
  const context: InputContext = { target, warnings, customTools, customCalls: new Set() }
  const turn = messages.findIndex((message) => !isInstruction(message))
  // A request needs an input: one that has only system messages has them there.
  const count = Math.max(0, turn)
  const instructions = messages.slice(0, count).map((message) => joinText(message.parts.filter(isText)))
  const input = messages.slice(count).flatMap((message, index) => writeMessage(message, count + index, context))
  return { ...(instructions.length === 0 ? {} : { instructions: instructions.join('\n\n') }), input }
}

function isInstruction(message: Message): boolean {
  return message.role === 'system' && message.developer !== true
}

function writeMessage(message: Message, index: number, context: InputContext): JsonObject[] {
  const at = `messages[${index}]`
  if (message.role === 'assistant') return writeAssistant(message, at, context)
  if (message.role === 'tool') return [writeResult(message, at, context)]
  if (message.role === 'user') return [{ role: 'user', content: writeContent(message.parts, at) }]
  return [{ role: message.developer === true ? 'developer' : 'system', content: joinText(message.parts) }]
}

/** One text is a plain string: every server takes that. */
function writeContent(parts: UserPart[], at: string): string | JsonObject[] {
  if (parts.length === 0) return ''
  if (parts.length === 1 && parts[0]?.type === 'text') return parts[0].text
  return parts.map((part, index) => writeUserPart(part, `${at}.content[${index}]`))
}

function writeResult(message: ToolMessage, at: string, context: InputContext): JsonObject {
  if (message.isError === true)
    context.warnings.push({
      feature: `${at}.is_error`,
      reason: 'OpenAI has no mark for failed tool calls; the text is sent',
    })
  const output = message.parts.every(isText) ? joinText(message.parts) : writeContent(message.parts, at)
  const type = context.customCalls.has(message.callId) ? 'custom_tool_call_output' : 'function_call_output'
  return { type, call_id: message.callId, output }
}

function reportNames(messages: Message[], warnings: Warning[]): void {
  if (messages.some((message) => message.role !== 'tool' && 'name' in message && message.name !== undefined))
    warnings.push({ feature: 'messages[].name', reason: 'OpenAI Responses does not name who speaks' })
}

function isText(part: { type: string }): part is TextPart {
  return part.type === 'text'
}

function joinText(parts: TextPart[]): string {
  return parts.map(({ text }) => text).join('\n\n')
}

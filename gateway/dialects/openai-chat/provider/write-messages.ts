import type { JsonObject } from '../../../chat/json.ts'
import type { Message, TextPart, ToolMessage, UserPart, Warning } from '../../../chat/request.ts'
import type { WriteTarget } from '../../dialect.ts'
import { given } from '../../../chat/given.ts'
import type { Where } from './write-arguments.ts'
import { writeAssistant } from './write-assistant.ts'
import { writeUserPart } from './write-parts.ts'

export function writeMessages(messages: Message[], target: WriteTarget, warnings: Warning[]): JsonObject[] {
  const written: JsonObject[] = []
  const pending: UserPart[] = []
  for (const [index, message] of messages.entries()) {
    const at = `messages[${index}]`
    if (message.role !== 'tool') flush(pending, written, at)
    if (message.role === 'tool') written.push(writeResult(message, pending, { at, warnings }))
    else written.push(writeMessage(message, target, { at, warnings }))
  }
  flush(pending, written, `messages[${messages.length}]`)
  return written
}

function writeMessage(message: Exclude<Message, ToolMessage>, target: WriteTarget, where: Where): JsonObject {
  if (message.role === 'assistant') return writeAssistant(message, target, where)
  if (message.role === 'user') {
    return { role: 'user', content: writeContent(message.parts, where.at), ...given({ name: message.name }) }
  }
  return { role: message.developer === true ? 'developer' : 'system', content: joinText(message.parts) }
}

/** One text is a plain string: every server takes that, not all take parts. */
function writeContent(parts: UserPart[], at: string): string | JsonObject[] {
  if (parts.every((part) => part.type === 'text') && parts.length <= 1) return parts[0]?.text ?? ''
  return parts.map((part, index) => writeUserPart(part, `${at}.content[${index}]`))
}

function joinText(parts: TextPart[]): string {
  return parts.map(({ text }) => text).join('\n\n')
}

/**
 * Results take text only. Images and files of a result (Claude Code's screenshots) go into a user message behind the
 * results of the same turn, which may not be torn apart.
 */
function writeResult(message: ToolMessage, pending: UserPart[], { at, warnings }: Where): JsonObject {
  if (message.isError === true)
    warnings.push({ feature: `${at}.is_error`, reason: 'OpenAI has no mark for failed tool calls; the text is sent' })
  const texts = message.parts.filter((part) => part.type === 'text')
  const others = message.parts.filter((part) => part.type !== 'text')
  if (others.length > 0) pending.push({ type: 'text', text: `Attached to the result of ${message.callId}:` }, ...others)
  const content = texts.length === 0 && others.length > 0 ? '(see the attachment below)' : joinText(texts)
  return { role: 'tool', tool_call_id: message.callId, content }
}

function flush(pending: UserPart[], written: JsonObject[], at: string): void {
  if (pending.length === 0) return
  written.push({ role: 'user', content: writeContent(pending, at) })
  pending.length = 0
}

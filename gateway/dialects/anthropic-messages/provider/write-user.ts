import type { JsonObject, TextPart, ToolMessage, UserPart } from '../../../chat/request.ts'
import { writeToolId } from './tool-ids.ts'
import { unsupported, type WriteContext } from './write-context.ts'
import { writeFile, writeImage } from './write-media.ts'

/** `at` names the message as the client knows it, e.g. `messages[2]`. */
export function writeUserParts(parts: UserPart[], at: string, context: WriteContext): JsonObject[] {
  return parts.flatMap((part, position) => writeUserPart(part, `${at}.content[${position}]`, context))
}

function writeUserPart(part: UserPart, at: string, context: WriteContext): JsonObject[] {
  if (part.type === 'text') return writeText(part, context)
  if (part.type === 'image') return [writeImage(part, at, context)]
  if (part.type === 'file') return [writeFile(part, at, context)]
  throw unsupported(at, 'Anthropic Messages does not take audio')
}

/** Text without a visible character is a 400 ("text content blocks must contain non-whitespace text"). */
export function writeText(part: TextPart, context: WriteContext): JsonObject[] {
  if (part.text.trim() === '') return []
  return [{ type: 'text', text: part.text, ...context.cacheMark(part.cacheControl) }]
}

export function writeToolResult(message: ToolMessage, at: string, context: WriteContext): JsonObject {
  // A mark inside the result means the same as one on it, and only the latter is documented.
  const lastMark = message.parts.findLast((part) => 'cacheControl' in part)
  const mark =
    message.cacheControl ?? (lastMark !== undefined && 'cacheControl' in lastMark ? lastMark.cacheControl : undefined)
  const content = writeUserParts(message.parts.map(withoutMark), at, context)
  return {
    type: 'tool_result',
    tool_use_id: writeToolId(message.callId),
    ...(content.length === 0 ? {} : { content }),
    ...(message.isError === true ? { is_error: true } : {}),
    ...context.cacheMark(mark),
  }
}

function withoutMark(part: UserPart): UserPart {
  if (!('cacheControl' in part)) return part
  const { cacheControl: _, ...rest } = part
  return rest
}

import type { Json, JsonObject } from '../../../chat/json.ts'
import type { CacheControl, Message, ToolMessage, UserPart, Warning } from '../../../chat/request.ts'
import { GatewayError } from '../../../errors.ts'
import { given } from '../../../chat/given.ts'
import {
  expectObject,
  missing,
  optionalArray,
  optionalBoolean,
  pathOf,
  requiredString,
  wrongValue,
} from '../../expect.ts'
import { readAssistant } from './read-assistant.ts'
import { markLast, readBlocks, readCacheControl, readContent, readTextBlocks, readUserBlock } from './read-parts.ts'

/** `system` and `messages`, in this order. */
export function readMessages(body: JsonObject, warnings: Warning[]): Message[] {
  const messages = optionalArray(body, 'messages')
  if (messages === undefined) throw missing('messages')
  if (messages.length === 0)
    throw new GatewayError('invalid_request', 'messages: at least one message is required', { param: 'messages' })
  const read = [
    ...readSystem(body, warnings),
    ...messages.flatMap((message, index) => readMessage(message, pathOf('messages', index), warnings)),
  ]
  return markEnd(read, readCacheControl(body))
}

function readSystem(body: JsonObject, warnings: Warning[]): Message[] {
  const parts = readTextBlocks(body['system'], 'system', warnings).filter(({ text }) => !isForProvider(text))
  return parts.length === 0 ? [] : [{ role: 'system', parts }]
}

/** Claude Code's note to Anthropic's billing is none of the model's business, and changes what others cache prompts by. */
function isForProvider(text: string): boolean {
  return text === '' || text.startsWith('x-anthropic-billing-header:')
}

type MessageReader = (message: JsonObject, at: string, warnings: Warning[]) => Message[]

const readers: Record<string, MessageReader> = {
  user: readUser,
  assistant: readAssistant,
  system: readMidSystem,
}

function readMessage(value: Json, at: string, warnings: Warning[]): Message[] {
  const message = expectObject(value, at)
  const role = requiredString(message, 'role', at)
  const read = Object.hasOwn(readers, role) ? readers[role] : undefined
  if (read === undefined) throw wrongValue(pathOf(at, 'role'), role, Object.keys(readers))
  if ((message['output_config'] ?? undefined) !== undefined)
    warnings.push({ feature: pathOf(at, 'output_config'), reason: 'cannot be translated for a single message' })
  if ((message['content'] ?? undefined) === undefined) throw missing(pathOf(at, 'content'))
  return read(message, at, warnings)
}

/** Claude Code changes its instructions within the conversation. Changes of tools: see `readAddedTools`. */
function readMidSystem(message: JsonObject, at: string, warnings: Warning[]): Message[] {
  const param = pathOf(at, 'content')
  const blocks = readBlocks(message['content'], param).filter((block) => !isToolChange(block))
  const parts = readTextBlocks(blocks, param, warnings)
  return parts.length === 0 ? [] : [{ role: 'system', parts }]
}

function isToolChange(block: JsonObject): boolean {
  return block['type'] === 'tool_addition' || block['type'] === 'tool_removal'
}

/** Results answer the calls before them, so they come first whatever else the turn holds. */
function readUser(message: JsonObject, at: string, warnings: Warning[]): Message[] {
  const param = pathOf(at, 'content')
  const results: ToolMessage[] = []
  const parts: UserPart[] = []
  for (const [index, block] of readBlocks(message['content'], param).entries()) {
    const blockAt = pathOf(param, index)
    if (block['type'] === 'tool_result') results.push(readResult(block, blockAt, warnings))
    // One by one: as arguments, a hundred thousand would overflow the stack.
    else if (!isToolChange(block)) for (const part of readUserBlock(block, blockAt, warnings)) parts.push(part)
  }
  return parts.length === 0 ? results : [...results, { role: 'user', parts }]
}

function readResult(block: JsonObject, at: string, warnings: Warning[]): ToolMessage {
  return {
    role: 'tool',
    callId: requiredString(block, 'tool_use_id', at),
    parts: readContent(block['content'], pathOf(at, 'content'), warnings),
    ...given({ isError: optionalBoolean(block, 'is_error', at), cacheControl: readCacheControl(block) }),
  }
}

/** The body's own `cache_control` is a mark on the last block that can bear one. */
function markEnd(messages: Message[], cacheControl: CacheControl | undefined): Message[] {
  const last = messages.at(-1)
  if (cacheControl === undefined || last === undefined) return messages
  return [...messages.slice(0, -1), marked(last, cacheControl)]
}

function marked(message: Message, cacheControl: CacheControl): Message {
  if (message.role === 'tool') return { ...message, cacheControl }
  if (message.role === 'user') return { ...message, parts: markLast(message.parts, cacheControl) }
  if (message.role === 'system') return { ...message, parts: markLast(message.parts, cacheControl) }
  return message
}

import type { Json, JsonObject } from '../../../chat/json.ts'
import type { Message } from '../../../chat/request.ts'
import { GatewayError } from '../../../errors.ts'
import { given } from '../../../chat/given.ts'
import {
  expectObject,
  missing,
  optionalArray,
  optionalString,
  pathOf,
  requiredString,
  wrongValue,
} from '../../expect.ts'
import { legacyCallId, readAssistant } from './read-assistant.ts'
import { readCacheControl, readTextContent, readUserContent, textPart } from './read-parts.ts'

export function readMessages(body: JsonObject): Message[] {
  const messages = optionalArray(body, 'messages')
  if (messages === undefined) throw missing('messages')
  if (messages.length === 0) {
    const text =
      "Invalid 'messages': empty array. Expected an array with minimum length 1, but got an empty array instead."
    throw new GatewayError('invalid_request', text, { param: 'messages' })
  }
  return messages.map((message, index) => readMessage(message, index, messages))
}

type MessageReader = (message: JsonObject, at: string) => Message

const readers: Record<string, MessageReader> = {
  system: (message, at) => ({ role: 'system', parts: readTextContent(message, at) }),
  developer: (message, at) => ({ role: 'system', developer: true, parts: readTextContent(message, at) }),
  user: (message, at) => ({
    role: 'user',
    parts: readUserContent(message, at),
    ...given({ name: optionalString(message, 'name', at) }),
  }),
  assistant: readAssistant,
  tool: readToolResult,
}

function readMessage(value: Json, index: number, all: Json[]): Message {
  const at = pathOf('messages', index)
  const message = expectObject(value, at)
  const role = requiredString(message, 'role', at)
  if (role === 'function') return readFunctionResult(message, at, functionCallId(index, all))
  const read = Object.hasOwn(readers, role) ? readers[role] : undefined
  if (read === undefined) throw wrongValue(pathOf(at, 'role'), role, [...Object.keys(readers), 'function'])
  return read(message, at)
}

function readToolResult(message: JsonObject, at: string): Message {
  const cacheControl = readCacheControl(message)
  const { cache_control: _, ...unmarked } = message
  return {
    role: 'tool',
    callId: requiredString(message, 'tool_call_id', at),
    parts: message['content'] === null ? [textPart('')] : readUserContent(unmarked, at),
    ...given({ name: optionalString(message, 'name', at), cacheControl }),
  }
}

/** The form before `tools` (2023): results name the function, calls have no id. */
function readFunctionResult(message: JsonObject, at: string, callId: string): Message {
  const name = requiredString(message, 'name', at)
  const parts = message['content'] === null ? [textPart('')] : readUserContent(message, at)
  return { role: 'tool', callId, name, parts }
}

/** A legacy result belongs to the nearest assistant message before it. */
function functionCallId(index: number, all: Json[]): string {
  let before = index - 1
  while (before > 0 && (all[before] as JsonObject | null)?.['role'] !== 'assistant') before -= 1
  return legacyCallId(pathOf('messages', Math.max(0, before)))
}

import { asString, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { AssistantPart, Message, ToolCallPart } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import {
  expectObject,
  missing,
  optionalArray,
  optionalObject,
  optionalString,
  pathOf,
  requiredString,
  unsupported,
  wrongType,
} from '../../expect.ts'
import { argumentsOfInput } from '../../custom-input.ts'
import { readOrigin, readReasoningParts } from './read-history-reasoning.ts'
import { mark, readCacheControl, textPart } from './read-parts.ts'

/** An answer the client sends back: reasoning first, then what was said, then what was called. */
export function readAssistant(message: JsonObject, at: string): Message {
  // `audio: {id}` refers to an answer only its provider has.
  if (isObject(message['audio']))
    throw unsupported(pathOf(at, 'audio'), 'refers to audio that only its provider keeps.')
  const refusal = optionalString(message, 'refusal', at)
  const parts: AssistantPart[] = [
    ...readReasoningParts(message, at),
    ...readContent(message, at),
    ...(refusal === undefined || refusal === '' ? [] : [{ type: 'refusal', text: refusal } as const]),
    ...readCalls(message, at),
  ]
  return { role: 'assistant', parts, ...given({ name: optionalString(message, 'name', at) }) }
}

function readContent(message: JsonObject, at: string): AssistantPart[] {
  const param = pathOf(at, 'content')
  const content = message['content'] ?? undefined
  if (content === undefined || content === '') return []
  if (typeof content === 'string') return [mark(textPart(content), readCacheControl(message))]
  if (!Array.isArray(content)) throw wrongType(param, 'a string or an array of parts', content)
  return content.map((item, index) => readPart(item, pathOf(param, index)))
}

function readPart(value: Json, at: string): AssistantPart {
  if (typeof value === 'string') return textPart(value)
  const part = expectObject(value, at)
  const type = requiredString(part, 'type', at)
  if (type === 'text') return mark(textPart(requiredString(part, 'text', at)), readCacheControl(part))
  if (type === 'refusal') return { type: 'refusal', text: requiredString(part, 'refusal', at) }
  if (type === 'thinking')
    return { type: 'reasoning', text: thinkingText(part), ...given({ signature: asString(part['signature']) }) }
  throw unsupported(at, `is a content part of type '${type}', which an assistant message cannot have.`)
}

/** Mistral: a list of text chunks; Anthropic: a string. */
function thinkingText(part: JsonObject): string {
  const thinking = part['thinking']
  if (!Array.isArray(thinking)) return asString(thinking) ?? ''
  return thinking.map((chunk) => (isObject(chunk) ? (asString(chunk['text']) ?? '') : '')).join('')
}

function readCalls(message: JsonObject, at: string): ToolCallPart[] {
  const calls = optionalArray(message, 'tool_calls', at) ?? []
  const legacy = optionalObject(message, 'function_call', at)
  const read = calls.map((call, index) => readCall(call, pathOf(pathOf(at, 'tool_calls'), index)))
  if (legacy === undefined) return read
  return [...read, { type: 'tool-call', id: legacyCallId(at), ...readFunction(legacy, pathOf(at, 'function_call')) }]
}

function readCall(value: Json, at: string): ToolCallPart {
  const call = expectObject(value, at)
  const type = optionalString(call, 'type', at) ?? 'function'
  if (type === 'custom') return readCustomCall(call, at)
  if (type !== 'function') throw unsupported(at, `is a call of type '${type}', which cannot be translated.`)
  const inner = optionalObject(call, 'function', at)
  if (inner === undefined) throw missing(pathOf(at, 'function'))
  return {
    type: 'tool-call',
    id: requiredString(call, 'id', at),
    ...readFunction(inner, pathOf(at, 'function')),
    ...readSignature(call),
  }
}

function readCustomCall(call: JsonObject, at: string): ToolCallPart {
  const path = pathOf(at, 'custom')
  const inner = optionalObject(call, 'custom', at)
  if (inner === undefined) throw missing(path)
  const input = requiredString(inner, 'input', path)
  return {
    type: 'tool-call',
    id: requiredString(call, 'id', at),
    name: requiredString(inner, 'name', path),
    arguments: argumentsOfInput(input),
    ...readSignature(call),
  }
}

function readFunction(inner: JsonObject, at: string): { name: string; arguments: string } {
  const given = inner['arguments'] ?? ''
  // Some clients send the arguments parsed.
  return {
    name: requiredString(inner, 'name', at),
    arguments: typeof given === 'string' ? given : JSON.stringify(given),
  }
}

/** Google's convention of its OpenAI-compatible API; `extra_content.gateway` says where the signature came from. */
function readSignature(call: JsonObject): Pick<ToolCallPart, 'signature' | 'origin'> {
  const extra = call['extra_content']
  if (!isObject(extra) || !isObject(extra['google'])) return {}
  const signature = asString(extra['google']['thought_signature'])
  return given({ signature, origin: isObject(extra['gateway']) ? readOrigin(extra['gateway']) : undefined })
}

/** Legacy calls have no id; one made of the position pairs call and result. */
export function legacyCallId(at: string): string {
  return `call_${at.replaceAll(/\D/g, '')}`
}

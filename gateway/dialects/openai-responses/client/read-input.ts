import { asString, type Json, type JsonObject } from '../../../chat/json.ts'
import type { AssistantPart, Message, ToolCallPart, Warning } from '../../../chat/request.ts'
import { GatewayError } from '../../../errors.ts'
import { expectObject, missing, optionalString, pathOf, requiredString, wrongType, wrongValue } from '../../expect.ts'
import { argumentsOfInput } from '../../custom-input.ts'
import { asksForCompaction, compactionPrompt, readSummary } from './compaction.ts'
import { readAssistantContent, readSystemContent, readUserContent } from './read-content.ts'
import { readReasoningItem } from './read-reasoning-item.ts'
import { isToolItem } from './read-tools.ts'
import { unsealCall } from './seal-call.ts'
import type { ToolNames } from './tool-names.ts'

export interface InputContext {
  names: ToolNames
  warnings: Warning[]
}

/** The conversation: what the model said, thought and called without a break is one message. */
export function readInput(body: JsonObject, context: InputContext): Message[] {
  const input = body['input'] ?? undefined
  if (input === undefined) throw missing('input')
  if (typeof input === 'string') return [userText(input)]
  if (!Array.isArray(input)) throw wrongType('input', 'a string or an array of items', input)
  const messages: Message[] = []
  const items = asksForCompaction(body) ? input.slice(0, -1) : input
  const reading: ItemContext = { ...context, messages, calls: new Map() }
  for (const [index, item] of items.entries()) readItem(item, pathOf('input', index), reading)
  if (items.length < input.length) messages.push(userText(compactionPrompt))
  if (messages.length > 0) return messages
  throw new GatewayError('invalid_request', "'input' holds nothing to answer: add a message.", { param: 'input' })
}

function userText(text: string): Message {
  return { role: 'user', parts: [{ type: 'text', text }] }
}

interface ItemContext extends InputContext {
  messages: Message[]
  /** By id, the last that has it. */
  calls: Map<string, ToolCallPart>
}

type ItemReader = (item: JsonObject, at: string, context: ItemContext) => void

const readers: Record<string, ItemReader> = {
  message: readMessage,
  reasoning: readReasoning,
  function_call: readFunctionCall,
  custom_tool_call: readCustomCall,
  function_call_output: readOutput,
  custom_tool_call_output: readOutput,
  item_reference: refuseReference,
  compaction: readCompaction,
}

function readItem(value: Json, at: string, context: ItemContext): void {
  const item = expectObject(value, at)
  const type = optionalString(item, 'type', at) ?? impliedType(item)
  if (isToolItem(item)) return
  const read = Object.hasOwn(readers, type) ? readers[type] : undefined
  if (read !== undefined) return read(item, at, context)
  leaveOut(type, at, context)
}

function leaveOut(type: string, at: string, { warnings }: ItemContext): void {
  warnings.push({ feature: at, reason: `an item of type '${type.slice(0, 50)}' was left out` })
}

/** Messages and references may leave their type out (openapi.json, EasyInputMessage and ItemReferenceParam). */
function impliedType(item: JsonObject): string {
  return typeof item['id'] === 'string' && item['role'] === undefined ? 'item_reference' : 'message'
}

function readMessage(item: JsonObject, at: string, { messages }: ItemContext): void {
  const role = requiredString(item, 'role', at)
  const content = item['content']
  const where = pathOf(at, 'content')
  switch (role) {
    case 'user':
      return void messages.push({ role, parts: readUserContent(content, where) })
    case 'system':
      return void messages.push({ role, parts: readSystemContent(content, where) })
    case 'developer':
      return void messages.push({ role: 'system', developer: true, parts: readSystemContent(content, where) })
    case 'assistant':
      return say(messages, readAssistantContent(content, where))
    default:
      throw wrongValue(pathOf(at, 'role'), role, ['assistant', 'developer', 'system', 'user'])
  }
}

function say(messages: Message[], parts: AssistantPart[]): void {
  if (parts.length === 0) return
  const last = messages.at(-1)
  // One by one: as arguments, a hundred thousand would overflow the stack.
  if (last?.role === 'assistant') for (const part of parts) last.parts.push(part)
  else messages.push({ role: 'assistant', parts })
}

function readReasoning(item: JsonObject, at: string, { messages, calls }: ItemContext): void {
  const signed = unsealCall(asString(item['encrypted_content']) ?? '')
  if (signed === undefined) {
    const part = readReasoningItem(item, at)
    return part === undefined ? undefined : say(messages, [part])
  }
  const { callId, signature, origin } = signed
  const call = calls.get(callId)
  if (call !== undefined) Object.assign(call, { signature, origin })
}

function readFunctionCall(item: JsonObject, at: string, context: ItemContext): void {
  const written = item['arguments'] ?? ''
  // Some clients send the arguments parsed.
  const text = typeof written === 'string' ? written : JSON.stringify(written)
  addCall({ type: 'tool-call', ...readCall(item, at, context.names), arguments: text }, context)
}

function readCustomCall(item: JsonObject, at: string, context: ItemContext): void {
  const text = argumentsOfInput(optionalString(item, 'input', at) ?? '')
  addCall({ type: 'tool-call', ...readCall(item, at, context.names), arguments: text }, context)
}

function addCall(call: ToolCallPart, { messages, calls }: ItemContext): void {
  calls.set(call.id, call)
  say(messages, [call])
}

function readCall(item: JsonObject, at: string, names: ToolNames): { id: string; name: string } {
  return {
    id: requiredString(item, 'call_id', at),
    name: names.canonical(requiredString(item, 'name', at), optionalString(item, 'namespace', at)),
  }
}

function readOutput(item: JsonObject, at: string, { messages }: ItemContext): void {
  messages.push({
    role: 'tool',
    callId: requiredString(item, 'call_id', at),
    parts: readUserContent(item['output'], pathOf(at, 'output')),
  })
}

function readCompaction(item: JsonObject, at: string, context: ItemContext): void {
  const summary = readSummary(optionalString(item, 'encrypted_content', at) ?? '')
  if (summary === undefined) return leaveOut('compaction', at, context)
  context.messages.push(userText(summary))
}

function refuseReference(item: JsonObject, at: string): never {
  const id = requiredString(item, 'id', at)
  const text =
    `Item with id '${id.slice(0, 100)}' not found. The gateway keeps items for a limited time and only of responses ` +
    'it translated (store not false); send the item itself instead.'
  throw new GatewayError('invalid_request', text, { param: at })
}

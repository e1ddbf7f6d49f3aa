import { given } from '../../../chat/given.ts'
import { asString, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { Origin } from '../../../chat/request.ts'
import { unseal } from '../../../chat/seal.ts'
import { continuesUnthought, type Turn } from '../provider/write-messages.ts'

/**
 * For a pass-through to a provider of this dialect: thinking that it signed gets its own signature back, thinking of
 * others goes, which Anthropic would refuse ("Invalid signature in thinking block"). Never mutates `body`.
 */
export function unsealFor(body: JsonObject, target: Origin): JsonObject {
  if (!Array.isArray(body['messages'])) return body
  // A message may be empty only at the end, and turns that meet then are joined.
  const messages = body['messages']
    .map((message) => unsealMessage(message, target))
    .filter((message) => message !== undefined)
  const opened = { ...body, messages }
  const isBudgeted = isObject(body['thinking']) && body['thinking']['type'] === 'enabled'
  return isBudgeted && continuesUnthought(messages.flatMap(turnOf)) ? withoutThinking(opened) : opened
}

function turnOf(message: Json): Turn[] {
  if (!isObject(message) || (message['role'] !== 'user' && message['role'] !== 'assistant')) return []
  const content = Array.isArray(message['content']) ? message['content'].filter(isObject) : []
  return [{ role: message['role'], content }]
}

/**
 * 400 "Expected `thinking` or `redacted_thinking`, but found `tool_use`": a round of calls that began without thinking of
 * this model cannot go on with it, nor can thinking be cleared that is not there.
 */
function withoutThinking(body: JsonObject): JsonObject {
  const { thinking: _, context_management: management, ...others } = body
  if (!isObject(management) || !Array.isArray(management['edits']))
    return { ...others, ...given({ context_management: management }) }
  const edits = management['edits'].filter((edit) => !isObject(edit) || !isThinkingEdit(asString(edit['type'])))
  return edits.length === 0 ? others : { ...others, context_management: { ...management, edits } }
}

function isThinkingEdit(type = ''): boolean {
  return type.startsWith('clear_thinking')
}

function unsealMessage(message: Json, target: Origin): Json | undefined {
  if (!isObject(message) || message['role'] !== 'assistant' || !Array.isArray(message['content'])) return message
  const content = message['content'].map((block) => (isObject(block) ? unsealBlock(block, target) : block))
  const kept = content.filter((block) => block !== undefined)
  return kept.length === 0 && content.length > 0 ? undefined : { ...message, content: kept }
}

function unsealBlock(block: JsonObject, target: Origin): JsonObject | undefined {
  if (block['type'] === 'thinking') return unsealThinking(block, target)
  if (block['type'] === 'redacted_thinking') return unsealRedacted(block, target)
  return Array.isArray(block['citations']) ? { ...block, citations: block['citations'].filter(isForeign) } : block
}

function unsealThinking(block: JsonObject, target: Origin): JsonObject | undefined {
  const sealed = unseal(asString(block['signature']) ?? '')
  if (sealed === undefined) return block
  const { signature, text } = sealed
  if (signature === undefined || !isFrom(sealed, target)) return undefined
  return { ...block, thinking: text ?? block['thinking'], signature }
}

function unsealRedacted(block: JsonObject, target: Origin): JsonObject | undefined {
  const sealed = unseal(asString(block['data']) ?? '')
  if (sealed === undefined) return block
  return sealed.redacted === undefined || !isFrom(sealed, target) ? undefined : { ...block, data: sealed.redacted }
}

function isFrom({ provider, model }: Origin, target: Origin): boolean {
  return provider === target.provider && model === target.model
}

/** Citations that the gateway made are known by their sealed index. */
function isForeign(citation: Json): boolean {
  return !isObject(citation) || unseal(asString(citation['encrypted_index']) ?? '') === undefined
}

import { isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { Origin } from '../../../chat/request.ts'
import { unseal } from '../../../chat/seal.ts'
import { readSummary } from './compaction.ts'
import { unsealCall } from './seal-call.ts'

/**
 * For a pass-through: sealed reasoning is opened where it goes back to its maker. Elsewhere the whole item goes, for
 * OpenAI refuses reasoning that it did not write. Our summaries (compaction.ts) are told in plain words.
 */
export function unsealFor(body: JsonObject, target: Origin): JsonObject {
  const input = body['input']
  if (!Array.isArray(input)) return body
  return { ...body, input: input.flatMap((item) => unsealItem(item, target)) }
}

function unsealItem(item: Json, target: Origin): Json[] {
  if (!isObject(item)) return [item]
  const content = item['encrypted_content']
  const summary = item['type'] === 'compaction' && typeof content === 'string' ? readSummary(content) : undefined
  if (summary !== undefined) return [{ type: 'message', role: 'user', content: summary }]
  if (item['type'] !== 'reasoning') return [item]
  const sealed = typeof content === 'string' ? unseal(content) : undefined
  if (typeof content !== 'string' || sealed === undefined) return [item]
  const isMaker = sealed.provider === target.provider && sealed.model === target.model
  const original = sealed.signature ?? sealed.redacted
  if (!isMaker || original === undefined || unsealCall(content) !== undefined) return []
  return [{ ...item, encrypted_content: original }]
}

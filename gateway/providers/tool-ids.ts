import { createHash } from 'node:crypto'
import { asArray, asObject, asString, type Json, type JsonObject } from '../chat/json.ts'

/** A message whose tool call ids all have `length` letters and digits; the same id always becomes the same. */
export function shortToolIds(message: JsonObject, length: number): JsonObject {
  const changed: JsonObject = {}
  const callId = asString(message['tool_call_id'])
  if (callId !== undefined) changed['tool_call_id'] = shortId(callId, length)
  const calls = asArray(message['tool_calls'])
  if (calls !== undefined) changed['tool_calls'] = calls.map((call) => shortCall(call, length))
  return isSame(message, changed) ? message : { ...message, ...changed }
}

function shortCall(call: Json, length: number): Json {
  const object = asObject(call)
  const id = asString(object?.['id'])
  if (object === undefined || id === undefined) return call
  const short = shortId(id, length)
  return short === id ? call : { ...object, id: short }
}

/** Ids that fit stay. Others become a digest: 9 characters of base 62 do not collide within one conversation. */
function shortId(id: string, length: number): string {
  if (id.length === length && /^[A-Za-z0-9]+$/.test(id)) return id
  const digest = createHash('sha256').update(id).digest()
  return Array.from({ length }, (_, index) => alphabet[(digest[index] as number) % alphabet.length]).join('')
}

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

function isSame(message: JsonObject, changed: JsonObject): boolean {
  if (changed['tool_call_id'] !== undefined && changed['tool_call_id'] !== message['tool_call_id']) return false
  const before = asArray(message['tool_calls']) ?? []
  return (asArray(changed['tool_calls']) ?? []).every((call, index) => call === before[index])
}

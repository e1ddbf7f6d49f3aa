import { isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import { expectObject, pathOf, wrongType } from '../../expect.ts'
import { camelMembers } from './camel.ts'

export interface WirePart {
  part: JsonObject
  /** Its path, for errors. */
  at: string
}

/** Parts of a content, however it is given: `{ parts }`, a string, a list of parts and strings, or one bare part. */
export function contentParts(content: unknown, at: string): WirePart[] {
  if (typeof content === 'string') return [{ part: { text: content }, at }]
  if (Array.isArray(content)) return content.map((item: Json, index) => wirePart(item, pathOf(at, index)))
  if (!isObject(content)) throw wrongType(at, 'a content, an array of parts or a string', content)
  if (!isContent(content)) return [wirePart(content, at)]
  const parts = content['parts'] ?? []
  return contentParts(parts, pathOf(at, 'parts'))
}

function wirePart(item: Json, at: string): WirePart {
  return { part: typeof item === 'string' ? { text: item } : camelMembers(expectObject(item, at)), at }
}

/** Told apart from a part by its members; a content without parts (an empty answer) has its role at least. */
export function isContent(value: unknown): value is JsonObject {
  return isObject(value) && ('parts' in value || 'role' in value)
}

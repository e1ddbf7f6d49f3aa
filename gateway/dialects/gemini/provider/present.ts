import type { JsonObject } from '../../../chat/json.ts'

/** The object without its undefined members; undefined when none is left, so that no empty `{}` goes on the wire. */
export function present(object: JsonObject): JsonObject | undefined {
  const entries = Object.entries(object).filter(([, value]) => value !== undefined)
  return entries.length === 0 ? undefined : Object.fromEntries(entries)
}

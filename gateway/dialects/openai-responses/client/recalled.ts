import type { JsonObject } from '../../../chat/json.ts'

const previous = new WeakMap<JsonObject, string>()

/** Notes that `body` has the items of an earlier response in its input, in place of `previous_response_id`. */
export function markRecalled(body: JsonObject, id: string): void {
  previous.set(body, id)
}

/** The `previous_response_id` the client sent. */
export function recalledFrom(body: JsonObject): string | undefined {
  return previous.get(body)
}

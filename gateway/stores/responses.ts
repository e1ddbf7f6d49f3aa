import type { Json, JsonObject } from '../chat/json.ts'

/** What of a call can be referred to later: what was asked, whole, and what was answered. */
export interface KeptResponse {
  /** All items of the conversation before the answer. */
  input: Json[]
  /** With `id` and `output`. */
  response: JsonObject & { id: string; output: Json[] }
}

/**
 * Responses for a limited time, each in a scope (a caller, one connection): what is in one is not seen from another.
 */
export interface Responses {
  keep(scope: string, kept: KeptResponse): void
  find(scope: string, id: string): KeptResponse | undefined
  /** An item of any response's output, by its own id. */
  findItem(scope: string, id: string): JsonObject | undefined
  /** One response, or all of the scope; false where there was nothing. */
  forget(scope: string, id?: string): boolean
}

import type { JsonObject } from '../chat/json.ts'
import type { OutputFormat } from '../chat/request.ts'

/** The schema of the answer, for dialects that have no other place for what it is described as. */
export function describedSchema({ schema, description }: Extract<OutputFormat, { type: 'json-schema' }>): JsonObject {
  return description === undefined ? schema : { description, ...schema }
}

import type { JsonObject } from '../../../chat/json.ts'

/**
 * Google takes every member in camelCase and in snake_case (protobuf's JSON mapping): the members of one wire object,
 * all in camelCase. Not for objects whose names are somebody's own: arguments, responses, `properties`.
 */
export function camelMembers(object: JsonObject): JsonObject {
  if (!Object.keys(object).some(isSnake)) return object
  const result: JsonObject = {}
  for (const [name, value] of Object.entries(object)) if (isSnake(name)) result[camelName(name)] = value
  // What is said in Google's own spelling counts.
  for (const [name, value] of Object.entries(object)) if (!isSnake(name)) result[name] = value
  return result
}

function isSnake(name: string): boolean {
  return name.includes('_')
}

/** `_responseJsonSchema` is a name of Google's own too. */
function camelName(name: string): string {
  return name.replace(/^_+/, '').replaceAll(/_+([a-z\d])/g, (_, letter: string) => letter.toUpperCase())
}

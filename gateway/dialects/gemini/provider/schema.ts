import { isObject, type Json, type JsonObject } from '../../../chat/json.ts'

const schemaMembers = ['items', 'additionalProperties', 'not', 'if', 'then', 'else', 'contains']
const listMembers = ['anyOf', 'oneOf', 'allOf', 'prefixItems']
const mapMembers = ['properties', 'patternProperties', '$defs', 'definitions']

/** `const` becomes an `enum` of one: `responseJsonSchema` takes JSON Schema whole but for that keyword. */
export function withoutConst(schema: JsonObject): JsonObject {
  const { const: only, ...result } = schema
  if (only !== undefined) result['enum'] = [only]
  for (const name of schemaMembers) rewrite(result, name, visit)
  for (const name of listMembers) rewrite(result, name, (list) => (Array.isArray(list) ? list.map(visit) : list))
  for (const name of mapMembers) rewrite(result, name, visitMap)
  return result
}

function rewrite(schema: JsonObject, name: string, change: (value: Json) => Json): void {
  const value = schema[name]
  if (value !== undefined) schema[name] = change(value)
}

/** `true` and `false` are schemas too; `items` may be a list. */
function visit(value: Json): Json {
  if (Array.isArray(value)) return value.map(visit)
  return isObject(value) ? withoutConst(value) : value
}

function visitMap(value: Json): Json {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, visit(schema as Json)]))
}

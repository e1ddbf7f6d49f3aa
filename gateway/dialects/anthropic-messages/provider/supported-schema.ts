import { isObject, type Json, type JsonObject } from '../../../chat/json.ts'

/**
 * Keywords that structured outputs refuse (400), and Anthropic's own SDKs therefore move into the description:
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs, "JSON Schema limitations".
 */
const unsupportedKeywords = new Set([
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'maxItems',
  'uniqueItems',
  'minProperties',
  'maxProperties',
])

const supportedFormats = new Set([
  'date-time',
  'time',
  'date',
  'duration',
  'email',
  'hostname',
  'uri',
  'ipv4',
  'ipv6',
  'uuid',
])

/** Members that hold schemas by name, and members that hold a list of schemas. */
const schemaMaps = new Set(['properties', '$defs', 'definitions'])
const schemaLists = new Set(['anyOf', 'allOf', 'oneOf', 'prefixItems'])

export interface SupportedSchema {
  schema: JsonObject
  /** Keywords that the model is only told about, in the description. */
  relaxed: string[]
}

/** The schema as Anthropic can enforce it. What it cannot, it says to the model; objects are closed, as it demands. */
export function toSupportedSchema(schema: JsonObject): SupportedSchema {
  const relaxed = new Set<string>()
  return { schema: convert(schema, relaxed), relaxed: [...relaxed] }
}

function convert(schema: JsonObject, relaxed: Set<string>): JsonObject {
  const kept: JsonObject = {}
  const told: string[] = []
  for (const [keyword, value] of Object.entries(schema)) {
    if (isSupported(keyword, value)) {
      kept[keyword === 'oneOf' ? 'anyOf' : keyword] = convertMember(keyword, value, relaxed)
    } else {
      relaxed.add(keyword)
      told.push(`${keyword}: ${JSON.stringify(value)}`)
    }
  }
  if (told.length > 0) kept['description'] = describe(kept['description'], told)
  if (isOpenObject(kept)) kept['additionalProperties'] = false
  return kept
}

function isSupported(keyword: string, value: Json | undefined): boolean {
  if (keyword === 'format') return typeof value === 'string' && supportedFormats.has(value)
  if (keyword === 'minItems') return value === 0 || value === 1
  return !unsupportedKeywords.has(keyword)
}

function convertMember(keyword: string, value: Json | undefined, relaxed: Set<string>): Json | undefined {
  if (schemaMaps.has(keyword) && isObject(value)) {
    const entries = Object.entries(value).map(([name, member]) => [name, convertOne(member, relaxed)] as const)
    return Object.fromEntries(entries)
  }
  if (schemaLists.has(keyword) && Array.isArray(value))
    return value.map((member) => convertOne(member, relaxed) ?? null)
  return keyword === 'items' ? convertOne(value, relaxed) : value
}

function convertOne(value: Json | undefined, relaxed: Set<string>): Json | undefined {
  return isObject(value) ? convert(value, relaxed) : value
}

/** Members beyond the named ones, if merely allowed, are given up; a schema for them is left for Anthropic to judge. */
function isOpenObject({ type, additionalProperties: more }: JsonObject): boolean {
  const isObjectType = type === 'object' || (Array.isArray(type) && type.includes('object'))
  return isObjectType && (more === undefined || more === true)
}

function describe(description: Json | undefined, told: string[]): string {
  const words = `{${told.join(', ')}}`
  return typeof description === 'string' ? `${description}\n\n${words}` : words
}

import { isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import { camelMembers } from './camel.ts'

/**
 * Google's Schema (a part of OpenAPI 3.0 with types in capitals) -> JSON Schema. `nullable` becomes a type, counts that
 * protobuf writes as text become numbers, and words that JSON Schema does not have go.
 */
export function readSchema(schema: JsonObject): JsonObject {
  const { nullable, ref, defs, example, propertyOrdering: _, ...members } = camelMembers(schema)
  const result: JsonObject = {}
  for (const [name, value] of Object.entries(members)) {
    const read = readMember(name, value)
    if (read !== undefined) result[name] = read
  }
  if (typeof ref === 'string') result['$ref'] = ref
  if (isObject(defs)) result['$defs'] = readMap(defs)
  if (example !== undefined && example !== null) result['examples'] = [example]
  return nullable === true ? withNull(result) : result
}

type MemberReader = (value: Json) => Json | undefined

const counts = ['minItems', 'maxItems', 'minLength', 'maxLength', 'minProperties', 'maxProperties']

const readers: Record<string, MemberReader> = {
  type: readType,
  format: (value) => (typeof value === 'string' && openApiFormats.has(value) ? undefined : value),
  properties: readMap,
  patternProperties: readMap,
  $defs: readMap,
  definitions: readMap,
  items: readAny,
  prefixItems: readAny,
  additionalProperties: readAny,
  not: readAny,
  anyOf: readAny,
  oneOf: readAny,
  allOf: readAny,
  ...Object.fromEntries(counts.map((name) => [name, readCount])),
}

/** They say nothing that a validator could check. */
const openApiFormats = new Set(['enum', 'int32', 'int64', 'float', 'double'])

function readMember(name: string, value: Json | undefined): Json | undefined {
  if (value === undefined || value === null) return name === 'default' ? value : undefined
  const read = Object.hasOwn(readers, name) ? readers[name] : undefined
  return read === undefined ? value : read(value)
}

function readType(value: Json): Json | undefined {
  if (Array.isArray(value)) return value.map((type) => readType(type) ?? null)
  if (typeof value !== 'string') return value
  const type = value.toLowerCase()
  return type === 'type_unspecified' ? undefined : type
}

function readCount(value: Json): Json {
  return typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : value
}

function readAny(value: Json): Json {
  if (Array.isArray(value)) return value.map(readAny)
  return isObject(value) ? readSchema(value) : value
}

/** The names in it are the client's own. */
function readMap(value: Json): Json {
  if (!isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, schema]) => [name, readAny(schema ?? {})]))
}

function withNull(schema: JsonObject): JsonObject {
  const { type, enum: values, anyOf } = schema
  if (typeof type === 'string') schema['type'] = [type, 'null']
  else if (Array.isArray(anyOf)) schema['anyOf'] = [...anyOf, { type: 'null' }]
  if (Array.isArray(values) && !values.includes(null)) schema['enum'] = [...values, null]
  return schema
}

import { configJsonSchema, type JsonSchema } from '../../gateway/config/json-schema.ts'

export interface SchemaKey {
  /** As docs/configuration.md writes it: `providers[].name`, `rateLimit.perModel.*.requests`. */
  path: string
  /** As it would be written in the file; undefined where there is none. */
  default: unknown
  required: boolean
}

/** Every key of gateway.yaml that takes a value of its own, by path. */
export function schemaKeys(): SchemaKey[] {
  const keys = new Map(keysOf(configJsonSchema(), '', false).map((key) => [key.path, key]))
  return [...keys.values()]
}

function keysOf(schema: JsonSchema, path: string, required: boolean): SchemaKey[] {
  const choices = (schema.anyOf ?? [schema]).filter((choice) => choice.$ref === undefined)
  const below = choices.flatMap((choice) => keysBelow(choice, path))
  const hasValue = path !== '' && choices.some((choice) => keysBelow(choice, path).length === 0)
  const known = hasValue ? [{ path, default: schema.default, required }] : []
  return [...known, ...below]
}

/** A list or a map of plain values is one key; of objects, the objects' keys are. */
function keysBelow(schema: JsonSchema, path: string): SchemaKey[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    typeof property === 'boolean'
      ? []
      : keysOf(property, path === '' ? name : `${path}.${name}`, schema.required?.includes(name) === true),
  )
  const { items, additionalProperties } = schema
  const [ofItems, ofMembers] = [keysInside(items, listPath(path)), keysInside(additionalProperties, `${path}.*`)]
  return [...own, ...ofItems, ...ofMembers]
}

/** `routing.modelMappings.*` is one target or a list of them: one path for both. */
function listPath(path: string): string {
  return path.endsWith('.*') ? path : `${path}[]`
}

function keysInside(schema: unknown, path: string): SchemaKey[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return []
  return keysOf(schema as JsonSchema, path, false).filter((key) => key.path !== path)
}

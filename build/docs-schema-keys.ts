import { z } from 'zod'
import { configSchema } from '../gateway/config/schema.ts'
import { typeWords } from './docs-type-words.ts'

export type JsonSchema = z.core.JSONSchema.BaseSchema

/** A key of gateway.yaml, as docs/configuration.md has it in a row. */
export interface SchemaKey {
  /** `providers[].name`, `rateLimit.perModel.*.requests` */
  path: string
  /** In words: `duration`, `0 to 65535`. Of a key that holds others: `section`, `list`, `map`. */
  type: string
  /** As it would be written in the file; undefined where there is none. */
  default: unknown
  required: boolean
  description: string | undefined
  /** It holds other keys and has no value of its own; in the table only where it is described. */
  isSection: boolean
}

/** Every key of gateway.yaml by path, in the order of the schema. */
export function schemaKeys(): SchemaKey[] {
  const schema: JsonSchema = z.toJSONSchema(configSchema, { io: 'input' })
  const keys = keysBelow(schema, '')
  return [...new Map(keys.map((key) => [key.path, key])).values()]
}

function keysOf(schema: JsonSchema, path: string, required: boolean): SchemaKey[] {
  const choices = schema.anyOf ?? [schema]
  const below = choices.flatMap((choice) => keysBelow(choice, path))
  const isSection = choices.every((choice) => keysBelow(choice, path).length > 0)
  const { description, default: standard } = schema
  const key = { path, type: typeWords(schema), default: standard, required, description, isSection }
  return [key, ...below]
}

/** A list or a map of plain values is one key; of objects, the objects' keys are. */
function keysBelow(schema: JsonSchema, path: string): SchemaKey[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([name, property]) =>
    typeof property === 'boolean'
      ? []
      : keysOf(property, path === '' ? name : `${path}.${name}`, schema.required?.includes(name) === true),
  )
  const { items, additionalProperties } = schema
  return [...own, ...keysInside(items, listPath(path)), ...keysInside(additionalProperties, `${path}.*`)]
}

/** `routing.modelMappings.*` is one target or a list of them: one path for both. */
function listPath(path: string): string {
  return path.endsWith('.*') ? path : `${path}[]`
}

function keysInside(schema: unknown, path: string): SchemaKey[] {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return []
  return keysOf(schema as JsonSchema, path, false).filter((key) => key.path !== path)
}

/** `server`, `providers` and so on. */
export function topSections(): string[] {
  return [...new Set(schemaKeys().map(({ path }) => path.split(/[.[]/)[0] as string))]
}

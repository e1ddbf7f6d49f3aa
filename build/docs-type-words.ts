import { z } from 'zod'
import { moment } from '../gateway/config/moment.ts'
import { duration, megabytes, size } from '../gateway/config/units.ts'

type JsonSchema = z.core.JSONSchema.BaseSchema

/** Members that restrict nothing. */
const saysOnly = new Set(['description', 'default', 'examples', 'title', '$schema', '~standard'])

/** Kinds of value that have a name in the documents, by what they look like in JSON Schema. */
const named = [
  [duration, 'duration'],
  [size, 'size'],
  [megabytes, 'MB, or size'],
  [moment('end'), 'day or time'],
] as const satisfies [z.ZodType, string][]

const byShape = new Map(
  named.map(([schema, words]) => [shapeOf(z.toJSONSchema(schema, { io: 'input' })), words as string]),
)

/** What may stand at a key, in words: `duration`, `0 to 65535`, `list of text`. */
export function typeWords(schema: JsonSchema): string {
  const known = byShape.get(shapeOf(schema))
  if (known !== undefined) return known
  if (schema.anyOf !== undefined) return [...new Set(schema.anyOf.map(typeWords))].join(' or ')
  if (schema.enum !== undefined) return schema.enum.map((choice) => `\`${String(choice)}\``).join(', ')
  if (schema.const !== undefined) return `\`${String(schema.const)}\``
  return byType[String(schema.type)]?.(schema) ?? 'anything'
}

const byType: Record<string, (schema: JsonSchema) => string> = {
  boolean: () => 'true or false',
  integer: (schema) => numberWords('whole number', schema),
  number: (schema) => numberWords('number', schema),
  string: ({ format }) => (format === 'uri' ? 'address' : 'text'),
  array: ({ items }) => (hasKeys(items) ? 'list' : `list of ${plural(typeWords(items as JsonSchema))}`),
  object: ({ properties, additionalProperties }) =>
    properties !== undefined
      ? 'section'
      : hasKeys(additionalProperties)
        ? 'map of sections'
        : `map of ${plural(typeWords(additionalProperties as JsonSchema))}`,
}

function numberWords(kind: string, schema: JsonSchema): string {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum } = schema
  const to = maximum === Number.MAX_SAFE_INTEGER ? undefined : (maximum ?? exclusiveMaximum)
  if (minimum !== undefined && to !== undefined) return `${minimum} to ${to}`
  if (exclusiveMinimum !== undefined && to !== undefined) return `above ${exclusiveMinimum}, to ${to}`
  if (exclusiveMinimum !== undefined) return `${kind} above ${exclusiveMinimum}`
  return minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? kind : `${kind}, ${minimum} or more`
}

function plural(words: string): string {
  return words === 'text' ? 'texts' : words
}

function hasKeys(schema: unknown): boolean {
  return typeof schema === 'object' && schema !== null && 'properties' in schema
}

/** What restricts, without what is said about it. */
function shapeOf(schema: JsonSchema): string {
  return JSON.stringify(schema, (key, value: unknown) => (saysOnly.has(key) ? undefined : value))
}

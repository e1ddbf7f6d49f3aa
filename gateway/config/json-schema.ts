import { z } from 'zod'
import { configSchema } from './schema.ts'

export type JsonSchema = z.core.JSONSchema.BaseSchema

const referenceName = 'environmentReference'
const reference: JsonSchema = {
  description: '${NAME} or ${NAME:-default}: taken from the environment.',
  type: 'string',
  pattern: '\\$\\{[A-Za-z_][A-Za-z0-9_]*(:-[^}]*)?\\}',
}

/** JSON Schema (draft 2020-12) of gateway.yaml as it is written, for editors: units as text, references allowed. */
export function configJsonSchema(): JsonSchema {
  const schema: JsonSchema = z.toJSONSchema(configSchema, {
    io: 'input',
    override({ jsonSchema }) {
      // Zod's bounds of an integer say nothing to a person.
      if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
    },
  })
  return { ...allowReferences(schema), $defs: { [referenceName]: reference } }
}

/** Plain text accepts `${NAME}` as it is; numbers, choices and patterns must be told to. */
function allowReferences(schema: JsonSchema): JsonSchema {
  if (schema.anyOf !== undefined) return { ...schema, anyOf: allowInChoice(schema.anyOf) }
  if (isRestrictedScalar(schema)) return withReference(schema)
  return {
    ...schema,
    ...(schema.properties && { properties: mapValues(schema.properties) }),
    ...(schema.items !== undefined && !Array.isArray(schema.items) && { items: inside(schema.items) }),
    ...(schema.additionalProperties !== undefined && { additionalProperties: inside(schema.additionalProperties) }),
  }
}

/** One reference for the whole choice, if any of its forms is a scalar. */
function allowInChoice(choices: JsonSchema[]): JsonSchema[] {
  const forms = choices.map((choice) => (isRestrictedScalar(choice) ? choice : allowReferences(choice)))
  return choices.some(isRestrictedScalar) ? [...forms, toReference] : forms
}

const toReference = { $ref: `#/$defs/${referenceName}` }

function inside<Schema extends boolean | JsonSchema>(schema: Schema): Schema | JsonSchema {
  return typeof schema === 'object' ? allowReferences(schema) : schema
}

function mapValues(properties: Record<string, boolean | JsonSchema>): Record<string, boolean | JsonSchema> {
  return Object.fromEntries(Object.entries(properties).map(([key, schema]) => [key, inside(schema)]))
}

function isRestrictedScalar({ type, pattern, format, enum: choices }: JsonSchema): boolean {
  if (type === 'string') return pattern !== undefined || format !== undefined || choices !== undefined
  return type === 'number' || type === 'integer' || type === 'boolean'
}

/** What editors show on hover stays outside; what restricts goes into the choice. */
function withReference({ description, default: standard, examples, ...restriction }: JsonSchema): JsonSchema {
  return {
    ...(description !== undefined && { description }),
    ...(standard !== undefined && { default: standard }),
    ...(examples !== undefined && { examples }),
    anyOf: [restriction, toReference],
  }
}

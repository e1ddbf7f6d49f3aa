import { z } from 'zod'
import type { ConfigPath } from './path.ts'
import { configSchema } from './schema.ts'

type JsonSchema = z.core.JSONSchema.BaseSchema
type Shape = boolean | JsonSchema | undefined

/** The keys that the configuration may have at a path, in every form allowed there. */
export function knownKeys(path: ConfigPath): string[] {
  let shapes = variants(z.toJSONSchema(configSchema, { io: 'input' }))
  for (const segment of path) shapes = shapes.flatMap((shape) => variants(below(shape, segment)))
  return [...new Set(shapes.flatMap((shape) => Object.keys(shape.properties ?? {})))]
}

function below(shape: JsonSchema, segment: string | number): Shape {
  if (typeof segment === 'number') return Array.isArray(shape.items) ? undefined : shape.items
  return shape.properties?.[segment] ?? shape.additionalProperties
}

function variants(shape: Shape): JsonSchema[] {
  if (typeof shape !== 'object') return []
  return shape.anyOf === undefined ? [shape] : shape.anyOf.flatMap(variants)
}

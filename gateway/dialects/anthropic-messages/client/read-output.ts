import { isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { OutputFormat, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import { optionalObject } from '../../expect.ts'

/** `output_config.format`, or `output_format` as the beta had it. Anthropic enforces schemas and does not name them. */
export function readOutput(body: JsonObject, warnings: Warning[]): OutputFormat | undefined {
  const config = optionalObject(body, 'output_config')
  const format = optionalObject(config ?? {}, 'format', 'output_config') ?? optionalObject(body, 'output_format')
  if (format === undefined) return undefined
  const schema = format['schema']
  if (format['type'] === 'json_schema' && isObject(schema))
    return { type: 'json-schema', name: 'answer', schema, ...given({ strict: isClosed(schema) ? true : undefined }) }
  warnings.push({ feature: 'output_config.format', reason: 'a format of this type cannot be translated' })
  return undefined
}

/** OpenAI's strict schemas have only required members and no others; Anthropic enforces schemas that are not so, too. */
function isClosed(schema: Json | undefined): boolean {
  if (Array.isArray(schema)) return schema.every(isClosed)
  if (!isObject(schema)) return true
  const properties = schema['properties']
  if (isObject(properties)) {
    const required = new Set(Array.isArray(schema['required']) ? schema['required'] : [])
    const isWhole = Object.keys(properties).every((name) => required.has(name))
    if (!isWhole || schema['additionalProperties'] !== false) return false
  }
  return Object.values(schema).every(isClosed)
}

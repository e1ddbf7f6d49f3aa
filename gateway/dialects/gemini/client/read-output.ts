import { asString, type JsonObject } from '../../../chat/json.ts'
import type { OutputFormat } from '../../../chat/request.ts'
import { optionalObject, optionalString } from '../../expect.ts'
import { readSchema } from './read-schema.ts'

/** Google's schemas have no name; others show this one to the model. */
const schemaName = 'response'

/** `responseMimeType` with a schema of Google's own kind or JSON Schema. */
export function readOutput(config: JsonObject, at: string): OutputFormat | undefined {
  const type = optionalString(config, 'responseMimeType', at)
  if (!carriesOutput(config)) return undefined
  const schema = optionalObject(config, 'responseSchema', at)
  const jsonSchema =
    optionalObject(config, 'responseJsonSchema', at) ?? (schema === undefined ? undefined : readSchema(schema))
  if (jsonSchema !== undefined) return { type: 'json-schema', name: schemaName, schema: jsonSchema }
  return type === 'application/json' ? { type: 'json' } : undefined
}

/** `text/x.enum` (one word of a list, without quotes) has no form elsewhere. */
export function carriesOutput(config: JsonObject): boolean {
  const type = asString(config['responseMimeType']) ?? ''
  return type === '' || type === 'text/plain' || type === 'application/json'
}

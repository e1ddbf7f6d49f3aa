import type { JsonObject } from '../../../chat/json.ts'
import type { OutputFormat } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import { missing, optionalBoolean, optionalObject, optionalString, requiredString, wrongValue } from '../../expect.ts'

/** `response_format`. */
export function readOutput(body: JsonObject): OutputFormat | undefined {
  const format = optionalObject(body, 'response_format')
  if (format === undefined) return undefined
  const type = requiredString(format, 'type', 'response_format')
  if (type === 'text') return { type: 'text' }
  if (type === 'json_object') return { type: 'json' }
  if (type === 'json_schema') return readSchema(format)
  throw wrongValue('response_format.type', type, ['json_object', 'json_schema', 'text'])
}

function readSchema(format: JsonObject): OutputFormat {
  const at = 'response_format.json_schema'
  const schema = optionalObject(format, 'json_schema', 'response_format')
  if (schema === undefined) throw missing(at)
  return {
    type: 'json-schema',
    name: requiredString(schema, 'name', at),
    // OpenAI lets the schema be absent: any JSON object.
    schema: optionalObject(schema, 'schema', at) ?? { type: 'object' },
    ...given({
      description: optionalString(schema, 'description', at),
      strict: optionalBoolean(schema, 'strict', at),
    }),
  }
}

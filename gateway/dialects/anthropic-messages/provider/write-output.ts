import type { ChatRequest, JsonObject } from '../../../chat/request.ts'
import { describedSchema } from '../../described-schema.ts'
import { toSupportedSchema } from './supported-schema.ts'
import type { WriteContext } from './write-context.ts'

/** `output_config`: effort and the answer's JSON schema. A forced tool would do for neither (new models refuse those). */
export function writeOutputConfig(request: ChatRequest, effort: string | undefined, context: WriteContext): JsonObject {
  const config: JsonObject = {
    ...(effort === undefined ? {} : { effort }),
    ...writeFormat(request, context),
  }
  return Object.keys(config).length === 0 ? {} : { output_config: config }
}

function writeFormat({ output }: ChatRequest, context: WriteContext): JsonObject {
  if (output?.type !== 'json-schema' || context.target.facts.structuredOutput === false) return {}
  const { schema, relaxed } = toSupportedSchema(describedSchema(output))
  if (relaxed.length > 0)
    context.warn('response_format.json_schema.schema', `told to the model but not enforced: ${relaxed.join(', ')}`)
  return { format: { type: 'json_schema', schema } }
}

import type { ChatRequest, JsonObject, Message, Tool, ToolChoice } from '../../../chat/request.ts'
import { customParameters } from '../../custom-input.ts'
import { toSupportedSchema } from './supported-schema.ts'
import type { WriteContext } from './write-context.ts'
import { writeHosted } from './write-hosted.ts'

export function writeTools(request: ChatRequest, context: WriteContext): JsonObject[] {
  const tools = request.tools ?? []
  const hosted = writeHosted(request.hostedTools ?? [], context)
  if (tools.length === 0) return [...toolsOfHistory(request.messages), ...hosted]
  return [...allowedTools(tools, request.toolChoice).map((tool) => writeTool(tool, context)), ...hosted]
}

/** There is no list of allowed tools: the others are not shown to the model. */
function allowedTools(tools: Tool[], choice: ToolChoice | undefined): Tool[] {
  const names = choice?.type === 'auto' || choice?.type === 'required' ? choice.tools : undefined
  return names === undefined ? tools : tools.filter((tool) => names.includes(tool.name))
}

/**
 * A conversation with calls in it must define tools ("Requests which include `tool_use` or `tool_result` blocks must
 * define tools"), though the client offers none any more: those once called, which `tool_choice` none then forbids.
 */
function toolsOfHistory(messages: Message[]): JsonObject[] {
  const parts = messages.flatMap((message) => (message.role === 'assistant' ? message.parts : []))
  const names = new Set(parts.flatMap((part) => (part.type === 'tool-call' ? [part.name] : [])))
  return [...names].map((name) => ({ name, input_schema: { type: 'object' } }))
}

/** Free text comes as the one argument of a function; its grammar is checked by nobody. */
function writeCustom({ name, description, custom, cacheControl }: Tool, context: WriteContext): JsonObject {
  if (custom?.format !== undefined && custom.format['type'] !== 'text')
    context.warn(`tools.${name}.format`, 'only OpenAI holds a model to a grammar')
  return {
    name,
    ...(description === undefined ? {} : { description }),
    input_schema: customParameters,
    ...context.cacheMark(cacheControl),
  }
}

function writeTool(tool: Tool, context: WriteContext): JsonObject {
  if (tool.custom !== undefined) return writeCustom(tool, context)
  const isStrict = tool.strict === true && context.target.facts.structuredOutput !== false
  if (tool.strict === true && !isStrict) context.warn(`tools.${tool.name}.strict`, 'this model cannot enforce it')
  return {
    name: tool.name,
    ...(tool.description === undefined ? {} : { description: tool.description }),
    input_schema: isStrict ? strictSchema(tool, context) : schemaOf(tool),
    ...(isStrict ? { strict: true } : {}),
    ...context.cacheMark(tool.cacheControl),
  }
}

/** `type` is required in an input schema, and some clients leave it out. */
function schemaOf({ parameters }: Tool): JsonObject {
  return parameters === undefined ? { type: 'object', properties: {} } : { type: 'object', ...parameters }
}

function strictSchema(tool: Tool, context: WriteContext): JsonObject {
  const { schema, relaxed } = toSupportedSchema(schemaOf(tool))
  if (relaxed.length > 0) context.warn(`tools.${tool.name}.parameters`, `told but not enforced: ${relaxed.join(', ')}`)
  return schema
}

import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Tool, ToolChoice } from '../../../chat/request.ts'
import { customParameters } from '../../custom-input.ts'
import { writeHosted } from './hosted-tools.ts'
import type { Lose } from './losses.ts'

/** `tools` and `toolConfig`. Without functions there is no toolConfig: a lone one is a 400. */
export function writeTools(request: ChatRequest, model: string, lose: Lose): JsonObject {
  const { tools = [], toolChoice, hostedTools = [] } = request
  const offered = offer(tools, toolChoice)
  const hosted = writeHosted(hostedTools, { model, hasFunctions: offered.length > 0 }, lose)
  if (offered.length === 0) return hosted.length === 0 ? {} : { tools: hosted }
  const isForced = toolChoice?.type === 'required' || toolChoice?.type === 'tool'
  if (!isForced && offered.some((tool) => tool.strict === true))
    lose('strict', 'Gemini holds arguments to their schema only where a call is forced')
  return {
    tools: [{ functionDeclarations: offered.map((tool) => declare(tool, lose)) }, ...hosted],
    ...(toolChoice === undefined ? {} : { toolConfig: { functionCallingConfig: callingConfig(toolChoice) } }),
  }
}

/** `allowedFunctionNames` works in mode ANY alone; a subset to choose freely from is made by declaring only that. */
function offer(tools: Tool[], choice: ToolChoice | undefined): Tool[] {
  if (choice?.type !== 'auto' || choice.tools === undefined) return tools
  const allowed = new Set(choice.tools)
  return tools.filter((tool) => allowed.has(tool.name))
}

/** `parametersJsonSchema` takes JSON Schema whole; the older `parameters` only a part of OpenAPI's. */
function declare({ name, description, parameters, custom }: Tool, lose: Lose): JsonObject {
  if (custom?.format !== undefined && custom.format['type'] !== 'text')
    lose(`tools.${name}.format`, 'only OpenAI holds a model to a grammar')
  const schema = custom === undefined ? parameters : customParameters
  return { name, description: description ?? '', ...(schema === undefined ? {} : { parametersJsonSchema: schema }) }
}

const modes = { auto: 'AUTO', none: 'NONE', required: 'ANY', tool: 'ANY' } as const

function callingConfig(choice: ToolChoice): JsonObject {
  const mode = modes[choice.type]
  const allowed = choice.type === 'tool' ? [choice.name] : choice.type === 'required' ? choice.tools : undefined
  return allowed === undefined ? { mode } : { mode, allowedFunctionNames: allowed }
}

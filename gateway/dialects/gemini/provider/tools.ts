import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Tool, ToolChoice } from '../../../chat/request.ts'
import type { Lose } from './losses.ts'

/** `tools` and `toolConfig`. Without tools neither goes out: a lone toolConfig is a 400. */
export function writeTools({ tools = [], toolChoice }: ChatRequest, lose: Lose): JsonObject {
  const offered = offer(tools, toolChoice)
  if (offered.length === 0) return {}
  const isForced = toolChoice?.type === 'required' || toolChoice?.type === 'tool'
  if (!isForced && offered.some((tool) => tool.strict === true))
    lose('strict', 'Gemini holds arguments to their schema only where a call is forced')
  return {
    tools: [{ functionDeclarations: offered.map(declare) }],
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
function declare({ name, description, parameters }: Tool): JsonObject {
  return {
    name,
    description: description ?? '',
    ...(parameters === undefined ? {} : { parametersJsonSchema: parameters }),
  }
}

const modes = { auto: 'AUTO', none: 'NONE', required: 'ANY', tool: 'ANY' } as const

function callingConfig(choice: ToolChoice): JsonObject {
  const mode = modes[choice.type]
  const allowed = choice.type === 'tool' ? [choice.name] : choice.type === 'required' ? choice.tools : undefined
  return allowed === undefined ? { mode } : { mode, allowedFunctionNames: allowed }
}

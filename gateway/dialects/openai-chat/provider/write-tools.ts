import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Tool, ToolChoice, Warning } from '../../../chat/request.ts'
import { customParameters } from '../../custom-input.ts'
import type { WriteTarget } from '../../dialect.ts'
import { given } from '../../../chat/given.ts'

/** `parallel_tool_calls` and `tool_choice` are refused without tools. */
export function writeTools(request: ChatRequest, target: WriteTarget, warnings: Warning[]): JsonObject {
  const { tools, hostedTools = [], toolChoice, parallelToolCalls } = request
  for (const { name } of hostedTools)
    warnings.push({ feature: `tools.${name}`, reason: 'OpenAI-like chat has no tools that the provider runs' })
  if (tools === undefined || tools.length === 0) return {}
  return {
    tools: tools.map((tool) => writeTool(tool, warnings)),
    ...given({
      tool_choice: toolChoice === undefined ? undefined : writeChoice(toolChoice, target, warnings),
      parallel_tool_calls: parallelToolCalls,
    }),
  }
}

/**
 * OpenAI lets parameters be absent, Mistral and others want them. Custom tools, which only OpenAI has, are functions
 * with their text as the one argument.
 */
function writeTool({ name, description, parameters, strict, custom }: Tool, warnings: Warning[]): JsonObject {
  if (custom?.format !== undefined && custom.format['type'] !== 'text')
    warnings.push({ feature: `tools.${name}.format`, reason: 'only OpenAI Responses holds a model to a grammar' })
  const schema = custom === undefined ? (parameters ?? { type: 'object', properties: {} }) : customParameters
  return { type: 'function', function: { name, ...given({ description, strict }), parameters: schema } }
}

function writeChoice(choice: ToolChoice, target: WriteTarget, warnings: Warning[]): string | JsonObject {
  const isForced = choice.type === 'required' || choice.type === 'tool'
  if (isForced && target.facts.forcedToolChoice === false) {
    warnings.push({ feature: 'tool_choice', reason: `${target.model} decides itself whether to call a tool` })
    return 'auto'
  }
  if (choice.type === 'tool') return { type: 'function', function: { name: choice.name } }
  if (choice.type === 'none' || choice.tools === undefined) return choice.type
  const tools = choice.tools.map((name) => ({ type: 'function', function: { name } }))
  return { type: 'allowed_tools', allowed_tools: { mode: choice.type, tools } }
}

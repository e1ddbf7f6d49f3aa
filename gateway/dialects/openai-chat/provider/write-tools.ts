import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Tool, ToolChoice, Warning } from '../../../chat/request.ts'
import type { WriteTarget } from '../../dialect.ts'
import { given } from '../../../chat/given.ts'

/** `parallel_tool_calls` and `tool_choice` are refused without tools. */
export function writeTools(request: ChatRequest, target: WriteTarget, warnings: Warning[]): JsonObject {
  const { tools, toolChoice, parallelToolCalls } = request
  if (tools === undefined || tools.length === 0) return {}
  return {
    tools: tools.map(writeTool),
    ...given({
      tool_choice: toolChoice === undefined ? undefined : writeChoice(toolChoice, target, warnings),
      parallel_tool_calls: parallelToolCalls,
    }),
  }
}

/** OpenAI lets parameters be absent, Mistral and others want them. */
function writeTool({ name, description, parameters, strict }: Tool): JsonObject {
  return {
    type: 'function',
    function: { name, ...given({ description, strict }), parameters: parameters ?? { type: 'object', properties: {} } },
  }
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

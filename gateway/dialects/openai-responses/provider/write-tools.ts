import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, HostedTool, Tool, ToolChoice, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import type { WriteTarget } from '../../dialect.ts'

/** `parallel_tool_calls` and `tool_choice` mean nothing without tools. */
export function writeTools(request: ChatRequest, target: WriteTarget, warnings: Warning[]): JsonObject {
  const hosted = writeHosted(request.hostedTools ?? [], warnings)
  const tools = [...(request.tools ?? []).map(writeTool), ...hosted]
  if (tools.length === 0) return {}
  const { toolChoice } = request
  return {
    tools,
    ...given({
      tool_choice: toolChoice === undefined ? undefined : writeChoice(toolChoice, { request, target, warnings }),
      parallel_tool_calls: request.parallelToolCalls,
      max_tool_calls: hosted.length === 1 ? request.hostedTools?.find(isKnown)?.maxUses : undefined,
    }),
  }
}

/** Responses takes a tool for strict where nothing is said (openapi.json: "Default `true`"), all others for lenient. */
function writeTool({ name, description, parameters, strict, custom }: Tool): JsonObject {
  if (custom !== undefined) return { type: 'custom', name, ...given({ description, format: custom.format }) }
  return {
    type: 'function',
    name,
    ...given({ description }),
    parameters: parameters ?? { type: 'object', properties: {} },
    strict: strict ?? false,
  }
}

function isKnown({ kind }: HostedTool): boolean {
  return kind === 'web-search' || kind === 'code-execution'
}

function writeHosted(tools: HostedTool[], warnings: Warning[]): JsonObject[] {
  const written = tools.flatMap((tool) => {
    if (tool.kind === 'code-execution') return [{ type: 'code_interpreter', container: { type: 'auto' } }]
    if (tool.kind === 'web-search') return [writeSearch(tool, warnings)]
    warnings.push({ feature: `tools.${tool.name}`, reason: 'OpenAI Responses has no such tool of its own' })
    return []
  })
  // One limit counts for all of them together.
  if (written.length > 1 && tools.some(({ maxUses }) => maxUses !== undefined))
    warnings.push({ feature: 'max_uses', reason: 'OpenAI Responses limits only all its own tools together' })
  return written
}

function writeSearch(tool: HostedTool, warnings: Warning[]): JsonObject {
  if (tool.blockedDomains !== undefined)
    warnings.push({ feature: `tools.${tool.name}.blocked_domains`, reason: 'OpenAI can only allow domains' })
  return {
    type: 'web_search',
    ...given({
      filters: tool.allowedDomains === undefined ? undefined : { allowed_domains: tool.allowedDomains },
      user_location: tool.userLocation,
    }),
  }
}

interface ChoiceContext {
  request: ChatRequest
  target: WriteTarget
  warnings: Warning[]
}

function writeChoice(choice: ToolChoice, { request, target, warnings }: ChoiceContext): string | JsonObject {
  const isForced = choice.type === 'required' || choice.type === 'tool'
  if (isForced && target.facts.forcedToolChoice === false) {
    warnings.push({ feature: 'tool_choice', reason: `${target.model} decides itself whether to call a tool` })
    return 'auto'
  }
  const named = (name: string): JsonObject => nameTool(name, request)
  if (choice.type === 'tool') return named(choice.name)
  if (choice.type === 'none' || choice.tools === undefined) return choice.type
  return { type: 'allowed_tools', mode: choice.type, tools: choice.tools.map(named) }
}

function nameTool(name: string, { tools, hostedTools }: ChatRequest): JsonObject {
  const tool = tools?.find((each) => each.name === name)
  if (tool !== undefined) return { type: tool.custom === undefined ? 'function' : 'custom', name }
  const hosted = hostedTools?.find((each) => each.name === name)
  if (hosted?.kind === 'web-search') return { type: 'web_search' }
  return hosted?.kind === 'code-execution' ? { type: 'code_interpreter' } : { type: 'function', name }
}

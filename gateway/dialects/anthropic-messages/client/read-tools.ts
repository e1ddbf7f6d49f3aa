import { asArray, asObject, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, HostedTool, Tool, ToolChoice, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import {
  expectObject,
  optionalArray,
  optionalBoolean,
  optionalInteger,
  optionalObject,
  optionalString,
  pathOf,
  requiredString,
} from '../../expect.ts'
import { knownTool } from './known-tools.ts'
import { readCacheControl } from './read-parts.ts'

type ToolMembers = Pick<Partial<ChatRequest>, 'tools' | 'hostedTools' | 'toolChoice' | 'parallelToolCalls'>

export function readTools(body: JsonObject, warnings: Warning[]): ToolMembers {
  const all = [...readGivenTools(body), ...readAddedTools(body)].map(({ value, at }) => readTool(value, at))
  const tools = all.flatMap((tool) => ('tool' in tool ? [tool.tool] : []))
  const hostedTools = all.flatMap((tool) => ('hosted' in tool ? [tool.hosted] : []))
  const choice = optionalObject(body, 'tool_choice') ?? {}
  const isSerial = optionalBoolean(choice, 'disable_parallel_tool_use', 'tool_choice')
  return given({
    tools: tools.length === 0 ? undefined : tools,
    hostedTools: hostedTools.length === 0 ? undefined : hostedTools,
    toolChoice: readToolChoice(choice, tools, warnings),
    parallelToolCalls: isSerial === undefined ? undefined : !isSerial,
  })
}

interface WireTool {
  value: Json
  at: string
}

function readGivenTools(body: JsonObject): WireTool[] {
  return (optionalArray(body, 'tools') ?? []).map((value, index) => ({ value, at: pathOf('tools', index) }))
}

/**
 * Tools that come up within the conversation (`tool_addition`, beta): offered from the start. Those that are named only
 * are in `tools`, and one that is removed later stays: it is still the client's, who answers its calls.
 */
function readAddedTools(body: JsonObject): WireTool[] {
  const messages = asArray(body['messages']) ?? []
  return messages.flatMap((message, messageIndex) =>
    (asArray(asObject(message)?.['content']) ?? []).flatMap((block, blockIndex): WireTool[] => {
      const added = isObject(block) && block['type'] === 'tool_addition' ? asObject(block['tool']) : undefined
      const value = added?.['definition']
      return isObject(value) ? [{ value, at: `messages[${messageIndex}].content[${blockIndex}].tool.definition` }] : []
    }),
  )
}

function readTool(value: Json, at: string): { tool: Tool } | { hosted: HostedTool } {
  const wire = expectObject(value, at)
  const type = optionalString(wire, 'type', at) ?? 'custom'
  if (type === 'custom') return { tool: readFunction(wire, at) }
  const known = knownTool(type)
  if (known !== undefined) return { tool: { ...known, ...named(wire, at) } }
  return { hosted: readHosted(wire, type, at) }
}

/** What else stands in a tool only tunes how Anthropic gives it to the model (`defer_loading`, `input_examples`). */
function readFunction(wire: JsonObject, at: string): Tool {
  return {
    ...named(wire, at),
    ...given({
      description: optionalString(wire, 'description', at),
      parameters: optionalObject(wire, 'input_schema', at),
    }),
  }
}

function named(wire: JsonObject, at: string): Tool {
  return {
    name: requiredString(wire, 'name', at),
    ...given({ strict: optionalBoolean(wire, 'strict', at), cacheControl: readCacheControl(wire) }),
  }
}

const hostedKinds: Record<string, NonNullable<HostedTool['kind']>> = {
  web_search: 'web-search',
  web_fetch: 'web-fetch',
  code_execution: 'code-execution',
}

/** Tools of any other type run at Anthropic too, or mean nothing to other models (a computer's screen). */
function readHosted(wire: JsonObject, type: string, at: string): HostedTool {
  const family = type.replace(/_\d{8}$/, '')
  return {
    name: type,
    ...given({
      kind: Object.hasOwn(hostedKinds, family) ? hostedKinds[family] : undefined,
      maxUses: optionalInteger(wire, 'max_uses', at),
      allowedDomains: readDomains(wire, 'allowed_domains', at),
      blockedDomains: readDomains(wire, 'blocked_domains', at),
      userLocation: optionalObject(wire, 'user_location', at),
    }),
  }
}

function readDomains(wire: JsonObject, key: string, at: string): string[] | undefined {
  return optionalArray(wire, key, at)?.filter((domain) => typeof domain === 'string')
}

function readToolChoice(choice: JsonObject, tools: Tool[], warnings: Warning[]): ToolChoice | undefined {
  const type = optionalString(choice, 'type', 'tool_choice')
  if (type === undefined) return undefined
  if (type === 'any') return { type: 'required' }
  if (type === 'tool') return readNamed(requiredString(choice, 'name', 'tool_choice'), tools, warnings)
  if (type === 'auto' || type === 'none') return { type }
  warnings.push({ feature: 'tool_choice', reason: `a choice of type ${type} cannot be translated` })
  return undefined
}

/** A tool of the provider cannot be named elsewhere; where there are no others, "any" says the same. */
function readNamed(name: string, tools: Tool[], warnings: Warning[]): ToolChoice | undefined {
  if (tools.some((tool) => tool.name === name)) return { type: 'tool', name }
  if (tools.length === 0) return { type: 'required' }
  warnings.push({ feature: 'tool_choice', reason: `${name} is not a tool of the client and cannot be forced` })
  return undefined
}

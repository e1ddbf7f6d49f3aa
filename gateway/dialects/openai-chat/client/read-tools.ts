import { isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, HostedTool, Tool, ToolChoice, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import {
  expectObject,
  missing,
  optionalArray,
  optionalBoolean,
  optionalObject,
  optionalString,
  pathOf,
  requiredString,
  wrongType,
  wrongValue,
} from '../../expect.ts'
import { readCacheControl } from './read-parts.ts'
import { readCustom, readHosted, readSearchOptions } from './read-other-tools.ts'

type ToolMembers = Pick<Partial<ChatRequest>, 'tools' | 'hostedTools' | 'toolChoice' | 'parallelToolCalls'>

export function readTools(body: JsonObject, warnings: Warning[]): ToolMembers {
  const wire = optionalArray(body, 'tools')?.map((tool, index) => readTool(tool, pathOf('tools', index)))
  const tools = wire?.flatMap((tool) => ('hosted' in tool ? [] : [tool]))
  const hosted = [
    ...(wire?.flatMap((tool) => ('hosted' in tool ? [tool.hosted] : [])) ?? []),
    ...readSearchOptions(body, warnings),
  ]
  const functions = readFunctions(body, warnings)
  return given({
    tools: tools ?? functions,
    hostedTools: hosted.length === 0 ? undefined : hosted,
    toolChoice: readToolChoice(body, warnings) ?? readFunctionCall(body),
    parallelToolCalls: optionalBoolean(body, 'parallel_tool_calls'),
  })
}

function readTool(value: Json, at: string): Tool | { hosted: HostedTool } {
  const tool = expectObject(value, at)
  // Mistral's clients leave the type out.
  const type = optionalString(tool, 'type', at) ?? 'function'
  if (type === 'custom') return readCustom(tool, at)
  if (type !== 'function') return { hosted: readHosted(type) }
  const inner = optionalObject(tool, 'function', at)
  if (inner === undefined) throw missing(pathOf(at, 'function'))
  const cacheControl = readCacheControl(tool) ?? readCacheControl(inner)
  return { ...readFunction(inner, pathOf(at, 'function')), ...given({ cacheControl }) }
}

function readFunction(inner: JsonObject, at: string): Tool {
  return {
    name: requiredString(inner, 'name', at),
    ...given({
      description: optionalString(inner, 'description', at),
      parameters: optionalObject(inner, 'parameters', at),
      strict: optionalBoolean(inner, 'strict', at),
    }),
  }
}

/** The form before `tools` (2023). */
function readFunctions(body: JsonObject, warnings: Warning[]): Tool[] | undefined {
  const functions = optionalArray(body, 'functions')
  if (functions === undefined) return undefined
  warnings.push({ feature: 'functions', reason: 'deprecated: calls are answered as tool_calls, not function_call' })
  return functions.map((item, index) =>
    readFunction(expectObject(item, pathOf('functions', index)), `functions[${index}]`),
  )
}

function readFunctionCall(body: JsonObject): ToolChoice | undefined {
  const choice = body['function_call'] ?? undefined
  if (choice === undefined) return undefined
  if (choice === 'none' || choice === 'auto') return { type: choice }
  if (isObject(choice)) return { type: 'tool', name: requiredString(choice, 'name', 'function_call') }
  throw wrongType('function_call', "'none', 'auto' or an object", choice)
}

const words = ['none', 'auto', 'required'] as const

function readToolChoice(body: JsonObject, warnings: Warning[]): ToolChoice | undefined {
  const choice = body['tool_choice'] ?? undefined
  if (choice === undefined) return undefined
  if (isObject(choice)) return readChoiceObject(choice, warnings)
  if (typeof choice !== 'string') throw wrongType('tool_choice', 'a string or an object', choice)
  // Mistral's word for "required".
  if (choice === 'any') return { type: 'required' }
  const word = words.find((name) => name === choice)
  if (word === undefined) throw wrongValue('tool_choice', choice, words)
  return { type: word }
}

function readChoiceObject(choice: JsonObject, warnings: Warning[]): ToolChoice | undefined {
  const type = optionalString(choice, 'type', 'tool_choice') ?? 'function'
  if (type === 'allowed_tools') return readAllowedTools(choice)
  if (type === 'function' || type === 'custom') return { type: 'tool', name: readNamed(choice, 'tool_choice') }
  warnings.push({ feature: 'tool_choice', reason: `a choice of type ${type} cannot be translated` })
  return undefined
}

/** The name stands in the member that is named like the type; some clients leave that level out. */
function readNamed(holder: JsonObject, at: string): string {
  const type = optionalString(holder, 'type', at) === 'custom' ? 'custom' : 'function'
  const named = optionalObject(holder, type, at)
  return requiredString(named ?? holder, 'name', named === undefined ? at : pathOf(at, type))
}

function readAllowedTools(choice: JsonObject): ToolChoice {
  const at = 'tool_choice.allowed_tools'
  const allowed = optionalObject(choice, 'allowed_tools', 'tool_choice') ?? choice
  const tools = optionalArray(allowed, 'tools', at)?.map((item, index) => {
    const path = pathOf(`${at}.tools`, index)
    return readNamed(expectObject(item, path), path)
  })
  const mode = optionalString(allowed, 'mode', at) ?? 'auto'
  if (mode !== 'auto' && mode !== 'required') throw wrongValue(`${at}.mode`, mode, ['auto', 'required'])
  return { type: mode, ...given({ tools }) }
}

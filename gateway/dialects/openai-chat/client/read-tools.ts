import { isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Tool, ToolChoice, Warning } from '../../../chat/request.ts'
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
  unsupported,
  wrongType,
  wrongValue,
} from '../../expect.ts'
import { readCacheControl } from './read-parts.ts'

type ToolMembers = Pick<Partial<ChatRequest>, 'tools' | 'toolChoice' | 'parallelToolCalls'>

export function readTools(body: JsonObject, warnings: Warning[]): ToolMembers {
  const tools = optionalArray(body, 'tools')?.map((tool, index) => readTool(tool, pathOf('tools', index)))
  const functions = readFunctions(body, warnings)
  return given({
    tools: tools ?? functions,
    toolChoice: readToolChoice(body) ?? readFunctionCall(body),
    parallelToolCalls: optionalBoolean(body, 'parallel_tool_calls'),
  })
}

function readTool(value: Json, at: string): Tool {
  const tool = expectObject(value, at)
  // Mistral's clients leave the type out.
  const type = optionalString(tool, 'type', at) ?? 'function'
  if (type !== 'function') throw unsupported(at, `is a tool of type '${type}': only function tools can be translated.`)
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

function readToolChoice(body: JsonObject): ToolChoice | undefined {
  const choice = body['tool_choice'] ?? undefined
  if (choice === undefined) return undefined
  if (isObject(choice)) return readChoiceObject(choice)
  if (typeof choice !== 'string') throw wrongType('tool_choice', 'a string or an object', choice)
  // Mistral's word for "required".
  if (choice === 'any') return { type: 'required' }
  const word = words.find((name) => name === choice)
  if (word === undefined) throw wrongValue('tool_choice', choice, words)
  return { type: word }
}

function readChoiceObject(choice: JsonObject): ToolChoice {
  const type = optionalString(choice, 'type', 'tool_choice') ?? 'function'
  if (type === 'allowed_tools') return readAllowedTools(choice)
  if (type !== 'function') throw unsupported('tool_choice', `of type '${type}' cannot be translated.`)
  const named = optionalObject(choice, 'function', 'tool_choice') ?? choice
  return { type: 'tool', name: requiredString(named, 'name', 'tool_choice.function') }
}

function readAllowedTools(choice: JsonObject): ToolChoice {
  const at = 'tool_choice.allowed_tools'
  const allowed = optionalObject(choice, 'allowed_tools', 'tool_choice') ?? choice
  const tools = optionalArray(allowed, 'tools', at)?.map((item, index) => {
    const tool = expectObject(item, pathOf(`${at}.tools`, index))
    const named = optionalObject(tool, 'function', pathOf(`${at}.tools`, index)) ?? tool
    return requiredString(named, 'name', pathOf(`${at}.tools`, index))
  })
  const mode = optionalString(allowed, 'mode', at) ?? 'auto'
  if (mode !== 'auto' && mode !== 'required') throw wrongValue(`${at}.mode`, mode, ['auto', 'required'])
  return { type: mode, ...given({ tools }) }
}

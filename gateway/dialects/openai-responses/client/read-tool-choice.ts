import { isObject, type JsonObject } from '../../../chat/json.ts'
import type { ToolChoice, Warning } from '../../../chat/request.ts'
import {
  expectObject,
  optionalArray,
  optionalString,
  pathOf,
  requiredString,
  wrongType,
  wrongValue,
} from '../../expect.ts'
import type { ToolNames } from './tool-names.ts'

interface Known {
  names: ToolNames
  warnings: Warning[]
}

const words = ['none', 'auto', 'required'] as const

export function readToolChoice(body: JsonObject, known: Known): ToolChoice | undefined {
  const choice = body['tool_choice'] ?? undefined
  if (choice === undefined) return undefined
  if (isObject(choice)) return readChoiceObject(choice, known)
  if (typeof choice !== 'string') throw wrongType('tool_choice', 'a string or an object', choice)
  const word = words.find((name) => name === choice)
  if (word === undefined) throw wrongValue('tool_choice', choice, words)
  return { type: word }
}

function readChoiceObject(choice: JsonObject, { names, warnings }: Known): ToolChoice {
  const type = requiredString(choice, 'type', 'tool_choice')
  if (type === 'allowed_tools') return readAllowed(choice, { names, warnings })
  if (isOwn(choice)) return { type: 'tool', name: nameOf(choice, 'tool_choice', names) }
  warnings.push({ feature: 'tool_choice', reason: `a tool of type '${type}' cannot be asked for; the model chooses` })
  return { type: 'auto' }
}

function readAllowed(choice: JsonObject, { names, warnings }: Known): ToolChoice {
  const mode = optionalString(choice, 'mode', 'tool_choice') ?? 'auto'
  if (mode !== 'auto' && mode !== 'required') throw wrongValue('tool_choice.mode', mode, ['auto', 'required'])
  const listed = (optionalArray(choice, 'tools', 'tool_choice') ?? []).map((item, index) => {
    const at = pathOf('tool_choice.tools', index)
    return { tool: expectObject(item, at), at }
  })
  const tools = listed.filter(({ tool }) => isOwn(tool)).map(({ tool, at }) => nameOf(tool, at, names))
  if (tools.length > 0) return { type: mode, tools }
  warnings.push({ feature: 'tool_choice', reason: 'it names no function; the model chooses' })
  return { type: 'auto' }
}

function isOwn(tool: JsonObject): boolean {
  return tool['type'] === 'function' || tool['type'] === 'custom'
}

function nameOf(tool: JsonObject, at: string, names: ToolNames): string {
  return names.canonical(requiredString(tool, 'name', at), optionalString(tool, 'namespace', at))
}

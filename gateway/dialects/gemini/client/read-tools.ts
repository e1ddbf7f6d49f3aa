import { asArray, asObject, asString, type Json, type JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, HostedTool, Tool, ToolChoice, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import { expectObject, optionalArray, optionalObject, optionalString, pathOf, requiredString } from '../../expect.ts'
import { camelMembers } from './camel.ts'
import { isHarmless } from './is-harmless.ts'
import { readSchema } from './read-schema.ts'

type ToolMembers = Pick<Partial<ChatRequest>, 'tools' | 'hostedTools' | 'toolChoice'>

/** `tools` (each may hold functions and several of Google's own) and `toolConfig`. */
export function readTools(members: JsonObject, warnings: Warning[]): ToolMembers {
  const one = asObject(members['tools'])
  const list = one === undefined ? (optionalArray(members, 'tools') ?? []) : [one]
  const wireTools = list.map((item, index) => {
    const at = pathOf('tools', index)
    return { tool: camelMembers(expectObject(item, at)), at }
  })
  const tools = wireTools.flatMap(({ tool, at }) => readFunctions(tool, at))
  const hostedTools = wireTools.flatMap(({ tool }) => readHosted(tool))
  return given({
    tools: tools.length === 0 ? undefined : tools,
    hostedTools: hostedTools.length === 0 ? undefined : hostedTools,
    toolChoice: readToolChoice(members, warnings),
  })
}

function readFunctions(tool: JsonObject, parent: string): Tool[] {
  return (optionalArray(tool, 'functionDeclarations', parent) ?? []).map((item, index) => {
    const at = pathOf(pathOf(parent, 'functionDeclarations'), index)
    return readFunction(camelMembers(expectObject(item, at)), at)
  })
}

function readFunction(declaration: JsonObject, at: string): Tool {
  const description = optionalString(declaration, 'description', at)
  const schema = optionalObject(declaration, 'parameters', at)
  return {
    name: requiredString(declaration, 'name', at),
    ...given({
      description: description === '' ? undefined : description,
      parameters:
        optionalObject(declaration, 'parametersJsonSchema', at) ??
        (schema === undefined ? undefined : readSchema(schema)),
    }),
  }
}

const kinds = new Map<string, HostedTool['kind']>([
  ['googleSearch', 'web-search'],
  ['googleSearchRetrieval', 'web-search'],
  ['enterpriseWebSearch', 'web-search'],
  ['urlContext', 'web-fetch'],
  ['codeExecution', 'code-execution'],
])

/** Every other member is a tool that Google runs, known or yet to come. */
function readHosted(tool: JsonObject): HostedTool[] {
  const names = Object.keys(tool).filter((name) => name !== 'functionDeclarations' && isPresent(tool[name]))
  return names.map((name) => {
    const blocked = asArray(asObject(tool[name])?.['excludeDomains'] ?? asObject(tool[name])?.['exclude_domains'])
    const blockedDomains = blocked?.flatMap((domain) => asString(domain) ?? [])
    return { name, ...given({ kind: kinds.get(name), blockedDomains }) }
  })
}

function isPresent(value: Json | undefined): boolean {
  return value !== null && value !== undefined && value !== false
}

function readToolChoice(members: JsonObject, warnings: Warning[]): ToolChoice | undefined {
  const config = camelMembers(optionalObject(members, 'toolConfig') ?? {})
  for (const [name, value] of Object.entries(config)) {
    if (name === 'functionCallingConfig' || isHarmless(value)) continue
    warnings.push({ feature: `toolConfig.${name}`, reason: 'only Google has such a setting' })
  }
  const at = 'toolConfig.functionCallingConfig'
  const calling = camelMembers(optionalObject(config, 'functionCallingConfig', 'toolConfig') ?? {})
  const names = optionalArray(calling, 'allowedFunctionNames', at)?.flatMap((name) => asString(name) ?? [])
  return choose(optionalString(calling, 'mode', at), names?.length === 0 ? undefined : names, warnings)
}

function choose(mode: string | undefined, tools: string[] | undefined, warnings: Warning[]): ToolChoice | undefined {
  switch (mode?.toUpperCase()) {
    case 'AUTO':
    // Calls that fit their schemas are what the others try for anyway.
    case 'VALIDATED':
      return { type: 'auto', ...given({ tools }) }
    case 'NONE':
      return { type: 'none' }
    case 'ANY':
      return tools?.length === 1
        ? { type: 'tool', name: tools[0] as string }
        : { type: 'required', ...given({ tools }) }
    case undefined:
    case '':
    case 'MODE_UNSPECIFIED':
      return tools === undefined ? undefined : { type: 'auto', tools }
    default:
      warnings.push({ feature: 'toolConfig.functionCallingConfig.mode', reason: `the mode ${mode} is not known` })
      return undefined
  }
}

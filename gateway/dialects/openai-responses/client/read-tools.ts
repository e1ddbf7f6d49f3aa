import { asArray, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { HostedTool, Tool } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import {
  expectObject,
  optionalArray,
  optionalBoolean,
  optionalObject,
  optionalString,
  pathOf,
  requiredString,
} from '../../expect.ts'
import { customParameters } from '../../custom-input.ts'
import { ToolNames } from './tool-names.ts'

export interface ReadTools {
  tools: Tool[]
  hostedTools: HostedTool[]
  names: ToolNames
}

/** A tool where it was found. */
interface Found {
  tool: JsonObject
  at: string
  namespace?: string
}

/**
 * All tools the client offers: `tools`, and those that come as items of the input (Codex sends the GPT models it
 * knows all of its tools that way, and none in `tools`). Namespaces are flattened.
 */
export function readTools(body: JsonObject): ReadTools {
  const found = [...findTools(body, ''), ...toolItems(body).flatMap(({ item, at }) => findTools(item, at))]
  const own = withoutDoubles(found.filter(({ tool }) => isOwn(tool)))
  const names = new ToolNames(own.map(({ tool, at, namespace }) => [requiredString(tool, 'name', at), namespace]))
  return {
    tools: own.map((each) => readTool(each, names)),
    hostedTools: found.filter(({ tool }) => !isOwn(tool)).map(({ tool, at }) => readHosted(tool, at)),
    names,
  }
}

function toolItems(body: JsonObject): { item: JsonObject; at: string }[] {
  const items = asArray(body['input']) ?? []
  return items.flatMap((item, index) =>
    isObject(item) && isToolItem(item) ? [{ item, at: pathOf('input', index) }] : [],
  )
}

/** Items that are nothing but tools, offered from there on. */
export function isToolItem(item: JsonObject): boolean {
  return item['type'] === 'additional_tools' || item['type'] === 'tool_search_output'
}

function findTools(holder: JsonObject, parent: string, namespace?: string): Found[] {
  const list = optionalArray(holder, 'tools', parent) ?? []
  return list.flatMap((value: Json, index) => {
    const at = pathOf(pathOf(parent, 'tools'), index)
    const tool = expectObject(value, at)
    if (tool['type'] === 'namespace') return findTools(tool, at, requiredString(tool, 'name', at))
    return [{ tool, at, ...given({ namespace }) }]
  })
}

/** Those that the client runs. A tool without a type is a function: some clients leave it out. */
function isOwn(tool: JsonObject): boolean {
  const type = tool['type'] ?? 'function'
  return type === 'function' || type === 'custom'
}

/** A tool that is offered again is the same tool, as it was offered last. */
function withoutDoubles(found: Found[]): Found[] {
  const byName = new Map<string, Found>()
  for (const each of found) byName.set(JSON.stringify([each.namespace, each.tool['name']]), each)
  return [...byName.values()]
}

function readTool({ tool, at, namespace }: Found, names: ToolNames): Tool {
  const own = requiredString(tool, 'name', at)
  const isCustom = tool['type'] === 'custom'
  return {
    name: names.canonical(own, namespace),
    ...given({ namespace: namespace === undefined ? undefined : { name: namespace, tool: own } }),
    ...(isCustom ? readCustom(tool, at) : readFunction(tool, at)),
  }
}

function readFunction(tool: JsonObject, at: string): Partial<Tool> {
  return given({
    description: optionalString(tool, 'description', at),
    parameters: optionalObject(tool, 'parameters', at),
    strict: optionalBoolean(tool, 'strict', at),
  })
}

/** As a function with one string: the grammar, which nobody else can enforce, is told to the model. */
function readCustom(tool: JsonObject, at: string): Partial<Tool> {
  const format = optionalObject(tool, 'format', at)
  const description = [optionalString(tool, 'description', at) ?? '', howToCall(format)]
  return {
    custom: given({ format }),
    description: description.filter((text) => text !== '').join('\n\n'),
    parameters: customParameters,
  }
}

function howToCall(format: JsonObject | undefined): string {
  const plain = 'Its whole input is free text, given as the string "input".'
  if (typeof format?.['definition'] !== 'string') return plain
  const syntax = typeof format['syntax'] === 'string' ? `${format['syntax']} ` : ''
  return `${plain} The text must match this ${syntax}grammar:\n${format['definition']}`
}

function readHosted(tool: JsonObject, at: string): HostedTool {
  const name = requiredString(tool, 'type', at)
  if (/^web_search(_|$)/.test(name)) return readWebSearch(tool, at, name)
  if (name === 'code_interpreter') return { kind: 'code-execution', name }
  return { name }
}

function readWebSearch(tool: JsonObject, at: string, name: string): HostedTool {
  const filters = optionalObject(tool, 'filters', at) ?? {}
  return {
    kind: 'web-search',
    name,
    ...given({
      allowedDomains: readDomains(filters, 'allowed_domains'),
      blockedDomains: readDomains(filters, 'blocked_domains'),
      userLocation: optionalObject(tool, 'user_location', at),
    }),
  }
}

function readDomains(filters: JsonObject, name: string): string[] | undefined {
  const domains = asArray(filters[name])?.filter((domain) => typeof domain === 'string')
  return domains === undefined || domains.length === 0 ? undefined : domains
}

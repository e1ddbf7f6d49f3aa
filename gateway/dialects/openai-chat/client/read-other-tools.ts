import { given } from '../../../chat/given.ts'
import { asObject, asString, type JsonObject } from '../../../chat/json.ts'
import type { HostedTool, Tool, Warning } from '../../../chat/request.ts'
import { missing, optionalObject, optionalString, pathOf, requiredString } from '../../expect.ts'

/** A tool whose input is free text. Its grammar stands one level deeper here than in Responses, whose form is kept. */
export function readCustom(tool: JsonObject, at: string): Tool {
  const path = pathOf(at, 'custom')
  const inner = optionalObject(tool, 'custom', at)
  if (inner === undefined) throw missing(path)
  const { grammar, ...format } = optionalObject(inner, 'format', path) ?? {}
  const whole = { ...format, ...asObject(grammar) }
  return {
    name: requiredString(inner, 'name', path),
    custom: Object.keys(whole).length === 0 ? {} : { format: whole },
    ...given({ description: optionalString(inner, 'description', path) }),
  }
}

/** Servers have tools of their own of which chat itself knows nothing; their types begin with what they do. */
const kinds: [prefix: string, kind: NonNullable<HostedTool['kind']>][] = [
  ['web_search', 'web-search'],
  ['openrouter:web_search', 'web-search'],
  ['web_fetch', 'web-fetch'],
  ['code_interpreter', 'code-execution'],
  ['code_execution', 'code-execution'],
]

export function readHosted(type: string): HostedTool {
  const kind = kinds.find(([prefix]) => type.startsWith(prefix))?.[1]
  return { name: type, ...given({ kind }) }
}

/** Models that search were once asked to by this member alone; the place is one level deeper than elsewhere. */
export function readSearchOptions(body: JsonObject, warnings: Warning[]): HostedTool[] {
  const options = optionalObject(body, 'web_search_options')
  if (options === undefined) return []
  const size = asString(options['search_context_size'])
  if (size !== undefined && size !== 'medium')
    warnings.push({ feature: 'web_search_options.search_context_size', reason: 'cannot be translated' })
  const location = optionalObject(options, 'user_location', 'web_search_options')
  const { approximate, ...rest } = location ?? {}
  const userLocation = location === undefined ? undefined : { ...rest, ...asObject(approximate) }
  return [{ kind: 'web-search', name: 'web_search_options', ...given({ userLocation }) }]
}

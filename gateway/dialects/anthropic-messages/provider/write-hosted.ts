import { given } from '../../../chat/given.ts'
import type { HostedTool, JsonObject } from '../../../chat/request.ts'
import type { WriteContext } from './write-context.ts'

/** The versions that every model with the tool takes and that need no beta header (@anthropic-ai/sdk 1.12, ToolUnion). */
const versions: Record<NonNullable<HostedTool['kind']>, { type: string; name: string }> = {
  'web-search': { type: 'web_search_20250305', name: 'web_search' },
  'web-fetch': { type: 'web_fetch_20250910', name: 'web_fetch' },
  'code-execution': { type: 'code_execution_20250825', name: 'code_execution' },
}

/** Tools that Anthropic runs. */
export function writeHosted(tools: HostedTool[], context: WriteContext): JsonObject[] {
  return tools.flatMap((tool) => {
    if (tool.kind !== undefined) return [{ ...versions[tool.kind], ...writeMembers(tool, tool.kind, context) }]
    context.warn(`tools.${tool.name}`, 'Anthropic has no such tool of its own')
    return []
  })
}

function writeMembers(tool: HostedTool, kind: HostedTool['kind'], context: WriteContext): JsonObject {
  if (kind === 'code-execution') return {}
  const { maxUses, allowedDomains, blockedDomains, userLocation } = tool
  if (allowedDomains !== undefined && blockedDomains !== undefined)
    context.warn(`tools.${tool.name}.blocked_domains`, 'Anthropic takes allowed or blocked domains, not both')
  return given({
    max_uses: maxUses,
    allowed_domains: allowedDomains,
    blocked_domains: allowedDomains === undefined ? blockedDomains : undefined,
    user_location: kind === 'web-search' ? userLocation : undefined,
  })
}

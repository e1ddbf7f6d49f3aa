import type { JsonObject } from '../../../chat/json.ts'
import type { HostedTool } from '../../../chat/request.ts'
import type { Lose } from './losses.ts'
import { isAtLeast } from './models.ts'

const members: Record<NonNullable<HostedTool['kind']>, string> = {
  'web-search': 'googleSearch',
  'web-fetch': 'urlContext',
  'code-execution': 'codeExecution',
}

/**
 * Tools that Google runs. Beside functions only Gemini 3 and later take them, older ones answer 400 "Tool use with
 * function calling is unsupported" (ai.google.dev/gemini-api/docs/tool-combination).
 */
export function writeHosted(
  tools: HostedTool[],
  { model, hasFunctions }: { model: string; hasFunctions: boolean },
  lose: Lose,
): JsonObject[] {
  const mayMix = !hasFunctions || isAtLeast(model, 3)
  return tools.flatMap((tool) => {
    if (tool.kind === undefined || !mayMix) {
      const reason = mayMix ? 'Google has no such tool of its own' : `${model} takes it only where no functions are`
      lose(`tools.${tool.name}`, reason)
      return []
    }
    reportSettings(tool, lose)
    return [{ [members[tool.kind]]: {} }]
  })
}

/** None of them is in the Gemini API: `excludeDomains` is Vertex's alone. */
function reportSettings({ name, maxUses, allowedDomains, blockedDomains, userLocation }: HostedTool, lose: Lose): void {
  const settings = { max_uses: maxUses, allowed_domains: allowedDomains, blocked_domains: blockedDomains }
  for (const [member, value] of Object.entries({ ...settings, user_location: userLocation }))
    if (value !== undefined) lose(`tools.${name}.${member}`, 'Google’s own tools take no such setting')
}

import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Loss, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import type { Asked } from '../../dialect.ts'
import { optionalString } from '../../expect.ts'
import { camelMembers } from './camel.ts'
import { isHarmless } from './is-harmless.ts'
import { readContents } from './read-contents.ts'
import { readGenerationConfig } from './read-generation-config.ts'
import { readSystem } from './read-system.ts'
import { readTools } from './read-tools.ts'

/** A generateContent request -> canonical form; the URL says model and stream. Throws GatewayError naming the member. */
export function readGemini(body: JsonObject, { model, stream }: Asked): Loss<ChatRequest> {
  const warnings: Warning[] = []
  const members = camelMembers(body)
  const { knobs, uncarried } = readGenerationConfig(members)
  const left = [
    ...Object.keys(members).filter((name) => !carried.has(name) && !isHarmless(members[name])),
    ...uncarried,
  ]
  const value: ChatRequest = {
    model,
    messages: [...readSystem(members), ...readContents(members, warnings)],
    stream,
    ...readTools(members, warnings),
    ...knobs,
    ...given({
      serviceTier: readServiceTier(members),
      uncarried: left.length === 0 ? undefined : left,
    }),
  }
  return { value, warnings }
}

const carried = new Set([
  'model',
  'contents',
  'systemInstruction',
  'tools',
  'toolConfig',
  'generationConfig',
  'serviceTier',
  'x-gateway',
])

function readServiceTier(members: JsonObject): string | undefined {
  const tier = optionalString(members, 'serviceTier')?.toLowerCase()
  return tier === undefined || tier === '' || tier.endsWith('unspecified') ? undefined : tier
}

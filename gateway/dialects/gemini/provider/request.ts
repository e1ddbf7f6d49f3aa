import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Loss, Message } from '../../../chat/request.ts'
import { hasCacheMarks } from '../../cache-marks.ts'
import type { WriteTarget } from '../../dialect.ts'
import { writeConversation } from './contents.ts'
import { writeGenerationConfig } from './generation-config.ts'
import { Losses, type Lose } from './losses.ts'
import { writeTools } from './tools.ts'

/** Canonical request -> body of generateContent. The model is in the path. */
export function write(request: ChatRequest, target: WriteTarget): Loss<JsonObject> {
  const { lose, warnings } = new Losses()
  const { contents, systemInstruction } = writeConversation(request.messages, target, lose)
  const generationConfig = writeGenerationConfig(request, target, lose)
  const serviceTier = writeServiceTier(request.serviceTier, lose)
  reportKnobs(request, lose)
  const value: JsonObject = {
    ...(systemInstruction === undefined ? {} : { systemInstruction }),
    contents,
    ...writeTools(request, target.model, lose),
    ...(generationConfig === undefined ? {} : { generationConfig }),
    ...(serviceTier === undefined ? {} : { serviceTier }),
  }
  return { value, warnings }
}

/** ai.google.dev/gemini-api/docs/priority-inference and flex-inference; `auto` = what the project is set to. */
const serviceTiers = new Map<string, string | undefined>([
  ['auto', undefined],
  ['default', 'standard'],
  ['standard', 'standard'],
  ['standard_only', 'standard'],
  ['flex', 'flex'],
  ['priority', 'priority'],
])

function writeServiceTier(tier: string | undefined, lose: Lose): string | undefined {
  if (tier === undefined) return undefined
  const name = tier.toLowerCase()
  if (!serviceTiers.has(name)) lose('service_tier', `Gemini has no tier "${tier}"`)
  return serviceTiers.get(name)
}

function reportKnobs(request: ChatRequest, lose: Lose): void {
  if (request.parallelToolCalls === false) lose('parallel_tool_calls', 'Gemini may always call several tools at once')
  if (request.verbosity !== undefined) lose('verbosity', 'Gemini has no such setting')
  if (request.user !== undefined) lose('user', 'Gemini takes no end-user id')
  if (hasCacheMarks(request)) lose('cache_control', 'Gemini caches prompts by itself')
  if (request.messages.some(hasDetail)) lose('detail', 'Gemini decides the resolution of images')
  if (request.messages.some(hasName)) lose('name', 'Gemini knows no names of participants')
  for (const name of request.uncarried ?? []) lose(name, 'Gemini has no such setting')
}

function hasDetail(message: Message): boolean {
  const details = message.parts.map((part) => (part.type === 'image' ? part.detail : undefined))
  return details.some((detail) => detail !== undefined && detail !== 'auto')
}

function hasName(message: Message): boolean {
  return (message.role === 'user' || message.role === 'assistant') && message.name !== undefined
}

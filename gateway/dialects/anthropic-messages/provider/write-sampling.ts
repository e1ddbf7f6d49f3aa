import type { ChatRequest, JsonObject } from '../../../chat/request.ts'
import type { WriteContext } from './write-context.ts'

/** With thinking on, only a top_p from here up is taken. */
const MIN_TOP_P_WHILE_THINKING = 0.95

export function writeSampling(request: ChatRequest, isThinking: boolean, context: WriteContext): JsonObject {
  const given = sampling(request, context)
  if (context.target.facts.sampling === false) return dropAll(given, 'this model refuses it', context)
  if (!isThinking) return exclusive(given, context)
  const { top_p: topP, ...others } = given
  // 1 is what the model uses then anyway.
  if (others['temperature'] === 1) delete others['temperature']
  if (topP !== undefined && topP < MIN_TOP_P_WHILE_THINKING) others['top_p'] = topP
  dropAll(others, 'sampling is fixed while thinking', context)
  return topP === undefined || 'top_p' in others ? {} : { top_p: topP }
}

function sampling(request: ChatRequest, context: WriteContext): Record<string, number> {
  const { temperature, topP, topK } = request
  return {
    ...(temperature === undefined ? {} : { temperature: clampTemperature(temperature, context) }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(topK === undefined ? {} : { top_k: topK }),
  }
}

/** 0 to 1 here, 0 to 2 elsewhere. */
function clampTemperature(temperature: number, { target, warn }: WriteContext): number {
  const clamped = Math.min(1, Math.max(0, temperature))
  if (clamped !== temperature && target.facts.sampling !== false)
    warn('temperature', `Anthropic takes 0 to 1: ${clamped} is sent`)
  return clamped
}

/** "`temperature` and `top_p` cannot both be specified for this model" since Claude Opus 4.1; older ones advise against. */
function exclusive(given: Record<string, number>, context: WriteContext): JsonObject {
  if (given['temperature'] === undefined || given['top_p'] === undefined) return given
  const { top_p: _, ...others } = given
  context.warn('top_p', 'Anthropic takes temperature or top_p: temperature is sent')
  return others
}

function dropAll(given: Record<string, number>, reason: string, context: WriteContext): JsonObject {
  for (const name of Object.keys(given)) context.warn(name, reason)
  return {}
}

import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, OutputFormat } from '../../../chat/request.ts'
import { describedSchema } from '../../described-schema.ts'
import type { WriteTarget } from '../../dialect.ts'
import type { Lose } from './losses.ts'
import { takesPenalties } from './models.ts'
import { present } from './present.ts'
import { withoutConst } from './schema.ts'
import { writeThinking } from './thinking.ts'

const maxStopSequences = 5
const maxInt32 = 2 ** 31 - 1

export function writeGenerationConfig(request: ChatRequest, target: WriteTarget, lose: Lose): JsonObject | undefined {
  return present({
    ...writeSampling(request, target, lose),
    ...writePenalties(request, target, lose),
    ...writeOutput(request.output),
    maxOutputTokens: writeMaxTokens(request.maxOutputTokens, target, lose),
    stopSequences: writeStop(request.stop, lose),
    seed: writeSeed(request.seed, lose),
    candidateCount: request.count,
    responseLogprobs: request.logprobs === undefined ? undefined : true,
    logprobs: request.logprobs?.top,
    thinkingConfig: writeThinking(request.reasoning, target, lose),
  })
}

function writeSampling(
  { temperature, topP, topK }: ChatRequest,
  { model, facts }: WriteTarget,
  lose: Lose,
): JsonObject {
  if (facts.sampling !== false) return { temperature, topP, topK }
  for (const [name, value] of Object.entries({ temperature, top_p: topP, top_k: topK }))
    if (value !== undefined) lose(name, `${model} takes no sampling parameters`)
  return {}
}

function writePenalties(request: ChatRequest, { model }: WriteTarget, lose: Lose): JsonObject {
  const { presencePenalty, frequencyPenalty } = request
  if (takesPenalties(model)) return { presencePenalty, frequencyPenalty }
  // Zero is the default and says nothing.
  if ((presencePenalty ?? 0) !== 0) lose('presence_penalty', `${model} takes no penalties`)
  if ((frequencyPenalty ?? 0) !== 0) lose('frequency_penalty', `${model} takes no penalties`)
  return {}
}

function writeOutput(output: OutputFormat | undefined): JsonObject {
  if (output === undefined || output.type === 'text') return {}
  const responseMimeType = 'application/json'
  if (output.type === 'json') return { responseMimeType }
  return { responseMimeType, responseJsonSchema: withoutConst(describedSchema(output)) }
}

function writeMaxTokens(wanted: number | undefined, { model, facts }: WriteTarget, lose: Lose): number | undefined {
  const most = facts.maxOutputTokens
  if (wanted === undefined || most === undefined || wanted <= most) return wanted
  lose('max_tokens', `${model} writes at most ${most} tokens`)
  return most
}

function writeStop(stop: string[] | undefined, lose: Lose): string[] | undefined {
  if (stop === undefined || stop.length === 0) return undefined
  if (stop.length > maxStopSequences)
    lose('stop', `Gemini takes ${maxStopSequences} stop sequences; the first were sent`)
  return stop.slice(0, maxStopSequences)
}

/** Google's seed is an int32, OpenAI's an int64. */
function writeSeed(seed: number | undefined, lose: Lose): number | undefined {
  if (seed === undefined || (Number.isInteger(seed) && seed >= -maxInt32 - 1 && seed <= maxInt32)) return seed
  lose('seed', 'Gemini takes a 32-bit integer')
  return undefined
}

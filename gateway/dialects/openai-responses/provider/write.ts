import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Loss, OutputFormat, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import type { WriteTarget } from '../../dialect.ts'
import { shortId } from '../../openai-chat/provider/short-id.ts'
import { readLosses, schemaName } from '../../openai-chat/provider/write.ts'
import { writeInput } from './write-input.ts'
import { writeReasoning } from './write-reasoning.ts'
import { writeTools } from './write-tools.ts'

/** Less is refused: "integer below minimum value. Expected a value >= 16". Claude Code asks for 1 to test a key. */
const leastOutputTokens = 16

/** Canonical form -> body of POST /responses, which is told everything with every call and asked to keep nothing. */
export function writeResponses(request: ChatRequest, target: WriteTarget): Loss<JsonObject> {
  const warnings: Warning[] = readLosses(request)
  const { reasoning, includes } = writeReasoning(request, target, warnings)
  const include = [...includes, ...(request.logprobs === undefined ? [] : ['message.output_text.logprobs'])]
  const value: JsonObject = {
    model: target.model,
    ...writeInput(request, target, warnings),
    ...writeTools(request, target, warnings),
    ...writeLimits(request, target, warnings),
    ...given({
      text: writeText(request),
      reasoning,
      include: include.length === 0 ? undefined : include,
      top_logprobs: request.logprobs?.top,
      service_tier: request.serviceTier,
      safety_identifier: request.user === undefined ? undefined : shortId(request.user),
      prompt_cache_key: request.promptCacheKey === undefined ? undefined : shortId(request.promptCacheKey),
    }),
    store: false,
    ...(request.stream ? { stream: true } : {}),
  }
  return { value, warnings }
}

function writeLimits(request: ChatRequest, target: WriteTarget, warnings: Warning[]): JsonObject {
  for (const [feature, value] of Object.entries(unknownKnobs(request)))
    if (value !== undefined) warnings.push({ feature, reason: 'OpenAI Responses has no such setting' })
  const maySample = target.facts.sampling !== false
  if (!maySample && (request.temperature !== undefined || request.topP !== undefined))
    warnings.push({ feature: 'temperature', reason: `${target.model} refuses temperature and top_p` })
  return given({
    max_output_tokens: writeMaxTokens(request.maxOutputTokens, warnings),
    temperature: maySample ? request.temperature : undefined,
    top_p: maySample ? request.topP : undefined,
  })
}

function writeMaxTokens(wanted: number | undefined, warnings: Warning[]): number | undefined {
  if (wanted === undefined || wanted >= leastOutputTokens) return wanted
  warnings.push({ feature: 'max_output_tokens', reason: `raised to ${leastOutputTokens}, the least OpenAI takes` })
  return leastOutputTokens
}

function unknownKnobs(request: ChatRequest): Record<string, unknown> {
  return {
    top_k: request.topK,
    stop: request.stop,
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    n: request.count === 1 ? undefined : request.count,
  }
}

function writeText({ output, verbosity }: ChatRequest): JsonObject | undefined {
  if (output === undefined && verbosity === undefined) return undefined
  return given({ format: output === undefined ? undefined : writeFormat(output), verbosity })
}

function writeFormat(output: OutputFormat): JsonObject {
  if (output.type === 'text') return { type: 'text' }
  if (output.type === 'json') return { type: 'json_object' }
  const { name, schema, description, strict } = output
  return { type: 'json_schema', name: schemaName(name), schema, ...given({ description, strict }) }
}

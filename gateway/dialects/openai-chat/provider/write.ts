import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Loss, OutputFormat, Warning } from '../../../chat/request.ts'
import { hasCacheMarks } from '../../cache-marks.ts'
import type { WriteTarget } from '../../dialect.ts'
import { given } from '../../../chat/given.ts'
import { shortId } from './short-id.ts'
import { writeEffort } from './write-effort.ts'
import { writeMessages } from './write-messages.ts'
import { writeTools } from './write-tools.ts'

/**
 * Canonical form -> OpenAI chat body, by OpenAI's own newest names; providers that know only the older ones
 * (`max_tokens`, role `system`) have a quirk that says so.
 */
export function writeChat(request: ChatRequest, target: WriteTarget): Loss<JsonObject> {
  const warnings: Warning[] = readLosses(request)
  reportCacheMarks(request, warnings)
  const value: JsonObject = {
    model: target.model,
    messages: writeMessages(request.messages, target, warnings),
    ...writeTools(request, target, warnings),
    ...writeSampling(request, target, warnings),
    ...given({
      response_format: request.output === undefined ? undefined : writeOutput(request.output),
      reasoning_effort: writeEffort(request.reasoning, target, warnings),
      verbosity: request.verbosity,
      service_tier: request.serviceTier,
      user: request.user === undefined ? undefined : shortId(request.user),
    }),
    ...writeStream(request.stream),
  }
  return { value, warnings }
}

/** What the client's dialect could say and the canonical form cannot. */
export function readLosses({ uncarried }: ChatRequest): Warning[] {
  return (uncarried ?? []).map((feature) => ({ feature, reason: 'cannot be translated to another dialect' }))
}

export function reportCacheMarks(request: ChatRequest, warnings: Warning[]): void {
  if (hasCacheMarks(request))
    warnings.push({ feature: 'cache_control', reason: 'OpenAI-like providers cache prompts by themselves' })
}

/** Usage in streams has to be asked for. */
export function writeStream(stream: boolean): JsonObject {
  return stream ? { stream: true, stream_options: { include_usage: true } } : {}
}

export function writeSampling(request: ChatRequest, target: WriteTarget, warnings: Warning[]): JsonObject {
  if (request.topK !== undefined) warnings.push({ feature: 'top_k', reason: 'OpenAI-like providers have no top_k' })
  const maySample = target.facts.sampling !== false
  if (!maySample && (request.temperature !== undefined || request.topP !== undefined))
    warnings.push({ feature: 'temperature', reason: `${target.model} refuses temperature and top_p` })
  return given({
    max_completion_tokens: request.maxOutputTokens,
    temperature: maySample ? request.temperature : undefined,
    top_p: maySample ? request.topP : undefined,
    stop: request.stop,
    seed: request.seed,
    presence_penalty: request.presencePenalty,
    frequency_penalty: request.frequencyPenalty,
    logprobs: request.logprobs === undefined ? undefined : true,
    top_logprobs: request.logprobs?.top,
    n: request.count,
  })
}

function writeOutput(output: OutputFormat): JsonObject {
  if (output.type === 'text') return { type: 'text' }
  if (output.type === 'json') return { type: 'json_object' }
  const { name, schema, description, strict } = output
  return { type: 'json_schema', json_schema: { name: schemaName(name), schema, ...given({ description, strict }) } }
}

/** At most 64 characters of a-z, A-Z, 0-9, _ and - (openapi.json). */
export function schemaName(name: string): string {
  const allowed = name.replaceAll(/[^\w-]/g, '_').slice(0, 64)
  return allowed === '' ? 'answer' : allowed
}

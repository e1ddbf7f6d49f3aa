import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Effort, Loss, OutputFormat, Reasoning, Warning } from '../../../chat/request.ts'
import type { WriteTarget } from '../../dialect.ts'
import { given } from '../../../chat/given.ts'
import { writeMessages } from './write-messages.ts'
import { writeTools } from './write-tools.ts'

/**
 * Canonical form -> OpenAI chat body, by OpenAI's own newest names; providers that know only the older ones
 * (`max_tokens`, role `system`) have a quirk that says so.
 */
export function writeChat(request: ChatRequest, target: WriteTarget): Loss<JsonObject> {
  const warnings: Warning[] = readLosses(request)
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
      user: request.user,
    }),
    ...writeStream(request.stream),
  }
  return { value, warnings }
}

/** What the client's dialect could say and the canonical form cannot. */
export function readLosses({ uncarried }: ChatRequest): Warning[] {
  return (uncarried ?? []).map((feature) => ({ feature, reason: 'cannot be translated to another dialect' }))
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
function schemaName(name: string): string {
  const allowed = name.replaceAll(/[^\w-]/g, '_').slice(0, 64)
  return allowed === '' ? 'answer' : allowed
}

function writeEffort(reasoning: Reasoning | undefined, target: WriteTarget, warnings: Warning[]): Effort | undefined {
  if (reasoning === undefined) return undefined
  const { effort, budgetTokens } = reasoning
  const wanted = effort ?? (budgetTokens === undefined ? undefined : effortOf(budgetTokens))
  if (wanted === undefined) return undefined
  // "none" is only understood by models that can think; one that cannot does not think anyway.
  if (target.facts.thinking !== 'none') return wanted
  if (wanted !== 'none') warnings.push({ feature: 'reasoning_effort', reason: `${target.model} cannot think` })
  return undefined
}

/** The way back of effort -> budget (reference/gateways.md D.7: 1024, 2048, 4096, 8192). */
function effortOf(budgetTokens: number): Effort {
  if (budgetTokens <= 0) return 'none'
  if (budgetTokens <= 2048) return 'low'
  return budgetTokens <= 8192 ? 'medium' : 'high'
}

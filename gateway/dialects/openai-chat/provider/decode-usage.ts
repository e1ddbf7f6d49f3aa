import { asObject, isObject, type Json, type JsonObject } from '../../../chat/json.ts'
import type { Usage } from '../../../chat/usage.ts'
import { given } from '../../../chat/given.ts'

/** The chunk's or body's usage: OpenAI's place, Groq's (`x_groq`), Moonshot's (in a choice). */
export function findUsage(body: JsonObject): JsonObject | undefined {
  if (isObject(body['usage'])) return body['usage']
  const groq = asObject(body['x_groq'])?.['usage']
  if (isObject(groq)) return groq
  const choices = Array.isArray(body['choices']) ? body['choices'] : []
  return asObject(choices.map((choice) => asObject(choice)?.['usage']).find(isObject))
}

/** Of a whole body, or of an object that holds only its usage members. */
export function readBodyUsage(body: JsonObject): Usage | undefined {
  const usage = findUsage(body)
  const tier = body['service_tier']
  return usage === undefined ? undefined : readUsage(usage, typeof tier === 'string' ? tier : undefined)
}

/** undefined where it tells no count at all. */
export function readUsage(usage: JsonObject, serviceTier?: string): Usage | undefined {
  const input = count(usage, 'prompt_tokens') ?? count(usage, 'input_tokens')
  const { output, reasoning } = readOutput(usage, input)
  if (input === undefined && output === undefined) return undefined
  const prompt = detail(usage, 'prompt_tokens_details', 'input_tokens_details')
  const completion = detail(usage, 'completion_tokens_details', 'output_tokens_details')
  return given({
    input,
    cacheRead: within(input, readCached(usage, prompt)),
    cacheWrite: within(input, count(prompt, 'cache_write_tokens') ?? count(usage, 'cache_creation_input_tokens')),
    inputAudio: within(input, count(prompt, 'audio_tokens')),
    output,
    reasoning: within(output, reasoning),
    outputAudio: within(output, count(completion, 'audio_tokens')),
    webSearches: readSearches(usage),
    serviceTier,
    raw: usage as Json,
  })
}

/**
 * xAI counts reasoning beside completion_tokens (12 + 1 + 290 = 303 in all), all others within: the total tells.
 * Perplexity has reasoning_tokens at top level, more than completion_tokens, and in no total.
 */
function readOutput(usage: JsonObject, input: number | undefined): { output?: number; reasoning?: number } {
  const completion = count(usage, 'completion_tokens') ?? count(usage, 'output_tokens')
  const details = detail(usage, 'completion_tokens_details', 'output_tokens_details')
  const inner = count(details, 'reasoning_tokens')
  const outer = count(usage, 'reasoning_tokens')
  const reasoning = inner ?? outer
  if (completion === undefined || reasoning === undefined) return given({ output: completion, reasoning })
  const isBeside = count(usage, 'total_tokens') === (input ?? 0) + completion + reasoning
  const isApart = inner === undefined && reasoning > completion
  return { output: isBeside || isApart ? completion + reasoning : completion, reasoning }
}

/** OpenAI's place, DeepSeek's, Moonshot's, LiteLLM's (Anthropic's name), Mistral's. */
function readCached(usage: JsonObject, prompt: JsonObject): number | undefined {
  return (
    count(prompt, 'cached_tokens') ??
    count(usage, 'prompt_cache_hit_tokens') ??
    count(usage, 'cached_tokens') ??
    count(usage, 'cache_read_input_tokens') ??
    count(usage, 'num_cached_tokens')
  )
}

/** Perplexity; OpenRouter, by either name. */
function readSearches(usage: JsonObject): number | undefined {
  const tools = detail(usage, 'server_tool_use_details', 'server_tool_use')
  return count(usage, 'num_search_queries') ?? count(tools, 'web_search_requests')
}

function detail(usage: JsonObject, name: string, other: string): JsonObject {
  return asObject(usage[name]) ?? asObject(usage[other]) ?? {}
}

function count(holder: JsonObject, name: string): number | undefined {
  const value = holder[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

/** A part cannot exceed its whole, though providers say so (OpenRouter: 11 reasoning tokens of 10). */
function within(whole: number | undefined, part: number | undefined): number | undefined {
  return whole === undefined || part === undefined ? part : Math.min(whole, part)
}

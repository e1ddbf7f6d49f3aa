import { given } from '../../chat/given.ts'
import { asObject, isObject, type JsonObject } from '../../chat/json.ts'
import type { Usage } from '../../chat/usage.ts'

/**
 * Usage of an answer that is handed on: OpenAI's images and audio (`usage`), rerank of Jina, Voyage and Together
 * (`usage.total_tokens`), of Cohere (`meta.tokens`, `meta.billed_units`). undefined where it tells no tokens: what is
 * billed by the minute, by the picture or by the search has no place in a count of tokens.
 */
export function readForwardedUsage(body: JsonObject): Usage | undefined {
  const usage = asObject(body['usage'])
  if (usage !== undefined) return readTokens(usage)
  const meta = asObject(body['meta'])
  const told = [meta?.['billed_units'], meta?.['tokens']].find((each) => isObject(each) && hasTokens(each))
  return isObject(told) ? readTokens(told) : undefined
}

function hasTokens(units: JsonObject): boolean {
  return count(units, 'input_tokens') !== undefined || count(units, 'output_tokens') !== undefined
}

function readTokens(usage: JsonObject): Usage | undefined {
  const outputTold = count(usage, 'output_tokens') ?? count(usage, 'completion_tokens')
  // Voyage and Jina tell the total alone: what they do generates nothing.
  const input = count(usage, 'input_tokens') ?? count(usage, 'prompt_tokens') ?? count(usage, 'total_tokens')
  if (input === undefined && outputTold === undefined) return undefined
  // Images say `input_tokens_details`, transcriptions `input_token_details`.
  const details = asObject(usage['input_tokens_details']) ?? asObject(usage['input_token_details']) ?? {}
  const cached = count(details, 'cached_tokens')
  return {
    ...given({ input, cacheRead: cached, inputAudio: count(details, 'audio_tokens') }),
    output: outputTold ?? 0,
    // An image that goes in costs twice what text does (gpt-image-1), and the price book knows one rate for both.
    ...((count(details, 'image_tokens') ?? 0) > 0 ? { unpriced: true as const } : {}),
    raw: usage,
  }
}

function count(holder: JsonObject, name: string): number | undefined {
  const value = holder[name]
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined
}

import type { FinishReason, UnifiedFinish } from '../../../chat/finish.ts'

/** OpenAI's words and those of servers that speak its dialect with words of their own. */
const words: Record<string, UnifiedFinish> = {
  stop: 'stop',
  eos: 'stop', // Together, older
  eos_token: 'stop', // TGI
  end_turn: 'stop', // proxies of Anthropic
  stop_sequence: 'stop',
  COMPLETE: 'stop', // Cohere
  length: 'length',
  max_tokens: 'length',
  MAX_TOKENS: 'length',
  model_length: 'length', // Mistral: the context is full
  tool_calls: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
  content_filter: 'content-filter',
  safety: 'content-filter',
  sensitive: 'content-filter', // Z.ai
  refusal: 'content-filter',
  error: 'error', // Mistral, OpenRouter
  network_error: 'error', // Z.ai
  insufficient_system_resource: 'error', // DeepSeek
}

/** Some servers (xAI, local ones) finish an answer that calls tools with "stop": the call is what counts. */
export function readFinish(raw: string | undefined, calledTool: boolean): FinishReason {
  const word = raw === undefined ? 'stop' : ((Object.hasOwn(words, raw) ? words[raw] : undefined) ?? 'other')
  const unified = word === 'stop' && calledTool ? 'tool-calls' : word
  return raw === undefined ? { unified } : { unified, raw }
}

import type { FinishReason, UnifiedFinish } from '../../../chat/finish.ts'

/** Everything not named here is `other`: LANGUAGE, OTHER, NO_IMAGE, FINISH_REASON_UNSPECIFIED and what is yet to come. */
const finishes = new Map<string, UnifiedFinish>([
  ['STOP', 'stop'],
  ['MAX_TOKENS', 'length'],
  ['SAFETY', 'content-filter'],
  ['RECITATION', 'content-filter'],
  ['BLOCKLIST', 'content-filter'],
  ['PROHIBITED_CONTENT', 'content-filter'],
  ['SPII', 'content-filter'],
  ['MODEL_ARMOR', 'content-filter'],
  ['IMAGE_SAFETY', 'content-filter'],
  ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
  ['IMAGE_RECITATION', 'content-filter'],
  ['MALFORMED_FUNCTION_CALL', 'error'],
  ['UNEXPECTED_TOOL_CALL', 'error'],
  ['TOO_MANY_TOOL_CALLS', 'error'],
  ['MALFORMED_RESPONSE', 'error'],
  ['MISSING_THOUGHT_SIGNATURE', 'error'],
])

/** Gemini ends an answer that calls functions with STOP too. */
export function finishReason(raw: string, calledTool: boolean): FinishReason {
  const unified = finishes.get(raw) ?? 'other'
  return { unified: unified === 'stop' && calledTool ? 'tool-calls' : unified, raw }
}

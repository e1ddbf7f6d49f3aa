import type { JsonObject } from '../../../chat/json.ts'
import type { FinishReason, UnifiedFinish } from '../../../chat/finish.ts'

/**
 * https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons; Anthropic has no word for an answer that
 * ended in any other way.
 */
const words: Record<UnifiedFinish, string> = {
  stop: 'end_turn',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
  error: 'end_turn',
  other: 'end_turn',
}

/** Anthropic's own words that say more than the unified one. */
const ownWords = new Set(['pause_turn', 'stop_sequence', 'model_context_window_exceeded'])

/**
 * `stop_reason` and what goes with it. `isRefused`: the model said no; OpenAI ends such answers with an ordinary stop.
 * `explanation`: why the provider stopped the answer.
 */
export function encodeFinish(
  reason: FinishReason = { unified: 'stop' },
  { isRefused = false, explanation }: { isRefused?: boolean; explanation?: string | undefined } = {},
): JsonObject {
  const word = stopReason(reason, isRefused)
  return {
    stop_reason: word,
    stop_sequence: reason.stopSequence ?? null,
    stop_details: word === 'refusal' ? { type: 'refusal', category: null, explanation: explanation ?? null } : null,
  }
}

function stopReason({ unified, raw, stopSequence }: FinishReason, isRefused: boolean): string {
  if (isRefused && unified === 'stop') return 'refusal'
  if (stopSequence !== undefined) return 'stop_sequence'
  return raw !== undefined && ownWords.has(raw) ? raw : words[unified]
}

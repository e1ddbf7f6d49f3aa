import type { FinishReason, UnifiedFinish } from '../../../chat/finish.ts'

/** https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons; anything newer is `other`. */
const unified: Record<string, UnifiedFinish> = {
  end_turn: 'stop',
  stop_sequence: 'stop',
  // A long server-side tool loop was suspended: the client may send the turn back to go on.
  pause_turn: 'stop',
  max_tokens: 'length',
  model_context_window_exceeded: 'length',
  tool_use: 'tool-calls',
  refusal: 'content-filter',
  // Beta: only the summary of the conversation was made, there is no answer yet.
  compaction: 'other',
}

export function readFinish(stopReason: string | undefined, stopSequence?: string): FinishReason {
  if (stopReason === undefined) return { unified: 'other' }
  const word = Object.hasOwn(unified, stopReason) ? (unified[stopReason] ?? 'other') : 'other'
  return { unified: word, raw: stopReason, ...(stopSequence === undefined ? {} : { stopSequence }) }
}

import type { UnifiedFinish } from '../../../chat/finish.ts'

/** OpenAI has no word for an answer that ended in any other way, and its clients know only these. */
const words: Record<UnifiedFinish, 'stop' | 'length' | 'tool_calls' | 'content_filter'> = {
  stop: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
  error: 'stop',
  other: 'stop',
}

export function finishWord(unified: UnifiedFinish): string {
  return words[unified]
}

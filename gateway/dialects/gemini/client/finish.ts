import type { FinishReason, UnifiedFinish } from '../../../chat/finish.ts'
import { finishReason } from '../provider/finish.ts'

/** An answer that calls functions ends with STOP too. */
const words: Record<UnifiedFinish, string> = {
  stop: 'STOP',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
  error: 'MALFORMED_RESPONSE',
  other: 'OTHER',
}

/** Those that mean nothing to the gateway; clients may know better. */
const others = new Set(['LANGUAGE', 'OTHER', 'NO_IMAGE', 'IMAGE_OTHER', 'CONTINUATION'])

/** Google's own word stays as it was where the answer is Google's. */
export function finishWord({ unified, raw }: FinishReason): string {
  if (raw === undefined) return words[unified]
  const known = finishReason(raw, unified === 'tool-calls').unified
  return known === unified && (unified !== 'other' || others.has(raw)) ? raw : words[unified]
}

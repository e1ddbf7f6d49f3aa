/** Why an answer ended, in the one vocabulary all dialects map to, beside what the provider really said. */
export interface FinishReason {
  unified: UnifiedFinish
  /** The provider's own word; undefined where it gave none. */
  raw?: string
  /** The stop sequence that ended the answer, where the provider tells it. */
  stopSequence?: string
}

export type UnifiedFinish = 'stop' | 'length' | 'tool-calls' | 'content-filter' | 'error' | 'other'

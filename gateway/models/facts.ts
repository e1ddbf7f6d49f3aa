/**
 * What is known of one model, beyond its price. Every member is optional: an unknown model is assumed to accept
 * what its dialect allows, and its provider will say otherwise.
 */
export interface ModelFacts {
  /** Tokens of prompt and answer together. */
  contextTokens?: number
  /** Most tokens one answer may have. */
  maxOutputTokens?: number
  /** false: temperature, top_p and top_k are refused. */
  sampling?: boolean
  /** How thinking is asked for; `none` = the model cannot think. */
  thinking?: 'budget' | 'adaptive' | 'level' | 'none'
  /** true: thinking cannot be switched off. */
  thinkingAlwaysOn?: boolean
  /** false: `tool_choice` that forces a call is refused. */
  forcedToolChoice?: boolean
  /** false: an assistant turn at the end (prefill) is refused. */
  prefill?: boolean
  /** true: JSON-schema output is native (otherwise the dialect must ask by another way or warn). */
  structuredOutput?: boolean
}

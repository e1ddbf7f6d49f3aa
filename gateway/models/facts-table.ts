import type { ModelFacts } from './facts.ts'

/** Facts of the models whose bare name begins with one of `names`, at the end of a number if it ends in one. */
export interface FactRule {
  names: string[]
  facts: ModelFacts
}

const since46 = ['claude-opus-4-6', 'claude-sonnet-4-6']
const since47 = [
  'claude-opus-4-7',
  'claude-opus-4-8',
  'claude-opus-5',
  'claude-sonnet-5',
  'claude-haiku-5-5',
  'claude-fable-5',
  'claude-mythos-5',
]

/** Adds up: of two rules that say something of the same member, the later one wins. A name not here: nothing known. */
export const factRules: readonly FactRule[] = [
  // Anthropic. Limits, thinking and sampling: the model catalogue of @ai-sdk/anthropic 4.0.105.
  { names: ['claude-3'], facts: { thinking: 'none', structuredOutput: false } },
  { names: ['claude-3-haiku'], facts: { maxOutputTokens: 4096 } },
  { names: ['claude-3-7-sonnet'], facts: { thinking: 'budget' } },
  {
    names: ['claude-opus-4', 'claude-4-opus'],
    facts: { maxOutputTokens: 32_000, thinking: 'budget', structuredOutput: false },
  },
  {
    names: ['claude-sonnet-4', 'claude-4-sonnet'],
    facts: { maxOutputTokens: 64_000, thinking: 'budget', structuredOutput: false },
  },
  { names: ['claude-opus-4-1'], facts: { structuredOutput: true } },
  {
    names: ['claude-opus-4-5', 'claude-sonnet-4-5', 'claude-haiku-4-5'],
    facts: { maxOutputTokens: 64_000, thinking: 'budget', structuredOutput: true },
  },
  // "This model does not support assistant message prefill": github.com/anthropics/claude-code/issues/52433, 4.6 and on.
  {
    names: [...since46, ...since47],
    facts: { maxOutputTokens: 128_000, thinking: 'adaptive', structuredOutput: true, prefill: false },
  },
  { names: since47, facts: { sampling: false } },
  { names: ['claude-sonnet-5-5', 'claude-opus-5-5', 'claude-fable-5'], facts: { thinkingAlwaysOn: true } },
  // fable-5 and mythos-5 besides those of that catalogue: pydantic-ai profiles/anthropic.py, supports_forced_tool_choice.
  {
    names: ['claude-sonnet-5-5', 'claude-opus-5-5', 'claude-fable-5', 'claude-mythos-5'],
    facts: { forcedToolChoice: false },
  },

  // OpenAI: "Unsupported parameter: 'temperature' is not supported with this model" for all that think; those before
  // refuse reasoning members ("Encrypted content is not supported with this model"). @ai-sdk/openai, model capabilities.
  { names: ['gpt-3.5', 'gpt-4', 'chatgpt-4o'], facts: { thinking: 'none' } },
  { names: ['o1', 'o3', 'o4', 'gpt-5', 'gpt-6'], facts: { thinking: 'level', sampling: false } },
  { names: ['gpt-5-chat'], facts: { thinking: 'none', sampling: true } },

  // Google: 2.5 counts a budget, 3 and later name a level; the pro models always think (pydantic-ai profiles/google.py).
  { names: ['gemini-1.5', 'gemini-2.0', 'gemma'], facts: { thinking: 'none' } },
  { names: ['gemini-2.5'], facts: { thinking: 'budget' } },
  { names: ['gemini-2.5-pro'], facts: { thinkingAlwaysOn: true } },
  { names: ['gemini-3', 'gemini-4'], facts: { thinking: 'level' } },
  { names: ['gemini-3-pro', 'gemini-3.1-pro', 'gemini-3.5-pro'], facts: { thinkingAlwaysOn: true } },
]

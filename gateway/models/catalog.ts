import type { ModelFacts } from './facts.ts'
import { factRules } from './facts-table.ts'
import { bareModelName } from './model-name.ts'

/** What is known of a model by its name, with or without a vendor's prefix and a date. */
export function modelFacts(model: string): ModelFacts {
  const name = factName(model)
  const facts: ModelFacts = {}
  for (const rule of factRules) {
    if (rule.names.some((prefix) => isNamed(name, prefix))) Object.assign(facts, rule.facts)
  }
  return facts
}

/** OpenRouter and others write `claude-opus-4.5` where Anthropic writes `claude-opus-4-5`. */
function factName(model: string): string {
  const name = bareModelName(model)
  return name.startsWith('claude') ? name.replaceAll('.', '-') : name
}

/** `gemini-3` names gemini-3-pro and gemini-3.8-flash, not gemini-30; `claude-opus-4-5` not claude-opus-4-50. */
function isNamed(name: string, prefix: string): boolean {
  return name.startsWith(prefix) && !/^\d/.test(name.slice(prefix.length))
}

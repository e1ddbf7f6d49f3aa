import type { JsonObject } from '../../../chat/json.ts'
import type { ChatRequest, Reasoning, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import type { WriteTarget } from '../../dialect.ts'
import { writeEffort } from '../../openai-chat/provider/write-effort.ts'

interface WrittenReasoning {
  reasoning: JsonObject | undefined
  /** For `include`: nothing is stored, so the next turn needs the thoughts themselves, encrypted. */
  includes: string[]
}

/** A model that cannot think refuses all of it: "Encrypted content is not supported with this model". */
export function writeReasoning(request: ChatRequest, target: WriteTarget, warnings: Warning[]): WrittenReasoning {
  const effort = writeEffort(request.reasoning, target, warnings)
  if (!thinks(request.reasoning, target)) return { reasoning: undefined, includes: [] }
  const members = given({ effort, summary: writeSummary(request.reasoning) })
  return {
    reasoning: Object.keys(members).length === 0 ? undefined : members,
    includes: effort === 'none' ? [] : ['reasoning.encrypted_content'],
  }
}

/** Of an unknown model only what the client asks it tells whether it can. */
function thinks(reasoning: Reasoning | undefined, { facts }: WriteTarget): boolean {
  return facts.thinking === undefined ? reasoning !== undefined : facts.thinking !== 'none'
}

/**
 * Thoughts are told only where asked for, and some accounts may not ask ("organization must be verified to generate
 * reasoning summaries"): so only for clients that wait for them, which an effort alone does not say.
 */
function writeSummary(reasoning: Reasoning = {}): string | undefined {
  const { summary, visible, budgetTokens, adaptive, effort } = reasoning
  if (visible === false || effort === 'none' || budgetTokens === 0) return undefined
  if (summary !== undefined) return summary
  return visible === true || adaptive === true || budgetTokens !== undefined ? 'auto' : undefined
}

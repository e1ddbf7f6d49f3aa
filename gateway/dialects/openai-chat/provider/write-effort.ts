import type { Effort, Reasoning, Warning } from '../../../chat/request.ts'
import type { WriteTarget } from '../../dialect.ts'

/** The effort to ask for; undefined: not asked for, or the model cannot think. */
export function writeEffort(
  reasoning: Reasoning | undefined,
  target: WriteTarget,
  warnings: Warning[],
): Effort | undefined {
  if (reasoning === undefined) return undefined
  const { effort, budgetTokens, adaptive } = reasoning
  const wanted = effort ?? (budgetTokens === undefined ? undefined : effortOf(budgetTokens))
  // "none" is only understood by models that can think; one that cannot does not think anyway.
  if (target.facts.thinking !== 'none') return wanted
  if ((wanted !== undefined && wanted !== 'none') || adaptive === true)
    warnings.push({ feature: 'reasoning_effort', reason: `${target.model} cannot think` })
  return undefined
}

/** Some clients say how long to think in tokens, this dialect in words. */
function effortOf(budgetTokens: number): Effort {
  if (budgetTokens <= 0) return 'none'
  if (budgetTokens <= 2048) return 'low'
  return budgetTokens <= 8192 ? 'medium' : 'high'
}

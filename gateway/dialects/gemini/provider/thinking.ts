import type { JsonObject } from '../../../chat/json.ts'
import type { Effort, Reasoning } from '../../../chat/request.ts'
import type { WriteTarget } from '../../dialect.ts'
import type { Lose } from './losses.ts'
import { budgetRange, hasMediumLevel, leastLevel, thinkingStyle } from './models.ts'
import { present } from './present.ts'

/** `generationConfig.thinkingConfig`, in the way this model takes it. */
export function writeThinking(
  reasoning: Reasoning | undefined,
  target: WriteTarget,
  lose: Lose,
): JsonObject | undefined {
  if (reasoning === undefined) return undefined
  const style = thinkingStyle(target)
  const isOff = reasoning.effort === 'none' || reasoning.budgetTokens === 0
  if (style === 'none') {
    if (!isOff) lose('reasoning_effort', `${target.model} does not think`)
    return undefined
  }
  return present({
    ...(style === 'level' ? writeLevel(reasoning, target.model, lose) : writeBudget(reasoning, target, lose)),
    includeThoughts: !isOff && reasoning.visible !== false ? true : undefined,
  })
}

function writeLevel(reasoning: Reasoning, model: string, lose: Lose): JsonObject {
  const effort = reasoning.effort ?? effortOfBudget(reasoning.budgetTokens)
  return { thinkingLevel: effort === undefined ? undefined : level(effort, model, lose) }
}

const levels: Record<Effort, string> = {
  none: 'MINIMAL',
  minimal: 'MINIMAL',
  low: 'LOW',
  medium: 'MEDIUM',
  high: 'HIGH',
  xhigh: 'HIGH',
  max: 'HIGH',
}

function level(effort: Effort, model: string, lose: Lose): string {
  if (effort === 'xhigh' || effort === 'max') lose('reasoning_effort', `the highest level of ${model} is HIGH`)
  const wanted = levels[effort]
  if (wanted === 'MEDIUM' && !hasMediumLevel(model)) return 'HIGH'
  if (wanted !== 'MINIMAL' || leastLevel(model) === 'MINIMAL') return wanted
  if (effort === 'none') lose('reasoning_effort', `${model} always thinks; its least level, LOW, was asked`)
  return 'LOW'
}

/** The nearest level to a count of tokens, by the counts Google itself puts beside OpenAI's efforts (1024, 8192, 24576). */
function effortOfBudget(tokens: number | undefined): Effort | undefined {
  if (tokens === undefined || tokens < 0) return undefined
  if (tokens === 0) return 'none'
  if (tokens <= 4096) return 'low'
  return tokens <= 16_384 ? 'medium' : 'high'
}

/** From ai.google.dev/gemini-api/docs/openai, "Thinking"; undefined = as much as the model may. */
const effortBudgets: Record<Effort, number | undefined> = {
  none: 0,
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: undefined,
  max: undefined,
}

function writeBudget(reasoning: Reasoning, { model, facts }: WriteTarget, lose: Lose): JsonObject {
  const { effort, budgetTokens, adaptive } = reasoning
  if (effort === undefined && budgetTokens === undefined) return adaptive === true ? { thinkingBudget: -1 } : {}
  const { min, max, off } = budgetRange(model)
  const wanted = budgetTokens ?? (effort === undefined ? undefined : effortBudgets[effort]) ?? max
  // -1 lets the model decide.
  if (wanted === -1 || (wanted === 0 && off && facts.thinkingAlwaysOn !== true)) return { thinkingBudget: wanted }
  if (wanted === 0) lose('reasoning_effort', `${model} always thinks; its least budget, ${min} tokens, was asked`)
  return { thinkingBudget: Math.min(max, Math.max(min, wanted)) }
}

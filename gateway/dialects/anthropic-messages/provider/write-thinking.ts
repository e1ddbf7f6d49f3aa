import type { ChatRequest, Effort, JsonObject, Reasoning } from '../../../chat/request.ts'
import type { ModelFacts } from '../../../models/facts.ts'
import type { WriteContext } from './write-context.ts'

export interface ThinkingPlan {
  maxTokens: number
  /** Whether the model thinks: then sampling is fixed and no call can be forced. */
  isThinking: boolean
  /** The `thinking` member. */
  thinking?: JsonObject
  /** `output_config.effort` */
  effort?: string
}

type Level = Exclude<Effort, 'none'>

/** Tokens to think with, for models that count them. 1024 is the least Anthropic takes. */
const MIN_BUDGET = 1024
const budgets: Record<Level, number> = {
  minimal: MIN_BUDGET,
  low: 2048,
  medium: 4096,
  high: 8192,
  xhigh: 16_384,
  max: 32_000,
}

/** An unknown model's answer, where nobody says how long it may be: every model can give this much. */
const DEFAULT_MAX_TOKENS = 4096

export function planThinking(request: ChatRequest, isUnthought: boolean, context: WriteContext): ThinkingPlan {
  const { facts } = context.target
  const plain = { maxTokens: answerTokens(request, context), isThinking: facts.thinkingAlwaysOn === true }
  const reasoning = request.reasoning ?? {}
  if (reasoning.effort === undefined && reasoning.budgetTokens === undefined && reasoning.adaptive !== true)
    return plain
  if (isOff(reasoning)) return switchedOff(plain, context)
  if (facts.thinking === 'none') {
    context.warn('reasoning_effort', 'this model cannot think')
    return plain
  }
  if (!countsTokens(facts, reasoning)) return adaptive(plain, reasoning, context)
  if (!isUnthought) return budgeted(plain, request, context)
  // 400 "Expected `thinking` or `redacted_thinking`, but found `tool_use`": a turn must end as it began.
  context.warn(
    'reasoning_effort',
    'the tool calls being answered have no signed thinking: the model cannot think in this call',
  )
  return plain
}

/** max_tokens is required. 0 is legal: it only warms the prompt cache. */
function answerTokens(request: ChatRequest, context: WriteContext): number {
  const limit = context.target.facts.maxOutputTokens
  const wanted = request.maxOutputTokens ?? limit ?? DEFAULT_MAX_TOKENS
  if (limit === undefined || wanted <= limit) return wanted
  context.warn('max_tokens', `this model gives at most ${limit} tokens`)
  return limit
}

function isOff({ effort, budgetTokens }: Reasoning): boolean {
  return effort === 'none' || (effort === undefined && budgetTokens === 0)
}

function switchedOff(plain: ThinkingPlan, { target: { facts }, warn }: WriteContext): ThinkingPlan {
  if (facts.thinking === 'none') return plain
  if (facts.thinkingAlwaysOn !== true) return { ...plain, thinking: { type: 'disabled' } }
  warn('reasoning_effort', 'this model always thinks: the least effort is asked')
  return { ...plain, effort: 'low' }
}

/**
 * Where the model is unknown: token budgets if the client gave one, else adaptive, which every model since Claude 4.6
 * takes and the newest demand; models.facts knows the older ones.
 */
function countsTokens(facts: ModelFacts, reasoning: Reasoning): boolean {
  if (facts.thinking === undefined) return reasoning.effort === undefined && reasoning.adaptive !== true
  return facts.thinking === 'budget'
}

function adaptive(plain: ThinkingPlan, reasoning: Reasoning, { warn }: WriteContext): ThinkingPlan {
  const { budgetTokens, visible } = reasoning
  const effort = reasoning.effort ?? (budgetTokens === undefined ? undefined : nearestEffort(budgetTokens))
  if (reasoning.effort === undefined && effort !== undefined)
    warn('thinking.budget_tokens', `this model takes no budget: effort ${effort} is asked`)
  return {
    ...plain,
    isThinking: true,
    // Since Claude Opus 4.7 the text is left out unless asked for.
    thinking: { type: 'adaptive', display: visible === false ? 'omitted' : 'summarized' },
    ...(effort === undefined ? {} : { effort: effort === 'minimal' ? 'low' : effort }),
  }
}

function nearestEffort(budgetTokens: number): Level {
  const levels: Level[] = ['low', 'medium', 'high', 'xhigh']
  return levels.find((level) => budgetTokens <= budgets[level]) ?? 'max'
}

function budgeted(plain: ThinkingPlan, request: ChatRequest, context: WriteContext): ThinkingPlan {
  const { effort, budgetTokens, visible } = request.reasoning ?? {}
  const level = effort === undefined || effort === 'none' ? 'medium' : effort
  const wanted = Math.max(MIN_BUDGET, budgetTokens ?? budgets[level])
  const fitted = fitBudget(wanted, plain.maxTokens, context.target.facts.maxOutputTokens)
  if (fitted === undefined) {
    context.warn('reasoning_effort', 'too few tokens are left to think')
    return plain
  }
  if (request.maxOutputTokens !== undefined && fitted.maxTokens > plain.maxTokens)
    context.warn('max_tokens', `raised to ${fitted.maxTokens}: thinking counts towards it, and gets ${fitted.budget}`)
  // Models that count tokens show their thinking unless told not to.
  const display = visible === false ? { display: 'omitted' } : {}
  return {
    maxTokens: fitted.maxTokens,
    isThinking: true,
    thinking: { type: 'enabled', budget_tokens: fitted.budget, ...display },
  }
}

/**
 * The budget must be less than max_tokens, which is raised rather than failing; where the model's own limit forbids
 * that, thinking takes what the answer leaves, but at least half.
 */
function fitBudget(
  wanted: number,
  answer: number,
  limit = Number.POSITIVE_INFINITY,
): { budget: number; maxTokens: number } | undefined {
  // Nothing is to be generated: the call only warms the cache.
  if (answer === 0) return undefined
  if (wanted < answer) return { budget: wanted, maxTokens: answer }
  const maxTokens = Math.min(limit, wanted + answer)
  if (maxTokens <= MIN_BUDGET) return undefined
  const room = maxTokens - Math.min(answer, Math.floor(maxTokens / 2))
  return { budget: Math.max(MIN_BUDGET, Math.min(wanted, room)), maxTokens }
}

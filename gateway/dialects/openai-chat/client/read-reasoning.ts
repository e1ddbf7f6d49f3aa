import type { JsonObject } from '../../../chat/json.ts'
import type { Effort, Reasoning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import { optionalBoolean, optionalInteger, optionalObject, optionalString, wrongValue } from '../../expect.ts'

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const satisfies readonly Effort[]

/**
 * How to think, in the four ways OpenAI-like clients say it: OpenAI's `reasoning_effort`, OpenRouter's `reasoning`
 * and `include_reasoning`, and `thinking` as LiteLLM, DeepSeek and Z.ai have it.
 */
export function readReasoning(body: JsonObject): Reasoning | undefined {
  const reasoning = optionalObject(body, 'reasoning') ?? {}
  const thinking = optionalObject(body, 'thinking') ?? {}
  const read = given({
    effort:
      readEffort(body, 'reasoning_effort', '') ??
      readEffort(reasoning, 'effort', 'reasoning') ??
      readSwitch(reasoning, thinking),
    budgetTokens:
      optionalInteger(reasoning, 'max_tokens', 'reasoning') ?? optionalInteger(thinking, 'budget_tokens', 'thinking'),
    visible: readVisible(body, reasoning),
  })
  return Object.keys(read).length === 0 ? undefined : read
}

function readEffort(object: JsonObject, key: string, parent: string): Effort | undefined {
  const value = optionalString(object, key, parent)
  if (value === undefined) return undefined
  const effort = efforts.find((name) => name === value)
  if (effort === undefined) throw wrongValue(parent === '' ? key : `${parent}.${key}`, value, efforts)
  return effort
}

/** `enabled: true` alone means medium (openrouter.ai/docs, reasoning tokens). */
function readSwitch(reasoning: JsonObject, thinking: JsonObject): Effort | undefined {
  const enabled = optionalBoolean(reasoning, 'enabled', 'reasoning')
  if (enabled === false || thinking['type'] === 'disabled') return 'none'
  return enabled === true && typeof reasoning['max_tokens'] !== 'number' ? 'medium' : undefined
}

function readVisible(body: JsonObject, reasoning: JsonObject): boolean | undefined {
  const exclude = optionalBoolean(reasoning, 'exclude', 'reasoning')
  if (exclude !== undefined) return !exclude
  return optionalBoolean(body, 'include_reasoning')
}

import type { JsonObject } from '../../../chat/json.ts'
import type { Effort, Reasoning, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import { optionalInteger, optionalObject, optionalString } from '../../expect.ts'

/** How to think: `thinking`, and `output_config.effort`, which counts only where thinking is not switched off. */
export function readReasoning(body: JsonObject, warnings: Warning[]): Reasoning | undefined {
  const thinking = optionalObject(body, 'thinking')
  const effort = readEffort(optionalObject(body, 'output_config') ?? {}, warnings)
  const read = { ...given({ effort }), ...(thinking === undefined ? {} : readThinking(thinking, warnings)) }
  return Object.keys(read).length === 0 ? undefined : read
}

function readThinking(thinking: JsonObject, warnings: Warning[]): Reasoning {
  const visible = readVisible(thinking)
  switch (optionalString(thinking, 'type', 'thinking')) {
    case 'disabled':
      return { effort: 'none' }
    case 'enabled':
      return given({ budgetTokens: optionalInteger(thinking, 'budget_tokens', 'thinking'), visible })
    case 'adaptive':
      return { adaptive: true, ...given({ visible }) }
    case 'between_tools':
      warnings.push({ feature: 'thinking.type', reason: 'no other provider thinks only between tool calls' })
      return { adaptive: true, ...given({ visible }) }
    default:
      warnings.push({ feature: 'thinking.type', reason: 'this way of thinking cannot be translated' })
      return given({ visible })
  }
}

/** Without a wish, the model's own default stands. */
function readVisible(thinking: JsonObject): boolean | undefined {
  const display = optionalString(thinking, 'display', 'thinking')
  return display === undefined ? undefined : display !== 'omitted'
}

const efforts = ['minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const satisfies readonly Effort[]

function readEffort(config: JsonObject, warnings: Warning[]): Effort | undefined {
  const value = optionalString(config, 'effort', 'output_config')
  const effort = efforts.find((name) => name === value)
  if (value !== undefined && effort === undefined)
    warnings.push({ feature: 'output_config.effort', reason: `an effort of ${value} cannot be translated` })
  return effort
}

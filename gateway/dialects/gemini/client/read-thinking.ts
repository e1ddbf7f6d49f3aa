import type { JsonObject } from '../../../chat/json.ts'
import type { Effort, Reasoning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import { optionalBoolean, optionalInteger, optionalString } from '../../expect.ts'

const at = 'generationConfig.thinkingConfig'

const efforts = ['minimal', 'low', 'medium', 'high'] as const satisfies readonly Effort[]

/** `thinkingConfig`. Thoughts are shown only where they are asked for. */
export function readThinking(config: JsonObject): { reasoning: Reasoning | undefined; uncarried: string[] } {
  if (Object.keys(config).length === 0) return { reasoning: undefined, uncarried: [] }
  const word = optionalString(config, 'thinkingLevel', at)?.toLowerCase() ?? ''
  const effort = efforts.find((name) => name === word)
  const isUnknown = effort === undefined && word !== '' && !word.endsWith('unspecified')
  const budget = optionalInteger(config, 'thinkingBudget', at)
  const reasoning: Reasoning = {
    ...given({ effort }),
    ...readBudget(budget),
    visible: optionalBoolean(config, 'includeThoughts', at) === true,
  }
  return { reasoning, uncarried: isUnknown ? [`${at}.thinkingLevel`] : [] }
}

/** 0 switches thinking off, -1 leaves it to the model. */
function readBudget(budget: number | undefined): Reasoning {
  if (budget === undefined) return {}
  if (budget === 0) return { effort: 'none' }
  return budget < 0 ? { adaptive: true } : { budgetTokens: budget }
}

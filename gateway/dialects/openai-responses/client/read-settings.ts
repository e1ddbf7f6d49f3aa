import type { JsonObject } from '../../../chat/json.ts'
import type { Effort, OutputFormat, Reasoning, Warning } from '../../../chat/request.ts'
import { given } from '../../../chat/given.ts'
import { optionalBoolean, optionalObject, optionalString, requiredString, wrongValue } from '../../expect.ts'

const efforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const satisfies readonly Effort[]

/** `reasoning`; an effort of tomorrow is reported, not refused. */
export function readReasoning(body: JsonObject, warnings: Warning[]): Reasoning | undefined {
  const reasoning = optionalObject(body, 'reasoning')
  if (reasoning === undefined) return undefined
  const word = optionalString(reasoning, 'effort', 'reasoning')
  const effort = efforts.find((name) => name === word)
  if (word !== undefined && effort === undefined) {
    warnings.push({ feature: 'reasoning.effort', reason: `'${word.slice(0, 50)}' is not known here` })
  }
  const read = given({
    effort,
    summary:
      optionalString(reasoning, 'summary', 'reasoning') ?? optionalString(reasoning, 'generate_summary', 'reasoning'),
  })
  return Object.keys(read).length === 0 ? undefined : read
}

/** `text.format`. */
export function readOutput(body: JsonObject): OutputFormat | undefined {
  const text = optionalObject(body, 'text')
  const format = text === undefined ? undefined : optionalObject(text, 'format', 'text')
  if (format === undefined) return undefined
  const at = 'text.format'
  const type = requiredString(format, 'type', at)
  if (type === 'text') return { type: 'text' }
  if (type === 'json_object') return { type: 'json' }
  if (type !== 'json_schema') throw wrongValue(`${at}.type`, type, ['json_object', 'json_schema', 'text'])
  return {
    type: 'json-schema',
    name: requiredString(format, 'name', at),
    schema: optionalObject(format, 'schema', at) ?? { type: 'object' },
    ...given({
      description: optionalString(format, 'description', at),
      strict: optionalBoolean(format, 'strict', at),
    }),
  }
}
